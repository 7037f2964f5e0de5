"""What of a line reaches the inbox: messages of people of a workspace that we are in, and nothing
is told to Slack as received that is not written down.
"""

from __future__ import annotations

import pytest

from bot.platforms.slack.app import Gate
from bot.platforms.slack.calls import Calls

TEAM, BOT, US = "T1", "B1", "UBOT"


def said(kind: str = "app_mention", team: str = TEAM, **given: object) -> dict[str, object]:
    """A payload of the Events API that tells what somebody said."""
    happened = {"type": kind, "user": "U1", "channel": "C1", "ts": "1.1", "text": "gpipe", **given}
    installed = {"enterprise_id": None, "team_id": team, "user_id": US, "is_bot": True}
    return {
        "type": "event_callback",
        "team_id": team,
        "event_id": "Ev1",
        "event": happened,
        "authorizations": [installed],
    }


class Written:
    """An inbox, and the workspaces that we are in; either may be away."""

    def __init__(self, away: str = "") -> None:
        self.away = away
        self.kinds: list[str] = []

    async def find(self, enterprise: str, team: str) -> tuple[str, str, str] | None:
        """Token, bot id and bot user."""
        if self.away == "workspaces":
            raise ConnectionError(enterprise)
        return ("xoxb-1", BOT, US) if team == TEAM else None

    async def took(self, kind: str, body: object) -> None:
        """Write it down."""
        if self.away == "inbox":
            raise ConnectionError(type(body).__name__)
        self.kinds.append(kind)


async def heard(payload: dict[str, object], inbox: Written) -> bool:
    """Whether a payload of a line is told as received."""

    async def token(team: str) -> str | None:
        return team

    calls = Calls("http://localhost/api/", token)
    try:
        taken, _ = await Gate(calls.client(None), None, inbox.find, inbox.took).hear(payload)
        return taken
    finally:
        await calls.close()


@pytest.mark.parametrize(
    ("payload", "written"),
    [
        (said(), ["event"]),
        (said("message"), ["event"]),
        (said("message", subtype="file_share"), ["event"]),
        (said("message", thread_ts="1.0"), ["event"]),
        (said("message", edited={"user": "U1", "ts": "1.2"}), ["event"]),  # which intake leaves
        (said("member_joined_channel", user=US), ["event"]),
        (said(team="T2"), []),
        (said("message", team="T2"), []),
        (said("message", user=US), []),
        (said("message", bot_id=BOT), []),
        (said("message", bot_id=BOT, user="U2"), []),
        (said("message", bot_id="B2"), ["event"]),  # which intake leaves
        ({**said(), "type": "other"}, []),
    ],
)
async def test_what_people_say_where_we_are_is_written_down(payload, written):
    """Neither what is said in a workspace that we are not in, nor what is our own."""
    inbox = Written()
    await heard(payload, inbox)
    assert inbox.kinds == written


@pytest.mark.parametrize("away", ["inbox", "workspaces"])
@pytest.mark.parametrize("kind", ["app_mention", "message", "channel_archive"])
async def test_what_is_not_written_down_comes_again(away, kind):
    """Slack is told "received" of nothing that is not in the inbox, whatever was away."""
    assert not await heard(said(kind), Written(away))


@pytest.mark.parametrize("event", [{}, [], None, 7, {"type": "message"}, {"type": []}])
async def test_what_is_malformed_is_not_sent_for_ever(event):
    """It would be as malformed when it comes again."""
    assert await heard({**said(), "event": event}, Written())
