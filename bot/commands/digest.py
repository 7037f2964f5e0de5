"""`mlinfra digest`: what is picked and why, how it looks, sending what is due, what came of it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.commands import platforms, showing
from bot.commands.serve import NO_PLATFORM
from bot.current import load
from bot.digest import compose, hearing, pick, schedule
from bot.digest.compose import Issue
from bot.digest.pick import Pick
from bot.errors import SettingsError
from bot.settings import Settings
from bot.store import editions, ledger, subscriptions
from bot.subscription import Edition, Filters, Ledger, Ruled, Ruling, Terms
from corpus.language import Script
from corpus.model import Entry

T = TypeVar("T")


def run(arguments: Sequence[str]) -> int:
    """Do what a verb says."""
    chosen = _parser().parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    if chosen.week is None:
        chosen.week = schedule.week_at(time.time(), "UTC")
    try:
        return int(chosen.do(settings, chosen))
    except OperationalError:
        print("mlinfra: the database cannot be reached (DATABASE_URL)", file=sys.stderr)
        return 1


def pick_(settings: Settings, chosen: argparse.Namespace) -> int:
    """What an Edition has in a week, and why."""
    entries = _entries(settings)
    picked = _picked(settings, chosen, entries)
    fixed = _fixed(settings, picked)
    if fixed and not picked.held and not (picked.entry and picked.entry.id == fixed.entry):
        print(f"{picked.week}  {fixed.entry} is fixed already; now it would be:")
    if picked.entry is None:
        print(f"{picked.week}  {'held by the curators' if picked.held else 'nothing passes'}")
    else:
        print(f"{picked.week}  {picked.entry.id}  {picked.entry.title}")
        print(compose.why(picked.reasons, "en"))
    if chosen.explain:
        showing.explain(picked)
    return 0


def preview(settings: Settings, chosen: argparse.Namespace) -> int:
    """A digest as a platform shows it."""
    entries = _entries(settings)
    picked = _picked(settings, chosen, entries)
    if picked.entry is None:
        print("held by the curators" if picked.held else "nothing passes", file=sys.stderr)
        return 1
    known = dict(_ledger(settings, picked.filters).arrived)
    arrived = pick.arrivals(entries, picked.week, known)
    fresh = tuple(entry for entry in entries if arrived.get(entry.id) == picked.week)
    fixed = _fixed(settings, picked)
    kept = next((entry for entry in entries if fixed and entry.id == fixed.entry), picked.entry)
    reasons = fixed.reasons if fixed and fixed.entry == kept.id else picked.reasons
    issue = Issue(picked.week, kept, reasons, fresh)
    spoken: Script = "en" if chosen.language == "en" else "zh-Hans"
    digest = compose.compose(issue, entries, chosen.language, spoken)
    print(showing.told(digest, chosen.platform))
    return 0


def send(settings: Settings, chosen: argparse.Namespace) -> int:
    """Post what is due, then end; a second run posts nothing."""
    if chosen.dry_run:
        return _would_send(settings)
    _need_platforms(settings)
    from bot.commands import digests

    found = digests.send(settings, dict(os.environ), sys.stderr)
    print(", ".join(f"{count} {state}" for state, count in sorted(found.items())) or "nothing due")
    return 1 if found["failed"] else 0


def status(settings: Settings, chosen: argparse.Namespace) -> int:
    """What became of a week's digests."""
    counts = _read(settings, lambda connection: ledger.counts(connection, chosen.week))
    for edition in _read(settings, lambda connection: editions.of_week(connection, chosen.week)):
        print(f"{chosen.week}  {edition.entry}  ({edition.filters.key or 'no filter'})")
    print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "none yet")
    failed = _read(settings, lambda connection: ledger.failures(connection, chosen.week))
    for channel, reason in failed.items():
        print(f"  {channel}: {reason}")
    places = _read(settings, subscriptions.active)
    for name, count in platforms.waiting(settings, places).items():
        print(f"  waiting on {name}, which is not set up: {count} (mlinfra doctor)")
    return 1 if counts["failed"] else 0


def rule(settings: Settings, chosen: argparse.Namespace) -> int:
    """Hold a week or let it go; pin an entry or leave one out."""
    lifted = chosen.verb == "publish" or getattr(chosen, "lift", False)
    entry = getattr(chosen, "entry", "")
    if entry and entry not in {one.id for one in _entries(settings)}:
        print(f"mlinfra: no entry {entry!r}", file=sys.stderr)
        return 2
    kind = {"publish": "hold"}.get(chosen.verb, chosen.verb)
    filters = _filters(chosen)
    edition = filters.key or "*"
    week = "" if entry and chosen.every else chosen.week
    ruled = Ruled(Ruling(kind, week, edition, entry), lifted)

    def write(connection: Connection) -> None:
        if ruled.lifted and edition == "*":
            editions.lift_all(connection, ruled.ruling)
        else:
            (editions.lift if ruled.lifted else editions.rule)(connection, ruled.ruling)
        if entry:  # what was fixed but went nowhere yet is picked again
            for one in editions.of_week(connection, chosen.week):
                if not ledger.reached(connection, one.filters.key, one.week):
                    editions.unfix(connection, one.filters, one.week)

    in_database(settings, write, write=True)
    print(f"{'lifted' if lifted else 'noted'}: {kind} {week or 'every week'} {entry}".rstrip())
    return 0


def amend(settings: Settings, chosen: argparse.Namespace) -> int:
    """Take the digests of a week away, or put them right after the catalog was."""
    found = _read(settings, lambda connection: ledger.sent(connection, chosen.week))
    if chosen.dry_run:
        for one in found:
            print(f"would {chosen.verb}: {one.subscription.channel} {one.message} {one.entry}")
        return 0
    _need_platforms(settings)
    from bot.commands import digests

    done, failed = digests.amend(settings, dict(os.environ), sys.stderr, found, chosen.verb)
    for channel, reason in failed:
        print(f"  {channel}: {reason}", file=sys.stderr)
    print(f"{done} done, {len(failed)} failed")
    return 1 if failed else 0


def _need_platforms(settings: Settings) -> None:
    if not (settings.telegram or settings.slack):
        raise SettingsError([NO_PLATFORM])


def _entries(settings: Settings) -> Sequence[Entry]:
    found = load(settings)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    return found.retriever.entries


def _picked(settings: Settings, chosen: argparse.Namespace, entries: Sequence[Entry]) -> Pick:
    filters = _filters(chosen)
    return pick.pick(entries, chosen.week, filters, _ledger(settings, filters))


def _ledger(settings: Settings, filters: Filters) -> Ledger:
    if not _has_database(settings):
        return Ledger()
    return _read(settings, lambda connection: editions.ledger(connection, filters))


def _fixed(settings: Settings, picked: Pick) -> Edition | None:
    """What the week has already, as it was sent or shown to the curators."""
    if not _has_database(settings):
        return None
    return _read(settings, lambda connection: editions.of(connection, picked.filters, picked.week))


def _has_database(settings: Settings) -> bool:
    """Whether there is one: a look makes none."""
    return bool(settings.database) or (settings.data / "mlinfra.db").exists()


def _filters(chosen: argparse.Namespace) -> Filters:
    return Filters(tuple(chosen.kind), tuple(chosen.topic), tuple(chosen.organisation))


def _would_send(settings: Settings) -> int:
    now = time.time()
    found = _read(settings, lambda connection: subscriptions.every(connection))
    due = [one for one in found if one.state == "active" and 0 < one.next_at <= now]
    for one in due:
        week, moment = schedule.missed(one.terms, now)
        late = now - moment > settings.digest_grace.total_seconds()
        skipped = "left out as asked" if week == one.skip else "too late" if late else "send"
        print(f"{week}  {one.channel}  {one.terms.filters.key or 'no filter'}  {skipped}")
    waiting = _read(settings, ledger.waiting)
    for channel, week in waiting:
        print(f"{week}  {channel}  waits for its turn")
    print(f"{len(due) + len(waiting)} due", file=sys.stderr)
    return 0


def in_database(settings: Settings, do: Callable[[Connection], T], write: bool) -> T:
    """What a function finds in the database, or gives once its changes are kept."""
    from bot.commands import state

    async def work() -> T:
        database = state.opened(settings, write)
        try:
            return await (database.write(do) if write else database.read(do))
        finally:
            await database.close()

    return asyncio.run(work())


def _read(settings: Settings, ask: Callable[[Connection], T]) -> T:
    return in_database(settings, ask, write=False)


_HELP: Mapping[str, str] = {
    "pick": "what an Edition has in a week, and why",
    "preview": "a digest as a platform shows it",
    "send": "post what is due, then end: for cron",
    "status": "what became of a week's digests",
    "hold": "hold a week back",
    "publish": "let a held week go, for every Edition unless filters name one",
    "pin": "choose an entry for a week",
    "skip": "leave an entry out",
    "retract": "take the digests of a week away again",
    "correct": "put the digests of a week right, from the catalog as it is now",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("mlinfra digest", description=__doc__, allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, dest="verb", metavar="VERB")
    acts = {"pick": pick_, "preview": preview, "send": send, "status": status}
    acts |= {"retract": amend, "correct": amend}
    for name, told in _HELP.items():
        verb = verbs.add_parser(name, help=told, allow_abbrev=False)
        verb.set_defaults(do=acts.get(name, rule), week=None)
        _take_week(verb, name)
        if name in ("pin", "skip"):
            verb.add_argument("entry", help="its id")
            verb.add_argument("--every", action="store_true", help="for all weeks")
        if name in ("hold", "pin", "skip"):
            verb.add_argument("--lift", action="store_true", help="take it back")
        if name in ("pick", "preview", "hold", "publish", "pin", "skip"):
            verb.add_argument("--kind", action="append", default=[], type=_kind, help="filter")
            for field in ("topic", "organisation"):
                verb.add_argument(f"--{field}", action="append", default=[], help="filter")
        if name == "pick":
            verb.add_argument("--explain", action="store_true", help="every candidate, ranked")
        if name in ("pick", "preview", "send", "retract", "correct"):
            verb.add_argument("--dry-run", action="store_true", help="change and send nothing")
        if name == "preview":
            _looks(verb)
    return parser


def _take_week(verb: argparse.ArgumentParser, name: str) -> None:
    """Which week it is about; what is due has its own."""
    if name in ("pick", "preview", "status"):
        verb.add_argument("--week", type=_week, help="as 2026-W48; this week")
    elif name != "send":
        verb.add_argument("week", type=_week, help="as 2026-W48")


def _looks(verb: argparse.ArgumentParser) -> None:
    platforms = ("terminal", "telegram", "slack")
    verb.add_argument("--platform", choices=platforms, default="terminal")
    verb.add_argument("--language", choices=("en", "zh", "both"), default="en")


def _kind(text: str) -> str:
    found = hearing.hear(f"kind {text}", Terms()).terms.filters.kinds
    if len(found) != 1:
        raise argparse.ArgumentTypeError(f"no such kind: {text!r}; of {', '.join(pick.KINDS)}")
    return found[0]


def _week(text: str) -> str:
    week = schedule.parse_week(text)
    if week is None:
        raise argparse.ArgumentTypeError(f"no such week: {text!r}; write it as 2026-W48")
    return week
