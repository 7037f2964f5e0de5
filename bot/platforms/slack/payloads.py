"""What the payloads of Slack hold in more than one place: whose they are, where, and what a button
says. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack import names
from corpus.record import record

Json = Mapping[str, Any]


def spot_of(body: Json) -> dict[str, str]:
    """Where something was pressed: channel, message, thread, and the ways to answer there."""
    trigger = str(body.get("trigger_id") or "")
    view = body.get("view")
    if view:
        kept = names.ways(view.get("private_metadata") or "")
        if view.get("type") == "home":
            where = kept.get("channel") or body["user"]["id"]
            return {"channel": where, "message": "home", "home": "1", "trigger": trigger}
        return {"channel": "", "message": "", **kept, "view": view["id"]}
    box = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or box["channel_id"]
    message = body.get("message") or {}
    thread = box.get("thread_ts") or message.get("thread_ts") or ""
    return {
        "channel": channel,
        "message": box.get("message_ts") or message["ts"],
        "thread": thread,
        "hook": body.get("response_url") or "",
        "ephemeral": "1" if box.get("is_ephemeral") else "",
        "trigger": trigger,
    }


@record
class Said:
    """What a button holds: its line; what was asked, and by whom; what else its menu is made of."""

    line: str
    question: str = ""
    asker: str = ""
    more: str = ""


def value(said: Said) -> str:
    """As the value of a button."""
    return "\n".join((said.line, said.more, said.asker, said.question))


def told(action: Json) -> Said:
    """The same, read of an action."""
    text = str(action.get("value") or "")
    line, more, asker, question = (*text.split("\n", 3), "", "", "")[:4]
    return Said(line, question, asker, more)


def team_of(body: Json) -> str:
    """The workspace that a payload is of; the user's own where the organisation is asked.

    Where somebody of another workspace acts (Slack Connect), `team_id` and `team` are theirs; ours
    is told by what the event is delivered for, and by the view.
    """
    view, user = body.get("view") or {}, body.get("user")
    ours = _granted(body).get("team_id") or view.get("app_installed_team_id")
    team = body.get("team") or {}
    if not ours and isinstance(team, Mapping) and team.get("id"):
        return str(team["id"])
    named = ours or body.get("team_id") or view.get("team_id")
    own = user.get("team_id") if isinstance(user, Mapping) else None
    return str(named or own or (body.get("enterprise") or {}).get("id") or "")


def enterprise_of(body: Json) -> str:
    """The organisation that a payload is of, where there is one."""
    if granted := _granted(body):
        return str(granted.get("enterprise_id") or "")
    return str(body.get("enterprise_id") or (body.get("enterprise") or {}).get("id") or "")


def _granted(body: Json) -> Json:
    """The installation that an event is delivered for."""
    granted = body.get("authorizations") or ()
    return granted[0] if granted else {}


def ends(body: Json) -> bool:
    """Whether it says that our bot is no longer installed, or its token taken back."""
    happened = body.get("event")
    if not isinstance(happened, Mapping):
        return False
    if happened.get("type") == "app_uninstalled":
        return True
    revoked = happened.get("type") == "tokens_revoked"
    return revoked and bool((happened.get("tokens") or {}).get("bot"))


def ours(body: Json) -> str:
    """Our bot's user in a payload."""
    for one in body.get("authorizations") or ():
        if one.get("is_bot") and one.get("user_id"):
            return str(one["user_id"])
    return ""
