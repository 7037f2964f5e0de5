"""`python -m bench.telegram_picture`: what an answer on Telegram looks like, drawn by us from the
very message that is sent. Writes docs/telegram.svg.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
_CLOSING = "，。：；！？、）》」』”’·｜…,.:;!?)"  # begin no line
FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"  # all of the same widths
# Thousandths of the size, by width; what is not here is 556, and Chinese 1000.
_WIDTHS = {
    222: "ijl'‘’",
    278: " !,./:;I[]\\ft·",
    333: "()-r`“”{}",
    500: "cksvxyzJ",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    944: "W",
    1000: "—…⋯@",
}
_WIDE = {character: wide for wide, characters in _WIDTHS.items() for character in characters}
SIZE, BOLD = 13.5, 1.06


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
        f'viewBox="0 0 {wide} {high:g}" font-family="{FONT}" font-size="{SIZE}" fill="{INK}">',
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
        for word in runs(line):
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
                wide = sum(map(width, text)) * (BOLD if bold and text[0] < "\u2e80" else 1)
                if x + wide > room and line and not text.isspace():
                    kept = _kept(line, text, x)
                    yield line[: len(line) - len(kept)]
                    x -= kept[0].x if kept else x
                    line = [replace(word, x=word.x - kept[0].x) for word in kept]
                if not text.isspace():
                    line.append(Word(text, x, wide, bold, link))
                x += wide if line else 0
    if line:
        yield line


def _kept(line: Sequence[Word], text: str, x: float) -> Sequence[Word]:
    """The words at the end of a full line that go to the next one with the word to come."""
    kept: list[Word] = []
    for word in reversed(line[1:]):
        touches = x - (word.x + word.wide) < 1
        latin = touches and max(text[0], word.text[-1]) < "\u2e80"
        if text[0] not in _CLOSING and not latin:
            break
        kept.insert(0, word)
        text, x = word.text, word.x
    return kept


def runs(line: Sequence[Word]) -> Iterator[Word]:
    """Words of one style as one stretch: a browser spaces it better than word by word."""
    run: Word | None = None
    for word in line:
        if run is not None and (run.bold, run.link) == (word.bold, word.link):
            blank = " " if word.x - (run.x + run.wide) > 1 else ""
            wide = word.x + word.wide - run.x
            run = replace(run, text=run.text + blank + word.text, wide=wide)
        else:
            if run is not None:
                yield run
            run = word
    if run is not None:
        yield run


def width(character: str) -> float:
    """About how wide a character is."""
    wide = 1000 if character >= "\u2e80" else _WIDE.get(character, 556)
    return SIZE * wide / 1000


if __name__ == "__main__":
    main()
