"""Markdown as the text it shows, under its headings: of a README's source. Pure.

Only what would be seen stays: no badge, no address of a link, no mark of emphasis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus import html
from corpus.model import Part

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-{3,})\s*$")
_TAGGED = re.compile(r"<h([1-6])\b[^<>]*>(.{0,500}?)</h\1>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>")
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_LINK = re.compile(r"\[([^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])")
# Where a link goes that the text names; what has words behind its mark is a sentence.
_TARGET = re.compile(
    r"^ {0,3}\[[^\]\n]+\]:(?:[ \t]*\n)?[ \t]*\S+(?:[ \t]+[\"'(].*)?[ \t]*$", re.MULTILINE
)
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{2,3}|~~)(?=\S)(.{1,500}?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`+([^`\n]+)`+")
_LEAD = re.compile(r"^\s*(?:>\s?)*(?:[-*+]\s+(?:\[[ xX]\]\s+)?)?")
_RULE = re.compile(r"^\s*(?:\|?\s*:?-{3,}:?\s*(?:\|\s*:?-+:?\s*)*\|?|(?:[*_-]\s*){3,})\s*$")
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_HEAD = 2000  # characters in which a page says that it is one
_LONG = 5000  # characters of a line that is shown as it is
_NESTED = 3  # links within links
_NAMED = re.compile(r"\.(?:md|markdown|mdown|mkd)(?:[?#]|$)", re.IGNORECASE)


def is_meant(kind: str, address: str, text: str) -> bool:
    """Whether a page is Markdown, by its type or its name: a README may begin with a picture's tag,
    and a site may show one as a page of its own.
    """
    if "markdown" in kind:
        return True
    named = kind.startswith("text/") and _NAMED.search(address) is not None
    return named and not _PAGE.search(text[:_HEAD])


def parts(text: str) -> tuple[Part, ...]:
    """The text under each heading, in order."""
    found: list[Part] = []
    heading, held = "", list[str]()
    for line, is_heading in (*_lines(text), ("", True)):
        if not is_heading:
            held.append(line)
            continue
        said = html.clean("\n".join(held))
        if said or heading:
            found.append(Part(said, heading=heading))
        heading, held = html.line(line), []
    return tuple(found)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line as it shows, and whether it is a heading."""
    fence, before = "", None
    text = _COMMENT.sub("", text)
    text = _TAGGED.sub(lambda found: f"\n# {html.line(_TAG.sub('', found[2]))}\n", text)
    for line in _TARGET.sub("", text).split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            continue
        if fence:
            shown, titled = line, None  # a comment of a script is no heading
        else:
            shown, titled = _shown(line), _HEADING.match(line)
        if before is not None and _UNDERLINE.match(line) and before and not fence:
            yield before, True
            before = None
            continue
        if before is not None:
            yield before, False
        before = None if titled else shown
        if titled:
            yield _shown(titled[1]), True
    if before is not None:
        yield before, False


def _shown(line: str) -> str:
    if len(line) > _LONG:
        return line
    if len(line) < _HEAD // 10 and _RULE.match(line):
        return ""
    line = _LEAD.sub("", line)
    for _ in range(_NESTED):  # a badge is a picture within a link
        line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    line = _EMPHASIS.sub(r"\2", _CODE.sub(r"\1", _TAG.sub(" ", line)))
    if line.count("|") > 1 and line.strip().startswith("|"):
        return ", ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return line
