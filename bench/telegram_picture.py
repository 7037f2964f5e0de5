"""`python -m bench.telegram_picture`: what an answer on Telegram looks like, drawn by us from the
very message that is sent. Writes docs/telegram.svg.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

from bot import answering
from bot.current import InForce
from bot.model import Question
from bot.platforms.telegram.render import Message, render
from bot.settings import Settings

OUT = Path(__file__).parent.parent / "docs" / "telegram.svg"
ASKED = ("那 angel 是什么时候开源的", "how does pipeline parallelism cut a network")
WIDTH, GAP, INSET, LINE = 400, 24, 12, 19
PAPER, ASKER, BOT, BUTTON = "#e8edf2", "#dcf3d6", "#ffffff", "#f4f7fa"
INK, LINK, EDGE = "#1d2329", "#1f6fb8", "#cfd8e0"
_PART = re.compile(r"<(/?)(b|a)(?: href=\"([^\"]*)\")?>|\n|[^<\n]+")
_WORD = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is set: with its style and where it begins on its line."""

    text: str
    x: float
    wide: float
    bold: bool
    link: bool


def main() -> None:
    """Draw both chats, one beside the other."""
    with tempfile.TemporaryDirectory() as cache:
        retriever = InForce(Settings(catalog=None, cache=Path(cache))).retriever
        chats = [
            chat(text, render(answering.answer(Question(text), retriever)), place)
            for place, text in enumerate(ASKED)
        ]
    high = max(height for height, _ in chats) + GAP
    wide = len(chats) * (WIDTH + GAP) + GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high:g}" '
        f'viewBox="0 0 {wide} {high:g}" font-family="sans-serif" font-size="13.5" fill="{INK}">',
        "<title>Two answers on Telegram, in Chinese and in English</title>",
        f'<rect width="{wide}" height="{high:g}" fill="{PAPER}"/>',
        *(line for _, drawn in chats for line in drawn),
        "</svg>",
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def chat(asked: str, message: Message, place: int) -> tuple[float, list[str]]:
    """A question, the answer and its buttons; how far down they go."""
    left, top = GAP + place * (WIDTH + GAP), GAP
    lines = list(laid_out(escape(asked), WIDTH - 2 * INSET))
    wide = max(word.x + word.wide for line in lines for word in line) + 2 * INSET
    drawn = bubble(left + WIDTH - wide, top, wide, lines, ASKER)
    top += len(lines) * LINE + 2 * INSET + 8
    lines = list(laid_out(message.html, WIDTH - 2 * INSET))
    drawn += bubble(left, top, WIDTH, lines, BOT)
    top += len(lines) * LINE + 2 * INSET + 6
    for row in message.keyboard:
        each = (WIDTH - 6 * (len(row) - 1)) / len(row)
        for number, button in enumerate(row):
            x = left + number * (each + 6)
            drawn.append(box(x, top, each, 32, BUTTON))
            drawn.append(
                f'<text x="{x + each / 2:g}" y="{top + 21:g}" text-anchor="middle" fill="{LINK}">'
                f"{escape(button['text'])}</text>"
            )
        top += 38
    return top, drawn


def bubble(
    x: float, y: float, wide: float, lines: Sequence[Sequence[Word]], fill: str
) -> list[str]:
    """A message: its words on their lines."""
    drawn = [box(x, y, wide, len(lines) * LINE + 2 * INSET, fill)]
    for number, line in enumerate(lines):
        base = y + INSET + number * LINE + 14
        for word in line:
            style = ' font-weight="bold"' if word.bold else ""
            style += f' fill="{LINK}"' if word.link else ""
            drawn.append(
                f'<text x="{x + INSET + word.x:.1f}" y="{base:g}" textLength="{word.wide:.1f}"'
                f"{style}>{escape(word.text)}</text>"
            )
    return drawn


def box(x: float, y: float, wide: float, high: float, fill: str) -> str:
    """A rectangle with round corners."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="9" '
        f'fill="{fill}" stroke="{EDGE}"/>'
    )


def laid_out(html: str, room: float) -> Iterator[list[Word]]:
    """The lines of a message's HTML, broken where they are full."""
    line: list[Word] = []
    x, bold, link = 0.0, False, False
    for part in _PART.finditer(html):
        if part[2] == "b":
            bold = not part[1]
        elif part[2] == "a":
            link = not part[1]
        elif part[0] == "\n":
            yield line
            line, x = [], 0.0
        else:
            for text in _WORD.findall(unescape(part[0])):
                wide = sum(map(width, text)) * (1.06 if bold else 1)
                if x + wide > room and line:
                    yield line
                    line, x = [], 0.0
                if not text.isspace():
                    line.append(Word(text, x, wide, bold, link))
                x += wide if line else 0
    if line:
        yield line


def width(character: str) -> float:
    """About how wide a character is at this size."""
    if character >= "\u2e80":
        return 13.5
    if character in "il.,:;'|!()[]jftr ":
        return 4.4
    return 10.8 if character in "mwMW—…" else 9.0 if character.isupper() else 7.3


if __name__ == "__main__":
    main()
