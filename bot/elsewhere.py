"""A command said in one place for another, as for a broadcast channel that nobody talks in: from
its admin's own chat. The platform says whether the bot may post there and the person rules there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from bot import notices, phrases, speaking
from bot.chat import DeliveryError, Platform
from bot.command import DIGEST, Command
from bot.digest import sentences, subscribing
from bot.digest.deliver import stopped
from bot.inbox import Inbox
from bot.model import Channel, Choice, Edit, Event, Form, Notice, Press, Question, Reply
from bot.outcome import Context, Outcome
from bot.phrases import tell
from bot.subscription import Subscription
from corpus.language import Script
from corpus.pattern import pattern
from corpus.record import replace
from retrieval.retriever import Retriever

LONGEST = {"telegram": 64}  # bytes of a button's line, where a platform takes few
_NAMED = pattern(r"(@[A-Za-z0-9_]{4,32}|(?:telegram|slack|terminal|stage):\S+)(?:\s+(.*))?")
# As Telegram's own apps show a channel: its link, or its number.
_LINK = pattern(r"^(?:https?://)?t\.me/([A-Za-z0-9_]{4,32})(?=\s|$)")
_DIRECT = pattern(r"slack:\w+:[DUW]")  # what two say to each other is theirs alone
_NUMBER = pattern(r"^(-100\d{6,})(?=\s|$)")


def named(command: Command | None) -> tuple[str, str] | None:
    """The place that a command names, and the rest of its words."""
    if command is None or command.verb not in DIGEST or command.verb == "edition":
        return None
    text = _NUMBER.sub(r"telegram:\1", _LINK.sub(r"@\1", command.text))
    found = _NAMED.fullmatch(text)
    return (found[1], found[2] or "") if found else None


async def decide(
    event: Event,
    command: Command,
    context: Context,
    platform: Platform,
    inbox: Inbox,
    retriever: Retriever,
) -> Outcome:
    """What comes of a command for the place that it names."""
    said = event.question if isinstance(event, Edit) else event
    found = named(command)
    assert found is not None
    assert isinstance(said, Question | Press)
    script = speaking.script("" if isinstance(said, Press) else said.text, said.spoken, context)
    place = None if _DIRECT.match(found[0]) else await platform.find(found[0])
    if place is None or not _same_house(place.id, said.asker):
        return _private(said, Outcome(notices.one(sentences.NO_PLACE, script)))
    if not await platform.is_admin(place, said.asker):
        return _private(said, Outcome(notices.one(phrases.ADMINS_ONLY, script)))
    moved = replace(said, channel=place)
    known = await inbox.known(moved)
    context = replace(context, digest=known, place={})
    command = replace(command, text=found[1])
    outcome = subscribing.obey(command, moved, context, retriever.entries, script)
    return replace(outcome, reply=_named(outcome.reply, place.id, script))


async def there(event: Event, outcome: Outcome, context: Context, platform: Platform) -> Outcome:
    """The outcome, unless it would send digests to where we may not post: a command is heard in
    channels too that the bot is not in.
    """
    begins = any(isinstance(one, Subscription) and one.state == "active" for one in outcome.changes)
    if not (begins and isinstance(event, Question | Press) and event.via):
        return outcome
    if await platform.find(event.channel.id) is not None:
        return outcome
    script = speaking.script("", event.spoken, context)
    return Outcome(notices.one(sentences.NO_PLACE, script), "private")


async def tell_who_subscribed(rests: Sequence[Subscription], platform: Platform) -> None:
    """Tell people in their own chats that a place of theirs gets nothing until the bot is back."""
    for one in rests:
        if one.by and one.by != one.channel and one.shared:
            reason = tell(sentences.WHYS[one.why], one.script).lstrip(":： ")
            with contextlib.suppress(DeliveryError):  # they have no chat with the bot
                await platform.post(Channel(one.by), stopped(one, reason))


def _same_house(place: str, person: str) -> bool:
    """Whether both are on one platform, and in one workspace of it."""
    parts = 2 if place.startswith("slack:") else 1
    return place.split(":")[:parts] == person.split(":")[:parts]


def _private(said: Question | Press, outcome: Outcome) -> Outcome:
    return replace(outcome, manner="private") if isinstance(said, Press) else outcome


def _named(reply: Reply | None, place: str, script: Script) -> Reply | None:
    """The reply with buttons that name the place too; those whose line is too long are left out."""
    if isinstance(reply, Notice):
        return replace(reply, choices=_choices(reply.choices, place))
    if isinstance(reply, Form):
        rows = ((name, _choices(choices, place)) for name, choices in reply.rows)
        title = f"{place}{': ' if script == 'en' else '：'}{reply.title}"
        return replace(reply, title=title, rows=tuple(row for row in rows if row[1]))
    return reply


def _choices(choices: tuple[Choice, ...], place: str) -> tuple[Choice, ...]:
    led = (
        replace(choice, line=" ".join(filter(None, (verb, place, rest))))
        for choice in choices
        for verb, _, rest in (choice.line.partition(" "),)
    )
    longest = LONGEST.get(place.partition(":")[0], 1000)
    return tuple(choice for choice in led if len(choice.line.encode()) <= longest)
