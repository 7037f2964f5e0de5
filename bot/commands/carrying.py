"""Subscriptions as lines of JSON, to carry them from one database to another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, get_args

from sqlalchemy import Connection

from bot import environ
from bot.command import KINDS
from bot.digest import plan, schedule, zones
from bot.store import ledger, subscriptions
from bot.subscription import Filters, Spoken, State, Subscription, Terms
from corpus.language import Script
from corpus.pattern import pattern
from corpus.record import fields, replace

_SHARED = pattern(r"telegram:-.*|slack:\w+:[CG].*")


def plain(one: Subscription) -> dict[str, Any]:
    """A subscription as values of JSON, without the store's number."""
    values = {name: value for name, value in fields(one).items() if name != "id"}
    return values | {"terms": fields(one.terms) | {"filters": fields(one.terms.filters)}}


def built(values: Mapping[str, Any]) -> Subscription:
    """A subscription of what export wrote; ValueError, TypeError or KeyError where it is none."""
    terms = dict(values["terms"])
    filters = Filters(**dict(map(_filter, dict(terms.pop("filters", {})).items())))
    place = channel(str(values["channel"]))
    usual = {"shared": bool(_SHARED.fullmatch(place))}
    one = Subscription(**{**usual, **values, "terms": Terms(**terms, filters=filters)})
    for name, known, allowed in _ALLOWED:
        if known(one) not in allowed:
            raise ValueError(f"no {name}: {known(one)!r}")
    zones.of(one.terms.zone)
    return one


def _filter(named: tuple[str, Any]) -> tuple[str, tuple[str, ...]]:
    name, words = named
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"no list of {name}: {words!r}")
    if name == "kinds" and not set(words) <= set(KINDS):
        raise ValueError(f"no kinds: {words!r}")
    return name, tuple(words)


def placed(connection: Connection, one: Subscription) -> Subscription:
    """A subscription with its next week worked out: none comes again that its place had."""
    there = subscriptions.of(connection, one.channel)
    last = plan.had(ledger.last(connection, there.id)) if there else ""
    match one.state:
        case "active":
            return plan.changed(one, one.terms, subscriptions.moment(connection), last)
        case "paused":
            week = schedule.later(last, 1) if last else ""
            return replace(one, next_week=week, next_at=one.until)
        case _:
            return plan.ended(one)


_ALLOWED: Sequence[tuple[str, Callable[[Subscription], object], Collection[object]]] = (
    ("day", lambda one: one.terms.day, range(1, 8)),
    ("minute", lambda one: one.terms.minute, range(1440)),
    ("language", lambda one: one.terms.language, get_args(Spoken)),
    ("state", lambda one: one.state, get_args(State)),
    ("script", lambda one: one.script, get_args(Script)),
)


def channel(text: str) -> str:
    """The id of a place; ValueError where it is none."""
    try:
        return environ.channel(text)
    except ValueError as fault:
        raise ValueError(f"no channel: {text!r}; it {fault}") from None
