"""What a catalog file may say, field by field. Checks walk YAML nodes: every problem has a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from corpus import model

Fault = tuple[Node, str]  # where, and why
Check = Callable[[Node], Iterator[Fault]]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_URL = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@.]+([/?#]\S*)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffd]")


def text(node: Node) -> Iterator[Fault]:
    """Any words at all."""
    if not isinstance(node, ScalarNode) or not node.value.strip():
        yield node, "must be a text"
    elif _CONTROL.search(node.value):
        yield node, "holds a control or a broken character"


def nothing_or(check: Check) -> Check:
    """A value that may also be null: known to be unknown."""

    def checked(node: Node) -> Iterator[Fault]:
        if not (isinstance(node, ScalarNode) and node.tag.endswith(":null")):
            yield from check(node)

    return checked


def matching(pattern: re.Pattern[str], what: str) -> Check:
    """A text of one form."""

    def checked(node: Node) -> Iterator[Fault]:
        if not isinstance(node, ScalarNode) or not pattern.fullmatch(node.value):
            yield node, f"must be {what}, not {_shown(node)}"

    return checked


def one_of(choices: tuple[str, ...]) -> Check:
    """A word of a closed list."""

    def checked(node: Node) -> Iterator[Fault]:
        if not isinstance(node, ScalarNode) or node.value not in choices:
            yield node, f"must be one of {', '.join(choices)}, not {_shown(node)}"

    return checked


def many(check: Check, least: int = 0) -> Check:
    """A list whose every value passes."""

    def checked(node: Node) -> Iterator[Fault]:
        if not isinstance(node, SequenceNode):
            yield node, "must be a list"
            return
        if len(node.value) < least:
            yield node, f"needs at least {least}"
        for value in node.value:
            yield from check(value)

    return checked


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A mapping with just these keys."""
    known = {**required, **(optional or {})}

    def checked(node: Node) -> Iterator[Fault]:
        if not isinstance(node, MappingNode):
            yield node, f"must be a mapping with {', '.join(required)}"
            return
        seen = set()
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                yield key, "a field's name must be a text"
                continue
            if key.value in seen:
                yield key, f"{key.value} stands twice"
            elif key.value not in known:
                yield key, f"unknown field {key.value}"
            else:
                yield from (
                    (place, f"{key.value}: {reason}") for place, reason in known[key.value](value)
                )
            seen.add(key.value)
        yield from ((node, f"{field} is missing") for field in required if field not in seen)

    return checked


def either(scalar: Check, mapping: Check) -> Check:
    """A plain text, or a mapping."""

    def checked(node: Node) -> Iterator[Fault]:
        yield from (mapping if isinstance(node, MappingNode) else scalar)(node)

    return checked


def _shown(node: Node) -> str:
    return repr(node.value[:60]) if isinstance(node, ScalarNode) else "a list or mapping"


def _label(node: Node) -> Iterator[Fault]:
    if not isinstance(node, SequenceNode) or len(node.value) != 2:
        yield node, "must be [label, address]"
        return
    yield from text(node.value[0])
    yield from url(node.value[1])


def day(node: Node) -> Iterator[Fault]:
    """A day of the calendar, as 2026-11-25."""
    try:
        found = date.fromisoformat(node.value).isoformat() if isinstance(node, ScalarNode) else ""
    except ValueError:
        found = ""
    if not found or found != node.value:
        yield node, f"must be a day as 2026-11-25, not {_shown(node)}"


url = matching(_URL, "an http or https address")
both = record({"en": text, "zh": text})
name = either(text, both)
language = one_of(("en", "zh", "fr"))

fact = record(
    {"en": text, "zh": text, "basis": one_of(model.BASES)},
    {"source": one_of(model.SOURCES)},
)
link = record(
    {
        "url": url,
        "role": one_of(model.ROLES),
        "language": language,
        "form": one_of(model.FORMS),
        "health": one_of(model.HEALTHS),
    },
    {
        "listed": url,
        "abstract": url,
        "inferred": url,
        "substitute": url,
        "title": both,
        "note": both,
    },
)
listing = record({"section": many(text, 1), "title": text, "url": url}, {"also": many(_label)})
entry = record(
    {
        "id": matching(_SLUG, "lower-case words joined by hyphens"),
        "kind": one_of(model.KINDS),
        "title": text,
        "titles": both,
        "ours": many(one_of(("en", "zh"))),
        "languages": many(language, 1),
        "authors": many(name),
        "organisations": many(name),
        "year": nothing_or(matching(re.compile(r"(19|20)\d\d"), "a year")),
        "venue": nothing_or(text),
        "published": both,
        "level": one_of(model.LEVELS),
        "keywords": many(both, 1),
        "summary": both,
        "facts": many(fact),
        "links": many(link, 1),
        "listings": many(listing, 1),
    },
    {
        "arxiv": matching(re.compile(r"\d{4}\.\d{4,5}"), "an arXiv number"),
        "unsure": many(one_of(model.UNSURE)),
        "gap": both,
        "related": many(text),
        "added": day,
    },
)
