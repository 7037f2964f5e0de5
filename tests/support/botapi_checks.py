"""What Telegram checks first: chats, rights, texts, keyboards, replies, topics."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botapi_chat import Chat
from botapi_errors import bad, forbidden
from botapi_html import parse_html
from botapi_model import GENERAL, Button, Message, User
from botapi_text import ENTITY_LIMIT, TEXT_LIMIT, Entity, checked_link, detect, trimmed, units

if TYPE_CHECKING:
    from botapi_world import World

DATA_BYTES = 64
MOST_BUTTONS = 100


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of a call, as they came: every value text, or parsed from JSON."""

    values: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text."""
        value = self.values.get(name)
        return default if value is None else value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """A parameter as a whole number; what is none counts as not given."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def value(self, name: str) -> Any:
        """A parameter that is JSON; None where it is absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


def chat_of(world: World, params: Params, *, write: bool = False) -> Chat:
    """The chat that a call names, if the bot may see it; with `write`, if it may write there."""
    name = params.text("chat_id")
    if not name:
        raise bad("chat_id is empty")
    if name.startswith("@"):
        found = next((c for c in world.chats.values() if c.username == name[1:]), None)
    else:
        found = world.chats.get(params.number("chat_id"))
    if found is None:
        raise bad("chat not found")
    if found.moved_to is not None:
        text = "group chat was upgraded to a supergroup chat"
        raise bad(text, migrate_to_chat_id=found.moved_to)
    if found.user is not None:
        if write:
            _may_write_to(found.user)
    else:
        _is_inside(found)
        if write:
            _may_write_in(found)
    return found


def _may_write_to(user: User) -> None:
    if user.is_bot:
        raise forbidden("bot can't send messages to bots")
    if user.deactivated:
        raise forbidden("user is deactivated")
    if user.blocked:
        raise forbidden("bot was blocked by the user")
    if not user.started:
        raise forbidden("bot can't initiate conversation with a user")


def _is_inside(chat: Chat) -> None:
    if chat.destroyed:
        raise forbidden("the group chat was deleted")
    status = chat.bot_member.status
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if status == "left":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def _may_write_in(chat: Chat) -> None:
    member = chat.bot_member
    if chat.kind == "channel" and not member.admin:
        raise bad("need administrator rights in the channel chat")
    if member.status == "restricted":
        raise bad("not enough rights to send text messages to the chat")


def checked_text(world: World, params: Params, name: str = "text") -> tuple[str, list[Entity]]:
    """The text of a call and its entities, as they will be seen."""
    source, mode = params.text(name), params.text("parse_mode").lower()
    if not source:
        raise bad("message text is empty")
    entities: list[Entity] = []
    if mode == "html":
        source, entities, dropped = parse_html(source)
        world.warn(dropped)
    elif mode:
        raise bad(f"unsupported parse_mode {mode!r}: the test server reads HTML only")
    else:
        entities = list(params.value("entities") or [])
    text, entities = trimmed(source, entities)
    if not text:
        raise bad("text must be non-empty")
    if units(text) > TEXT_LIMIT:
        raise bad("message is too long")
    if len(entities) > ENTITY_LIMIT:
        world.warn([f"{len(entities) - ENTITY_LIMIT} entities over {ENTITY_LIMIT} dropped"])
        entities = entities[:ENTITY_LIMIT]
    return text, _with_found(text, world.known(entities))


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Entities with those that Telegram finds itself, where nothing leads elsewhere yet."""
    found = detect(text)
    if not found:
        return entities
    taken = [
        (e["offset"], e["offset"] + e["length"])
        for e in entities
        if e["type"] in ("pre", "code", "text_link", "text_mention")
    ]
    free = [
        e
        for e in found
        if all(e["offset"] >= end or e["offset"] + e["length"] <= start for start, end in taken)
    ]
    return sorted(entities + free, key=lambda e: (e["offset"], -e["length"]))


_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def checked_keyboard(markup: Any) -> list[list[Button]] | None:
    """The rows of an inline keyboard; None where there is none."""
    if not markup or not isinstance(markup, dict) or "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return [row for row in rows if row] or None


def _check_button(button: Button) -> None:
    words = button.get("text")
    if not isinstance(words, str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not words.strip():
        raise bad("BUTTON_TEXT_INVALID")
    if not _ACTIONS & button.keys():
        text = "Text buttons are unallowed in the inline keyboard"
        raise bad(f"can't parse inline keyboard button: {text}")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and checked_link(str(url)) is None:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def checked_topic(chat: Chat, params: Params) -> int | None:
    """The topic that a call names, if one may write there; None for no topic and General.

    Only topics count: the message_thread_id of a reply outside of topics is refused, and 1 is.
    """
    thread = params.number("message_thread_id")
    if not thread:
        return None
    topic = chat.topics.get(thread)
    if topic is None or topic.deleted or thread == GENERAL:
        raise bad("message thread not found")
    return thread


def check_open(chat: Chat, thread: int | None) -> None:
    """Refuse a closed topic, General too, unless the bot is an admin."""
    topic = chat.topics.get(thread or GENERAL)
    if topic is not None and topic.closed and not chat.bot_member.admin:
        raise bad("TOPIC_CLOSED")


def checked_reply(chat: Chat, params: Params) -> Message | None:
    """The message that a call replies to; None where it need not be there and is not."""
    asked = params.value("reply_parameters") or {}
    number = asked.get("message_id") or params.number("reply_to_message_id")
    if not number:
        return None
    lenient = asked.get("allow_sending_without_reply")
    lenient = lenient or params.flag("allow_sending_without_reply")
    if asked.get("chat_id") not in (None, chat.id, str(chat.id)):
        raise bad("the test server knows replies within one chat only")
    message = chat.by_id.get(int(number))
    if message is None or message.deleted:
        if lenient:
            return None
        raise bad("message to be replied not found")
    quoted = asked.get("quote")
    if quoted and re.sub(r"<[^>]*>", "", quoted) not in message.text:
        raise bad("QUOTE_TEXT_INVALID")
    return message
