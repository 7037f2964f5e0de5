"""Which entry an Edition has in a week: a pure function of the catalog, the week, the filters, the
Edition's own history and the curators' rulings. The same values give the same pick, anywhere.

Papers come first, then theses, books, courses, talks and articles. Nothing comes again until
everything else has come; after that, what came longest ago.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from bot.digest import schedule
from bot.subscription import Filters, Ledger, Past, Ruling
from corpus.language import has_han, simplify
from corpus.model import Entry
from corpus.record import fields, record

KINDS = ("paper", "thesis", "book", "course", "talk", "article")  # in the order of their turns
FACTS = 3  # that must be known of a work beyond its title
FRESH = 8  # weeks in which a new entry is taken sooner

# pinned, first, again:WEEK (when it was had last), fresh, balance (its section and language were
# due), last (of those not had yet)
Reason = str


@record
class Candidate:
    """An entry that could be picked, with all that decides; the smallest rank is taken."""

    entry: Entry
    rank: tuple[int, str, int, int, float, str]
    arrived: str  # the week it came into the catalog, where that is known and lately
    shown: str  # the week it was last picked in; empty: never


@record
class Pick:
    """What an Edition has in a week, why, and what else could have been."""

    week: str
    filters: Filters
    revision: str  # of the catalog
    entry: Entry | None  # None: held, or nothing passes
    reasons: tuple[Reason, ...]
    held: bool
    candidates: tuple[Candidate, ...]  # the best first


def is_held(ledger: Ledger, filters: Filters, week: str) -> bool:
    """Whether the curators hold an Edition's week."""
    return any(ruling.kind == "hold" for ruling in _rulings(ledger, filters, week))


def _rulings(ledger: Ledger, filters: Filters, week: str) -> Sequence[Ruling]:
    """What curators have said of an Edition's week."""
    return [
        ruling
        for ruling in ledger.rulings
        if ruling.week in ("", week) and ruling.edition in ("*", filters.key)
    ]


def pick(entries: Sequence[Entry], week: str, filters: Filters, ledger: Ledger) -> Pick:
    """The pick of an Edition for a week; history from that week on is not seen."""
    past = tuple(one for one in ledger.past if one.week < week)
    rulings = _rulings(ledger, filters, week)
    held = is_held(ledger, filters, week)
    out = {ruling.entry for ruling in rulings if ruling.kind == "skip"}
    came = {one.entry for one in past}
    pins = {  # a pin without a week holds until it has come
        ruling.entry
        for ruling in rulings
        if ruling.kind == "pin" and (ruling.week or ruling.entry not in came)
    }
    found = _candidates(entries, week, filters, past, dict(ledger.arrived), out)
    pinned = min((entry for entry in entries if entry.id in pins), key=_id, default=None)
    chosen = pinned or (found[0].entry if found else None)
    reasons: tuple[Reason, ...] = ("pinned",) if pinned else _reasons(found)
    return Pick(
        week=week,
        filters=filters,
        revision=revision(entries),
        entry=None if held else chosen,
        reasons=() if held else reasons,
        held=held,
        candidates=found,
    )


def passes(entry: Entry, filters: Filters) -> bool:
    """Whether an entry is what an Edition is about, and enough is known of it."""
    return (
        facts_known(entry) >= FACTS
        and entry.kind in (filters.kinds or KINDS)
        and (not filters.topics or _names_any(filters.topics, _subjects(entry)))
        and (not filters.organisations or _names_any(filters.organisations, _makers(entry)))
    )


def facts_known(entry: Entry) -> int:
    """How many facts there are that its title does not tell by itself."""
    return sum(fact.basis != "title" for fact in entry.facts)


def revision(entries: Sequence[Entry]) -> str:
    """Names the catalog's content: the same for the same entries in any order, on any machine."""
    digest = hashlib.sha256()
    for entry in sorted(entries, key=_id):
        digest.update(repr(fields(entry)).encode(errors="replace"))
    return digest.hexdigest()[:12]


def arrivals(entries: Sequence[Entry], week: str, known: Mapping[str, str]) -> dict[str, str]:
    """The entries that came into the catalog lately, each with its week.

    An entry says so itself; else it is new where others were seen before it.
    """
    since = schedule.later(week, 1 - FRESH)
    found = {entry.id: _arrived(entry, week, known) for entry in entries}
    return {entry: at for entry, at in found.items() if since <= at <= week}


def _arrived(entry: Entry, week: str, known: Mapping[str, str]) -> str:
    if entry.added:
        return schedule.week_of(schedule.day(entry.added))
    return known.get(entry.id, week if known else "")


def _candidates(
    entries: Sequence[Entry],
    week: str,
    filters: Filters,
    past: Sequence[Past],
    known: Mapping[str, str],
    out: Collection[str],
) -> tuple[Candidate, ...]:
    pool = [entry for entry in entries if passes(entry, filters) and entry.id not in out]
    shown = {one.entry: one.week for one in past}
    arrived = arrivals(entries, week, known)
    load = _load(pool, [one.entry for one in past])
    found = [
        Candidate(
            entry,
            (
                1 if entry.id in shown else 0,
                shown.get(entry.id, ""),
                _turn(entry, filters),
                0 if entry.id in arrived else 1,
                round(load[entry.id], 6),
                _lot(filters, entry),
            ),
            arrived.get(entry.id, ""),
            shown.get(entry.id, ""),
        )
        for entry in pool
    ]
    return tuple(sorted(found, key=lambda candidate: candidate.rank))


def _turn(entry: Entry, filters: Filters) -> int:
    """The place of a kind: of those named in a filter none is before another."""
    return 0 if filters.kinds or entry.kind not in KINDS else KINDS.index(entry.kind)


def _load(pool: Sequence[Entry], past: Sequence[str]) -> Mapping[str, float]:
    """How much of an entry's section and of its language has come already, of what there is."""
    times, size = Counter[str](), Counter[str]()
    came = Counter(past)
    for entry in pool:
        for name in (_section(entry), _language(entry)):
            size[name] += 1
            times[name] += came[entry.id]
    return {
        entry.id: sum(times[name] / size[name] for name in (_section(entry), _language(entry)))
        for entry in pool
    }


def _section(entry: Entry) -> str:
    return "section " + " › ".join(entry.listings[0].section) if entry.listings else "section"


def _language(entry: Entry) -> str:
    return "language " + entry.languages[0]


def _lot(filters: Filters, entry: Entry) -> str:
    """Parts what is equal otherwise, in another order for each Edition."""
    return hashlib.sha256(f"{filters.key}\n{entry.id}".encode()).hexdigest()[:12]


def _reasons(found: Sequence[Candidate]) -> tuple[Reason, ...]:
    if not found:
        return ()
    best, others = found[0], found[1:]
    reasons: list[Reason] = [f"again:{best.shown}" if best.shown else "first"]
    if best.arrived:
        reasons.append("fresh")
    alike = [other for other in others if other.rank[:4] == best.rank[:4]]
    if any(other.rank[4] > best.rank[4] for other in alike):
        reasons.append("balance")
    if not best.shown and not any(not other.shown for other in others):
        reasons.append("last")
    return tuple(reasons)


def _names_any(wanted: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether a text holds all the words of one of those wanted, or words that begin so."""
    said = " ".join(map(_plain, texts)).replace("-", " ")
    return any(all(_begins(word, said) for word in _asked(one)) for one in wanted)


def _asked(wanted: str) -> Sequence[str]:
    """The words of a filter, of more than one thing as of one: "parameter-servers"."""
    words = _plain(wanted).replace("-", " ").split()
    return [word.removesuffix("s") if len(word) > 4 else word for word in words]


@lru_cache(maxsize=1024)
def _word(word: str) -> re.Pattern[str]:
    """A word at a beginning: "rl" is no part of "early". Chinese has no blanks to begin after."""
    return re.compile(("" if has_han(word[0]) else r"(?<![a-z0-9])") + re.escape(word))


def _begins(word: str, said: str) -> bool:
    return _word(word).search(said) is not None


def _subjects(entry: Entry) -> tuple[str, ...]:
    words = [text for keyword in entry.keywords for text in (keyword.en, keyword.zh)]
    return (*words, entry.title, entry.titles.en, entry.titles.zh)


def _makers(entry: Entry) -> tuple[str, ...]:
    names = [text for name in entry.organisations for text in (name.en, name.zh)]
    return (*names, *(part for listing in entry.listings for part in listing.section[1:]))


def _plain(text: str) -> str:
    return simplify(text).casefold()


def _id(entry: Entry) -> str:
    return entry.id
