"""The table of Web API methods, and what they share: arguments, scopes, channels, content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import slack_blocks
from slack_calls import Call, Warned
from slack_mrkdwn import buttons, marks, unescaped
from slack_state import Slack
from slack_world import Channel, Json, Message, SlackError, Team, User, texts

Method = Callable[[Slack, Call], Json]
METHODS: dict[str, tuple[tuple[str, ...], Method]] = {}

LONGEST_TEXT, LONGEST_EDIT, LONG_TEXT = 40_000, 4_000, 4_000
READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def method(name: str, *scopes: str) -> Callable[[Method], Method]:
    """Put a function into the table; a token with any one of the scopes may call it."""

    def put(function: Method) -> Method:
        METHODS[name] = (scopes, function)
        return function

    return put


def run(slack: Slack, call: Call) -> Json:
    """Answer a call; a SlackError is an answer too."""
    try:
        if call.method not in METHODS:
            raise SlackError("unknown_method")
        scopes, function = METHODS[call.method]
        check_token(call)
        need_scope(call, *scopes)
        return {"ok": True, **function(slack, call)}
    except SlackError as error:
        return {"ok": False, "error": error.error, **error.more}


OPEN_TO_ALL = {"oauth.v2.access", "api.test"}


def check_token(call: Call) -> None:
    """Refuse a call without a token that stands."""
    if call.method in OPEN_TO_ALL:
        return
    if call.token is None:
        raise SlackError("invalid_auth" if call.args.get("token") else "not_authed")
    if call.token.revoked:
        raise SlackError("token_revoked" if call.token.kind == "bot" else "invalid_auth")
    if (call.method == "apps.connections.open") != (call.token.kind == "app"):
        raise SlackError("not_allowed_token_type")


def need_scope(call: Call, *scopes: str) -> None:
    """Refuse a token that has none of the scopes."""
    granted = call.token.scopes if call.token else set()
    if scopes and not granted & set(scopes):
        provided = ",".join(sorted(granted))
        raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)


def home(call: Call) -> Team:
    """The workspace of a call."""
    assert call.token
    assert call.token.team
    return call.token.team


def us(call: Call) -> User:
    """The bot that calls."""
    bot = home(call).bot
    assert bot
    return bot


def need(call: Call, name: str) -> str:
    """An argument that must be there."""
    value = call.args.get(name)
    if value in (None, ""):
        raise invalid(f"missing required field: {name}")
    return str(value)


def invalid(*words: str) -> SlackError:
    """The error of wrong arguments."""
    messages = [f"[ERROR] {word}" for word in words]
    return SlackError("invalid_arguments", response_metadata={"messages": messages})


def yes(call: Call, name: str, default: bool = False) -> bool:
    """A switch among the arguments, however it was written."""
    value = call.args.get(name, default)
    return value in (True, 1, "1", "true", "True")


def parsed(value: Any, error: str) -> Any:
    """An argument that may have come as JSON in a form."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(error) from None


def find_channel(slack: Slack, call: Call, name: str = "channel") -> Channel:
    """A channel the bot can know of: its own, and the public ones."""
    wanted = need(call, name)
    team = home(call)
    if wanted in slack.users and name == "channel":
        return slack.dm(slack.users[wanted], team)
    channel = slack.channels.get(wanted)
    if channel is None or (channel.team is not team and not channel.shared):
        raise SlackError("channel_not_found")
    if channel.kind != "channel" and us(call) not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def find_message(slack: Slack, call: Call, name: str = "ts") -> Message:
    """A message that stands, in a channel the bot is in."""
    channel = find_channel(slack, call)
    if us(call) not in channel.members:
        raise SlackError("not_in_channel")
    sent = channel.messages.get(need(call, name))
    if sent is None or sent.deleted:
        raise SlackError("message_not_found")
    return sent


def content(
    call: Call, longest: int = LONGEST_TEXT, most: int = slack_blocks.MOST_CHARACTERS
) -> tuple[str, list[Json]]:
    """Text and blocks of a message, or why Slack refuses them."""
    text = call.args.get("text") or ""
    blocks = parsed(call.args.get("blocks") or [], "invalid_blocks_format")
    problems = slack_blocks.check_blocks(blocks)
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        more = {"messages": messages}
        raise SlackError("invalid_blocks", errors=problems, response_metadata=more)
    if slack_blocks.size(blocks) > most:
        raise SlackError("msg_blocks_too_long")
    if not isinstance(text, str) or not (text or blocks or call.args.get("attachments")):
        raise SlackError("no_text")
    if len(text) > longest:
        raise SlackError("msg_too_long")
    return text, named_blocks(blocks)


def named_blocks(blocks: list[Json]) -> list[Json]:
    """Blocks with an id each, and every element that can be pressed with one too."""
    for number, block in enumerate(blocks):
        block.setdefault("block_id", f"b{number}")
        for place, button in enumerate(buttons([block])):
            button.element.setdefault("action_id", f"a{place}")
    return blocks


def warn(slack: Slack, call: Call, channel: str, ts: str, text: str, blocks: list[Json]) -> None:
    """Note what Slack takes but a good app does not send."""
    found = [*_sent_badly(call, text)]
    for part in [text, *texts(blocks)]:
        found += [("rings", mark.target) for mark in marks(part) if mark.rings]
        found += [("unescaped", f"{sign} in {part[:60]!r}") for sign in unescaped(part)]
    slack.warnings += [Warned(kind, call.method, channel, ts, words) for kind, words in found]


def _sent_badly(call: Call, text: str) -> Iterator[tuple[str, str]]:
    if not text:
        yield "no_text", ""
    if len(text) > LONG_TEXT:
        yield "long_text", f"{len(text)} characters"
    if call.method in ("chat.postMessage", "response_url"):
        for name in ("unfurl_links", "unfurl_media"):
            if yes(call, name, default=True):
                yield name, ""
    if call.args.get("parse") == "full":
        yield "parse", ""
    if yes(call, "link_names"):
        yield "link_names", ""
