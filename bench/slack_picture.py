"""Draw docs/slack.svg: what an answer looks like in Slack, of the blocks that are sent.

python -m bench.slack_picture
"""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path

from bot import answering, current
from bot.model import Question
from bot.platforms.slack.render import render
from bot.settings import Settings

TARGET = Path(__file__).parents[1] / "docs/slack.svg"
ASKED = ("@mlinfra lessons google learned the hard way maintaining ml systems",)
ASKED += ("@mlinfra 请问怎么把大模型切成流水线训练？",)
WIDTH, LEFT, TOP, LINE, CELL = 860, 64, 20, 22, 7.4
FONT = "font-family=\"-apple-system,'Segoe UI','Noto Sans CJK SC','PingFang SC',sans-serif\""
_RUN = re.compile(r"<([^|>]*)\|([^>]*)>|\u200b?\*([^*\n]+)\*\u200b?|(\n)")


_UNIT = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")


def width(text: str) -> float:
    """About how wide a text is, in pixels."""
    return sum(CELL * (2.1 if ord(letter) > 0x2E7F else 1.0) for letter in text)


def runs(text: str, bold: bool = False) -> list[tuple[str, str]]:
    """(style, words) of a mrkdwn text; a line break is a style of its own."""
    found, at = [], 0
    for match in _RUN.finditer(text):
        found.append(("b" if bold else "", text[at : match.start()]))
        at = match.end()
        if match[4]:
            found.append(("n", ""))
        elif match[3]:
            found += runs(match[3], bold=True)
        else:
            found.append(("bl" if bold else "l", match[2]))
    return [*found, ("b" if bold else "", text[at:])]


class Drawing:
    """Lines one under the other."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = TOP

    def text(self, text: str, size: int = 15, colour: str = "#1d1c1d") -> None:
        """A paragraph, broken where it is full. A line is one text, so that its words stand as the
        font would have them.
        """
        x, line = float(LEFT), ""
        for style, words in [*runs(text), ("n", "")]:
            for unit in _UNIT.findall(words) if style != "n" else ("\n",):
                if unit == "\n" or x + width(unit.rstrip()) > WIDTH - 24:
                    self._line(line, size)
                    x, line = float(LEFT), ""
                if unit == "\n":
                    continue
                word = unit.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
                weight = ' font-weight="700"' if "b" in style else ""
                fill = "#1264a3" if "l" in style else colour
                line += f'<tspan fill="{fill}"{weight}>{escape(word)}</tspan>'
                x += width(word)

    def _line(self, spans: str, size: int) -> None:
        self.y += LINE
        self.parts.append(
            f'<text x="{LEFT}" y="{self.y}" font-size="{size}" xml:space="preserve">{spans}</text>'
        )

    def who(self, name: str, colour: str) -> None:
        """Whose message begins."""
        self.y += 30
        self.parts.append(
            f'<rect x="16" y="{self.y - 14}" width="36" height="36" rx="8" fill="{colour}"/>'
            f'<text x="34" y="{self.y + 10}" font-size="17" fill="#fff" text-anchor="middle" '
            f'font-weight="700">{escape(name[0].upper())}</text>'
            f'<text x="{LEFT}" y="{self.y}" font-size="15" font-weight="700" '
            f'fill="#1d1c1d">{escape(name)}</text>'
        )

    def buttons(self, labels: list[str]) -> None:
        """A row of buttons."""
        x = float(LEFT)
        self.y += 14
        for label in labels:
            wide = width(label) + 24
            self.parts.append(
                f'<rect x="{x:.0f}" y="{self.y}" width="{wide:.0f}" height="30" rx="5" '
                f'fill="#fff" stroke="#c9c9c9"/><text x="{x + wide / 2:.0f}" y="{self.y + 20}" '
                f'font-size="13" font-weight="700" fill="#1d1c1d" '
                f'text-anchor="middle">{escape(label)}</text>'
            )
            x += wide + 8
        self.y += 26

    def svg(self) -> str:
        """The whole."""
        height = self.y + 30
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT} '
            f'role="img" aria-label="Two questions in Slack and their answers">'
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(self.parts)}</svg>\n'
        )


def picture() -> str:
    """Two questions with their answers."""
    retriever = current.load(Settings.from_environ(os.environ)).retriever
    drawing = Drawing()
    for asked in ASKED:
        drawing.who("alice", "#4a7c59")
        drawing.text(asked)
        drawing.who("mlinfra", "#1f3a5f")
        question = Question(asked.removeprefix("@mlinfra "))
        for block in render(answering.answer(question, retriever)).blocks:
            if block["type"] == "actions":
                drawing.buttons([button["text"]["text"] for button in block["elements"]])
            elif block["type"] == "context":
                drawing.text(block["elements"][0]["text"], 13, "#616061")
            else:
                drawing.text(block["text"]["text"])
        drawing.y += 10
    return drawing.svg()


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
