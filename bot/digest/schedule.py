"""When a digest is due: ISO weeks and moments, each place in its own zone. Pure.

A subscription has one moment in each week of its own calendar. Where clocks are put forward over
it, it comes as much later as they jump; where they are put back it comes the first time only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.digest import zones
from bot.subscription import Terms
from corpus.pattern import pattern

_WEEK = pattern(r"(\d{4})-?[wW](\d{1,2})")


def parse_week(text: str) -> str | None:
    """A week as we write it, "2026-W48"; None where there is no such week."""
    found = _WEEK.fullmatch(text.strip())
    if not found:
        return None
    week = f"{found[1]}-W{int(found[2]):02}"
    try:
        monday(week)
    except ValueError:  # W00, or W53 of a short year
        return None
    return week


def monday(week: str) -> date:
    """The first day of a week."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def week_of(day: date) -> str:
    """The ISO week that a day is in."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def day(text: str) -> date:
    """A day as a catalog file has it, "2026-11-25"."""
    return date.fromisoformat(text)


def week_at(moment: float, zone: str) -> str:
    """The week that it is in a zone."""
    return week_of(local(moment, zone).date())


def later(week: str, weeks: int) -> str:
    """The week so many after another."""
    return week_of(monday(week) + timedelta(weeks=weeks))


def local(moment: float, zone: str) -> datetime:
    """A moment by the clocks of a zone."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zones.of(zone))


def at(week: str, terms: Terms) -> float:
    """The moment of a week's digest."""
    day = monday(week) + timedelta(days=terms.day - 1)
    wall = datetime(day.year, day.month, day.day, *divmod(terms.minute, 60))
    return wall.replace(tzinfo=zones.of(terms.zone)).timestamp()


def following(terms: Terms, after: float, last: str = "") -> tuple[str, float]:
    """The next digest after a moment, of a week later than `last`: its week, and when."""
    return next(
        (week, moment) for week, moment in _moments(terms, after) if moment > after and week > last
    )


def missed(terms: Terms, now: float) -> tuple[str, float]:
    """The latest digest whose moment has come: all that a place gets after downtime."""
    week = later(week_at(now, terms.zone), 1)
    while (moment := at(week, terms)) > now:
        week = later(week, -1)
    return week, moment


def _moments(terms: Terms, since: float) -> Iterator[tuple[str, float]]:
    week = week_at(since, terms.zone)
    while True:
        yield week, at(week, terms)
        week = later(week, 1)
