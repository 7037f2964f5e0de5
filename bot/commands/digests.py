"""Digests sent once, for cron, and those that were sent taken away or put right."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TextIO

from sqlalchemy import Connection

from bot import logs
from bot.chat import DeliveryError, Platform, Take
from bot.commands import serving, state
from bot.commands.platforms import connect
from bot.commands.weekly import Weekly
from bot.current import InForce
from bot.digest.compose import Issue, compose
from bot.digest.office import Office
from bot.digest.pace import Pace, gap
from bot.model import Channel, Digest, Press
from bot.settings import Settings
from bot.store import deliveries, editions
from bot.store.ledger import Sent
from corpus.database import Database
from corpus.model import Entry


def send(settings: Settings, environ: Mapping[str, str], output: TextIO) -> Counter[str]:
    """Send what is due on every platform that is set up, then end."""
    logs.configure(output, settings.log_format, settings.secrets)
    return asyncio.run(_send(settings, environ))


def amend(
    settings: Settings,
    environ: Mapping[str, str],
    output: TextIO,
    found: Sequence[Sent],
    verb: str,
) -> tuple[int, Sequence[tuple[str, str]]]:
    """Take digests away, or compose them anew in their place; how many, and what failed."""
    logs.configure(output, settings.log_format, settings.secrets)
    return asyncio.run(_amend(settings, environ, found, verb))


async def _send(settings: Settings, environ: Mapping[str, str]) -> Counter[str]:
    async with _posting(settings, environ) as (database, current, platforms):
        return await Weekly(settings, database, current, platforms).once()


@asynccontextmanager
async def _posting(
    settings: Settings, environ: Mapping[str, str]
) -> AsyncIterator[tuple[Database, InForce, Mapping[str, Platform]]]:
    """The platforms able to post, without taking anything in: what they say of places they were
    thrown out of, or that moved, is worked on before the end.
    """
    database = state.opened(settings)
    current = InForce(settings)
    platforms = {
        platform.name: platform for platform in connect(settings, current, environ, database)
    }
    service = await serving.service_of(settings, database, current, platforms, alone=False)
    take: Take = service.take
    try:
        for platform in platforms.values():
            await platform.open(take)
        yield database, current, platforms
        for platform in platforms.values():
            await platform.stop()
        await asyncio.sleep(0)
        await service.drain(8.0)
    finally:
        for platform in platforms.values():
            await platform.close()
        await database.close()


async def _amend(
    settings: Settings, environ: Mapping[str, str], found: Sequence[Sent], verb: str
) -> tuple[int, Sequence[tuple[str, str]]]:
    failed: list[tuple[str, str]] = []
    pace, loop = Pace(), asyncio.get_running_loop()
    async with _posting(settings, environ) as (database, current, platforms):
        entries = {entry.id: entry for entry in current.retriever.entries}
        office = Office(database, settings.digest_grace)
        for one in found:
            place = one.subscription
            turn = pace.turn(place.channel, place.shared, loop.time())
            await asyncio.sleep(max(turn - loop.time(), gap(place.channel.partition(":")[0])))
            try:
                again = None if verb == "retract" else await _again(one, office, database, entries)
                await _amended(one, again, platforms)
            except DeliveryError as error:
                failed.append((place.channel, error.reason))
                continue
            if verb == "retract":
                await database.write(partial(_retracted, one.delivery))
    return len(found) - len(failed), failed


async def _amended(one: Sent, again: Digest | None, platforms: Mapping[str, Platform]) -> None:
    """One digest taken away, or another in its place."""
    channel = Channel(one.subscription.channel, one.subscription.shared)
    platform = platforms.get(channel.platform)
    if platform is None:
        raise DeliveryError(channel.id, "its platform is not set up")
    if again is None:
        await platform.remove(channel, one.message)
    else:
        event = Press("", "", channel, "", one.message)
        await platform.give(event, again, "edit", one.message)


def _retracted(delivery: int, connection: Connection) -> None:
    deliveries.retracted(connection, delivery)


async def _again(
    one: Sent, office: Office, database: Database, entries: Mapping[str, Entry]
) -> Digest:
    """A digest from the catalog as it is now, with the reasons for which it was picked."""
    terms, script = one.subscription.terms, one.subscription.script
    if one.entry not in entries:
        raise DeliveryError(one.subscription.channel, "its entry is not in the catalog any more")
    known = await database.read(lambda connection: editions.of(connection, terms.filters, one.week))
    reasons = known.reasons if known and known.entry == one.entry else ()
    everything = list(entries.values())
    fresh = tuple(await office.fresh(one.week, everything))
    issue = Issue(one.week, entries[one.entry], reasons, fresh)
    return compose(issue, everything, terms.language, script)
