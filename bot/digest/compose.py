"""An Edition's pick told as a Digest: one screen of a phone, in one or both languages. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot import labels, links, wording
from bot.digest import screen, sentences
from bot.digest.screen import ROOMS, Room
from bot.model import Choice, Digest, Notice
from bot.phrases import BETWEEN, say, tell
from bot.subscription import Spoken
from corpus.language import Script
from corpus.model import Entry, Fact
from corpus.record import record, replace

LINKS = 3
AUTHORS = 3
RELATED = 2
LEAST = 2  # facts


@record
class Issue:
    """What a digest tells: the pick, why, and what is new that week."""

    week: str
    entry: Entry
    reasons: tuple[str, ...]
    fresh: tuple[Entry, ...] = ()


def compose(
    issue: Issue,
    entries: Sequence[Entry],
    language: Spoken,
    spoken: Script,
    subscribed: bool = True,
    note: str = "",
) -> Digest:
    """The digest of an issue for a place that chose a language; `spoken` decides for "both"."""
    script = script_of(language, spoken)
    near = [
        (other.title, links.opening(links.main(other))) for other in related(issue.entry, entries)
    ]
    whole = _whole(issue, language, script)
    digest = replace(whole, rows=_rows(issue.entry, script, subscribed), note=note)
    for room in ROOMS:
        digest = _fitted(digest, issue, language, near, room)
        if screen.fits(_lines(digest)):
            break
    return digest


def _whole(issue: Issue, language: Spoken, script: Script) -> Digest:
    """What has room on any screen, and the summaries uncut."""
    entry = issue.entry
    return Digest(
        script=script,
        heading=_heading(issue, script),
        entry=entry.id,
        title=entry.title,
        translation=wording.translation(entry, script),
        url=links.opening(links.main(entry)),
        about=_about(entry, script),
        summaries=tuple(tell(entry.summary, one) for one in _scripts(language, script)),
        facts=(),
        addresses=links.addresses(entry, script)[:LINKS],
        related=(),
        fresh="",
        why=why(issue.reasons, script),
        rows=(),
    )


def _fitted(
    whole: Digest, issue: Issue, language: Spoken, near: Sequence[tuple[str, str]], room: Room
) -> Digest:
    """What else has room: both languages share that of the summary, and facts are told once."""
    script = whole.script
    share = room.summary // len(whole.summaries)
    count = room.facts if language != "both" else LEAST
    return replace(
        whole,
        summaries=tuple(screen.cut(summary, share) for summary in whole.summaries),
        facts=tuple(_taken(issue.entry, script, count, room)),
        related=tuple((screen.clip(title, room.title), url) for title, url in near[: room.related]),
        fresh=_fresh(issue, script, room),
    )


def _taken(entry: Entry, script: Script, count: int, room: Room) -> Iterator[str]:
    """The facts as they are told: whole, as long as there is room."""
    for fact in facts(entry, script, count, room.fact):
        told = tell(fact.text, script)
        yield screen.sentences(told, room.fact) if room.cuts else told


def _lines(digest: Digest) -> Iterator[str]:
    """What one reads of a digest on a phone, where addresses are behind words."""
    yield from (digest.note, digest.heading, digest.title, digest.translation or "", digest.about)
    yield from digest.summaries
    yield from (tell(sentences.TAKE, digest.script), *(f"– {fact}" for fact in digest.facts))
    yield from (f"{one.label} · {one.host} {one.note}" for one in digest.addresses)
    yield " · ".join(
        (tell(sentences.RELATED, digest.script), *(title for title, _ in digest.related))
    )
    yield from (digest.fresh, digest.why)


def notice(digest: Digest) -> Notice:
    """The same as plain lines, for a platform that does not lay digests out."""
    script = digest.script
    colon = ": " if script == "en" else "："
    lines = [
        digest.note,
        digest.heading,
        digest.title,
        digest.translation or "",
        digest.about,
        *digest.summaries,
        *(f"– {fact}" for fact in digest.facts),
        *(f"{one.label}{colon}{one.url} {one.note}".rstrip() for one in digest.addresses),
        *(
            f"{tell(sentences.RELATED, script)}{colon}{title} {url}"
            for title, url in digest.related
        ),
        digest.fresh,
        digest.why,
    ]
    choices = tuple(choice for row in digest.rows for choice in row)
    return Notice(tuple(line for line in lines if line), choices, script)


def script_of(language: Spoken, spoken: Script) -> Script:
    """The script of headings and buttons."""
    if language == "en" or (language == "both" and spoken == "en"):
        return "en"
    return "zh-Hant" if spoken == "zh-Hant" else "zh-Hans"


def facts(entry: Entry, script: Script, count: int, longest: int) -> Sequence[Fact]:
    """The facts to take away: known beyond the title, in the catalog's order. Those that are too
    long come only where there are not enough of the others, the shorter sooner.
    """
    known = [fact for fact in entry.facts if fact.basis != "title"]
    long = {fact: screen.width(tell(fact.text, script)) for fact in known}
    brief = [fact for fact in known if long[fact] <= longest]
    more = sorted((fact for fact in known if fact not in brief), key=lambda fact: long[fact])
    return [*brief, *more[: max(0, LEAST - len(brief))]][:count]


def related(entry: Entry, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Works to go on with: those that the catalog names, else those that share most keywords."""
    others = {other.id: other for other in entries if other.id != entry.id}
    named = [others[name] for name in entry.related if name in others]
    words = {word.en.casefold() for word in entry.keywords}

    def shared(other: Entry) -> int:
        return len(words & {word.en.casefold() for word in other.keywords})

    near = sorted(others.values(), key=lambda other: (-shared(other), other.id))
    found = [*named, *(other for other in near if shared(other) and other not in named)]
    return [other for other in found if links.alive(other)][:RELATED]


def why(reasons: Collection[str], script: Script) -> str:
    """Why this one, in a sentence."""
    told = [_reason(*reason.partition(":")[::2], script=script) for reason in reasons]
    between = tell(sentences.REASONS_BETWEEN, script)
    return say(sentences.WHY, script, reasons=between.join(told)) if told else ""


_REASONS = {
    "pinned": sentences.PINNED,
    "first": sentences.FIRST,
    "again": sentences.AGAIN,
    "fresh": sentences.NEW,
    "balance": sentences.BALANCE,
    "last": sentences.LAST,
}


def _reason(name: str, week: str, script: Script) -> str:
    return say(_REASONS[name], script, week=week)


def _heading(issue: Issue, script: Script) -> str:
    if issue.entry.kind == "paper":
        return say(sentences.HEADING, script, week=issue.week)
    kind = tell(labels.KINDS[issue.entry.kind], script)
    return say(sentences.HEADING_OTHER, script, week=issue.week, kind=kind[:1].upper() + kind[1:])


def _about(entry: Entry, script: Script) -> str:
    parts = (
        tell(labels.KINDS[entry.kind], script),
        wording.authors(entry, script, AUTHORS),
        wording.organisations(entry, script, most=1, besides=entry.published.en),
        wording.published(entry, script),
        wording.caution(entry, script),
    )
    return tell(BETWEEN, script).join(filter(None, parts))


def _scripts(language: Spoken, script: Script) -> Sequence[Script]:
    """The languages of the summary, that of the headings first."""
    if language != "both":
        return (script,)
    return (script, "zh-Hans" if script == "en" else "en")


def _fresh(issue: Issue, script: Script, room: Room) -> str:
    others = [other for other in issue.fresh if other.id != issue.entry.id]
    if not others:
        return ""
    titles = [
        say(sentences.QUOTED, script, title=screen.clip(other.title, room.title))
        for other in others[: room.fresh]
    ]
    told = tell(BETWEEN, script).join(titles)
    if len(others) > room.fresh:
        told = say(sentences.AND_MORE, script, titles=told, count=len(others) - room.fresh)
    return say(sentences.FRESH, script, titles=told)


def _rows(entry: Entry, script: Script, subscribed: bool) -> tuple[tuple[Choice, ...], ...]:
    first = (
        Choice(tell(sentences.DETAILS, script), f"open {entry.id}"),
        Choice(tell(sentences.SIMILAR, script), f"similar {entry.id}"),
    )
    if not subscribed:
        return first, (Choice(tell(sentences.SUBSCRIBE, script), "subscribe"),)
    second = (
        Choice(tell(sentences.SKIP_NEXT, script), "skip"),
        Choice(tell(sentences.CHANGE, script), "subscriptions"),
    )
    return first, second
