"""Read Slack's markup: which mentions ring, which links come out, what a reader sees. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

TOKEN = re.compile(r"<([@#!][^<>\s][^<>]*|[A-Za-z][A-Za-z0-9+.-]*:[^<>\s|]+(?:\|[^<>]*)?)>")
BARE = re.compile(r"https?://[^\s<>|]+")
ENTITY = re.compile(r"&(?:amp|lt|gt);")
LOUD = {"!channel": "channel", "!here": "here", "!everyone": "everyone", "!group": "channel"}
TOOLS = ("button", "overflow", "static_select", "radio_buttons", "checkboxes", "icon_button")


@dataclass(frozen=True)
class Mark:
    """Something in a text that is more than words: a mention that rings, or a link."""

    kind: str  # user, channel, here, everyone, subteam, link, room, date
    target: str
    label: str = ""

    @property
    def rings(self) -> bool:
        """Whether somebody is notified."""
        return self.kind in ("user", "channel", "here", "everyone", "subteam")


@dataclass(frozen=True)
class Button:
    """Something to press: a button, or one choice of a menu."""

    label: str
    spoken: str  # what a screen reader says: the accessibility_label, or the label
    element: Json
    block: Json
    option: Json | None = None


def marks(text: str) -> list[Mark]:
    """The mentions and links of a mrkdwn text, in order; bare addresses become links too."""
    found, at = [], 0
    for match in TOKEN.finditer(text):
        found += [Mark("link", url) for url in BARE.findall(text[at : match.start()])]
        at = match.end()
        inner, _, label = match[1].partition("|")
        found.append(_mark(inner, label))
    return found + [Mark("link", url) for url in BARE.findall(text[at:])]


def _mark(inner: str, label: str) -> Mark:
    if inner.startswith("@"):
        return Mark("user", inner[1:], label)
    if inner.startswith("#"):
        return Mark("room", inner[1:], label)
    if inner in LOUD:
        return Mark(LOUD[inner], inner[1:], label)
    if inner.startswith("!subteam^"):
        return Mark("subteam", inner[9:], label)
    if inner.startswith("!"):
        return Mark("date" if inner.startswith("!date^") else "unknown", inner[1:], label)
    return Mark("link", unescape(inner), unescape(label))


def unescaped(text: str) -> list[str]:
    """The bare & < > of a text that should have been escaped; a > that begins a line is a quote."""
    rest = ENTITY.sub("", TOKEN.sub("", text))
    rest = re.sub(r"(?m)^>+", "", rest)
    return re.findall(r"[&<>]", rest)


def unescape(text: str) -> str:
    """A text without Slack's three entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """A text with Slack's three entities, as Slack writes what a person typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def readable(text: str) -> str:
    """A mrkdwn text as a reader sees it: labels for links, @ for mentions, no entities."""
    return unescape(TOKEN.sub(_words, text))


def _words(match: re.Match[str]) -> str:
    inner, _, label = match[1].partition("|")
    if inner.startswith(("@", "#")):
        return label or inner
    if inner.startswith("!"):
        return label or "@" + inner[1:].split("^")[0]
    return label or inner


def plain(blocks: Iterable[Json]) -> str:
    """Blocks as a reader sees them, one block after the other; buttons as [words]."""
    return "\n".join(filter(None, (_block(block) for block in blocks)))


def _block(block: Json) -> str:
    kind = block.get("type")
    if kind == "divider":
        return "---"
    if kind == "markdown":
        return readable(str(block.get("text", "")))
    if kind == "rich_text":
        return "\n".join(rich(part) for part in block.get("elements", []))
    parts = [_text(block.get("title")) if kind == "image" else "", _text(block.get("text"))]
    parts += [_text(field) for field in block.get("fields", [])]
    parts += [_text(block.get("label"))]
    elements = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
    if kind == "image":
        elements.append(block)
    inline = " ".join(filter(None, (_element(e) for e in elements if isinstance(e, dict))))
    return "\n".join(filter(None, [*parts, inline]))


def _text(value: Any) -> str:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return ""
    return readable(value["text"]) if value.get("type") == "mrkdwn" else str(value["text"])


def _element(element: Json) -> str:
    kind = element.get("type")
    if kind in ("mrkdwn", "plain_text"):
        return _text(element)
    if kind == "image":
        return f"({element.get('alt_text', '')})"
    found = buttons([{"type": "actions", "elements": [element]}])
    if found:
        return " ".join(f"[{button.label}]" for button in found)
    return f"[{_text(element.get('placeholder')) or kind}]"


def rich(part: Json) -> str:
    """A part of rich text as a reader sees it."""
    kind = part.get("type")
    if kind == "rich_text_list":
        return "\n".join(f"• {rich(element)}" for element in part.get("elements", []))
    if "elements" in part:
        return "".join(rich(element) for element in part["elements"])
    if kind == "emoji":
        return f":{part.get('name', '')}:"
    if kind == "broadcast":
        return f"@{part.get('range', '')}"
    named = part.get("user_id") or part.get("usergroup_id") or part.get("channel_id")
    return f"@{named}" if named else str(part.get("text") or part.get("url") or "")


def buttons(blocks: Iterable[Json]) -> list[Button]:
    """Everything that can be pressed or chosen in the blocks, in reading order."""
    found: list[Button] = []
    for block in blocks:
        elements = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in elements:
            if isinstance(element, dict):
                found += _choices(block, element)
    return found


def _choices(block: Json, element: Json) -> list[Button]:
    if element.get("type") == "feedback_buttons":
        sides = [element.get("positive_button"), element.get("negative_button")]
        return [_button(block, element, side, side) for side in sides if isinstance(side, dict)]
    options = [*element.get("options", [])]
    for group in element.get("option_groups", []):
        options += group.get("options", [])
    if options:
        return [_button(block, element, option, option) for option in options]
    return [_button(block, element, element, None)] if element.get("type") in TOOLS else []


def _button(block: Json, element: Json, named: Json, option: Json | None) -> Button:
    label = _text(named.get("text"))
    return Button(label, str(named.get("accessibility_label") or label), element, block, option)


def rich_text(text: str) -> list[Json]:
    """The rich_text block that Slack puts beside what a person typed."""
    parts, at = [], 0
    for match in TOKEN.finditer(text):
        parts.append({"type": "text", "text": unescape(text[at : match.start()])})
        inner, _, label = match[1].partition("|")
        parts.append(_part(_mark(inner, label)))
        at = match.end()
    parts.append({"type": "text", "text": unescape(text[at:])})
    kept = [part for part in parts if part.get("text") != ""]
    section = {"type": "rich_text_section", "elements": kept}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def _part(mark: Mark) -> Json:
    if mark.kind == "user":
        return {"type": "user", "user_id": mark.target}
    if mark.kind == "room":
        return {"type": "channel", "channel_id": mark.target}
    if mark.kind == "subteam":
        return {"type": "usergroup", "usergroup_id": mark.target}
    if mark.rings:
        return {"type": "broadcast", "range": mark.kind}
    link: Json = {"type": "link", "url": mark.target}
    return link | ({"text": mark.label} if mark.label else {})
