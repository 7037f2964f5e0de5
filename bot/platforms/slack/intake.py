"""What Slack tells, as events of ours. Pure; None where it is nothing to us.

A mention in a channel comes twice, as app_mention and as message: both have the message's time in
their key, so the inbox takes one. Everything else is known by Slack's id of the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.command import parse, uncalled
from bot.model import Channel, Delete, Edit, Event, Joined, Left, Moved, Press, Question
from bot.platforms.slack import names
from bot.platforms.slack.markup import mentions, read, unnamed
from bot.platforms.slack.payloads import content, ours, script_of, spot_of, team_of, told
from corpus.pattern import pattern
from corpus.record import replace

Json = Mapping[str, Any]

LONGEST = 4000  # characters of a question that are looked at
PLAIN = ("", "file_share", "thread_broadcast", "me_message")  # subtypes that people write
LEAVING = (
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
)
BACK = ("channel_unarchive", "group_unarchive")
EVENTS = (  # all that are subscribed to and taken here, by their type
    "app_mention",
    "message",
    "member_joined_channel",
    *LEAVING,
    *BACK,
    "channel_id_changed",
    "app_home_opened",
)
SLACKBOT = "USLACKBOT"  # Slack's own voice, which has no bot_id
_WITH_NUMBER = pattern(r"(?:similar|open|类似|相似|打开|only|只看)\s+\S+")
_IN_LANGUAGE = pattern(r"(?i:zh|en)\s")


def event(body: Json) -> Event | None:
    """What an event of the Events API is to us."""
    happened, team = body["event"], team_of(body)
    us = ours(body)
    kind = happened.get("type")
    key = f"slack:{team}:{body.get('event_id')}"
    if kind in ("app_mention", "message"):
        return _message(happened, team, us, key)
    if kind == "member_joined_channel":
        if happened.get("user") != us:
            return None
        inviter = happened.get("inviter", "")
        where = names.place(team, happened["channel"])
        return Joined(
            key, where, names.person(team, inviter) if inviter else "", at=_at(happened, "event_ts")
        )
    if kind in BACK:
        by = names.person(team, happened["user"]) if happened.get("user") else ""
        return Joined(key, names.place(team, happened["channel"]), by, at=_at(happened, "event_ts"))
    if kind in LEAVING:
        return Left(key, names.place(team, happened["channel"]), _at(happened, "event_ts"))
    if kind == "channel_id_changed":
        old, new = happened["old_channel_id"], happened["new_channel_id"]
        at = _at(happened, "event_ts")
        return Moved(key, names.place(team, old), names.place(team, new), at)
    if kind == "app_home_opened" and happened.get("tab") == "home":
        return _home(happened, team, key)
    return None


def key_of(body: Json) -> str:
    """The key of what somebody said, without reading it; empty where it is something else."""
    happened = body.get("event") or {}
    if happened.get("type") not in ("app_mention", "message") or "edited" in happened:
        return ""
    if happened.get("subtype", "") not in PLAIN or not happened.get("user"):
        return ""
    return f"slack:{team_of(body)}:{happened.get('channel')}:{happened.get('ts')}"


def is_own(body: Json) -> bool:
    """Whether it is about a message of ours: Slack tells us of those too."""
    happened = body.get("event") or {}
    about = happened.get("message") or happened.get("previous_message") or happened
    own = about.get("app_id")
    return bool(own) and own == body.get("api_app_id") and happened.get("type") == "message"


def command(body: Json) -> Question:
    """A slash command: answered to who gave it, alone."""
    team = team_of(body)
    key = f"slack:{team}:command:{body.get('trigger_id')}"
    text = names.placed(str(body.get("text") or ""), team)
    return Question(
        _commanded(read(text, "")[:LONGEST]) or "/help",
        key=key,
        channel=_channel(team, body["channel_id"]),
        asker=names.person(team, body["user_id"]),
        repeats=False,
        via=names.via(hook=body.get("response_url", "")),
    )


def shortcut(body: Json) -> Question:
    """“Find in the catalog” on a message: what it says is the question, answered to one alone."""
    team = team_of(body)
    key = f"slack:{team}:shortcut:{body.get('trigger_id')}"
    message = body.get("message") or {}
    return Question(
        f"/ask {content(message)[:LONGEST]}",
        key=key,
        channel=_channel(team, body["channel"]["id"]),
        thread=key,  # it goes on from nothing
        asker=names.person(team, body["user"]["id"]),
        at=_at(body, "action_ts"),
        via=names.via(hook=body.get("response_url", "")),
    )


def press(body: Json) -> Press | Question:
    """A button pressed on a message, in the menu or in the home tab."""
    action = body["actions"][0]
    said = told(action)
    team, user = team_of(body), body["user"]["id"]
    key = f"slack:{team}:press:{body.get('trigger_id')}:{action.get('action_ts')}"
    spot = spot_of(body)
    where = _channel(team, spot["channel"])
    asker = names.person(team, user)
    at, hook = _at(action, "action_ts"), spot.get("hook", "")
    script = script_of(said)
    if said.line == "share":  # what one alone sees is shown to all once, pressed twice or not
        return Question(
            said.question,
            script and ("en" if script == "en" else "zh"),
            key=f"slack:{team}:share:{spot['channel']}:{spot['message']}",
            channel=where,
            asker=asker,
            at=at,
            via=names.via(hook=hook, share="1"),
        )
    return Press(
        said.line,
        key,
        where,
        asker,
        spot["message"],
        spot.get("thread", ""),
        at=at,
        question=said.question,
        asked_by=said.asker,
        via=names.via(**{name: spot.get(name, "") for name in _WAYS}),
        shown=script,
    )


_WAYS = ("hook", "ephemeral", "home", "view", "trigger", "script")


def _message(happened: Json, team: str, us: str, key: str) -> Event | None:
    subtype = happened.get("subtype", "")
    if subtype == "message_changed":
        return _changed(happened, team, us, key)
    if subtype == "message_deleted":
        before = happened.get("previous_message") or {}
        return (
            None if _is_bots(before, us) else _deleted(happened, happened["deleted_ts"], team, key)
        )
    if subtype not in PLAIN or _is_bots(happened, us) or "edited" in happened:
        return None
    return _question(happened, happened, team, us)


def _changed(happened: Json, team: str, us: str, key: str) -> Event | None:
    """An edit; a preview of a link is none, and a tombstone is a deletion."""
    after, before = happened["message"], happened.get("previous_message") or {}
    if after.get("subtype") == "tombstone":  # its user is Slack's own voice
        return None if _is_bots(before, us) else _deleted(happened, after["ts"], team, key)
    if _is_bots(after, us):
        return None
    if after.get("subtype", "") not in PLAIN or after.get("text") == before.get("text"):
        return None
    question = _question(after, happened, team, us)
    named = us in mentions(str(before.get("text") or ""))
    if question is None or (named and not question.addressed):
        question = _unsaid(after, happened, team)
    return question and Edit(key, replace(question, at=_at(happened, "event_ts")))


def _deleted(happened: Json, ts: str, team: str, key: str) -> Delete:
    where = _channel(team, happened["channel"])
    return Delete(key, where, ts, _at(happened, "event_ts"))


def _question(message: Json, around: Json, team: str, us: str) -> Question | None:
    """A message as a question; None where it is between others."""
    channel, ts, user = around["channel"], message["ts"], message.get("user", "")
    raw = str(message.get("text") or "")
    named = mentions(raw)
    direct = channel.startswith("D")
    addressed = direct or us in named or message.get("type") == "app_mention"
    if not user or (not addressed and named):
        return None
    if addressed:
        raw = names.placed(uncalled(unnamed(raw, us)), team)
    text = read(raw, us)[:LONGEST]
    if not text and not addressed:
        return None
    if addressed and not text and not message.get("files"):
        text = "/ask"
    if addressed and not direct:
        text = _commanded(text)
    thread = message.get("thread_ts") or ("" if direct else ts)
    return Question(
        text,
        key=f"slack:{team}:{channel}:{ts}",
        channel=_channel(team, channel),
        thread=thread,
        asker=names.person(team, user),
        message=ts,
        # Answers stand beside their questions there: a thread is about what it is under.
        replies_to=thread if direct else "",
        at=_at(message, "ts"),
        repeats=False,
        addressed=addressed,
    )


def _unsaid(message: Json, around: Json, team: str) -> Question | None:
    """A message that asks us nothing any more: its words are not ours to know."""
    if not message.get("user"):
        return None
    return Question(
        "",
        key=f"slack:{team}:{around['channel']}:{message['ts']}",
        channel=_channel(team, around["channel"]),
        thread=message.get("thread_ts") or message["ts"],
        asker=names.person(team, message["user"]),
        message=message["ts"],
        repeats=False,
        addressed=False,
    )


def _home(happened: Json, team: str, key: str) -> Question:
    """The home tab opened: it shows the settings, so they are asked for."""
    user = happened["user"]
    return Question(
        "/settings",
        key=key,
        channel=names.place(team, happened.get("channel") or user, shared=False),
        thread="home",
        asker=names.person(team, user),
        at=_at(happened, "event_ts"),
        via=names.via(home="1"),
    )


def _commanded(text: str) -> str:
    """A command said to the bot by name needs no slash: its word alone, with its number, or a
    language before what is asked.
    """
    if parse(text) is not None or not text:
        return text
    if _IN_LANGUAGE.match(text):
        return f"/{text}"
    if " " in text and not _WITH_NUMBER.fullmatch(text):
        return text
    found = parse(f"/{text}")
    plain = found is not None and (not found.text or found.text.startswith("kind:"))
    return f"/{text}" if plain and found is not None and found.verb != "unknown" else text


def _is_bots(message: Json, us: str) -> bool:
    return bool(message.get("bot_id")) or message.get("user") in (us, SLACKBOT)


def _channel(team: str, channel: str) -> Channel:
    """A place; a direct message, named by its own id or by the person, is not shared."""
    return names.place(team, channel, shared=not channel.startswith(("D", "U", "W")))


def _at(body: Json, name: str) -> float:
    try:
        return float(body.get(name) or 0.0)
    except (TypeError, ValueError):
        return 0.0
