"""The confidence's picture, docs/confidence.svg: is its probability true, and what does it cost?

Left, over the questions held out: of those that were given some probability, the share that the
catalog does answer. Right: as the threshold moves, good questions refused, bad ones answered.
Questions that go on from others are left out, as the fit leaves them out.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from bench import drawing
from bench.drawing import Plane, Point, box, dot, line, words
from bot.commands import opening
from retrieval import evaluate
from retrieval.retriever import Retriever

PICTURE = Path("docs/confidence.svg")
EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)  # narrow at the ends, where nearly all questions are
SPLITS = {"tune": "#9aa5b1", "hold": "#1f77b4"}
AIM, AIM_TINT, MARK = (0.03, 0.05), "#cdeccd", "#d62728"
WIDTH, HEIGHT, TOP, FOOT = 960, 470, 70, 390
TRUTH = Plane(70, TOP, 440, FOOT, (0, 1), (0, 1))
TRADE = Plane(570, TOP, 930, FOOT, (0, 0.15), (0, 0.4))
NORMAL = 1.96  # standard deviations to either side: 95 in 100

Judged = list[tuple[float, bool]]  # the probability that was given, whether there is an answer


def judged(split: str, retriever: Retriever) -> Judged:
    """Every question that stands alone; one without any hit is refused at any threshold."""
    found: Judged = []
    for judgment in evaluate.load(evaluate.FOLDER, split):
        samples = list(evaluate.samples([judgment], retriever))
        given = retriever.calibration.probability(samples[0].features) if samples else 0.0
        if not judgment.after:
            found.append((given, bool(judgment.grades)))
    return found


def bins(questions: Judged) -> Iterator[tuple[float, int, int]]:
    """(mean probability, questions, answerable ones) between each two edges."""
    for low, high in pairwise(EDGES):
        held = [one for one in questions if low <= one[0] < high or one[0] == high == EDGES[-1]]
        if held:
            yield sum(p for p, _ in held) / len(held), len(held), sum(good for _, good in held)


def interval(good: int, count: int) -> tuple[float, float]:
    """Where the true share lies, 95 in 100 (Wilson)."""
    share, z = good / count, NORMAL**2 / count
    middle = (share + z / 2) / (1 + z)
    half = NORMAL * math.sqrt(share * (1 - share) / count + z / count / 4) / (1 + z)
    return middle - half, middle + half


def costs(questions: Judged, threshold: float) -> Point:
    """(good questions refused, bad ones answered), as shares, at a threshold."""
    good = [given for given, answerable in questions if answerable]
    bad = [given for given, answerable in questions if not answerable]
    return (
        sum(given < threshold for given in good) / len(good),
        sum(given >= threshold for given in bad) / len(bad),
    )


def curve(questions: Judged) -> list[Point]:
    """The costs at every threshold, in steps."""
    points = [
        costs(questions, threshold) for threshold in sorted({given for given, _ in questions})
    ]
    corners = [(after[0], before[1]) for before, after in pairwise(points)]
    steps = [point for pair in zip(points, corners, strict=False) for point in pair]
    return [*steps, points[-1]]


def truth(questions: Judged) -> Iterator[str]:
    """The left picture."""
    shares = {step / 5: f"{step * 20} %" for step in range(6)}
    yield from TRUTH.rows(shares)
    yield from TRUTH.columns(shares, lines=True)
    yield line([TRUTH.place(0, 0), TRUTH.place(1, 1)], "#888", dashes="5 4")
    yield words(*TRUTH.place(0.64, 0.28), "dashed: as promised", color="#666")
    for given, count, good in bins(questions):
        low, high = interval(good, count)
        yield line([TRUTH.place(given, low), TRUTH.place(given, high)], SPLITS["hold"], 1.5)
        x, y = TRUTH.place(given, good / count)
        radius = 3 + math.sqrt(count)
        yield dot((x, y), SPLITS["hold"], radius)
        told = f"{good} of {count}"
        if given < 0.5:
            yield words(x + radius + 6, y - 4, told, halo=True)
        else:
            yield words(x - radius - 6, y + 18, told, "end", halo=True)
    yield from titled(
        TRUTH, "Is the probability true?", "Questions held out, and the 95 % interval"
    )
    yield words(255, FOOT + 42, "probability that the confidence gives", "middle")
    yield words(TRUTH.left, TOP - 10, "share that the catalog answers", size=12, color="#666")


def trade(found: dict[str, Judged], threshold: float) -> Iterator[str]:
    """The right picture."""
    left, top = TRADE.place(0, AIM[1])
    right, bottom = TRADE.place(AIM[0], 0)
    yield box(left, top, right - left, bottom - top, AIM_TINT)
    yield from TRADE.rows({step / 10: f"{step * 10} %" for step in range(5)})
    yield from TRADE.columns({step / 20: f"{step * 5} %" for step in range(4)}, lines=True)
    for split, color in SPLITS.items():
        shown = [point for point in curve(found[split]) if inside(point)]
        yield line([TRADE.place(*point) for point in shown], color, 2.5)
        yield dot(TRADE.place(*costs(found[split], threshold)), MARK, 5)
    yield from legend(found, threshold)
    yield from titled(
        TRADE, "What does the threshold cost?", "The threshold rises from left to right"
    )
    yield words(750, FOOT + 42, "good questions refused", "middle")
    yield words(TRADE.left, TOP - 10, "bad questions answered", size=12, color="#666")


def legend(found: dict[str, Judged], threshold: float) -> Iterator[str]:
    """What the lines and marks of the right picture are."""
    left, y = 664, TOP + 20
    for split, color in SPLITS.items():
        yield line([(left, y), (left + 20, y)], color, 2.5)
        yield words(left + 30, y + 4, f"{split}, {len(found[split])} questions", halo=True)
        y += 22
    yield dot((left + 10, y), MARK, 5)
    yield words(left + 30, y + 4, f"our threshold, {threshold:.2f}:", halo=True)
    for split in SPLITS:
        y += 18
        refused, answered = (f"{share * 100:.1f} %" for share in costs(found[split], threshold))
        told = f"{split}: {answered} answered, {refused} refused"
        yield words(left + 30, y + 4, told, size=12, halo=True)
    y += 24
    yield box(left + 2, y - 6, 16, 12, AIM_TINT)
    yield words(left + 30, y + 4, "the aim: 5 % and 3 % at most", halo=True)


def inside(point: Point) -> bool:
    """Whether the right picture reaches so far."""
    return point[0] <= TRADE.across[1] and point[1] <= TRADE.up[1]


def titled(plane: Plane, title: str, under: str) -> Iterator[str]:
    """A heading, and what is drawn below the foot."""
    yield words(plane.left, 32, title, size=18)
    yield words((plane.left + plane.right) / 2, FOOT + 62, under, "middle", 12, "#666")


def drawn(retriever: Retriever, splits: Sequence[str] = tuple(SPLITS)) -> str:
    """The picture of a retriever's confidence."""
    found = {split: judged(split, retriever) for split in splits}
    threshold = retriever.calibration.maybe
    for split in splits:
        refused, answered = costs(found[split], threshold)
        print(
            f"{split}: {len(found[split])} questions, {refused:.3f} refused, {answered:.3f} false"
        )
    return drawing.picture(WIDTH, HEIGHT, 13, [*truth(found["hold"]), *trade(found, threshold)])


if __name__ == "__main__":
    PICTURE.write_text(drawn(opening.retriever(os.environ)), encoding="utf-8")
