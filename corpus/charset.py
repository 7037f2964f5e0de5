"""Bytes to text: by the header, the page's own word, and the bytes, which have the last say. Pure.

Declarations are often wrong: GBK pages that say UTF-8, Big5 ones that say GB2312, latin-1 by
default. UTF-8 proves itself; between GB18030 and Big5 the share of everyday characters decides.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})"
    rb"|^\s{0,9}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_UNWRITTEN = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\uffff]")  # what stands in no text
_HEAD = 8192  # bytes in which a page may name its charset
_SAMPLE = 100_000  # bytes that are weighed
_NAMES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "utf8": "utf-8",
    "unicode": "utf-8",
}
_CHINESE = ("gb18030", "big5hkscs")
_TEXTS = ("utf-16", "utf-16-le", "utf-16-be", "shift_jis", "euc_jp", "euc_kr", "koi8-r")
_BROKEN = 0.02  # share of broken characters that a right charset may have
_FEW = 12  # bytes beyond ASCII by which UTF-8 does not prove itself against a declaration
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日"
    "者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体相见被利"
    "什二等产或新己制身果加月话合回特代内信表化老给世位次度门任常先通教原东提立及比员解水名真论处走义各入"
    "几口认条平系气题活更别打变四总何电数安少报才结反受目太量再感建务做接必场件计管期市直资命指许统区保至"
    "形社便空决治展科基书非则界达光放强即像难且权思象完设式色路记品住告类求据程交规万取术领共确传观清今切"
    "識這個們來為國說時會對於著過發後裡種經麼學現當沒動還進樣開從實無與長機關點業將兩問並應頭體見產話內給"
    "門東聲員論處義幾認條氣題變總電數報結務場計資許統區決書則聽達強難權設記類據規萬術領確傳觀識帶導運訓練"
    "训练模型深网络系统算度梯参布式并行推理架构优化器性能计存储处数据集群任务支持使用实现提供我们，。、：；"
    "「」『』“”（）《》？！"
)


def _level(name: str, first: range, second: Iterable[int]) -> frozenset[str]:
    """The characters of a charset's first level: the usual ones."""
    return frozenset(
        bytes(b for at in first for b2 in second for b in (at, b2)).decode(name, "ignore")
    )


_USUAL = {
    "gb18030": _level("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "big5hkscs": _level("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
}


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of a page. Never raises; what no charset can say becomes U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if half := halved(body[:_HEAD]):
        return body.decode(half, "replace")
    if body.isascii():
        return body.decode("ascii")
    return body.decode(_charset(body, list(_declared(body, declared))), "replace")


def _declared(body: bytes, header: str | None) -> Iterator[str]:
    """The charsets that header and page name, as far as we know them."""
    found = _META.search(body[:_HEAD])
    meta = (found[1] or found[2]).decode("ascii") if found else None
    for label, wide in ((header, True), (meta, False)):
        name = _known(label or "")
        # A page that can be searched for its meta element is not in UTF-16.
        if name and (wide or not name.startswith("utf-16")):
            yield "utf-16-le" if name == "utf-16" else name


def halved(head: bytes) -> str:
    """Which UTF-16 a text without a mark is in: blanks and tags have a zero on one side only."""
    first, second = head[::2].count(0), head[1::2].count(0)
    most, least = max(first, second), min(first, second)
    if most < 4 or most * 50 < len(head) or least * 20 > most:
        return ""
    name = "utf-16-be" if first > second else "utf-16-le"
    return "" if _UNWRITTEN.search(head[: len(head) & ~1].decode(name, "replace")) else name


def _known(label: str) -> str:
    label = label.strip().strip("\"'").lower()
    if label in _NAMES:
        return _NAMES[label]
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return name if name in (*_TEXTS, "utf-8", *_CHINESE, "cp1252") else ""


def _charset(body: bytes, declared: list[str]) -> str:
    sample = body[:_SAMPLE]
    high = len(sample.translate(None, delete=bytes(range(128))))
    broken = _broken(sample, "utf-8", high)
    others = [name for name in declared if name != "utf-8"]
    if broken == 0 and (high > _FEW or not others or _is_wide(sample, high)):
        return "utf-8"
    if broken <= _BROKEN and (high > _FEW or "utf-8" in declared):
        return "utf-8"
    sparse = high / len(sample) < 0.1 and "cp1252" in declared
    if sparse and all(_worth(sample, name) < 0.5 for name in _CHINESE):
        return "cp1252"
    for name in others:
        if name in _TEXTS and _broken(sample, name, high) <= _BROKEN:
            return name
    return _weighed(sample, others)


def _is_wide(sample: bytes, high: int) -> bool:
    """Whether UTF-8 reads several characters, all of three bytes or four: no chance does that."""
    text = sample.decode("utf-8", "replace")
    wide = sum(letter > "\u07ff" for letter in text)
    return wide > 1 and 3 * wide >= high


def _weighed(sample: bytes, declared: list[str]) -> str:
    """The Chinese charset in which a sample reads best; a declared one has the edge."""
    worth = {name: _worth(sample, name) + (0.1 if name in declared else 0) for name in _CHINESE}
    best = max(_CHINESE, key=lambda name: worth[name])
    return best if worth[best] > 0.25 or best in declared else "cp1252"


def _worth(sample: bytes, name: str) -> float:
    """The share of everyday characters among those beyond ASCII, less the broken ones; those that
    the charset holds among its usual ones count a little, too.
    """
    found = [letter for letter in sample.decode(name, "replace") if letter > "\x7f"]
    common = sum(letter in _COMMON for letter in found)
    usual = sum(letter in _USUAL[name] for letter in found)
    return (common + 0.4 * usual - 2 * found.count("\ufffd")) / max(1, len(found))


def _broken(sample: bytes, name: str, high: int) -> float:
    """The share of bytes beyond ASCII that a charset cannot read. A sample may be cut off."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    return text.count("\ufffd") / max(1, high)
