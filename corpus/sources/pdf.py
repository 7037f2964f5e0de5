"""PDFs: text by page in reading order, title and abstract from the first ones. Only this module
knows pdfium. What cannot be read says so: locked, scanned, broken.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.html import clean, line
from corpus.language import has_han
from corpus.layout import Line, ordered, paragraphs
from corpus.model import Extract, Page, Part

MOST_PAGES = 600
_MOST_LETTERS = 40_000  # of a page: beyond that it is a picture made of letters
_TITLE_PART = 0.45  # of the first page, from its top, in which the title stands
_ENDS = "\r\n"
_HYPHENS = "\x02\ufffe"
_STAMP = re.compile(r"arXiv:\d|^\W*\d*\W*$")
_NUMBER = re.compile(r"\W*(?:\d{1,4}|[ivxlc]{1,6})\W*")
_NOBODY = frozenset({"anonymous", "unknown", "unspecified", "user", "admin", "author", "root"})
_UNTITLED = re.compile(r"untitled|microsoft word|\.(docx?|tex|dvi|pdf|pptx?)$|^\W*$", re.IGNORECASE)
_ABSTRACT = re.compile(
    r"(?:^|\n)\s*(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary|摘\s*要)\s*[.:：—–-]*\s*\n?(.+?)"
    r"(?=\n\s*(?:(?:\d+|I)\.?\s*)?(?:introduction|i ntroduction|key\s?words|index terms|"
    r"ccs concepts|categories and|general terms|acm reference|[关關]\s*[键鍵]\s*[词字詞]|引\s*言|"
    r"abstract)\b|\n\s*\d+\.?\s+[A-Z\u4e00-\u9fff]|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_ABSTRACT = 3000
_RUNNING = 2  # rows at either end of a page that may be running heads
Box = tuple[float, float, float, float]


def reads(page: Page) -> bool:
    """Whether a page is a PDF."""
    return page.type == "application/pdf"


def extract(page: Page) -> Extract:
    """The text of a PDF by page."""
    try:
        document = pypdfium2.PdfDocument(page.body)
    except pypdfium2.PdfiumError as error:
        return Extract(problems=(_why(error),))
    try:
        return _read(document)
    finally:
        document.close()


def _why(error: Exception) -> str:
    told = str(error).lower()
    if "password" in told or "security" in told:
        return "encrypted: it opens with a password only"
    return "broken: it is no PDF that can be read"


def _read(document: pypdfium2.PdfDocument) -> Extract:
    problems: list[str] = []
    count = len(document)
    if count > MOST_PAGES:
        problems.append(f"only {MOST_PAGES} of its {count} pages were read")
    pages, pictures = [], 0
    for number in range(min(count, MOST_PAGES)):
        lines, is_picture = _lines(document, number, problems)
        pages.append(lines)
        pictures += is_picture
    _drop_running_heads(pages)
    texts = [clean(paragraphs(ordered(lines))) for lines in pages]
    parts = tuple(Part(text, page=number) for number, text in enumerate(texts, 1) if text)
    if parts and pictures:
        problems.append(f"scanned: {pictures} of its {count} pages are pictures, without text")
    elif not parts and not problems:
        problems.append("scanned: its pages are pictures, without text" if count else "empty")
    told = document.get_metadata_dict(skip_empty=True)
    author = line(told.get("Author"))
    return Extract(
        title=_title(pages[0] if pages else [], line(told.get("Title"))),
        abstract=_abstract("\n".join(texts[:2])),
        parts=parts,
        authors=(author,) if author and author.lower() not in _NOBODY else (),
        problems=tuple(dict.fromkeys(problems)),
    )


def _lines(
    document: pypdfium2.PdfDocument, number: int, problems: list[str]
) -> tuple[list[Line], bool]:
    """The pieces of text of a page, as they are drawn; whether it is a picture without any."""
    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        problems.append(f"page {number + 1} is broken")
        return [], False
    try:
        count = text.count_chars()
        if count > _MOST_LETTERS:
            problems.append(f"page {number + 1} holds more letters than were read")
        found = list(_pieces(text.raw, min(count, _MOST_LETTERS)))
        return found, not found and _holds_picture(page.raw)
    finally:
        text.close()
        page.close()


def _holds_picture(page: Any) -> bool:
    """Whether an image is drawn on a page, among its first objects."""
    count = min(pdfium.FPDFPage_CountObjects(page), 100)
    drawn = (pdfium.FPDFPage_GetObject(page, at) for at in range(count))
    return any(pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_IMAGE for one in drawn)


def _pieces(text: Any, count: int) -> Iterator[Line]:
    """Letters put together to pieces of a line; a wide gap or another height ends one."""
    held: list[str] = []
    box: Box | None = None
    size = 0.0
    for at in range(count):
        letter = chr(pdfium.FPDFText_GetUnicode(text, at) or 32)
        if letter in _ENDS:
            if box:
                yield Line(*box, size, "".join(held))
            held, box = [], None
            continue
        letter = "-" if letter in _HYPHENS else letter
        found = _box(text, at)
        if found is None or letter.isspace():
            held.append(" " if letter.isspace() else letter)
            continue
        if box and _is_apart(box, found, size):
            yield Line(*box, size, "".join(held))
            held, box = [], None
        if box is None:
            if _is_turned(text, at):  # the stamp on a margin
                continue
            size = pdfium.FPDFText_GetFontSize(text, at) or 1.0
            size = max(size if size > 1.5 else 0.0, (found[3] - found[1]) * 0.8)
        held.append(letter)
        box = _around(box, found)
    if box:
        yield Line(*box, size, "".join(held))


def _box(text: Any, at: int) -> Box | None:
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, at, ctypes.byref(rectangle)):
        return None
    box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    return box if box[2] > box[0] else None


def _is_turned(text: Any, at: int) -> bool:
    angle: float = pdfium.FPDFText_GetCharAngle(text, at)
    return 0.1 < angle < 6.18


def _is_apart(box: Box, found: Box, size: float) -> bool:
    if found[0] - box[2] > 1.5 * size or found[0] < box[0] - size:
        return True
    return found[3] < box[1] or found[1] > box[3]


def _around(box: Box | None, found: Box) -> Box:
    if box is None:
        return found
    return (
        min(box[0], found[0]),
        min(box[1], found[1]),
        max(box[2], found[2]),
        max(box[3], found[3]),
    )


def _drop_running_heads(pages: Sequence[list[Line]]) -> None:
    """Take off what stands apart at the same height of many pages: titles, numbers, rights."""
    for lines in pages:
        lines[:] = _without_number(lines) or lines
    if len(pages) < 4:
        return
    ends = [_ends(lines) for lines in pages]
    places = Counter(key for found in ends for key in {_place(one) for one in found})
    for lines, found in zip(pages, ends, strict=True):
        running = [one for one in found if places[_place(one)] * 3 >= len(pages)]
        lines[:] = [one for one in lines if one not in running] or lines


def _without_number(lines: list[Line]) -> list[Line]:
    """The lines without a page number at their lower or upper end."""
    ends = {min(one.bottom for one in lines), max(one.bottom for one in lines)} if lines else ()
    return [one for one in lines if one.bottom not in ends or not _NUMBER.fullmatch(one.text)]


def _place(one: Line) -> tuple[int, str]:
    return round(one.bottom), re.sub(r"\d+", "#", one.text.strip())


def _ends(lines: Sequence[Line]) -> list[Line]:
    """The first and last rows of a page that a gap divides from the rest: it may be running."""
    heights = sorted({round(one.bottom) for one in lines})
    gaps = [above - below for below, above in pairwise(heights)]
    if len(gaps) < 2:
        return []
    wide = 1.4 * median(gaps)
    apart = set[int]()
    for number in range(1, _RUNNING + 1):
        apart.update(heights[:number] if gaps[number - 1] > wide else ())
        apart.update(heights[-number:] if gaps[-number] > wide else ())
    return [one for one in lines if round(one.bottom) in apart]


def _title(lines: Sequence[Line], told: str) -> str:
    """The largest words of the upper part of the first page; else what the file says of itself."""
    if _UNTITLED.search(told):
        told = ""
    upper = [one for one in lines if not _STAMP.search(one.text.strip())]
    if not upper:
        return told
    high, low = max(one.top for one in upper), min(one.bottom for one in upper)
    limit = high - _TITLE_PART * max(high - low, 1)
    upper = [one for one in upper if one.top >= limit and len(one.text.strip()) > 2]
    largest = max((one.size for one in upper), default=0.0)
    chosen: list[Line] = []
    for one in upper:
        if one.size > 0.93 * largest:
            if chosen and chosen[-1].bottom - one.top > 2.0 * largest:
                break
            chosen.append(one)
    seen = line(paragraphs(chosen).replace("\n", " "))
    body = Counter(round(one.size) for one in lines).most_common(1)[0][0]
    if 3 < len(seen) <= 300 and largest > 1.1 * body:
        return seen
    return told or line(chosen[0].text if chosen else "")[:200]


def _abstract(text: str) -> str:
    found = _ABSTRACT.search(text[:12_000])
    said = line(found[1]) if found else ""
    if found and len(said) > _LONGEST_ABSTRACT:  # nothing tells where it ends but its paragraph
        said = line(found[1].partition("\n")[0])
    least = 12 if has_han(said) else 30
    return said if least <= len(said) <= _LONGEST_ABSTRACT else ""
