"""Where a command for another channel goes: by its id, or by its name among the channels that the
bot is in. It may post where it is a member and nothing is archived.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.logs import log
from bot.model import Channel
from bot.platforms.slack import names
from bot.platforms.slack.calls import Calls, LostError, RefusedError
from corpus.pattern import pattern

_NAMED = pattern(r"slack:\w+:(?:[CG][A-Z0-9]+|#.+)")  # and nobody's direct messages
PAGES = 50  # of the list of channels that are looked through
PAGE = 200  # channels, as Slack advises


async def find(calls: Calls, name: str) -> Channel | None:
    """The channel of a name such as `slack:T1:C2` or `slack:T1:#general`, where we may post."""
    if not _NAMED.fullmatch(name):
        return None
    team, place = names.parts(name)
    try:
        room = await _named(calls, team, place[1:]) if place[0] == "#" else None
        if place[0] != "#":
            room = (await calls.call(team, "conversations.info", channel=place)).get("channel")
    except (RefusedError, LostError) as error:
        log.info("finding", error=type(error).__name__, reason=str(error))
        return None
    return names.place(team, str(room["id"])) if room and _may_post(room) else None


async def _named(calls: Calls, team: str, name: str) -> Mapping[str, Any] | None:
    wanted = name.casefold()
    async for room in _ours(calls, team):
        if wanted in (room.get("name"), room.get("name_normalized")):
            return room
    return None


async def _ours(calls: Calls, team: str) -> AsyncIterator[Mapping[str, Any]]:
    """The channels that we are in, by page."""
    cursor = ""
    for _ in range(PAGES):
        told = await calls.call(
            team,
            "users.conversations",
            types="public_channel,private_channel",
            exclude_archived="true",
            limit=PAGE,
            cursor=cursor,
        )
        for room in told.get("channels") or ():
            yield {"is_member": True, **room}
        cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _may_post(room: Mapping[str, Any]) -> bool:
    """Whether we are in a channel that is open; of a group's direct messages only members hear."""
    inside = room.get("is_member") or room.get("is_mpim")
    return bool(inside) and not room.get("is_archived") and not room.get("is_im")
