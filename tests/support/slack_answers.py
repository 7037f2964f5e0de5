"""What the app answers outside the Web API: posts to a response_url, and what an ack carries."""

from __future__ import annotations

import json
from typing import Any

from slack_api_views import checked, push, replace
from slack_calls import Call, Hook
from slack_delivery import Delivery
from slack_methods import content, warn, yes
from slack_state import HOOK_POSTS, Slack
from slack_world import Ephemeral, Json, Message, Posted, SlackError, User, View

NO_LIMIT = 10**9  # the whole message's limit is chat.postMessage's alone, as reports say


def respond(slack: Slack, call: Call, name: str) -> tuple[int, Json]:
    """Take a post to a response_url: its status and answer."""
    hook = slack.hooks.get(name)
    if hook is None or slack.ids.now() > hook.until:
        return 404, {"ok": False, "error": "expired_url" if hook else "no_service"}
    if hook.posts >= HOOK_POSTS:
        return 404, {"ok": False, "error": "used_url"}
    try:
        put(slack, call, hook)
    except SlackError as error:
        return 400, {"ok": False, "error": error.error, **error.more}
    hook.posts += 1
    return 200, {"ok": True}


def put(slack: Slack, call: Call, hook: Hook) -> Posted | None:
    """Show what came by a response_url or in a command's ack."""
    if yes(call, "delete_original"):
        _delete(slack, hook.source)
        return None
    text, blocks = content(call, most=NO_LIMIT)
    bot = hook.channel.team.bot
    assert bot
    if yes(call, "replace_original") and hook.source is not None:
        return _replace(slack, call, hook.source, text, blocks)
    thread = str(call.args.get("thread_ts") or hook.thread_ts or "")
    if call.args.get("response_type") == "in_channel":
        sent = Message(
            slack.ids.ts(), hook.channel, bot, text, blocks, thread, bot.bot_id, args=call.args
        )
        shown: Posted = slack.post(sent)
    else:
        shown = Ephemeral(
            slack.ids.ts(), hook.channel, bot, text, blocks, thread, to=hook.user, args=call.args
        )
        slack.whispers.append(shown)
    warn(slack, call, hook.channel.id, shown.ts, text, blocks)
    return shown


def _delete(slack: Slack, source: Posted | None) -> None:
    if isinstance(source, Message):
        slack.remove(source)
    elif source is not None:
        source.deleted = True


def _replace(slack: Slack, call: Call, source: Posted, text: str, blocks: list[Json]) -> Posted:
    """Replace what was pressed; an ephemeral stays one, whatever response_type says."""
    if isinstance(source, Message):
        slack.change(source, text, blocks, by=source.user)
    else:
        source.edits.append((source.text, source.blocks))
        source.text, source.blocks = text, blocks
    warn(slack, call, source.channel.id, source.ts, text, blocks)
    return source


def answered(slack: Slack, delivery: Delivery) -> None:
    """Do what an ack asks for."""
    answer = delivery.response
    if delivery.kind == "slash_commands" and answer:
        _command_answer(slack, delivery, answer)
    elif delivery.payload.get("type") == "view_submission":
        view = slack.views[delivery.payload["view"]["id"]]
        try:
            _view_answer(slack, view, answer if isinstance(answer, dict) else {})
        except SlackError as error:
            delivery.user_sees = f"{error.error} {json.dumps(error.more)}"


def _command_answer(slack: Slack, delivery: Delivery, answer: Any) -> None:
    hook = slack.hooks[delivery.payload["response_url"].rpartition("/")[2]]
    args = answer if isinstance(answer, dict) else {"text": str(answer)}
    try:
        put(slack, Call("response_url", args, None, {}), hook)
    except SlackError as error:
        delivery.user_sees = error.error


def _view_answer(slack: Slack, view: View, answer: Json) -> None:
    action = answer.get("response_action")
    stack = slack.stacks.get(view.user.id, [])
    if action == "errors":
        known = {block.get("block_id") for block in view.blocks if block.get("type") == "input"}
        view.errors = dict(answer["errors"])
        if not set(view.errors) <= known:
            raise SlackError("invalid_errors", known=sorted(known))
    elif action == "update":
        replace(slack, view, checked(answer["view"], "modal"))
    elif action == "push":
        push(slack, stack, checked(answer["view"], "modal"))
    elif action == "clear":
        close(slack, view.user, everything=True)
    else:
        close(slack, view.user)


def close(slack: Slack, user: User, everything: bool = False) -> None:
    """Take the top modal off a user's screen, or all of them."""
    stack = slack.stacks.get(user.id, [])
    for _ in range(len(stack) if everything else min(1, len(stack))):
        stack.pop().closed = True
