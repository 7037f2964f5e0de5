"""What people press, pick, command, open and fill in."""

from __future__ import annotations

from typing import Any

import slack_answers
import slack_payloads as shape
from slack_delivery import Delivery
from slack_mrkdwn import Button, buttons, escape
from slack_people import People
from slack_world import Channel, Ephemeral, Json, Message, Posted, Team, User, View


class Presses(People):
    """People who use the app's commands, buttons, modals and tabs."""

    def command(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        command: str = "/mlinfra",
        raw: bool = False,
    ) -> Delivery:
        """A slash command; it works in channels the bot is not in, and never in a thread.

        `raw` takes the text as it stands, as with names that Slack has marked up.
        """
        team = channel.team
        payload = {
            "token": self.verification,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": shape.short_name(channel),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text if raw else escape(text),
            "api_app_id": self.app_id,
            "is_enterprise_install": "true" if team.org_wide else "false",
            "response_url": self.hook(channel, user, None),
            "trigger_id": self.trigger(user, team),
        }
        if team.enterprise:
            payload |= {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise_name}
        return self.courier.send("slash_commands", payload)

    def press(self, user: User, surface: Posted | View, words: str) -> Delivery:
        """Press a button or pick a choice, found by its words or its accessibility label."""
        return self._act(user, surface, find(surface, words))

    def pick(self, user: User, surface: Posted | View, action_id: str, **chosen: Any) -> Delivery:
        """Use an element that is found by its action_id: selected_user="U…", value="…"."""
        for block in surface.blocks:
            for element in [
                block.get("accessory"),
                block.get("element"),
                *block.get("elements", []),
            ]:
                if isinstance(element, dict) and element.get("action_id") == action_id:
                    return self._act(user, surface, Button("", "", element, block), **chosen)
        raise LookupError(f"no element {action_id}")

    def _act(self, user: User, surface: Posted | View, button: Button, **chosen: Any) -> Delivery:
        action = _action(button, self.ids.ts()) | chosen
        payload = self._interaction("block_actions", user, surface, actions=[action])
        payload["state"] = {"values": surface.values if isinstance(surface, View) else {}}
        if isinstance(surface, View):
            payload["container"] = {"type": "view", "view_id": surface.id}
            payload["view"] = shape.view(surface)
        else:
            self._on_message(payload, user, surface)
        return self.courier.send("interactive", payload)

    def _interaction(
        self,
        kind: str,
        user: User,
        surface: Posted | View | None,
        team: Team | None = None,
        **more: Any,
    ) -> Json:
        home = team or user.team
        if isinstance(surface, View):  # a stranger's payload names their own workspace
            home = user.team if user.stranger else surface.team
        elif surface is not None:
            home = surface.channel.team
        view = surface if isinstance(surface, View) else None
        return {
            "type": kind,
            "user": shape.person(user),
            "api_app_id": self.app_id,
            "token": self.verification,
            "trigger_id": self.trigger(user, home, view),
            **shape.ids(home),
            **more,
        }

    def _on_message(self, payload: Json, user: User, surface: Posted) -> None:
        channel, whispered = surface.channel, isinstance(surface, Ephemeral)
        container = {"type": "message", "message_ts": surface.ts, "channel_id": channel.id}
        container |= {"is_ephemeral": whispered}
        if surface.thread_ts:
            container["thread_ts"] = surface.thread_ts
        payload["container"] = container
        payload["channel"] = {"id": channel.id, "name": shape.short_name(channel)}
        if isinstance(surface, Message):
            payload["message"] = shape.message(surface)
        payload["response_url"] = self.hook(channel, user, surface, surface.thread_ts)

    def shortcut(self, user: User, sent: Message, callback_id: str) -> Delivery:
        """A message shortcut; it works on any message the person sees, bot or no bot there."""
        payload = self._interaction("message_action", user, sent, callback_id=callback_id)
        payload |= {"action_ts": self.ids.ts(), "message_ts": sent.ts}
        payload["channel"] = {"id": sent.channel.id, "name": shape.short_name(sent.channel)}
        payload["message"] = shape.message(sent)
        payload["response_url"] = self.hook(sent.channel, user, None, sent.thread_ts)
        return self.courier.send("interactive", payload)

    def global_shortcut(self, user: User, callback_id: str, team: Team | None = None) -> Delivery:
        """A shortcut without a message."""
        payload = self._interaction("shortcut", user, None, team, callback_id=callback_id)
        return self.courier.send("interactive", payload | {"action_ts": self.ids.ts()})

    def open_home(
        self, user: User, *, tab: str = "home", team: Team | None = None
    ) -> Delivery | None:
        """A person opens the app's home tab, or its messages (tab="messages")."""
        home = team or user.team
        told: Json = {"type": "app_home_opened", "user": user.id, "tab": tab}
        told |= {"channel": self.dm(user, home).id, "event_ts": self.ids.ts()}
        view = self.homes.get((home.id, user.id))
        if view is not None and tab == "home":
            told["view"] = shape.view(view)
        return self.emit(home, told, "app_home_opened")

    def open_agent(self, user: User, viewing: Channel | None = None) -> Message:
        """Open the agent pane: its thread's first message, in which the user then says."""
        channel = self.dm(user)
        bot = channel.team.bot
        assert bot
        root = Message(
            self.ids.ts(),
            channel,
            bot,
            "New chat",
            [],
            "",
            bot.bot_id,
            subtype="assistant_app_thread",
        )
        channel.messages[root.ts] = root
        self._agent_event("assistant_thread_started", user, root, viewing)
        return root

    def look_at(self, user: User, pane: Message, channel: Channel) -> Delivery | None:
        """Go to another channel while the agent pane is open."""
        return self._agent_event("assistant_thread_context_changed", user, pane, channel)

    def _agent_event(
        self, kind: str, user: User, root: Message, viewing: Channel | None
    ) -> Delivery | None:
        team = root.channel.team
        context: Json = {}
        if viewing is not None:
            context = {"channel_id": viewing.id, "team_id": team.id}
            context["enterprise_id"] = team.enterprise or None
        thread = {"user_id": user.id, "context": context, "channel_id": root.channel.id}
        thread["thread_ts"] = root.ts
        told = {"type": kind, "assistant_thread": thread, "event_ts": self.ids.ts()}
        return self.emit(team, told, kind, "assistant:write")

    # --- modals

    def fill(self, view: View, action_id: str, value: Any) -> None:
        """Fill in a field: text or the words of a choice (or a list of them); nothing is sent."""
        for block in view.blocks:
            element = block.get("element") or {}
            for found in [element, *block.get("elements", []), block.get("accessory") or {}]:
                if found.get("action_id") == action_id:
                    view.values.setdefault(block["block_id"], {})[action_id] = _value(found, value)
                    return
        raise LookupError(f"no field {action_id}")

    def submit(self, view: View) -> Delivery:
        """Press the modal's submit button."""
        payload = self._interaction("view_submission", view.user, view, view=shape.view(view))
        return self.courier.send("interactive", payload | {"response_urls": []})

    def close_view(self, view: View, *, everything: bool = False) -> Delivery | None:
        """Close a modal; the app is told where it asked for it (notify_on_close)."""
        slack_answers.close(self, view.user, everything)
        if not view.body.get("notify_on_close"):
            return None
        payload = self._interaction("view_closed", view.user, view, view=shape.view(view))
        return self.courier.send("interactive", payload | {"is_cleared": everything})


def find(surface: Posted | View, words: str) -> Button:
    """A button by its words or its accessibility label; by a part of them where only one has it."""
    there = buttons(surface.blocks)
    exact = [button for button in there if words in (button.label, button.spoken)]
    part = [button for button in there if words in button.label or words in button.spoken]
    if exact:
        return exact[0]
    if len(part) == 1:
        return part[0]
    raise LookupError(f"no button {words!r} among {[button.label for button in there]}")


def _action(button: Button, ts: str) -> Json:
    element, option = button.element, button.option
    told: Json = {"type": element["type"], "action_id": element["action_id"], "action_ts": ts}
    told["block_id"] = button.block["block_id"]
    if option is None:
        return told | {k: element[k] for k in ("text", "value", "style", "url") if k in element}
    if element["type"] == "feedback_buttons":
        return told | {"value": option["value"], "text": option["text"]}
    if element["type"] in ("checkboxes", "multi_static_select"):
        return told | {"selected_options": [option]}
    return told | {"selected_option": option}


def _value(element: Json, value: Any) -> Json:
    kind = element["type"]
    options = {b.label: b.option for b in buttons([{"element": element}]) if b.option}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [options[words] for words in value]}
    if options:
        return {"type": kind, "selected_option": options[value]}
    if kind.endswith(("_input",)):
        return {"type": kind, "value": value}
    return {"type": kind, "selected_" + kind.removesuffix("s_select").removesuffix("picker"): value}
