"""Where a command for another channel goes: by its id, or by its name among the channels that the
bot is in. It may post where it is a member and nothing is archived; of direct messages it sees its
own and those of groups with it, and no scope tells more of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.logs import log
from bot.model import Channel
from bot.platforms.slack import names
from bot.platforms.slack.calls import TAKEN_BACK, Calls, LimitedError, LostError, RefusedError
from corpus.pattern import pattern

_NAMED = pattern(r"slack:\w+:(?:[CGDUW][A-Z0-9]+|#.+)")
OUTSIDE = ("channel_not_found", "not_in_channel")
PAGES = 50  # of the list of channels that are looked through
PAGE = 200  # channels, as Slack advises


async def find(calls: Calls, name: str) -> Channel | None:
    """The channel of a name such as `slack:T1:C2` or `slack:T1:#general`, where we may post."""
    if not _NAMED.fullmatch(name):
        return None
    team, place = names.parts(name)
    try:
        if place[0] in "DUW":
            ours = place[0] != "D" or await _hears(calls, team, place)
            return names.place(team, place, shared=False) if ours else None
        if place[0] == "#":
            room = await _named(calls, team, place[1:])
        else:
            room = await _told(calls, team, place)
    except (RefusedError, LostError) as error:
        log.info("finding", error=type(error).__name__, reason=str(error))
        return None
    return names.place(team, str(room["id"])) if room and _may_post(room) else None


async def _told(calls: Calls, team: str, place: str) -> Mapping[str, Any] | None:
    """What Slack tells of a channel; of a group's direct messages it takes another scope."""
    try:
        told = await calls.call(team, "conversations.info", channel=place)
    except RefusedError as error:
        if error.code != "missing_scope":
            raise
        return {"id": place, "is_member": await _hears(calls, team, place)}
    return told.get("channel")


async def _hears(calls: Calls, team: str, place: str) -> bool:
    """Whether we are among those who talk there; taken for granted where Slack does not tell."""
    try:
        await calls.call(team, "conversations.history", patient=False, channel=place, limit=1)
    except RefusedError as error:
        return error.code not in (*OUTSIDE, *TAKEN_BACK, "not_installed")
    except (LimitedError, LostError):
        return True
    return True


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
            team_id=team,  # an organisation's token serves many
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
