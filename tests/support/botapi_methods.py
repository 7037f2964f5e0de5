"""The methods that send, change and look: each takes the world and the parameters of its call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botapi_chat import Chat
from botapi_checks import (
    Params,
    chat_of,
    check_open,
    checked_keyboard,
    checked_reply,
    checked_text,
    checked_topic,
)
from botapi_errors import bad, forbidden
from botapi_model import Action, Member, Message, Shape

if TYPE_CHECKING:
    from botapi_world import World

Method = Callable[["World", Params], Any]
DELETE_SECONDS = 48 * 3600
_ACTIONS = """typing upload_photo record_video upload_video record_voice upload_voice
upload_document choose_sticker find_location record_video_note upload_video_note""".split()


def get_me(world: World, _: Params) -> Shape:
    """getMe."""
    return world.bot.shape() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": world.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def send_message(world: World, params: Params) -> Shape:
    """sendMessage."""
    chat = chat_of(world, params, write=True)
    text, entities = checked_text(world, params)
    keyboard = checked_keyboard(params.value("reply_markup"))
    topic = checked_topic(chat, params)
    reply_to = checked_reply(chat, params)
    thread, in_topic = chat.place(reply_to, topic)
    check_open(chat, thread if in_topic else None)
    message = chat.store(
        sender=None if chat.kind == "channel" else world.bot,
        sender_chat=chat if chat.kind == "channel" else None,
        text=text,
        entities=entities,
        keyboard=keyboard,
        reply_to=reply_to or (chat.by_id.get(thread) if in_topic and thread else None),
        thread=thread,
        in_topic=in_topic,
        silent=params.flag("disable_notification"),
        preview=params.value("link_preview_options"),
        source=params.text("text"),
        parse_mode=params.text("parse_mode") or None,
        ours=True,
    )
    return message.shape()


def _to_change(world: World, params: Params, verb: str) -> Message:
    """The message of the bot that a call wants to change."""
    inline_id = params.text("inline_message_id")
    if inline_id:
        if inline_id not in world.inline_messages:
            raise bad("MESSAGE_ID_INVALID")
        return world.inline_messages[inline_id]
    chat = chat_of(world, params, write=True)
    message = chat.by_id.get(params.number("message_id"))
    if message is None or message.deleted:
        raise bad(f"message to {verb} not found")
    if not message.ours:
        raise bad(f"message can't be {verb}ed")
    return message


_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _same_preview(one: Shape | None, other: Shape | None) -> bool:
    return bool((one or {}).get("is_disabled")) == bool((other or {}).get("is_disabled"))


def edit_message_text(world: World, params: Params) -> Shape | bool:
    """editMessageText; without reply_markup the keyboard goes."""
    message = _to_change(world, params, "edit")
    text, entities = checked_text(world, params)
    keyboard = checked_keyboard(params.value("reply_markup"))
    preview = params.value("link_preview_options")
    same = (text, entities, keyboard) == (message.text, message.entities, message.keyboard)
    if same and _same_preview(preview, message.preview):
        raise bad(_SAME)
    message.change(world.now(), text, entities)
    message.keyboard, message.preview = keyboard, preview
    message.source, message.parse_mode = params.text("text"), params.text("parse_mode") or None
    return True if message.inline_id else message.shape()


def edit_message_reply_markup(world: World, params: Params) -> Shape | bool:
    """editMessageReplyMarkup."""
    message = _to_change(world, params, "edit")
    keyboard = checked_keyboard(params.value("reply_markup"))
    if keyboard == message.keyboard:
        raise bad(_SAME)
    message.change(world.now(), message.text, message.entities)
    message.keyboard = keyboard
    return True if message.inline_id else message.shape()


def delete_message(world: World, params: Params) -> bool:
    """deleteMessage: within 48 hours; of others only as an admin, or in a private chat."""
    chat = chat_of(world, params)
    message = chat.by_id.get(params.number("message_id"))
    if message is None or message.deleted:
        raise bad("message to delete not found")
    if world.now() - message.date > DELETE_SECONDS:
        raise bad("message can't be deleted for everyone")
    if not message.ours and chat.user is None and not chat.bot_member.admin:
        raise bad("message can't be deleted")
    message.deleted = True
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """sendChatAction."""
    chat = chat_of(world, params, write=True)
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad("wrong parameter action in request")
    thread = checked_topic(chat, params)
    world.actions.append(Action(chat, action, thread, world.now()))
    return True


def get_chat(world: World, params: Params) -> Shape:
    """getChat."""
    chat = chat_of(world, params)
    return chat.shape() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }


def _known_member(world: World, chat: Chat, number: int) -> Member:
    user = world.users.get(number)
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID" if chat.kind == "supergroup" else "user not found")
    if chat.kind == "channel" and not chat.bot_member.admin:
        raise bad("CHAT_ADMIN_REQUIRED")
    if user is world.bot:
        return chat.bot_member
    if chat.user is not None:
        return Member(user, "member" if user is chat.user else "left")
    return chat.members.get(number) or Member(user, "left")


def get_chat_member(world: World, params: Params) -> Shape:
    """getChatMember; whom the chat does not know has left it."""
    chat = chat_of(world, params)
    return _known_member(world, chat, params.number("user_id")).shape()


def get_chat_administrators(world: World, params: Params) -> list[Shape]:
    """getChatAdministrators, without the other bots."""
    chat = chat_of(world, params)
    if chat.user is not None:
        raise bad("there are no administrators in the private chat")
    return [
        member.shape()
        for member in chat.members.values()
        if member.admin and (not member.user.is_bot or member.user is world.bot)
    ]


def get_chat_member_count(world: World, params: Params) -> int:
    """getChatMemberCount."""
    chat = chat_of(world, params)
    return 2 if chat.user else sum(member.present for member in chat.members.values())


def leave_chat(world: World, params: Params) -> bool:
    """leaveChat; the bot hears of it as my_chat_member."""
    chat = chat_of(world, params)
    if chat.user is not None:
        raise bad("chat member status can't be changed in private chats")
    if not chat.bot_member.present:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    chat.remove_bot(by=world.bot)
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
