"""The buttons under a message, as Telegram takes them. Pure, and without memory: what a button does
is on the button, in 64 bytes at most, so that it lives as long as its message.

The menu opens in the place of the second row. All that it needs is on the message: the first row
names the entries, the button itself the language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from bot import buttons, phrases
from bot.model import Answer, Choice, Digest, Form, Notice, Reply
from bot.phrases import tell
from bot.platforms.telegram.pieces import clean, units
from corpus.language import Script

Button = dict[str, str]
Keyboard = list[list[Button]]

MOST_BYTES = 64  # of what a button says
WIDE = 34  # cells of a row of the menu: a phone shows no more of their words
MOST_ABREAST = 3
_MENU, _BACK = "menu", "back"
_SCRIPTS = ("en", "zh-Hans", "zh-Hant")


def under(reply: Reply) -> Keyboard:
    """The rows under a reply."""
    match reply:
        case Answer():
            first, *rest = buttons.under(reply)
            if reply.confidence == "nothing":
                return [_row(first)]
            numbered = [_entry(choice, n) for n, choice in enumerate(first, reply.first)]
            return [numbered, *(_row(row, reply.script) for row in rest)]
        case Form() | Notice() | Digest():
            return [_row(row) for row in buttons.under(reply) if row]
        case _:
            return []


def pressed_menu(data: str) -> Script | None:
    """The language of the menu that a button opens or closes; None where it does something else."""
    word, _, script = data.partition(" ")
    if word in (_MENU, _BACK) and script in _SCRIPTS:
        return cast(Script, script)
    return None


def script_of(shown: Any) -> Script | None:
    """The language of a message, from its keyboard as Telegram shows it."""
    rows = shown.get("inline_keyboard") if isinstance(shown, Mapping) else None
    buttons = (one for row in rows or () if isinstance(row, list) for one in row)
    told = (pressed_menu(str(one.get("callback_data", ""))) for one in buttons)
    return next(filter(None, told), None)


def turned(data: str, shown: Any) -> Keyboard | None:
    """The keyboard after its menu was opened or closed; None where it cannot be told any more."""
    script = pressed_menu(data)
    first = _entries(shown)
    if script is None or not first:
        return None
    if data.startswith(_BACK):
        return [first, _second(script)]
    number, entry = _best(first[0])
    rows = buttons.menu(script, number, entry)
    back = [_button(tell(phrases.MENU_BACK, script), f"{_BACK} {script}")]
    return [first, *(_row(part) for row in rows for part in _parted(row)), back]


def _second(script: Script) -> list[Button]:
    other = "zh" if script == "en" else "en"
    return [
        _button(tell(phrases.OTHER_LANGUAGE, script), other),
        _button(tell(phrases.MENU, script), f"{_MENU} {script}"),
    ]


def _row(choices: Sequence[Choice], script: Script | None = None) -> list[Button]:
    """Buttons as they are, but that the menu's is told its language, and what holds is marked."""
    found = []
    for choice in choices:
        line = f"{_MENU} {script}" if choice.line == _MENU and script else choice.line
        found.append(_button(f"✓ {choice.label}" if choice.chosen else choice.label, line))
    return found


def _entry(choice: Choice, number: int) -> Button:
    """An entry's button; by its number where its id is too long."""
    fits = len(choice.line.encode()) <= MOST_BYTES
    return _button(choice.label, choice.line if fits else f"open {number}")


def _button(label: str, line: str) -> Button:
    data = line.encode(errors="ignore")[:MOST_BYTES].decode(errors="ignore")
    return {"text": clean(label).strip() or "…", "callback_data": data}


def _entries(shown: Any) -> list[Button]:
    """The first row of a keyboard as Telegram shows it, if that is one of entries."""
    if not isinstance(shown, Mapping):
        return []
    rows = shown.get("inline_keyboard")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    kept = [
        {"text": str(button.get("text", "")), "callback_data": str(button.get("callback_data", ""))}
        for button in first
        if isinstance(button, Mapping)
    ]
    return kept if kept and kept[0]["callback_data"].startswith("open ") else []


def _best(button: Button) -> tuple[int, str]:
    """The number and the id of an entry, from its button."""
    number = re.search(r"\d+", button["text"])
    return int(number[0]) if number else 1, button["callback_data"].partition(" ")[2]


def _parted(row: Sequence[Choice]) -> Iterator[Sequence[Choice]]:
    """A row in parts whose words can be read on a phone."""
    part: list[Choice] = []
    for choice in row:
        if part and (len(part) == MOST_ABREAST or _cells([*part, choice]) > WIDE):
            yield part
            part = []
        part.append(choice)
    yield part


def _cells(row: Sequence[Choice]) -> int:
    """About how wide words are: a Chinese character takes two of a Latin one."""
    return sum(
        units(choice.label) + sum(character > "\u2e7f" for character in choice.label)
        for choice in row
    )
