"""How a link is doing, by what was found behind it over days. Pure: the time comes in.

Only what a site says of a page, or that nobody knows its name, speaks for its death; walls, busy
sites and broken networks do not. One bad day is no death.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from corpus.errors import FetchError
from corpus.model import Link, Page, Summary
from corpus.record import record, replace

Verdict = Literal["live", "moved", "gone", "closed", "away"]
STATES = ("live", "moved", "failing", "dead", "closed", "unknown", "unread")
STRIKES = 3  # days on which a page was gone, until it is dead
DAY = 20 * 3600.0  # seconds between two strikes: not two for one evening
WEEK = 7 * 86_400.0
GONE, WALL = "gone: ", "wall: "  # how a page's problem begins that shows no text, and why
_GONE = frozenset({404, 410})
_CLOSED = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 503, 999})
_THERE = ("type", "size", "packing")  # something is there, and we do not read it
_KEPT_OUT = ("robots", "address", "private", "busy")


Note = tuple[str, str | None, str | None]  # state, new address, copy in an archive


@record
class Health:
    """A link's state, since when, and when it is looked at again. Times in seconds since 1970."""

    url: str
    state: str = "unread"  # of STATES
    asked: float = 0.0
    due: float = 0.0
    strikes: int = 0
    struck: float = 0.0  # the last strike
    detail: str = ""  # why the state is what it is, in words
    moved: str | None = None  # the new address, where the site says so for good
    archived: str | None = None  # a copy in an archive


def noted(
    links: Iterable[Link], notes: Mapping[str, Note], said: Mapping[str, Summary]
) -> tuple[Link, ...]:
    """Links with what was found behind them: which are dead, what is left of them, what they say.

    Where a substitute is read in a link's place, its words are the link's.
    """
    return tuple(
        _noted(
            _served(link, notes.get(link.substitute or "")),
            notes.get(link.url),
            said.get(link.url) or said.get(link.substitute or ""),
        )
        for link in links
    )


def _served(link: Link, note: Note | None) -> Link:
    """A link whose substitute is dead has what is left of that in its place, or none."""
    if note is None or note[0] != "dead":
        return link
    left = note[1] or note[2]
    return replace(link, substitute=left, note=link.note if left else None)


def _noted(link: Link, note: Note | None, said: Summary | None) -> Link:
    link = replace(link, said=said) if said else link
    state, moved, archived = note or ("unread", None, None)
    if state in ("live", "moved") and link.health == "unknown":
        return replace(link, health="live")
    if state != "dead":
        return link
    return replace(link, health="dead", archived=archived, substitute=link.substitute or moved)


def verdict(found: Page | FetchError, problems: tuple[str, ...] = ()) -> Verdict:
    """What one look at a link says."""
    if isinstance(found, Page):
        if any(problem.startswith(GONE) for problem in problems):
            return "gone"
        if any(problem.startswith(WALL) for problem in problems):
            return "closed"
        return "moved" if found.moved else "live"
    if found.status in _GONE or found.reason == "dns":
        return "gone"
    if found.status in _CLOSED or found.reason in _KEPT_OUT:
        return "closed"
    return "live" if found.reason in _THERE else "away"


def after(
    before: Health, found: Page | FetchError, now: float, problems: tuple[str, ...] = ()
) -> Health:
    """The health of a link after another look at it."""
    said = verdict(found, problems)
    detail = found.detail if isinstance(found, FetchError) else "; ".join(problems)
    looked = replace(before, asked=now, detail=detail)
    if said in ("live", "moved"):
        moved = found.moved if isinstance(found, Page) else before.moved
        return replace(looked, state=said, strikes=0, struck=0.0, moved=moved, due=now + WEEK)
    if said == "gone":
        return _struck(looked, now)
    wait = getattr(found, "retry_after", None) or 0.0
    due = now + max(wait, 3 * DAY if said == "closed" else DAY)
    if before.state in ("failing", "dead"):  # no news is no better news
        return replace(looked, due=due)
    return replace(looked, state="closed" if said == "closed" else "unknown", due=due)


def _struck(health: Health, now: float) -> Health:
    counts = not health.strikes or now - health.struck >= DAY
    strikes = health.strikes + counts
    dead = strikes >= STRIKES
    return replace(
        health,
        state="dead" if dead else "failing",
        strikes=strikes,
        struck=now if counts else health.struck,
        due=now + (WEEK if dead else DAY),
    )
