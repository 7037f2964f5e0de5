"""How much was asked lately: counted over the inbox, so over all processes on a database."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from bot.lanes import asker_of
from bot.store.inbox import Claim, inbox


def before(connection: Connection, claim: Claim, since: float) -> tuple[int, int]:
    """How many questions the asker of one, and its place, had before it since a moment. What was
    not answered has no fingerprint any more, and does not count.
    """
    theirs = inbox.c.asker == asker_of(claim.event)
    there = inbox.c.channel == claim.event.channel.id
    found = (
        select(func.count().filter(theirs), func.count().filter(there))
        .where(theirs | there, inbox.c.id < claim.id)
        .where(inbox.c.asked_at > since, inbox.c.fingerprint.is_not(None))
    )
    person, place = connection.execute(found).one()
    return person, place
