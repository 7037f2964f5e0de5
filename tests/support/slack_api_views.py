"""Web API: modals and the home tab."""

from __future__ import annotations

from typing import Any

import slack_blocks
import slack_payloads as shape
from slack_calls import Call
from slack_methods import home, invalid, method, named_blocks, need, parsed, warn
from slack_state import Slack
from slack_world import Json, SlackError, Team, User, View, texts

MOST_VIEWS, MOST_BYTES = 3, 250_000


def checked(value: Any, kind: str) -> Json:
    """A view that Slack takes."""
    body = parsed(value, "invalid_arguments")
    problems = slack_blocks.check_view(body)
    if problems:
        raise invalid(*problems)
    if body["type"] != kind:
        raise invalid(f"unsupported type: {body['type']} [json-pointer:/view/type]")
    if slack_blocks.view_bytes(body) > MOST_BYTES:
        raise SlackError("view_too_large")
    named_blocks(body["blocks"])
    return dict(body)


def show(slack: Slack, team: Team, user: User, body: Json, under: View | None = None) -> View:
    """Put a new view on a user's screen."""
    name = slack.ids.new("V")
    view = View(name, team, user, body, slack.ids.ts())
    if under is not None:
        view.root, view.previous = under.root or under.id, under.id
    slack.views[name] = view
    return view


def replace(slack: Slack, view: View, body: Json) -> None:
    """Change a view that is shown; what was filled in stays where its block stays."""
    kept = {block.get("block_id") for block in body["blocks"]}
    view.body, view.hash, view.errors = body, slack.ids.ts(), {}
    view.values = {name: value for name, value in view.values.items() if name in kept}


def _warned(slack: Slack, call: Call, view: View) -> Json:
    if texts(view.blocks):
        warn(slack, call, view.user.id, view.id, "-", view.blocks)
    return {"view": shape.view(view)}


@method("views.open")
def views_open(slack: Slack, call: Call) -> Json:
    """Open a modal by a trigger_id."""
    body = checked(call.args.get("view"), "modal")
    trigger = slack.redeem(need(call, "trigger_id"))
    if trigger.team is not home(call):
        raise SlackError("invalid_trigger_id")
    view = show(slack, home(call), trigger.user, body)
    slack.stacks[trigger.user.id] = [view]
    return _warned(slack, call, view)


@method("views.push")
def views_push(slack: Slack, call: Call) -> Json:
    """Put a modal on top of the one that was pressed in."""
    body = checked(call.args.get("view"), "modal")
    trigger = slack.redeem(need(call, "trigger_id"))
    stack = slack.stacks.get(trigger.user.id, [])
    if not stack:
        raise SlackError("invalid_trigger_id")
    return _warned(slack, call, push(slack, stack, body))


def push(slack: Slack, stack: list[View], body: Json) -> View:
    """Put a modal on top of a stack of at most three."""
    if len(stack) >= MOST_VIEWS:
        raise SlackError("push_limit_reached")
    top = stack[-1]
    view = show(slack, top.team, top.user, body, under=top)
    stack.append(view)
    return view


@method("views.update")
def views_update(slack: Slack, call: Call) -> Json:
    """Change a view, found by its id or the app's own."""
    wanted, external = call.args.get("view_id"), call.args.get("external_id")
    if not wanted and not external:
        raise invalid("missing required field: view_id")
    named = [v for v in slack.views.values() if external and v.body.get("external_id") == external]
    view = slack.views.get(str(wanted)) or (named[-1] if named else None)
    if view is None or view.closed or view.team is not home(call):
        raise SlackError("not_found")
    body = checked(call.args.get("view"), view.body["type"])
    _same_hash(call, view)
    replace(slack, view, body)
    return _warned(slack, call, view)


def _same_hash(call: Call, view: View) -> None:
    wanted = call.args.get("hash")
    if wanted and wanted != view.hash:
        raise SlackError("hash_conflict")


@method("views.publish")
def views_publish(slack: Slack, call: Call) -> Json:
    """Set a user's home tab."""
    user = slack.users.get(need(call, "user_id"))
    if user is None:
        raise SlackError("user_not_found")
    body = checked(call.args.get("view"), "home")
    team = home(call)
    view = slack.homes.get((team.id, user.id))
    if view is None:
        view = show(slack, team, user, body)
        slack.homes[team.id, user.id] = view
    else:
        _same_hash(call, view)
        replace(slack, view, body)
    return _warned(slack, call, view)
