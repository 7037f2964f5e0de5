"""Any awesome-list as listings: section path, title, address, and the links beside it. Pure.

A place is a bullet or a heading that links to the web: its first such link is the listing, the
others stand beside it. Absent: the list's own name (a level-1 heading at its head), links into the
page, images, code, comments, tables. Every text parses; the time is linear in its length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping

from corpus.model import Listing
from corpus.record import record

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"\s*(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_CLOSING = re.compile(r"(?:^|(?<=[ \t]))#+[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)")
_DEFINITION = re.compile(r" {0,3}\[([^][\\]{1,999})\]:\s*<?([^\s<>]+)>?")
_TOKEN = re.compile(r"\\.|`+|!?\[|\]")
_ANGLED = re.compile(r"<([^<>]{0,2000})>")
_PAREN = re.compile(r"\\.|[()\s]")
_END = re.compile(r"\s*(?:\"[^\"]{0,999}\"|'[^']{0,999}'|\([^()]{0,999}\))?\s*\)")
_REFERENCE = re.compile(r"\[([^][]{0,999})\]")
_WRITTEN = re.compile(
    r"\\([!-/:-@\[-`{-~])|(&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{2,31});)|</?[A-Za-z][^<>]{0,999}>"
)
_WEB = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_MOST_NESTED = 32  # parentheses in an address, as in CommonMark


@record
class _Span:
    """A link or an image in a text, its label as written, without images."""

    start: int
    end: int
    label: str
    address: str
    image: bool


def parse(markdown: str) -> tuple[Listing, ...]:
    """The places of a list, in its order; a list may name one address several times."""
    lines = _lines(markdown)
    references = _references(lines)
    listings: list[Listing] = []
    path: list[tuple[int, str]] = []
    name = True  # only the first heading can be the list's own name
    for level, text in _blocks(lines):
        spans = _spans(text, references)
        if level:
            own, name = name and level == 1, False
            path = [step for step in path if step[0] < level]
            if own:
                continue
            path.append((level, _clean(_without(text, spans))))
        labelled = [(_clean(span.label), span.address) for span in spans]
        links = [link for link in labelled if link[0] and _WEB.fullmatch(link[1])]
        if links:
            section = tuple(heading for _, heading in path if heading)
            listings.append(Listing(section, *links[0], also=tuple(links[1:])))
    return tuple(listings)


def _lines(markdown: str) -> list[str]:
    """The lines without fenced code and comments."""
    kept, fence = [], ""
    for line in re.split(r"\r\n|\r|\n", markdown):
        mark = _FENCE.match(line)
        if fence:
            bare = line.strip()
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            kept.append(line)
    return _COMMENT.sub("", "\n".join(kept)).split("\n")


def _references(lines: Iterable[str]) -> dict[str, str]:
    """Addresses that stand apart: `[label]: address`. The first of a label counts."""
    found: dict[str, str] = {}
    for line in lines:
        if match := _DEFINITION.match(line):
            found.setdefault(_key(match[1]), match[2])
    return found


def _blocks(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Headings with their level and bullets with 0, each as one text. Prose is left out."""
    bullet, held, blank = False, list[str](), False
    for line in lines:
        heading, item = _HEADING.match(line), _BULLET.match(line)
        underline = None if bullet or blank or not held else _UNDERLINE.match(line)
        if underline:
            yield 1 if "=" in underline[1] else 2, " ".join(held)
            held = []
        elif heading or item or (blank and line.strip() and not (bullet and line[0] in " \t")):
            if bullet:
                yield 0, " ".join(held)
            bullet, held = item is not None, [line[item.end() :] if item else line]
            if heading:
                yield len(heading[1]), _CLOSING.sub("", line[heading.end() :])
                held = []
        elif line.strip():
            held.append(line)
        blank = not line.strip()
    if bullet:
        yield 0, " ".join(held)


def _spans(text: str, references: Mapping[str, str]) -> list[_Span]:
    """The outermost links and images. As in CommonMark, no link stands inside a link."""
    spans: list[_Span] = []
    openers: list[tuple[int, bool]] = []
    dead = 0  # openers below this one enclose a link already and can only be images
    at = 0
    while token := _TOKEN.search(text, at):
        at = token.end()
        if token[0][0] == "`":
            at = _after_code(text, token)
        elif token[0][-1] == "[" and token[0][0] != "\\":
            openers.append((token.start(), token[0] == "!["))
        elif token[0] == "]" and openers:
            start, image = openers.pop()
            alive = image or len(openers) >= dead
            dead = min(dead, len(openers))
            inside = start + 1 + image
            label = text[inside : token.start()]
            found = _destination(text, at, label, references) if alive else None
            if found:
                inner = _taken(spans, start)
                label = "" if image else _without(label, inner, inside)
                spans.append(_Span(start, found[1], label, _unescaped(found[0]), image))
                at, dead = found[1], dead if image else len(openers)
    return spans


def _taken(spans: list[_Span], start: int) -> list[_Span]:
    """Take off the end of the list the spans that begin after a position."""
    taken = []
    while spans and spans[-1].start > start:
        taken.append(spans.pop())
    return taken[::-1]


def _after_code(text: str, ticks: re.Match[str]) -> int:
    """Where a code span ends, or its opening where nothing closes it."""
    closing = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(text, ticks.end())
    return closing.end() if closing else ticks.end()


def _destination(
    text: str, at: int, label: str, references: Mapping[str, str]
) -> tuple[str, int] | None:
    """The address that follows a label, and where it ends."""
    if text[at : at + 1] == "(":
        found = _inline(text, at + 1)
        if found:
            return found
    match = _REFERENCE.match(text, at)
    named = match[1] if match and match[1].strip() else label
    address = references.get(_key(named)) if len(named) < 1000 else None
    return None if address is None else (address, match.end() if match else at)


def _inline(text: str, at: int) -> tuple[str, int] | None:
    """`(address)`, `(<address>)`, `(address "title")`; parentheses of the address balance."""
    while text[at : at + 1].isspace():
        at += 1
    angled = _ANGLED.match(text, at)
    end = angled.end() if angled else _balanced(text, at)
    closing = None if end is None else _END.match(text, end)
    return (
        (angled[1].replace(" ", "%20") if angled else text[at:end], closing.end())
        if closing
        else None
    )


def _balanced(text: str, at: int) -> int | None:
    """The end of an address: white space, or a parenthesis that nothing opened."""
    depth = 0
    for mark in _PAREN.finditer(text, at):
        if mark[0] == "(":
            depth += 1
        elif mark[0].isspace() or (mark[0] == ")" and not depth):
            return None if depth else mark.start()
        elif mark[0] == ")":
            depth -= 1
        if depth > _MOST_NESTED:
            break
    return None


def _without(text: str, spans: Iterable[_Span], offset: int = 0) -> str:
    """A text with its links as their labels, its images gone."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start - offset], span.label]
        at = span.end - offset
    return "".join([*parts, text[at:]])


def _clean(text: str) -> str:
    """A label as one reads it: no tags, escapes or emphasis around it, white space single."""
    text = " ".join(text.split())
    for mark in ("**", "__", "*", "_", "`"):
        inner = text[len(mark) : -len(mark)]
        if inner and text.startswith(mark) and text.endswith(mark) and mark not in inner:
            if mark == "`":
                return inner.strip()
            text = inner
    return " ".join(_unescaped(text).split())


def _unescaped(text: str) -> str:
    return _WRITTEN.sub(lambda part: part[1] or html.unescape(part[2] or ""), text)


def _key(label: str) -> str:
    return " ".join(label.casefold().split())
