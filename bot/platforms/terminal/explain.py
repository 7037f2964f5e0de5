"""Why each hit stands where it stands, as a table whose last column sums to the score. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.model import Answer, Found
from bot.platforms.terminal.layout import cells, clean

Row = tuple[str, str, str, str]

HEADING: Row = ("typed", "term", "field", "share")


def table(answer: Answer) -> str:
    """The table of every hit of an answer; empty where there is none."""
    return "".join(
        f"\n{number} {found.hit.entry.id}\n" + _aligned(list(_rows(found)))
        for number, found in enumerate(answer.found, answer.first)
    )


def _rows(found: Found) -> Iterator[Row]:
    explanation = found.hit.explanation
    yield HEADING
    for match in explanation.matches:
        yield clean(match.typed), clean(match.term), match.field, f"{match.share:.3f}"
    for name, amount in explanation.boosts:
        yield "", "", f"boost: {name}", f"{amount:.3f}"
    yield "", "", "score", f"{found.hit.score:.3f}"


def _aligned(rows: Sequence[Row]) -> str:
    widths = [max(cells(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        left = [text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True)]
        left[3] = row[3].rjust(widths[3])
        lines.append("  " + "  ".join(left).rstrip())
    return "\n".join(lines) + "\n"
