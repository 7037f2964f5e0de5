"""A subscription's terms as sentences and as buttons. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from bot import labels, phrases
from bot.digest import pick, plan, schedule, sentences, zones
from bot.model import Choice, Form
from bot.phrases import NAMES_BETWEEN, say, tell
from bot.subscription import Delivery, Filters, Subscription, Terms
from corpus.language import Script
from corpus.model import Entry, Text
from corpus.record import replace

T = TypeVar("T")
HOURS = (7, 8, 9, 10, 12, 15, 18, 20)
MOST = 4  # topics, and organisations, that have a button
_LANGUAGES = {"zh": phrases.CHINESE, "en": phrases.ENGLISH, "both": sentences.BOTH}
NO_NAMES: Mapping[str, str] = {}


def form(
    subscription: Subscription,
    entries: Sequence[Entry],
    script: Script,
    guessed: bool,
) -> Form:
    """The terms as buttons, what holds now marked; `guessed`: nobody has named the zone yet."""
    terms = subscription.terms
    zone = sentences.WHICH_ZONE if guessed else sentences.ROW_ZONE
    rows = [
        (tell(sentences.ROW_DAY, script), _days(terms, script)),
        (tell(sentences.ROW_HOUR, script), _hours(terms)),
        (say(zone, script, zone=zone_told(terms.zone, script)), _zones(terms, script)),
        (tell(sentences.ROW_LANGUAGE, script), _languages(terms, script)),
        (tell(sentences.ROW_KIND, script), _kinds(terms, entries, script)),
        (tell(sentences.ROW_TOPIC, script), _topics(terms, entries, script)),
        (tell(sentences.ROW_ORGANISATION, script), _organisations(terms, entries, script)),
        (tell(sentences.ROW_STATE, script), _states(subscription, script)),
    ]
    return Form(script, told(subscription, script), tuple(rows))


def told(subscription: Subscription, script: Script) -> str:
    """A subscription in a sentence: what, and when the next one comes or why none does."""
    terms = subscription.terms
    sentence = say(
        sentences.HAS,
        script,
        what=_what(terms, script),
        day=tell(sentences.DAYS[terms.day - 1], script),
        time=f"{terms.minute // 60:02}:{terms.minute % 60:02}",
        zone=zone_told(terms.zone, script),
        language=tell(sentences.LANGUAGES[terms.language], script),
    )
    return sentence + (" " if script == "en" else "") + state(subscription, script)


def state(subscription: Subscription, script: Script) -> str:
    """When the next one comes, or why none does."""
    zone = subscription.terms.zone
    if subscription.state == "ended":
        return tell(sentences.NOT_SUBSCRIBED, script)
    if subscription.state == "active":
        coming = when(plan.coming(subscription), zone, script)
        return say(sentences.STATE_ACTIVE, script, next=coming)
    if subscription.until:
        return say(sentences.STATE_UNTIL, script, end=when(subscription.until, zone, script))
    known = sentences.WHYS.get(subscription.why)
    why = tell(known, script) if known else ""
    return say(sentences.STATE_PAUSED, script, why=why)


def outcome(last: Delivery | None, zone: str, script: Script) -> str:
    """What became of the last digest."""
    if last is None:
        return tell(sentences.NONE_YET, script)
    reason = say(sentences.REASON, script, reason=last.reason) if last.reason else ""
    at = when(last.at, zone, script)
    became = say(sentences.OUTCOMES[last.state], script, at=at, reason=reason)
    return say(sentences.LAST_ONE, script, week=last.week, outcome=became)


def when(moment: float, zone: str, script: Script) -> str:
    """A moment by the clocks of a zone."""
    here = schedule.local(moment, zone)
    day = tell(sentences.DAY_NAMES[here.weekday()], script)
    return say(sentences.WHEN, script, day=day, date=f"{here:%Y-%m-%d}", time=f"{here:%H:%M}")


def zone_told(zone: str, script: Script) -> str:
    """A zone by a city that people know."""
    known = sentences.ZONES.get(zone)
    return tell(known or Text(zones.told(zone), zones.told(zone, chinese=True)), script)


def _what(terms: Terms, script: Script) -> str:
    filters = terms.filters
    kinds = [tell(labels.KINDS[kind], script) for kind in filters.kinds]
    words = [*kinds, *filters.topics, *filters.organisations]
    told = tell(NAMES_BETWEEN, script).join(words)
    return say(sentences.WHAT, script, what=told) if words else ""


def _days(terms: Terms, script: Script) -> tuple[Choice, ...]:
    return tuple(
        Choice(tell(name, script), f"subscribe day {day}", terms.day == day)
        for day, name in enumerate(sentences.SHORT_DAYS, 1)
    )


def _hours(terms: Terms) -> tuple[Choice, ...]:
    minutes = _with((hour * 60 for hour in HOURS), terms.minute)
    return tuple(
        Choice(
            f"{minute // 60:02}:{minute % 60:02}",
            f"subscribe hour {minute // 60}:{minute % 60:02}",
            minute == terms.minute,
        )
        for minute in sorted(minutes)
    )


def _zones(terms: Terms, script: Script) -> tuple[Choice, ...]:
    return tuple(
        Choice(zone_told(zone, script), f"subscribe zone {zone}", zone == terms.zone)
        for zone in _with(sentences.ZONES, terms.zone)
    )


def _languages(terms: Terms, script: Script) -> tuple[Choice, ...]:
    return tuple(
        Choice(tell(label, script), f"subscribe language {name}", name == terms.language)
        for name, label in _LANGUAGES.items()
    )


def _kinds(terms: Terms, entries: Sequence[Entry], script: Script) -> tuple[Choice, ...]:
    names = {kind: tell(label, script) for kind, label in labels.KINDS.items()}
    return _filter(terms, "kind", "kinds", pick.KINDS, entries, script, names)


def _topics(terms: Terms, entries: Sequence[Entry], script: Script) -> tuple[Choice, ...]:
    words = Counter(
        tell(word, script).casefold()
        for entry in entries
        if pick.facts_known(entry) >= pick.FACTS
        for word in dict.fromkeys(entry.keywords)
    )
    common = [word for word, _ in words.most_common()]
    return _filter(terms, "topic", "topics", common, entries, script)


def _organisations(terms: Terms, entries: Sequence[Entry], script: Script) -> tuple[Choice, ...]:
    names = Counter(
        tell(name, script)
        for entry in entries
        if pick.facts_known(entry) >= pick.FACTS
        for name in dict.fromkeys(entry.organisations)
    )
    common = [name for name, _ in names.most_common()]
    return _filter(terms, "organisation", "organisations", common, entries, script)


def _filter(
    terms: Terms,
    word: str,
    field: str,
    values: Iterable[str],
    entries: Sequence[Entry],
    script: Script,
    names: Mapping[str, str] = NO_NAMES,
) -> tuple[Choice, ...]:
    """All, then the values under which there is something, beside the other filters."""
    held: tuple[str, ...] = getattr(terms.filters, field)
    folded = {value.casefold() for value in held}
    usual = [value for value in values if value.casefold() not in folded]
    open_ = (
        value
        for value in usual
        if _leads_somewhere(replace(terms.filters, **{field: (value,)}), entries)
    )
    shown = [*held, *islice(open_, MOST if field != "kinds" else len(usual))]
    return (
        Choice(tell(sentences.ANY, script), f"subscribe {word} any", not held),
        *(
            Choice(names.get(value, value), f"subscribe {word} {value}", value.casefold() in folded)
            for value in shown
        ),
    )


def _leads_somewhere(filters: Filters, entries: Sequence[Entry]) -> bool:
    return any(pick.passes(entry, filters) for entry in entries)


def _states(subscription: Subscription, script: Script) -> tuple[Choice, ...]:
    if subscription.state == "ended":
        return (Choice(tell(sentences.SUBSCRIBE, script), "subscribe"),)
    lines = ("skip", "pause") if subscription.state == "active" else ("resume",)
    return tuple(
        Choice(tell(sentences.ACTS[line], script), line) for line in (*lines, "unsubscribe")
    )


def _with(usual: Iterable[T], *held: T) -> list[T]:
    return list(dict.fromkeys((*usual, *held)))
