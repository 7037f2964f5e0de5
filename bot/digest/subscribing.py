"""What comes of a command about the paper of the week, in a place. Pure: a command and what is
known in, an Outcome out.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.command import Command
from bot.digest import compose, curating, forms, hearing, pausing, pick, plan, schedule, sentences
from bot.digest.compose import Issue
from bot.model import Choice, Joined, Notice, Press, Question
from bot.outcome import Context, Outcome, Setting
from bot.phrases import say, tell
from bot.subscription import Filters, Known, Spoken, Subscription, Terms
from corpus.language import Script, has_han
from corpus.model import Entry, Text
from corpus.record import replace

Said = Question | Press
_COMES_BACK = ("left", "refused", "revoked")  # why it rests, so that the bot's return ends it


def obey(
    command: Command, event: Said, context: Context, entries: Sequence[Entry], script: Script
) -> Outcome:
    """What comes of a command."""
    known = context.digest or Known(event.at)
    here = known.here
    match command.verb:
        case "edition":
            return curating.obey(command.text, known, entries, script)
        case "paper":
            return _paper(event, context, known, entries, script)
        case "status":
            return _status(_open_to(event, known), entries, script)
        case "subscriptions":
            return _list(_open_to(event, known), script)
        case "subscribe":
            return _subscribe(command.text, event, context, known, entries, script)
    if here is None or here.state == "ended":
        offer = Choice(tell(sentences.SUBSCRIBE, script), "subscribe")
        return Outcome(Notice((tell(sentences.NOT_SUBSCRIBED, script),), (offer,), script))
    match command.verb:
        case "unsubscribe":
            return _said(sentences.UNSUBSCRIBED, script, plan.ended(here))
        case "pause":
            return _pause(command.text, here, known, script)
        case "resume":
            return _resume(here, known, script)
        case _:
            return _skip(here, script)


def left(context: Context) -> tuple[Subscription, ...]:
    """The subscriptions of a place and its parts, at rest until the bot is back."""
    found = context.digest.others if context.digest else ()
    return tuple(
        replace(plan.paused(one, 0.0), why="left") for one in found if one.state == "active"
    )


def back(event: Joined, context: Context, script: Script) -> Outcome | None:
    """What comes of the bot's return to a place that has a subscription; None: nothing."""
    known = context.digest
    if known is None:
        return None
    found = [
        plan.resumed(one, known.now, "")
        for one in known.others
        if one.state == "paused" and one.why in _COMES_BACK
    ]
    if not found:
        return None
    here = next((one for one in found if one.channel == event.channel.id), found[0])
    told = forms.when(plan.coming(here), here.terms.zone, script)
    line = say(sentences.BACK, script, next=told)
    change = Choice(tell(sentences.CHANGE, script), "subscriptions")
    quiet = event.channel.shared and not event.greets  # a channel that others read
    notice = None if quiet else Notice((line,), (change,), script)
    return Outcome(notice, changes=tuple(found))


def _subscribe(
    words: str,
    event: Said,
    context: Context,
    known: Known,
    entries: Sequence[Entry],
    script: Script,
) -> Outcome:
    """A new subscription, or the terms of one changed; with the form of what holds."""
    here = known.here if known.here and known.here.state != "ended" else None
    zone = event.zone or context.person.get("zone", "")
    terms = here.terms if here else _usual(zone, script)
    heard = hearing.hear("" if words == "form" else words, terms)
    if heard.unknown:
        unknown = " ".join(heard.unknown)[:60]
        return _aside(event, _said(sentences.NOT_HEARD, script, words=unknown))
    terms = heard.terms
    if not any(pick.passes(entry, terms.filters) for entry in entries):
        nothing = _said(sentences.NOTHING_PASSES, script, filters=terms.filters.key)
        return _aside(event, nothing)
    base = here or known.here or Subscription(event.channel.id, event.channel.shared, terms)
    base = base if here else replace(base, skip="")  # of one that has ended nothing is left out
    last = plan.had(known.last)
    spoken = _spoken(here, words, script)
    base = replace(base, shared=event.channel.shared, by=event.asker, script=spoken)
    if here and here.state == "paused" and words:
        found = replace(base, terms=terms)
    elif words == "form":
        found = here or replace(plan.changed(base, terms, known.now, last), state="ended")
    else:
        found = plan.changed(plan.resumed(base, known.now, last), terms, known.now, last)
    zoned = (Setting(event.asker, "zone", terms.zone),) if heard.zoned and event.asker else ()
    guessed = not (zone or zoned or here)
    form = forms.form(found, entries, script, guessed)
    changes = () if words == "form" else (found,)
    pressed = isinstance(event, Press) and words not in ("", "form")
    return Outcome(form, "edit" if pressed else "send", settings=zoned, changes=changes)


def _spoken(here: Subscription | None, words: str, script: Script) -> Script:
    """The script of a place's digests: a button pressed in another language is no change of it."""
    if here is None or here.terms.language == "en" or has_han(words):
        return script
    return here.script


def _aside(event: Said, outcome: Outcome) -> Outcome:
    """To the presser alone: the form stands."""
    return replace(outcome, manner="private") if isinstance(event, Press) else outcome


def _usual(zone: str, script: Script) -> Terms:
    """Sensible terms for somebody who has said nothing: Monday morning where they are."""
    chinese = script != "en"
    language: Spoken = "zh" if chinese else "en"
    return Terms(zone=zone or ("Asia/Shanghai" if chinese else "UTC"), language=language)


def _pause(words: str, here: Subscription, known: Known, script: Script) -> Outcome:
    if not words:
        return _said(sentences.PAUSED, script, plan.paused(here, 0.0))
    zone = here.terms.zone
    until = pausing.until(words, known.now, zone)
    if until is None:
        return _said(sentences.PAUSE_HOW, script, words=words[:60])
    moment = plan.coming(plan.resumed(here, until, ""))
    return _said(
        sentences.PAUSED_UNTIL,
        script,
        plan.paused(here, until),
        end=forms.when(until, zone, script),
        next=forms.when(moment, zone, script),
    )


def _resume(here: Subscription, known: Known, script: Script) -> Outcome:
    if here.state == "active" and here.skip != here.next_week:
        told = forms.when(here.next_at, here.terms.zone, script)
        return _said(sentences.NOT_PAUSED, script, next=told)
    found = replace(plan.resumed(here, known.now, plan.had(known.last)), skip="")
    told = forms.when(found.next_at, found.terms.zone, script)
    return _said(sentences.RESUMED, script, found, next=told)


def _skip(here: Subscription, script: Script) -> Outcome:
    """Leave the next one out; said again, it stays the one that is left out."""
    zone = here.terms.zone
    if here.state != "active":
        line = forms.state(here, script)
        resume = Choice(tell(sentences.RESUME, script), "resume")
        return Outcome(Notice((line,), (resume,), script))
    _, moment = schedule.following(here.terms, here.next_at)
    found = replace(here, skip=here.next_week)
    told = forms.when(moment, zone, script)
    return _said(sentences.SKIPPED, script, found, week=here.next_week, next=told)


def _open_to(event: Said, known: Known) -> Known:
    """What may be told where an answer is read: what a person has elsewhere is not for a group."""
    seen_by_all = event.channel.shared and event.message  # a command may leave none, and be private
    place = f"{event.channel.within or event.channel.id}:"
    others = tuple(one for one in known.others if f"{one.channel}:".startswith(place))
    return replace(known, others=others) if seen_by_all else known


def _list(known: Known, script: Script) -> Outcome:
    """What is subscribed here, when the next comes, what became of the last; and elsewhere."""
    here, lines, choices = known.here, [], []
    if here is None or here.state == "ended":
        lines.append(tell(sentences.NOT_SUBSCRIBED, script))
        choices.append(Choice(tell(sentences.SUBSCRIBE, script), "subscribe"))
    else:
        lines.append(forms.told(here, script))
        if here.skip and here.skip == here.next_week:
            lines.append(say(sentences.IS_SKIPPED, script, week=here.skip))
        lines.append(forms.outcome(known.last, here.terms.zone, script))
        choices.append(Choice(tell(sentences.CHANGE, script), "subscribe form"))
    for other in known.others:
        state = forms.state(other, script)
        lines.append(say(sentences.ELSEWHERE, script, place=other.channel, state=state))
    return Outcome(Notice(tuple(lines), tuple(choices), script))


def _status(known: Known, entries: Sequence[Entry], script: Script) -> Outcome:
    """Whether all is well: with the bot, and with what comes here."""
    lines = [say(sentences.STATUS, script, works=len(entries), revision=pick.revision(entries))]
    listed = _list(known, script).reply
    assert isinstance(listed, Notice)
    return Outcome(Notice((*lines, *listed.lines), listed.choices, script))


def _paper(
    event: Said, context: Context, known: Known, entries: Sequence[Entry], script: Script
) -> Outcome:
    """This week's, as the place gets it, or as it would."""
    here = known.here if known.here and known.here.state != "ended" else None
    zone = event.zone or context.person.get("zone", "")
    terms = here.terms if here else _usual(zone, script)
    filters = known.here.terms.filters if known.here else Filters()  # those of the ledger
    week = schedule.week_at(known.now, terms.zone)
    picked = pick.pick(entries, week, filters, known.ledger)
    fixed = next((one.entry for one in known.ledger.past if one.week == week), None)
    entry = next((one for one in entries if one.id == fixed), picked.entry)
    if entry is None or picked.held:
        return _said(sentences.HELD if picked.held else sentences.NO_PAPER, script, week=week)
    reasons = picked.reasons if picked.entry == entry else ()
    arrived = pick.arrivals(entries, week, dict(known.ledger.arrived))
    fresh = tuple(one for one in entries if arrived.get(one.id) == week)
    issue = Issue(week, entry, reasons, fresh)
    language = terms.language if here else ("en" if script == "en" else "zh")
    spoken = here.script if here and here.terms.language == "both" else script
    digest = compose.compose(issue, entries, language, spoken, subscribed=here is not None)
    shown = curating.shown(digest)
    return Outcome(digest, conversation=replace(shown, asker=event.asker))


def _said(
    phrase: Text, script: Script, changed: Subscription | None = None, **values: object
) -> Outcome:
    notice = Notice((say(phrase, script, **values),), script=script)
    return Outcome(notice, changes=() if changed is None else (changed,))
