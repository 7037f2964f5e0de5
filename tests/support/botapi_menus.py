"""What a bot sets about itself: commands by scope and language, name, descriptions, menu button."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from botapi_checks import Params, chat_of
from botapi_errors import bad
from botapi_methods import Method
from botapi_model import Shape

if TYPE_CHECKING:
    from botapi_world import World

_PLAIN_SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
)
_LIMITS = {"name": 64, "description": 512, "short_description": 120}
MOST_COMMANDS = 100


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def _key(world: World, params: Params) -> tuple[str, ...]:
    """Where commands are kept: their scope with its ids, and their language."""
    scope = params.value("scope") or {"type": "default"}
    kind = scope.get("type", "")
    if kind in _PLAIN_SCOPES:
        return ("commands", kind, _language(params))
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    chat = chat_of(world, Params(scope))
    ids = [str(chat.id)]
    if kind == "chat_administrators" and chat.user is not None:
        raise bad("can't change commands for administrators of a private chat")
    if kind == "chat_member":
        ids.append(str(scope.get("user_id", "")))
    return ("commands", kind, *ids, _language(params))


def set_my_commands(world: World, params: Params) -> bool:
    """setMyCommands."""
    key, commands = _key(world, params), params.value("commands") or []
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.settings[key] = commands
    return True


def get_my_commands(world: World, params: Params) -> list[Shape]:
    """getMyCommands."""
    return list(world.settings.get(_key(world, params), []))


def delete_my_commands(world: World, params: Params) -> bool:
    """deleteMyCommands."""
    world.settings.pop(_key(world, params), None)
    return True


def _setter(what: str) -> Method:
    def put(world: World, params: Params) -> bool:
        text = params.text(what)
        if len(text) > _LIMITS[what]:
            raise bad(f"BOT_{'TITLE' if what == 'name' else what.upper()}_INVALID")
        world.settings[what, _language(params)] = text
        return True

    return put


def _getter(what: str) -> Method:
    def get(world: World, params: Params) -> Shape:
        fallback = world.bot.first_name if what == "name" else ""
        stored = [world.settings.get((what, code), "") for code in (_language(params), "")]
        return {what: next(filter(None, stored), fallback)}

    return get


def _menu_key(world: World, params: Params) -> tuple[str, ...]:
    chat = params.text("chat_id") and chat_of(world, params)
    if chat and chat.user is None:
        raise bad("the chat must be a private chat")
    return ("menu_button", str(chat.id) if chat else "")


def set_chat_menu_button(world: World, params: Params) -> bool:
    """setChatMenuButton."""
    button = params.value("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad("can't parse menu button: Unsupported type specified")
    world.settings[_menu_key(world, params)] = button
    return True


def get_chat_menu_button(world: World, params: Params) -> Any:
    """getChatMenuButton."""
    return world.settings.get(_menu_key(world, params), {"type": "commands"})


METHODS: dict[str, Method] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
