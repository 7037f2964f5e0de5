"""Web API: who and where: auth, conversations, users, bots, team; and the app's installation."""

from __future__ import annotations

from urllib.parse import urlencode

import slack_payloads as shape
from slack_calls import Call
from slack_methods import READ, find_channel, home, method, need, need_scope, us, yes
from slack_state import Slack
from slack_world import Channel, Json, SlackError


@method("api.test")
def api_test(_slack: Slack, call: Call) -> Json:
    """Whether anybody is there."""
    return {"args": {name: value for name, value in call.args.items() if name != "token"}}


@method("auth.test")
def auth_test(_slack: Slack, call: Call) -> Json:
    """Who the token is."""
    team, bot = home(call), us(call)
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": bot.name,
        "team_id": team.id,
        "user_id": bot.id,
        "bot_id": bot.bot_id,
        "enterprise_id": team.enterprise or None,
        "is_enterprise_install": team.org_wide,
    }


@method("auth.revoke")
def auth_revoke(_slack: Slack, call: Call) -> Json:
    """Give the token back."""
    assert call.token
    if not yes(call, "test"):
        call.token.revoked = True
    return {"revoked": not yes(call, "test")}


@method("apps.connections.open", "connections:write")
def connections_open(slack: Slack, _call: Call) -> Json:
    """An address for one socket, by the app's own token."""
    query = urlencode({"ticket": slack.sockets.ticket(), "app_id": slack.app_id})
    return {"url": f"{slack.base.replace('http', 'ws', 1)}/link/?{query}"}


@method("team.info", "team:read")
def team_info(_slack: Slack, call: Call) -> Json:
    """The workspace."""
    team = home(call)
    told = {"id": team.id, "name": team.name, "domain": team.domain}
    if team.enterprise:
        told |= {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise_name}
    return {"team": told}


@method("users.info", "users:read")
def users_info(slack: Slack, call: Call) -> Json:
    """A user; the locale only where it was asked for."""
    user = slack.users.get(need(call, "user"))
    if user is None:
        raise SlackError("user_not_found")
    told = shape.profile(user)
    if not yes(call, "include_locale"):
        del told["locale"]
    return {"user": told}


@method("bots.info", "users:read")
def bots_info(slack: Slack, call: Call) -> Json:
    """A bot by its bot id."""
    wanted = need(call, "bot")
    for user in slack.users.values():
        if user.bot_id == wanted:
            bot = {"id": wanted, "user_id": user.id, "app_id": user.app_id, "name": user.name}
            return {"bot": bot | {"deleted": False}}
    raise SlackError("bot_not_found")


@method("users.conversations", *READ.values())
def users_conversations(slack: Slack, call: Call) -> Json:
    """The channels the bot is in, by page."""
    if home(call).org_wide and call.args.get("team_id") != home(call).id:
        raise SlackError("missing_argument")
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = [
        kinds.get(t.strip(), "") for t in str(call.args.get("types") or "public_channel").split(",")
    ]
    for kind in wanted:
        need_scope(call, READ.get(kind, "channels:read"))
    who = slack.users.get(str(call.args.get("user") or us(call).id))
    found = [
        shape.room(channel, who)
        for channel in slack.channels.values()
        if channel.kind in wanted
        and who in channel.members
        and channel.team is home(call)
        and not (yes(call, "exclude_archived") and channel.archived)
    ]
    return page(call, "channels", found)


def page(call: Call, name: str, found: list[Json]) -> Json:
    """One page of an answer, and where the next begins."""
    start = int(call.args.get("cursor") or 0)
    limit = int(call.args.get("limit") or 100)
    following = str(start + limit) if start + limit < len(found) else ""
    metadata = {"next_cursor": following}
    return {name: found[start : start + limit], "response_metadata": metadata}


def _seen(slack: Slack, call: Call, what: str) -> Channel:
    channel = find_channel(slack, call)
    kind = {"channel": "channels", "group": "groups"}.get(channel.kind, channel.kind)
    need_scope(call, f"{kind}:{what}")
    if what == "history" and us(call) not in channel.members:
        raise SlackError("not_in_channel")
    return channel


@method("conversations.info", *READ.values())
def conversations_info(slack: Slack, call: Call) -> Json:
    """A channel."""
    channel = _seen(slack, call, "read")
    told = shape.room(channel, us(call))
    if yes(call, "include_num_members"):
        told["num_members"] = len(channel.members)
    return {"channel": told}


@method("conversations.members", *READ.values())
def conversations_members(slack: Slack, call: Call) -> Json:
    """Who is in a channel, by page."""
    channel = _seen(slack, call, "read")
    return page(call, "members", [user.id for user in channel.members])  # type: ignore[misc]


@method("conversations.history", *(f"{kind}:history" for kind in shape.HISTORY.values()))
def conversations_history(slack: Slack, call: Call) -> Json:
    """A channel's messages outside threads, newest first."""
    channel = _seen(slack, call, "history")
    oldest, latest = str(call.args.get("oldest") or "0"), str(call.args.get("latest") or "9" * 12)
    both = yes(call, "inclusive")
    found = [
        shape.message(sent)
        for sent in reversed(channel.messages.values())
        if (not sent.deleted or sent.tombstone)
        and (not sent.thread_ts or sent.subtype == "thread_broadcast")
        and (oldest < sent.ts < latest or (both and sent.ts in (oldest, latest)))
    ]
    return page(call, "messages", found) | {"has_more": False}


@method("conversations.replies", *(f"{kind}:history" for kind in shape.HISTORY.values()))
def conversations_replies(slack: Slack, call: Call) -> Json:
    """A thread: its parent, then its replies, oldest first."""
    channel = _seen(slack, call, "history")
    parent = channel.messages.get(need(call, "ts"))
    if parent is None or (parent.deleted and not parent.tombstone):
        raise SlackError("thread_not_found")
    if parent.thread_ts:
        parent = channel.messages[parent.thread_ts]
    replies = [reply for reply in channel.threads.get(parent.ts, []) if not reply.deleted]
    found = [shape.message(sent) for sent in [parent, *replies]]
    return page(call, "messages", found) | {"has_more": False}


@method("conversations.open", "im:write", "mpim:write")
def conversations_open(slack: Slack, call: Call) -> Json:
    """Open the direct message with a user, or with several."""
    if call.args.get("channel"):
        return {"channel": shape.room(find_channel(slack, call), us(call))}
    users = [slack.users.get(name) for name in need(call, "users").split(",")]
    people = [user for user in users if user is not None]
    if len(people) < len(users):
        raise SlackError("user_not_found")
    need_scope(call, "im:write" if len(people) == 1 else "mpim:write")
    if len(people) == 1:
        channel = slack.dm(people[0], home(call))
    else:
        channel = slack.add_channel("mpdm", *people, kind="mpim", team=home(call))
    return {"channel": {"id": channel.id}}


@method("oauth.v2.access")
def oauth_access(slack: Slack, call: Call) -> Json:
    """Change a code for an installation's token."""
    if call.args.get("client_id") != slack.client_id:
        raise SlackError("invalid_client_id")
    if call.args.get("client_secret") != slack.client_secret:
        raise SlackError("bad_client_secret")
    grant = slack.codes.get(str(call.args.get("code")))
    if grant is None:
        raise SlackError("invalid_code")
    if grant.get("used"):
        raise SlackError("code_already_used")
    if grant["redirect_uri"] != (call.args.get("redirect_uri") or ""):
        raise SlackError("bad_redirect_uri")
    grant["used"] = True
    team = slack.teams[grant["team"]]
    token = slack.install(team, set(grant["scopes"]))
    assert team.bot
    enterprise = {"id": team.enterprise, "name": team.enterprise_name} if team.enterprise else None
    return {
        "app_id": slack.app_id,
        "authed_user": {"id": grant["user"]},
        "scope": ",".join(sorted(token.scopes)),
        "token_type": "bot",
        "access_token": token.text,
        "bot_user_id": team.bot.id,
        "team": None if team.org_wide else {"id": team.id, "name": team.name},
        "enterprise": enterprise,
        "is_enterprise_install": team.org_wide,
    }
