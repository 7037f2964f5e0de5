"""What the payloads of Slack hold in more than one place: whose they are, where, and what a button
says; and what a message shows. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from bot.platforms.slack import names
from bot.platforms.slack.markup import read
from corpus.language import Script
from corpus.record import record

Json = Mapping[str, Any]

UNSHOWN = "This content can't be displayed."  # Slack's words for a message of blocks alone


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
    """What a button holds: its line; what was asked, and by whom; the language of its message, and
    what else its menu is made of.
    """

    line: str
    question: str = ""
    asker: str = ""
    more: str = ""


def script_of(said: Said) -> Script | None:
    """The language of the message that a button stands under; None where it was posted by a version
    that did not tell.
    """
    name = said.more.partition(" ")[0]
    return cast(Script, name) if name in ("en", "zh-Hans", "zh-Hant") else None


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
    is told by what the event is delivered for, and by the view. Where an organisation installed us,
    the view names that.
    """
    view, user = body.get("view") or {}, body.get("user")
    installed = str(view.get("app_installed_team_id") or "")
    ours = _granted(body).get("team_id") or ("" if installed.startswith("E") else installed)
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


def content(message: Json) -> str:
    """What a message says, or what it shows, without whom it names."""
    text = read(str(message.get("text") or ""), "")
    if text and text != UNSHOWN:
        return text
    shown: Sequence[Json] = message.get("attachments") or message.get("files") or ()
    parts = (part.get(name) for part in shown for name in _named_by(part))
    if found := next((str(part) for part in parts if part), ""):
        return read(found, "")
    return read("\n".join(_words(message.get("blocks") or ())), "")


def _named_by(part: Json) -> Sequence[str]:
    """What tells best what is shown; of a message that was passed on, its words and no address."""
    passed = part.get("is_share") or part.get("is_msg_unfurl")
    first = ("text", "fallback") if passed else ("from_url", "title_link")
    return (*first, "title", "text", "fallback", "name")


def _words(blocks: Any) -> Iterator[str]:
    """The texts and links of blocks, beside those of what is pressed."""
    if isinstance(blocks, Mapping):
        if blocks.get("type") in ("actions", "context_actions", "button", "input"):
            return
        yield from (
            str(blocks[name]) for name in ("url", "text") if isinstance(blocks.get(name), str)
        )
        yield from _words([part for part in blocks.values() if not isinstance(part, str)])
    elif isinstance(blocks, Sequence) and not isinstance(blocks, str):
        for part in blocks:
            yield from _words(part)
