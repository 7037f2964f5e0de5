"""What a subscription whose moment has come gets, and when its next one is. Pure.

After downtime a place gets the latest missed week only, and not that either where it is past the
days of grace: resuming floods nobody.
"""

from __future__ import annotations

from bot.digest import schedule
from bot.subscription import Delivery, Due, Subscription, Terms
from corpus.record import replace


def planned(
    subscription: Subscription, now: float, grace: float
) -> tuple[Due | None, Subscription]:
    """The delivery to write down, and the subscription as it goes on."""
    terms = subscription.terms
    if subscription.state != "active":  # a pause that has come to its end
        return None, resumed(subscription, now, "")
    week, moment = schedule.missed(terms, now)
    state = "due"
    if week == subscription.skip:
        state = "skipped"
    elif now - moment > grace:
        state = "missed"
    due = Due(subscription.id, week, subscription.channel.partition(":")[0], moment, state)
    return due, _waiting(subscription, now, week)


def had(last: Delivery | None) -> str:
    """The week that a place has had, or is about to get: it does not come again on other terms."""
    return last.week if last and last.state in ("sent", "retracted", "due") else ""


def changed(subscription: Subscription, terms: Terms, now: float, last: str) -> Subscription:
    """The subscription on other terms; a week that it had does not come again."""
    return _waiting(replace(subscription, terms=terms), now, last)


def resumed(subscription: Subscription, now: float, last: str) -> Subscription:
    """The subscription going on, from the next digest: what it missed is not made up, and no week
    comes that was past already when it came to rest.
    """
    again = replace(subscription, state="active", why="", until=0.0, strikes=0)
    waited = subscription.next_week
    return _waiting(again, now, max(last, schedule.later(waited, -1) if waited else ""))


def coming(subscription: Subscription) -> float:
    """When the next one comes that is not left out."""
    if subscription.skip and subscription.skip == subscription.next_week:
        return schedule.following(subscription.terms, subscription.next_at)[1]
    return subscription.next_at


def paused(subscription: Subscription, until: float) -> Subscription:
    """The subscription at rest, until a moment, or until somebody says so. The week that it waited
    for is kept: none before it comes any more.
    """
    return replace(subscription, state="paused", why="asked", until=until, next_at=until)


def ended(subscription: Subscription) -> Subscription:
    """The subscription over; its row stays, so that a week does not come twice after a new one."""
    return replace(subscription, state="ended", why="", until=0.0, next_week="", next_at=0.0)


def _waiting(subscription: Subscription, now: float, last: str = "") -> Subscription:
    week, moment = schedule.following(subscription.terms, now, last)
    return replace(subscription, next_week=week, next_at=moment)
