"""Weeks of digests over the real store with a clock that jumps: none lost, none doubled."""

from __future__ import annotations

import databases
import pytest

from bench import digest

MOST = 60.0  # megabytes that the process may grow by after the first week


def check(found):
    """Every place got each of its weeks once, though workers died."""
    assert found.sent == found.expected
    assert (found.lost, found.doubled) == (0, 0)
    assert found.died >= found.expected // digest.DIES
    assert found.growth < MOST
    print(found.told())


async def test_a_month_of_a_few_places(url):
    """What the slow ones do, in small."""
    check(await digest.simulate(url, 60, 4))


@pytest.mark.slow
async def test_two_years_of_a_thousand_places(url):
    """104 weeks, with a week 53, and every change of the clocks twice."""
    check(await digest.simulate(url, 1_000, 104))


@pytest.mark.slow
async def test_a_month_of_a_hundred_thousand_places(postgres):
    """In all time zones, on PostgreSQL."""
    check(await digest.simulate(databases.fresh(postgres), 100_000, 4))


def test_the_picture_shows_a_week():
    """A bar an hour, and the figures in words."""
    found = digest.Figures(10, 4, "postgresql", 40, 40, 0, 0, 1, 2.0, 3.0, 0.0)
    found.hours.update({9: 5, 33: 2})
    drawn = digest.draw(found)
    assert drawn.startswith("<svg")
    assert drawn.count("<rect") == 3
    assert "40 sent of 40" in drawn
