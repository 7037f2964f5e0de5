"""What curators do with an Edition that is coming: send it, swap its pick, hold it back. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digest import compose, pick, sentences
from bot.digest.compose import Issue
from bot.model import Choice, Conversation, Digest, Notice
from bot.outcome import Outcome
from bot.phrases import say, tell
from bot.subscription import Change, Edition, Known, Ruled, Ruling
from corpus.language import Script
from corpus.model import Entry, Text
from corpus.record import replace


def choices(edition: Edition, script: Script) -> tuple[Choice, ...]:
    """What curators may do with an Edition."""
    return tuple(
        Choice(tell(label, script), f"edition {verb} {edition.id}")
        for label, verb in (
            (sentences.SEND, "send"),
            (sentences.SWAP, "swap"),
            (sentences.HOLD, "hold"),
        )
    )


def shown(digest: Digest) -> Conversation:
    """What a digest's message stands for: its entry, for the buttons and for what follows."""
    return Conversation((digest.title,), (digest.entry,), digest.script)


def obey(words: str, known: Known, entries: Sequence[Entry], script: Script) -> Outcome:
    """What comes of a button under a preview."""
    edition, verb = known.edition, words.partition(" ")[0]
    if edition is None:
        return _said(sentences.NO_EDITION, script)
    hold = Ruling("hold", edition.week, edition.filters.key)
    match verb:
        case "send" if replace(hold, edition="*") in known.ledger.rulings:
            return _said(sentences.HELD_FOR_ALL, script, week=edition.week)
        case "send":
            return _said(sentences.SENDING, script, (Ruled(hold, lifted=True),), week=edition.week)
        case "hold":
            return _said(sentences.HOLDING, script, (Ruled(hold),), week=edition.week)
        case "swap":
            return _swap(edition, known, entries, script)
        case _:
            return _said(sentences.NO_EDITION, script)


def _swap(edition: Edition, known: Known, entries: Sequence[Entry], script: Script) -> Outcome:
    """Another pick for the week, unless places have this one already."""
    if known.reached:
        return _said(sentences.TOO_LATE, script, (), week=edition.week, places=known.reached)
    skip = Ruling("skip", edition.week, edition.filters.key, edition.entry)
    hold = Ruling("hold", edition.week, edition.filters.key)
    rulings = (*(one for one in known.ledger.rulings if one != hold), skip)
    ledger = replace(known.ledger, rulings=rulings)
    picked = pick.pick(entries, edition.week, edition.filters, ledger)
    if picked.entry is None or picked.entry.id == edition.entry:
        return _said(sentences.NO_OTHER, script, week=edition.week)
    issue = Issue(edition.week, picked.entry, picked.reasons)
    digest = compose.compose(issue, entries, "both", script)
    digest = replace(
        digest,
        note=say(sentences.SWAPPED, script, week=edition.week),
        rows=(digest.rows[0], choices(edition, script)),
    )
    again = replace(edition, entry=picked.entry.id, revision=picked.revision)
    changes: tuple[Change, ...] = (Ruled(skip), replace(again, reasons=picked.reasons))
    return Outcome(digest, conversation=shown(digest), changes=changes)


def _said(
    phrase: Text, script: Script, changes: tuple[Change, ...] = (), **values: object
) -> Outcome:
    return Outcome(Notice((say(phrase, script, **values),), script=script), changes=changes)
