"""`mlinfra subscriptions`: who gets the paper of the week, and changes to many at once."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.commands import carrying
from bot.digest import forms, pausing, plan
from bot.settings import Settings
from bot.store import deliveries, ledger, subscriptions
from bot.subscription import Subscription
from corpus.record import replace

WHERE: Mapping[str, Callable[[Subscription], str]] = {
    "channel": lambda one: one.channel,
    "platform": lambda one: one.channel.partition(":")[0],
    "state": lambda one: one.state,
    "why": lambda one: one.why,
    "by": lambda one: one.by,
    "zone": lambda one: one.terms.zone,
    "language": lambda one: one.terms.language,
    "day": lambda one: str(one.terms.day),
    "filters": lambda one: one.terms.filters.key,
}


def run(arguments: Sequence[str]) -> int:
    """Do what a verb says."""
    chosen = _parser().parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    try:
        return int(chosen.do(settings, chosen))
    except OperationalError:
        print("mlinfra: the database cannot be reached (DATABASE_URL)", file=sys.stderr)
        return 1


def list_(settings: Settings, chosen: argparse.Namespace) -> int:
    """A line each: place, terms, next, last."""

    def read(connection: Connection) -> None:
        for one in _found(connection, chosen):
            last = ledger.last(connection, one.id)
            came = f"{last.week} {last.state} {last.reason}".rstrip() if last else "none yet"
            told = "ended." if one.state == "ended" else forms.told(one, "en")
            print(f"{one.channel}\t{told}\t{came}")

    _with(settings, read, write=False)
    return 0


def export(settings: Settings, chosen: argparse.Namespace) -> int:
    """A line of JSON each."""

    def read(connection: Connection) -> None:
        for one in _found(connection, chosen):
            print(json.dumps(carrying.plain(one), ensure_ascii=False))

    _with(settings, read, write=False)
    return 0


def import_(settings: Settings, chosen: argparse.Namespace) -> int:
    """Lines of JSON, as export writes them; a place that has a subscription gets these terms."""
    try:
        text = sys.stdin.read() if chosen.file == "-" else Path(chosen.file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"mlinfra: {chosen.file} cannot be read: {type(error).__name__}", file=sys.stderr)
        return 2
    found, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(carrying.built(json.loads(line)))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                problems.append(f"{chosen.file}:{number}: {type(error).__name__}: {error}")
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    passing = [one for one in found if _passes(one, chosen.where)]

    def placed(connection: Connection) -> list[tuple[str, Subscription]]:
        return [(one.channel, carrying.placed(connection, one)) for one in passing]

    return _change(settings, chosen, placed)


def move(settings: Settings, chosen: argparse.Namespace) -> int:
    """Another place for a subscription."""

    def moved(connection: Connection) -> list[tuple[str, Subscription]]:
        found = _found(connection, chosen)
        if len(found) > 1:
            raise ValueError(f"{len(found)} subscriptions match, and a place has one")
        there = subscriptions.of(connection, chosen.to)
        if found and there and there.state != "ended" and there != found[0]:
            raise ValueError(f"{chosen.to} has a subscription already")
        return [(one.channel, replace(one, channel=chosen.to)) for one in found]

    return _change(settings, chosen, moved)


def pause(settings: Settings, chosen: argparse.Namespace) -> int:
    """At rest, for good or until a date or span."""

    def paused(connection: Connection) -> list[tuple[str, Subscription]]:
        now = subscriptions.moment(connection)
        return [
            (one.channel, plan.paused(one, _until(chosen.until, now, one)))
            for one in _found(connection, chosen)
            if one.state == "active"
        ]

    return _change(settings, chosen, paused)


def resume(settings: Settings, chosen: argparse.Namespace) -> int:
    """Going on with the next digest."""

    def resumed(connection: Connection) -> list[tuple[str, Subscription]]:
        now = subscriptions.moment(connection)
        found = []
        for one in _found(connection, chosen):
            last = plan.had(ledger.last(connection, one.id))
            if one.state == "paused":
                found.append((one.channel, plan.resumed(one, now, last)))
        return found

    return _change(settings, chosen, resumed)


def _change(
    settings: Settings,
    chosen: argparse.Namespace,
    change: Callable[[Connection], list[tuple[str, Subscription]]],
) -> int:
    """Keep what a change makes of subscriptions; each is told."""

    def write(connection: Connection) -> int:
        made = change(connection)
        for before, one in made:
            to = f"to {one.channel}: " if before != one.channel else ""
            week = one.next_week if one.state == "active" else ""
            print(f"{before}\t{to}{one.state} {week}".rstrip())
            if chosen.dry_run:
                continue
            if before != one.channel:
                subscriptions.move(connection, before, one.channel)
            else:
                subscriptions.save(connection, one)
            if one.state != "active" and one.id:
                deliveries.withdraw(connection, one.id)
        return len(made)

    try:
        count = _with(settings, write, write=not chosen.dry_run)
    except ValueError as error:
        print(f"mlinfra: {error}", file=sys.stderr)
        return 2
    print(f"{count} {'would change' if chosen.dry_run else 'changed'}", file=sys.stderr)
    return 0


def _until(text: str, now: float, one: Subscription) -> float:
    if not text:
        return 0.0
    until = pausing.until(text, now, one.terms.zone)
    if until is None:
        raise ValueError(f"until when? {text!r} is no date or span")
    return until


def _found(connection: Connection, chosen: argparse.Namespace) -> list[Subscription]:
    return [one for one in subscriptions.every(connection) if _passes(one, chosen.where)]


def _passes(one: Subscription, where: Sequence[tuple[str, str]]) -> bool:
    return all(fnmatchcase(WHERE[name](one), value) for name, value in where)


def _with(settings: Settings, do: Callable[[Connection], Any], write: bool) -> Any:
    from bot.commands.digest import in_database

    return in_database(settings, do, write)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "mlinfra subscriptions", description=__doc__, allow_abbrev=False
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, do, told in _verbs():
        verb = verbs.add_parser(name, help=told, allow_abbrev=False)
        verb.set_defaults(do=do)
        if name == "import":
            verb.add_argument("file", help="lines of JSON; - reads standard input")
        verb.add_argument(
            "--where",
            action="append",
            default=[],
            type=_condition,
            metavar="NAME=VALUE",
            help=f"only those; may be given again; * is any text; of {', '.join(WHERE)}",
        )
        if name == "move":
            verb.add_argument(
                "--to", required=True, type=_argument, metavar="CHANNEL", help="the new place"
            )
        if name == "pause":
            verb.add_argument("--until", default="", help="a date (10-08) or a span (two weeks)")
        verb.add_argument("--dry-run", action="store_true", help="change nothing")
    return parser


def _verbs() -> Iterator[tuple[str, Callable[[Settings, argparse.Namespace], int], str]]:
    yield "list", list_, "a line each"
    yield "move", move, "another place for one"
    yield "pause", pause, "at rest"
    yield "resume", resume, "going on"
    yield "export", export, "lines of JSON"
    yield "import", import_, "lines of JSON"


def _argument(text: str) -> str:
    try:
        return carrying.channel(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _condition(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name not in WHERE:
        raise argparse.ArgumentTypeError(f"{text!r}: write NAME=VALUE, of {', '.join(WHERE)}")
    return name, value
