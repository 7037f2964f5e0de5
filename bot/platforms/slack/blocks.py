"""Block Kit, within its limits. Pure.

A text of a section 3000 characters, a button's words 75, its value 2000, a row 25 buttons, a
message 50 blocks; and a whole message fails somewhere near 13,200 characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from bot.model import Choice
from bot.platforms.slack.markup import clean, cut
from bot.platforms.slack.payloads import Said, value

Block = dict[str, Any]

SECTION, HEADER, LABEL, VALUE, ROW = 3000, 150, 75, 2000, 5
WHOLE = (
    11_000  # characters of all blocks, so that with what Slack counts besides it is under 12,000
)
MOST = 50
QUOTED = 300  # characters of a question that its buttons hold


def sections(lines: Sequence[str], kind: str = "section") -> Iterator[Block]:
    """Lines as blocks, as many in each as fit."""
    held: list[str] = []
    size = 0
    for line in filter(str.strip, lines):
        line = cut(line, SECTION)
        if held and size + len(line) + 1 > SECTION:
            yield _text(held, kind)
            held, size = [], 0
        held.append(line)
        size += len(line) + 1
    if held:
        yield _text(held, kind)


def context(lines: Sequence[str]) -> Iterator[Block]:
    """Small print."""
    return sections(lines, "context")


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": {"type": "plain_text", "text": _words(text, HEADER)}}


def actions(
    name: str, choices: Sequence[Choice], question: str = "", asker: str = "", more: str = ""
) -> Block:
    """A row of buttons; `more` is what the one that opens the menu holds besides. It begins with
    the language of the message, which all of them hold.
    """
    script = more.partition(" ")[0]
    question = question if len(question) <= QUOTED else ""
    return {
        "type": "actions",
        "block_id": name,
        "elements": [
            button(
                choice,
                f"{name}.{number}",
                Said(choice.line, question, asker, more if choice.line == "menu" else script),
            )
            for number, choice in enumerate(choices)
        ],
    }


def button(choice: Choice, name: str, said: Said) -> Block:
    """A button, with words for who hears it only."""
    words = _words(f"✓ {choice.label}" if choice.chosen else choice.label, LABEL)
    found: Block = {
        "type": "button",
        "action_id": name,
        "text": {"type": "plain_text", "text": words, "emoji": True},
        "value": value(said)[:VALUE],
    }
    # Read out in place of the words: it names the entry, or the setting.
    found["accessibility_label"] = _words(choice.about, LABEL) if choice.about.strip() else words
    return found


def fitted(found: Sequence[Block]) -> list[Block]:
    """As many blocks as a message takes; buttons are kept, and the last texts go first."""
    if len(found) <= MOST and sum(map(size, found)) <= WHOLE:
        return list(found)
    texts = [block for block in found if block["type"] != "actions"]
    buttons = [block for block in found if block["type"] == "actions"]
    room = WHOLE - sum(map(size, buttons))
    kept: list[Block] = []
    for block in texts[: MOST - len(buttons)]:
        room -= size(block)
        if kept and room < 0:
            break
        kept.append(block)
    wanted = {id(block) for block in (*kept, *buttons)}
    return [block for block in found if id(block) in wanted]


def size(block: Block) -> int:
    """What a block counts towards the limit of a message."""
    if block["type"] == "actions":  # as `_characters` would, but that buttons are many
        return 42 + sum([len(button["text"]["text"]) for button in block["elements"]])
    return 42 + sum(map(_characters, block.values()))


def _characters(part: Any) -> int:
    if isinstance(part, dict):
        own = part.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(_characters, part.values()))
    return sum(map(_characters, part)) if isinstance(part, list) else 0


@lru_cache(maxsize=1024)  # of buttons, most of all, which are few
def _words(text: str, most: int) -> str:
    """A text on one line, which must not be empty."""
    return cut(" ".join(clean(text).split()), most) or "…"


def _text(lines: Sequence[str], kind: str) -> Block:
    text = {"type": "mrkdwn", "text": "\n".join(lines), "verbatim": True}
    if kind == "context":
        return {"type": "context", "elements": [text]}
    return {"type": "section", "text": text}
