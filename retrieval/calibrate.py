"""Fit the weights of the confidence on judged questions: logistic regression by gradient descent.

`mlinfra evaluate --fit` runs it on the tune questions and writes `lexicon/confidence.tsv`. Plain
Python: some hundred questions and a dozen features take a second, and need no package.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.confidence import Calibration

RIDGE = 5.0  # keeps the weights small: some hundred questions support no strong opinions
STEPS, RATE = 3000, 0.5
REFUSED = 0.025  # the share of good questions that may be refused
SURE = 0.97  # the share of useful first answers among those called sure


@dataclass(frozen=True, slots=True)
class Sample:
    """A question's first hit: its features, whether the catalog answers, whether this hit does."""

    features: Mapping[str, float]
    answerable: bool
    right: bool


def fit(samples: Sequence[Sample]) -> Calibration:
    """The weights that tell answerable questions best, and the two thresholds."""
    weights = _descend(samples)
    unset = Calibration(weights, 0.0, 0.0)
    good = sorted(unset.probability(s.features) for s in samples if s.answerable)
    maybe = good[int(len(good) * REFUSED)]
    return Calibration(weights, maybe, max(maybe, _sure(samples, unset)))


def _descend(samples: Sequence[Sample]) -> dict[str, float]:
    names = list(samples[0].features)
    rows = [([s.features[name] for name in names], float(s.answerable)) for s in samples]
    # Both sides weigh the same, however many questions of each were judged.
    share = sum(wanted for _, wanted in rows) / len(rows)
    weights = [0.0] * len(names)
    for _ in range(STEPS):
        slopes = [RIDGE * weight for weight in weights]
        slopes[0] = 0.0  # the bias is free
        for values, wanted in rows:
            total = sum(weight * value for weight, value in zip(weights, values, strict=True))
            off = 1 / (1 + math.exp(-max(min(total, 50.0), -50.0))) - wanted
            off /= 2 * (share if wanted else 1 - share)
            for at, value in enumerate(values):
                slopes[at] += off * value
        weights = [w - RATE * s / len(rows) for w, s in zip(weights, slopes, strict=True)]
    return dict(zip(names, weights, strict=True))


def _sure(samples: Sequence[Sample], calibration: Calibration) -> float:
    """The lowest probability from which on enough first answers are right."""
    ranked = sorted(((calibration.probability(s.features), s.right) for s in samples), reverse=True)
    right, threshold = 0, 1.0
    for count, (probability, good) in enumerate(ranked, 1):
        right += good
        if right / count >= SURE:
            threshold = probability
    return threshold
