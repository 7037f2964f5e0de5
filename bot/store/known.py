"""What is known of subscriptions when an event needs it, and what comes of it, kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot import command
from bot.command import Command
from bot.model import Edit, Event, Joined, Left, Press, Question
from bot.store import deliveries, editions, ledger, subscriptions
from bot.subscription import Change, Edition, Filters, Known, Ruled, Subscription


def known(connection: Connection, event: Event) -> Known | None:
    """What is known, where an event is about the paper of the week; else None."""
    if isinstance(event, Joined | Left):
        within = subscriptions.within(connection, event.channel.id)
        return Known(subscriptions.moment(connection), others=tuple(within)) if within else None
    asked = _command(event)
    if asked is None or asked.verb not in command.DIGEST:
        return None
    if asked.verb == "edition":
        return _edition(connection, asked.text)
    here = subscriptions.of(connection, event.channel.id)
    filters = here.terms.filters if here else Filters()
    asker = event.question.asker if isinstance(event, Edit) else event.asker  # type: ignore[union-attr]
    return Known(
        subscriptions.moment(connection),
        here=here,
        last=ledger.last(connection, here.id) if here else None,
        others=tuple(
            other
            for other in (subscriptions.by(connection, asker) if asker else ())
            if other.channel != event.channel.id
        ),
        ledger=editions.ledger(connection, filters),
    )


def change(connection: Connection, changes: Sequence[Change]) -> None:
    """Keep what a command has changed."""
    for one in changes:
        match one:
            case Subscription():
                subscriptions.save(connection, one)
                if one.state != "active" and one.id:
                    deliveries.withdraw(connection, one.id)
            case Ruled(ruling, lifted):
                (editions.lift if lifted else editions.rule)(connection, ruling)
            case Edition():
                editions.swap(connection, one)


def _command(event: Event) -> Command | None:
    match event:
        case Edit():
            return command.parse(event.question.text)
        case Question():
            return command.parse(event.text)
        case Press():
            return command.parse(f"/{event.line}")
        case _:
            return None


def _edition(connection: Connection, words: str) -> Known:
    now = subscriptions.moment(connection)
    number = words.rpartition(" ")[2]
    found = editions.numbered(connection, int(number)) if number.isdecimal() else None
    if found is None:
        return Known(now)
    return Known(
        now,
        ledger=editions.ledger(connection, found.filters),
        edition=found,
        reached=ledger.reached(connection, found.filters.key, found.week),
    )
