"""Whatever somebody says of a subscription: what they are told comes, and no week comes twice."""

from __future__ import annotations

import random

import pytest

from bot.command import parse
from bot.digest import plan, subscribing
from bot.model import Channel, Question
from bot.outcome import Context
from bot.subscription import Delivery, Known
from corpus.record import replace

HOUR = 3600.0
GRACE = 3 * 24 * HOUR
LINES = (
    *("/subscribe", "/subscribe fri", "/subscribe mon", "/subscribe wed 10:00", "/subscribe UTC"),
    *("/subscribe sun 2:30 Berlin", "/subscribe +14", "/subscribe -12", "/subscribe Tokyo 23:00"),
    *("/pause", "/pause 1 day", "/pause 3 days", "/pause two weeks", "/resume", "/skip"),
    *("/unsubscribe", "/resume"),
)


class Place:
    """One place over months: a subscription, its ledger, and what its people were told last."""

    def __init__(self, entries, now):
        self.entries = entries
        self.now = now
        self.here = None
        self.ledger = {}  # week -> (state, when)
        self.told = None  # when the next one comes, as was said

    def say(self, line):
        """What comes of a line, as the desk and the store do it."""
        last = max(self.ledger, default=None)
        known = Known(self.now, self.here, last and Delivery(last, *self.ledger[last]))
        said = Question(line, channel=Channel("stage:1"), key="k", asker="stage:a", at=self.now)
        context = Context(digest=known)
        outcome = subscribing.obey(parse(line), said, context, self.entries, "en")
        for change in outcome.changes:
            self.here = replace(change, id=1)
        self.told = self.promise()

    def promise(self):
        """When the next one comes, as every reply tells it."""
        here = self.here
        if here is None or here.state == "ended" or not here.next_at:
            return None
        if here.state == "paused":
            return plan.coming(plan.resumed(here, here.until, ""))
        return plan.coming(here)

    def wait(self, seconds):
        """Time passes; what is due comes. Its weeks, each with when it came and what was told."""
        end, came = self.now + seconds, []
        while self.here and self.here.next_at and self.here.next_at <= end:
            self.now = max(self.now, self.here.next_at) + 1
            due, self.here = plan.planned(self.here, self.now, GRACE)
            if due and self.ledger.get(due.week, ("", 0.0))[0] != "sent":
                state = "sent" if due.state == "due" else due.state
                self.ledger[due.week] = (state, self.now)
                if state == "sent":
                    came.append((due.week, self.now, self.told))
                    self.told = self.promise()
        self.now = max(self.now, end)
        return came


@pytest.mark.parametrize("seed", range(40))
def test_what_is_told_comes_and_no_week_comes_twice(retriever, seed):
    """Through pauses, skips, other days and zones, ends and new beginnings, in any order."""
    chance = random.Random(seed)
    place = Place(retriever.entries, 1.79e9 + chance.random() * 400 * 24 * HOUR)
    weeks = []
    for _ in range(40):
        place.say(chance.choice(LINES))
        for week, moment, told in place.wait(chance.choice((1, 12, 30, 100, 400)) * HOUR):
            assert moment == pytest.approx(told, abs=5)
            weeks.append(week)
        assert place.told is None or place.told > place.now - 5
    assert len(weeks) == len(set(weeks))
