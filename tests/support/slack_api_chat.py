"""Web API: chat and reactions."""

from __future__ import annotations

import re
import time

import slack_payloads as shape
from slack_calls import Call
from slack_methods import (
    LONGEST_EDIT,
    content,
    find_channel,
    find_message,
    home,
    method,
    need,
    parsed,
    us,
    warn,
    yes,
)
from slack_state import Slack
from slack_world import Channel, Ephemeral, Json, Message, SlackError

TS = re.compile(r"\d{1,12}\.\d{6}\Z")


def writable(call: Call, channel: Channel) -> None:
    """Refuse a channel the bot cannot write to."""
    if channel.archived:
        raise SlackError("is_archived")
    token = call.token
    public = channel.kind == "channel" and token and "chat:write.public" in token.scopes
    if us(call) not in channel.members and not public:
        raise SlackError("not_in_channel")


def thread(call: Call) -> str:
    """The thread a message is for."""
    ts = str(call.args.get("thread_ts") or "")
    if ts and not TS.match(ts):
        raise SlackError("thread_not_found")
    return ts


@method("chat.postMessage", "chat:write")
def post_message(slack: Slack, call: Call) -> Json:
    """Post a message."""
    channel = find_channel(slack, call)
    writable(call, channel)
    text, blocks = content(call)
    bot = us(call)
    sent = Message(
        slack.ids.ts(), channel, bot, text, blocks, thread(call), bot.bot_id, args=dict(call.args)
    )
    if yes(call, "reply_broadcast") and sent.thread_ts:
        sent.subtype = "thread_broadcast"
    slack.post(sent)
    warn(slack, call, channel.id, sent.ts, text, blocks)
    told = shape.message(sent)
    if not slack.tells_threads:
        told = {name: value for name, value in told.items() if name != "thread_ts"}
    return {"channel": channel.id, "ts": sent.ts, "message": told}


@method("chat.update", "chat:write")
def update(slack: Slack, call: Call) -> Json:
    """Edit the bot's own message; text alone takes the blocks away."""
    sent = find_message(slack, call)
    if sent.user is not us(call):
        raise SlackError("cant_update_message")
    if sent.channel.archived:
        raise SlackError("is_archived")
    text, blocks = content(call, LONGEST_EDIT)
    slack.change(sent, text, blocks, by=sent.user)
    warn(slack, call, sent.channel.id, sent.ts, text, blocks)
    told = {"channel": sent.channel.id, "ts": sent.ts, "text": text}
    return told | {"message": shape.message(sent)}


@method("chat.delete", "chat:write")
def delete(slack: Slack, call: Call) -> Json:
    """Delete the bot's own message."""
    sent = find_message(slack, call)
    if sent.user is not us(call):
        raise SlackError("cant_delete_message")
    slack.remove(sent)
    return {"channel": sent.channel.id, "ts": sent.ts}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(slack: Slack, call: Call) -> Json:
    """Show something to one person; only where the bot is a member."""
    channel = find_channel(slack, call)
    if channel.archived:
        raise SlackError("is_archived")
    if us(call) not in channel.members:
        raise SlackError("not_in_channel")
    to = slack.users.get(need(call, "user"))
    if to is None or to not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = content(call)
    shown = Ephemeral(
        slack.ids.ts(), channel, us(call), text, blocks, thread(call), to=to, args=dict(call.args)
    )
    slack.whispers.append(shown)
    warn(slack, call, channel.id, shown.ts, text, blocks)
    return {"message_ts": shown.ts}


@method("chat.getPermalink")
def permalink(slack: Slack, call: Call) -> Json:
    """The address of a message."""
    channel = find_channel(slack, call)
    sent = channel.messages.get(need(call, "message_ts"))
    if sent is None or sent.deleted:
        raise SlackError("message_not_found")
    link = (
        f"https://{home(call).domain}.slack.com/archives/{channel.id}/p{sent.ts.replace('.', '')}"
    )
    if sent.thread_ts:
        link += f"?thread_ts={sent.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _reaction(slack: Slack, call: Call) -> tuple[Message, str]:
    call.args.setdefault("ts", call.args.get("timestamp"))
    sent = find_message(slack, call)
    name = need(call, "name").strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]+", name):
        raise SlackError("invalid_name")
    return sent, name


@method("reactions.add", "reactions:write")
def add_reaction(slack: Slack, call: Call) -> Json:
    """Put an emoji on a message."""
    sent, name = _reaction(slack, call)
    people = sent.reactions.setdefault(name, [])
    if us(call).id in people:
        raise SlackError("already_reacted")
    people.append(us(call).id)
    return {}


@method("reactions.remove", "reactions:write")
def remove_reaction(slack: Slack, call: Call) -> Json:
    """Take the bot's emoji off a message."""
    sent, name = _reaction(slack, call)
    people = sent.reactions.get(name, [])
    if us(call).id not in people:
        raise SlackError("no_reaction")
    people.remove(us(call).id)
    if not people:
        del sent.reactions[name]
    return {}


@method("assistant.threads.setStatus", "assistant:write", "chat:write")
def set_status(slack: Slack, call: Call) -> Json:
    """Show that the bot is at work; its next message in the thread clears it."""
    channel = find_channel(slack, call, "channel_id")
    thread_ts = need(call, "thread_ts")
    _agents(call)
    if thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    at = time.monotonic()
    status = str(call.args.get("status") or "")
    slack.statuses.append((at, channel.id, thread_ts, status))
    return {}


def _agents(call: Call) -> None:
    if not home(call).agents:  # the error's word is not public; an app must live with any
        raise SlackError("not_allowed")


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_prompts(slack: Slack, call: Call) -> Json:
    """Suggest up to four questions."""
    channel = find_channel(slack, call, "channel_id")
    _agents(call)
    prompts = parsed(call.args.get("prompts"), "invalid_arguments")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise SlackError("invalid_arguments")
    if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
        raise SlackError("invalid_arguments")
    slack.prompts[channel.id] = {
        "title": call.args.get("title"),
        "prompts": prompts,
        "thread_ts": call.args.get("thread_ts"),
    }
    return {}


@method("assistant.threads.setTitle", "assistant:write")
def set_title(slack: Slack, call: Call) -> Json:
    """Name a thread of the agent pane."""
    channel = find_channel(slack, call, "channel_id")
    _agents(call)
    thread_ts = need(call, "thread_ts")
    if thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    slack.titles[channel.id, thread_ts] = need(call, "title")
    return {}
