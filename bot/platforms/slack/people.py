"""Who people are: the language of their client, and whether they may set things. Kept an hour."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from bot.command import parse
from bot.digest import zones
from bot.model import Event, Joined, Press, Question
from bot.platforms.slack import names
from bot.platforms.slack.calls import Calls, LostError, RefusedError
from corpus.language import Script, is_bare
from corpus.record import record, replace

KEPT = 3600.0  # seconds
PATIENCE = 0.7  # seconds before an ack, for what Slack may tell of a question and who asks it
AGAIN = 60.0  # after a failed call
MOST = 20_000  # people
STRANGE = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
RULING = ("is_admin", "is_owner", "is_primary_owner")


@record
class Person:
    """What is known of one."""

    script: Script | None = None
    admin: bool = False
    zone: str = ""


NOBODY = Person()


class People:
    """Asked for once, however many wait for it."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: dict[tuple[str, str], tuple[float, Person]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[Person]] = {}

    def known(self, team: str, user: str) -> Person | None:
        """What is known already."""
        until, person = self._known.get((team, user), (0.0, NOBODY))
        return person if until > time.monotonic() else None

    async def of(self, team: str, user: str, fresh: bool = False) -> Person:
        """Who somebody is; nobody in particular where Slack does not tell."""
        found = None if fresh else self.known(team, user)
        if found is not None:
            return found
        key = team, user
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(team, user))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def spoken(self, event: Event) -> Event:
        """An event with the language of the person's client, where their words may tell none."""
        if isinstance(event, Question):
            tells = not event.addressed or not (is_bare(event.text) or parse(event.text))
        else:
            tells = not isinstance(event, Press | Joined)
        asker = getattr(event, "asker", "")
        if tells or not asker:
            return event
        team, user = names.parts(asker)
        try:
            async with asyncio.timeout(PATIENCE):
                person = await self.of(team, user)
        except TimeoutError:
            return event
        zone = {} if isinstance(event, Joined) else {"zone": person.zone}
        return replace(event, spoken=person.script, **zone)

    async def _ask(self, team: str, user: str) -> Person:
        try:
            told = await self._calls.call(team, "users.info", user=user, include_locale="true")
            person, kept = read(told.get("user") or {}, team), KEPT
        except (RefusedError, LostError):
            person, kept = NOBODY, AGAIN
        if len(self._known) > MOST:
            self._known.clear()
        self._known[team, user] = (time.monotonic() + kept, person)
        return person


def read(user: dict[str, Any], team: str) -> Person:
    """What Slack tells of a user. Guests and people of another workspace set nothing here."""
    strange = any(user.get(name) for name in STRANGE)
    grid = user.get("enterprise_user") or {}
    home = team in (user.get("team_id"), *(grid.get("teams") or ()))
    rules = any(user.get(name) for name in RULING)
    zone = zones.zone(str(user.get("tz") or "")) or ""
    return Person(script_of(str(user.get("locale") or "")), rules and home and not strange, zone)


def script_of(locale: str) -> Script | None:
    """The language of a client, from a locale such as zh-TW."""
    if not locale:
        return None
    language, _, place = locale.replace("_", "-").partition("-")
    if language.lower() != "zh":
        return "en"
    return "zh-Hant" if place[:4].upper() in ("TW", "HK", "MO", "HANT") else "zh-Hans"
