"""Fitting: made data are told apart, and the thresholds keep the shares that they promise."""

from __future__ import annotations

import random

import pytest

from retrieval.calibrate import REFUSED, SURE, Sample, fit


def made(count: int, apart: float, seed: int = 1) -> list[Sample]:
    """Half answerable; one feature tells by how much, one is chance, one is always the same."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        good = number % 2 == 0
        features = {
            "bias": 1.0,
            "tells": chance.gauss(apart if good else -apart, 1.0),
            "chance": chance.gauss(0, 1),
            "same": 5.0,
        }
        found.append(Sample(features, good, good and chance.random() < 0.95))
    return found


@pytest.mark.parametrize("apart", [1.0, 2.0, 4.0])
def test_what_tells_is_told(apart):
    """The feature that tells outweighs chance; the better of two is the likelier."""
    samples = made(400, apart)
    fitted = fit(samples)
    assert fitted.weights["tells"] > 3 * abs(fitted.weights["chance"])
    right = sum((fitted.probability(s.features) > 0.5) == s.answerable for s in samples)
    assert right / len(samples) > {1.0: 0.8, 2.0: 0.95, 4.0: 0.99}[apart]


@pytest.mark.parametrize("seed", range(5))
def test_no_more_good_questions_are_refused_than_promised(seed):
    """On the questions it was fitted on."""
    samples = made(400, 1.0, seed)
    fitted = fit(samples)
    good = [s for s in samples if s.answerable]
    refused = sum(fitted.verdict(s.features) == "nothing" for s in good)
    assert refused / len(good) <= REFUSED


@pytest.mark.parametrize("seed", range(5))
def test_what_is_called_sure_is_right_as_often_as_promised(seed):
    """On the questions it was fitted on; and maybe is never above sure."""
    samples = made(400, 1.5, seed)
    fitted = fit(samples)
    sure = [s.right for s in samples if fitted.verdict(s.features) == "sure"]
    assert not sure or sum(sure) / len(sure) >= SURE
    assert fitted.maybe <= fitted.sure


def test_both_sides_weigh_the_same():
    """Ten times the unanswerable questions do not push the even point far."""
    samples = made(400, 2.0)
    few = samples + [s for s in samples if not s.answerable] * 9
    even, uneven = fit(samples), fit(few)
    middle = {"bias": 1.0, "tells": 0.0, "chance": 0.0, "same": 5.0}
    assert even.probability(middle) == pytest.approx(uneven.probability(middle), abs=0.1)


def test_fitting_is_repeatable():
    """The same questions give the same weights, so that a fit shows as a diff."""
    assert fit(made(100, 2.0)) == fit(made(100, 2.0))


def test_features_that_are_the_same_do_no_harm():
    """Two names for one thing share its weight."""
    samples = [
        Sample({**s.features, "again": s.features["tells"]}, s.answerable, s.right)
        for s in made(200, 2.0)
    ]
    weights = fit(samples).weights
    assert weights["again"] == pytest.approx(weights["tells"], rel=1e-3)


def test_perfectly_separable_data_have_finite_weights():
    """The ridge holds them."""
    samples = [Sample({"bias": 1.0, "tells": float(n)}, n > 0, n > 0) for n in (-2, -1, 1, 2)] * 9
    fitted = fit(samples)
    assert abs(fitted.weights["tells"]) < 100
    assert fitted.verdict({"bias": 1.0, "tells": 2.0}) == "sure"
    assert fitted.verdict({"bias": 1.0, "tells": -2.0}) == "nothing"
