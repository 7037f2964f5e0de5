"""Fit the weights of the confidence on judged questions: ridge logistic regression.

`mlinfra evaluate --split tune --fit FILE` runs it and writes `lexicon/confidence.tsv`. Plain
Python: some hundred questions and two dozen features take seconds, and need no package.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import pstdev

from corpus.record import record
from retrieval.confidence import Calibration

RIDGE = 5.0  # keeps the weights small: some hundred questions support no strong opinions
STEPS = 12  # of Newton's method; it has settled after eight
TINY = 1e-9  # keeps the system solvable where two features are the same
REFUSED = 0.015  # the share of good questions that may be refused
SURE = 0.98  # the share of useful first answers among those called sure


@record
class Sample:
    """A question's first hit: its features, whether the catalog answers, whether this hit does."""

    features: Mapping[str, float]
    answerable: bool
    right: bool


def fit(samples: Sequence[Sample]) -> Calibration:
    """The weights that tell answerable questions best, and the two thresholds."""
    weights = _weights(samples)
    unset = Calibration(weights, 0.0, 0.0)
    good = sorted(unset.probability(s.features) for s in samples if s.answerable)
    maybe = good[int(len(good) * REFUSED)]
    return Calibration(weights, maybe, max(maybe, _sure(samples, unset)))


def _weights(samples: Sequence[Sample]) -> dict[str, float]:
    """Ridge logistic regression by Newton's method; the first feature is the bias, and free."""
    names = list(samples[0].features)
    rows = [[s.features[name] for name in names] for s in samples]
    scales = [_spread([row[at] for row in rows]) for at in range(len(names))]
    rows = [[value / scale for value, scale in zip(row, scales, strict=True)] for row in rows]
    wanted = [float(s.answerable) for s in samples]
    # Both sides weigh the same, however many questions of each were judged.
    share = sum(wanted) / len(wanted)
    heavy = [0.5 / share if good else 0.5 / (1 - share) for good in wanted]
    weights = [0.0] * len(names)
    for _ in range(STEPS):
        step = _step(rows, wanted, heavy, weights)
        weights = [weight + move for weight, move in zip(weights, step, strict=True)]
    return {name: w / scale for name, w, scale in zip(names, weights, scales, strict=True)}


def _step(
    rows: Sequence[Sequence[float]],
    wanted: Sequence[float],
    heavy: Sequence[float],
    weights: Sequence[float],
) -> list[float]:
    """Where Newton's method goes from here."""
    size = len(weights)
    slope = [-RIDGE * weight if at else 0.0 for at, weight in enumerate(weights)]
    bend = [
        [RIDGE * (a == b) * (a > 0) + TINY * (a == b) for a in range(size)] for b in range(size)
    ]
    for row, good, mass in zip(rows, wanted, heavy, strict=True):
        total = sum(weight * value for weight, value in zip(weights, row, strict=True))
        probability = 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
        curve = mass * probability * (1 - probability)
        for a, value in enumerate(row):
            slope[a] += mass * (good - probability) * value
            if value:
                for b in range(a + 1):
                    bend[a][b] += curve * value * row[b]
    for a in range(size):
        for b in range(a):
            bend[b][a] = bend[a][b]
    return _solved(bend, slope)


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """The solution of a symmetric positive system, by Gaussian elimination."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = max(range(at, size), key=lambda r: abs(rows[r][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in rows[at + 1 :]:
            factor = below[at] / rows[at][at]
            for column in range(at, size + 1):
                below[column] -= factor * rows[at][column]
    solution = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * solution[column] for column in range(at + 1, size))
        solution[at] = (rows[at][size] - known) / rows[at][at]
    return solution


def _spread(values: Sequence[float]) -> float:
    """The standard deviation, 1 for a constant: the ridge treats all features alike."""
    return pstdev(values) or 1.0


def _sure(samples: Sequence[Sample], calibration: Calibration) -> float:
    """The lowest probability from which on enough first answers are right."""
    ranked = sorted(((calibration.probability(s.features), s.right) for s in samples), reverse=True)
    right, threshold = 0, 1.0
    for count, (probability, good) in enumerate(ranked, 1):
        right += good
        if right / count >= SURE:
            threshold = probability
    return threshold
