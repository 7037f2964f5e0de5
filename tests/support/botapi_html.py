"""parse_mode HTML as the Bot API reads it: the same tags, the same refusals, the same gaps.

Only the tags below, only four named entities and the numeric ones; whatever else looks like an
entity stays text. An address that is none costs its link, not the message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from botapi_errors import Refused, bad
from botapi_text import Entity, checked_link, cut, units

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NEXT = re.compile(r"[<&]")
_CHARACTER = re.compile(r"&(#[xX][0-9a-fA-F]+|#[0-9]+|[A-Za-z]+);?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"[^\s=>/\"']*")
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    argument: str
    start: int  # UTF-16 code units


def parse_html(source: str) -> tuple[str, list[Entity], list[str]]:
    """The text, its entities and what was dropped silently; Refused where Telegram refuses."""
    reader = _Reader(source)
    reader.run()
    entities, dropped = _nested(sorted(reader.entities, key=_order))
    return "".join(reader.parts), entities, reader.dropped + dropped


_SOLID = ("pre", "code", "text_link", "text_mention", "custom_emoji")  # hold no other of these
_RANKS = ("blockquote", "expandable_blockquote", *_SOLID, *dict.fromkeys(_KINDS.values()))


def _order(entity: Entity) -> tuple[int, int, int]:
    return entity["offset"], -entity["length"], _RANKS.index(entity["type"])


def _nested(entities: list[Entity]) -> tuple[list[Entity], list[str]]:
    """Entities as Telegram nests them, and a word on each that it drops."""
    kept: list[Entity] = []
    dropped = []
    for entity in entities:
        kind = entity["type"]
        family = [kind] if "blockquote" in kind else _SOLID if kind in _SOLID else []
        rival = next((k for k in kept if k["type"] in family and _meet(k, entity)), None)
        if rival is None:
            kept.append(entity)
        else:
            dropped.append(f"{kind} inside {rival['type']} dropped")
    code = [e for e in kept if e["type"] in ("pre", "code")]
    final = []
    for entity in kept:
        soft = entity["type"] not in _SOLID and "blockquote" not in entity["type"]
        pieces = _around(entity, code) if soft else [entity]
        final += pieces
        if not pieces:
            dropped.append(f"{entity['type']} around code dropped")
    return sorted(final, key=_order), dropped


def _meet(one: Entity, other: Entity) -> bool:
    before = one["offset"] + one["length"] <= other["offset"]
    behind = other["offset"] + other["length"] <= one["offset"]
    return not before and not behind


def _around(entity: Entity, code: list[Entity]) -> list[Entity]:
    """The pieces of bold, italic and their like that are outside of code."""
    pieces, start, end = [], entity["offset"], entity["offset"] + entity["length"]
    for hole in [*(c for c in code if _meet(c, entity)), {"offset": end, "length": 0}]:
        if hole["offset"] > start:
            pieces.append(entity | {"offset": start, "length": hole["offset"] - start})
        start = max(start, hole["offset"] + hole["length"])
    return pieces


class _Reader:
    """One pass over a source; `at` is where it is."""

    def __init__(self, source: str) -> None:
        self.source, self.at, self.length = source, 0, 0
        self.parts: list[str] = []
        self.open: list[_Open] = []
        self.entities: list[Entity] = []
        self.dropped: list[str] = []

    def run(self) -> None:
        """Read to the end."""
        while found := _NEXT.search(self.source, self.at):
            self._write(self.source[self.at : found.start()])
            self.at = found.start()
            if found.group() == "&":
                self._write(self._character())
            elif self.source.startswith("</", self.at):
                self._end()
            else:
                self._start()
        self._write(self.source[self.at :])
        if self.open:
            raise self._refusal(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"'
            )

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += units(text)

    def _character(self) -> str:
        """What an & stands for; itself, where it is no entity that Telegram knows."""
        found = _CHARACTER.match(self.source, self.at)
        self.at += 1
        if found is None:
            return "&"
        name = found.group(1)
        if name.startswith("#"):
            code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
            if not 0 < code < 0x10FFFF or len(name) > 9:
                return "&"
            text = chr(code)
        elif name in _NAMED:
            text = _NAMED[name]
        else:
            self.dropped.append(f"unknown entity &{name}; left as text")
            return "&"
        self.at = found.end()
        return text

    def _refusal(self, text: str, at: int | None = None) -> Refused:
        place = f" at byte offset {len(self.source[:at].encode())}" if at is not None else ""
        return bad(f"can't parse entities: {text}{place}")

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        return found.group()

    def _here(self) -> str:
        return self.source[self.at : self.at + 1]

    def _start(self) -> None:
        begin, self.at = self.at, self.at + 1
        tag = self._skip(_NAME).lower()
        if not self._here():
            raise self._refusal("Unclosed start tag", begin)
        if tag not in _KINDS:
            raise self._refusal(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while True:
            self._skip(_SPACE)
            if self._here() == ">":
                break
            argument = self._attribute(tag, begin) or argument
        self.at += 1
        if tag == "span" and argument != "spoiler":
            raise self._refusal('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, argument, self.length))

    def _attribute(self, tag: str, begin: int) -> str:
        """Read one attribute; its value where the tag has a use for it."""
        name = self._skip(_ATTRIBUTE)
        if not name:
            if not self._here():
                raise self._refusal("Unclosed start tag", begin)
            raise self._refusal(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip(_SPACE)
        if self._here() != "=":
            if self._here() and (tag, name) == ("blockquote", "expandable"):
                return "expandable"
            text = "Expected equal sign in declaration of an attribute of the tag"
            raise self._refusal(f'{text} "{tag}"' if self._here() else "Unclosed start tag", begin)
        self.at += 1
        self._skip(_SPACE)
        value = self._value(begin)
        if tag == "a" and name == "href":
            return value
        if tag == "tg-emoji" and name == "emoji-id":
            return value
        if name == "class" and tag in ("code", "span"):
            head = "language-" if tag == "code" else "tg-"
            return value.removeprefix(head) if value.startswith(head) else ""
        return "expandable" if (tag, name) == ("blockquote", "expandable") else ""

    def _value(self, begin: int) -> str:
        quote = self._here()
        if quote not in ("'", '"'):
            start = self.at
            value = self._skip(_TOKEN).lower()
            if self._here() and not self._here().isspace() and self._here() != ">":
                raise self._refusal("Unexpected end of name token", start)
        else:
            self.at += 1
            letters = []
            while self._here() not in ("", quote):
                if self._here() == "&":
                    letters.append(self._character())
                else:
                    letters.append(self._here())
                    self.at += 1
            value = "".join(letters)
            self.at += 1
        if not self._here():
            raise self._refusal("Unclosed start tag", begin)
        return value

    def _end(self) -> None:
        begin, self.at = self.at, self.at + 2
        if not self.open:
            raise self._refusal("Unexpected end tag", begin)
        name = self._skip(_NAME).lower()
        self._skip(_SPACE)
        if self._here() != ">":
            raise self._refusal("Unclosed end tag", begin)
        self.at += 1
        opened = self.open[-1]
        if name not in ("", opened.tag):
            expected = f', expected "</{opened.tag}>", found "</{name}>"'
            raise bad(f"{self._refusal('Unmatched end tag', begin).description[13:]}{expected}")
        self.open.pop()
        if self.length > opened.start:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": _KINDS[opened.tag],
            "offset": opened.start,
            "length": self.length - opened.start,
        }
        if opened.tag == "a" and not self._link(entity, opened.argument):
            return
        if opened.tag == "tg-emoji":
            if not opened.argument.isdigit():
                raise bad("can't parse entities: Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        if opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        if opened.tag == "pre" and self.entities and self.entities[-1]["type"] == "code":
            inner = self.entities[-1]
            if (inner["offset"], inner["length"]) == (entity["offset"], entity["length"]):
                entity = self.entities.pop() | {"type": "pre"}
        self.entities.append(entity)

    def _link(self, entity: Entity, href: str) -> bool:
        """Fill in where a link leads; False where it is dropped."""
        href = href or cut("".join(self.parts), entity)
        person = re.fullmatch(r"tg:(?://)?user\?id=(\d+)", href)
        if person:
            entity |= {"type": "text_mention", "user_id": int(person.group(1))}
            return True
        link = checked_link(href)
        if link is None:
            self.dropped.append(f"link to {href!r} dropped")
            return False
        entity["url"] = link
        return True
