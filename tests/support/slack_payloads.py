"""The shapes of what Slack sends and answers: events, envelopes, people, channels, views. Pure."""

from __future__ import annotations

from typing import Any

from slack_mrkdwn import rich_text
from slack_world import Channel, Json, Message, Team, User, View

PREFIX = {"channel": "C", "group": "G", "im": "D", "mpim": "G"}
HISTORY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def ids(team: Team) -> Json:
    """The workspace and organisation of a payload of interactivity."""
    enterprise = {"id": team.enterprise, "name": team.enterprise_name} if team.enterprise else None
    own: Json = {"id": team.id, "domain": team.domain}
    if team.enterprise:
        own |= {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise_name}
    return {
        "team": None if team.org_wide else own,
        "enterprise": enterprise,
        "is_enterprise_install": team.org_wide,
    }


def person(user: User) -> Json:
    """The user of a payload of interactivity."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team.id}


def profile(user: User) -> Json:
    """What users.info tells."""
    return {
        "id": user.id,
        "team_id": user.team.id,
        "name": user.name,
        "real_name": user.name.title(),
        "deleted": False,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": user.tz_offset,
        "locale": user.locale,
        "profile": {
            "real_name": user.name.title(),
            "display_name": user.name,
            "bot_id": user.bot_id,
        },
        "is_admin": user.admin,
        "is_owner": False,
        "is_restricted": user.guest or user.single_channel_guest,
        "is_ultra_restricted": user.single_channel_guest,
        "is_stranger": user.stranger,
        "is_bot": bool(user.bot_id),
        "is_app_user": False,
    }


def room(channel: Channel, asker: User | None) -> Json:
    """What conversations.info tells."""
    kind = channel.kind
    told: Json = {
        "id": channel.id,
        "is_channel": kind == "channel",
        "is_group": kind == "group",
        "is_im": kind == "im",
        "is_mpim": kind == "mpim",
        "is_private": kind != "channel",
        "is_archived": channel.archived,
        "is_ext_shared": channel.shared,
        "is_shared": channel.shared,
        "context_team_id": channel.team.id,
        "is_member": asker in channel.members,
    }
    if kind == "im":
        return told | {"user": next((u.id for u in channel.members if u is not asker), "")}
    return told | {"name": channel.name, "name_normalized": channel.name}


def short_name(channel: Channel) -> str:
    """What a command and a press call the channel."""
    names = {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}
    return names.get(channel.kind, channel.name)


def message(sent: Message) -> Json:
    """A message as histories, answers and events hold it."""
    if sent.tombstone:
        return _tombstone(sent)
    told: Json = {"type": "message", "user": sent.user.id, "ts": sent.ts, "text": sent.text}
    told["team"] = sent.user.team.id
    if sent.subtype:
        told["subtype"] = sent.subtype
    if sent.client_msg_id:
        told["client_msg_id"] = sent.client_msg_id
    if sent.bot_id:
        told |= {"bot_id": sent.bot_id, "app_id": sent.user.app_id}
        told["bot_profile"] = {
            "id": sent.bot_id,
            "name": sent.user.name,
            "app_id": sent.user.app_id,
        }
    if sent.blocks or not sent.bot_id:
        told["blocks"] = sent.blocks or rich_text(sent.text)
    for name in ("edited", "attachments", "files"):
        if getattr(sent, name):
            told[name] = getattr(sent, name)
    if sent.reactions:
        told["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in sent.reactions.items()
        ]
    return told | _thread(sent)


def _tombstone(sent: Message) -> Json:
    """What Slack leaves of a deleted message that has replies: said by its own voice."""
    return {
        "type": "message",
        "subtype": "tombstone",
        "text": sent.text,
        "user": "USLACKBOT",
        "hidden": True,
        "ts": sent.ts,
        **_thread(sent),
    }


def _thread(sent: Message) -> Json:
    channel = sent.channel
    if sent.thread_ts:
        parent = channel.messages.get(sent.thread_ts)
        told: Json = {"thread_ts": sent.thread_ts}
        return told | ({"parent_user_id": parent.user.id} if parent else {})
    replies = [reply for reply in channel.threads.get(sent.ts, []) if not reply.deleted]
    if not replies:
        return {}
    return {
        "thread_ts": sent.ts,
        "reply_count": len(replies),
        "reply_users": sorted({reply.user.id for reply in replies}),
        "latest_reply": replies[-1].ts,
    }


def event(sent: Message) -> Json:
    """The message event of a new message."""
    told = message(sent)
    for absent in ("reply_count", "reply_users", "latest_reply", "reactions"):
        told.pop(absent, None)
    told |= {"channel": sent.channel.id, "event_ts": sent.ts, "channel_type": sent.channel.kind}
    return told


def mention(sent: Message) -> Json:
    """The app_mention event of a message."""
    told = event(sent) | {"type": "app_mention"}
    del told["channel_type"]
    return told


def changed(sent: Message, before: Json, ts: str) -> Json:
    """The event of an edited message, or of a thread whose parent was deleted."""
    return _hidden(sent, "message_changed", ts) | {
        "message": message(sent),
        "previous_message": before,
    }


def deleted(sent: Message, before: Json, ts: str) -> Json:
    """The event of a deleted message."""
    return _hidden(sent, "message_deleted", ts) | {
        "previous_message": before,
        "deleted_ts": sent.ts,
    }


def _hidden(sent: Message, subtype: str, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": sent.channel.id,
        "channel_type": sent.channel.kind,
        "ts": ts,
        "event_ts": ts,
    }


def callback(
    team: Team,
    happened: Json,
    *,
    event_id: str,
    at: float,
    app: str,
    token: str,
    origin: Team | None = None,
) -> Json:
    """The envelope of an event: whose it is, and for which installation. Where somebody of another
    workspace did it (Slack Connect), `team_id` is theirs, and `authorizations` tells ours.
    """
    bot, source = team.bot, origin or team
    return {
        "token": token,
        "team_id": source.id,
        "enterprise_id": source.enterprise or None,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise or None,
        "api_app_id": app,
        "event": happened,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": team.enterprise or None,
                "team_id": None if team.org_wide else team.id,
                "user_id": bot.id if bot else "",
                "is_bot": True,
                "is_enterprise_install": team.org_wide,
            }
        ],
        "is_ext_shared_channel": source is not team,
        "event_context": f"4-{event_id}",
    }


def view(shown: View) -> Json:
    """A view as answers and payloads hold it; blocks without an id have been given one."""
    defaults: Json = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": None,
        "close": None,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    bot: Any = shown.team.bot
    return {
        **defaults,
        **shown.body,
        "id": shown.id,
        "team_id": shown.team.id,
        "hash": shown.hash,
        "state": {"values": shown.values},
        "root_view_id": shown.root or shown.id,
        "previous_view_id": shown.previous or None,
        "app_id": bot.app_id,
        "app_installed_team_id": shown.team.enterprise if shown.team.org_wide else shown.team.id,
        "bot_id": bot.bot_id,
    }
