"""An update of Telegram as what it is to the bot. Pure, on updates as Telegram sends them: a kind
that is not known yet, or one that is not whole, is nothing, and holds up no other.
"""

from __future__ import annotations

from typing import Any

from bot.model import Channel, Edit, Event, Joined, Left, Moved, Press, Question
from bot.platforms.telegram import said
from bot.platforms.telegram.keyboard import script_of
from bot.platforms.telegram.said import Catalog, Json, Me
from corpus.language import Script
from corpus.record import record

KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
ASIDE = "aside"  # to the presser alone: in a channel readers press, and do not post
_PRESENT = ("creator", "administrator", "member", "restricted")
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


@record
class Tap:
    """A button that changes what is shown and nothing else."""

    id: str  # of the callback query
    data: str
    chat: int
    message: int
    keyboard: Any  # as it is shown
    spoken: Script | None


@record
class Pressed:
    """A button that says a line to the bot, and the query that waits for a word on it."""

    press: Press
    query: str


@record
class Asked:
    """A question in inline mode: on the way, in any chat."""

    id: str
    person: int
    text: str
    offset: str
    spoken: Script | None


@record
class Dead:
    """A button under what is no message of a chat; it can only be told so."""

    id: str
    spoken: Script | None


Intake = Event | Tap | Pressed | Asked | Dead


def read(update: Json, me: Me, now: float, catalog: Catalog) -> Intake | None:
    """What an update is to the bot; None where it is nothing."""
    key = f"telegram:{me.id}:{update['update_id']}"
    if message := update.get("message"):
        return _moved(message, me) or _question(message, key, me, catalog)
    if message := update.get("edited_message"):
        found = _question(message, key, me, catalog, edited=True)
        return Edit(key, found) if found else None
    if query := update.get("callback_query"):
        return _pressed(query, key, me, now, catalog)
    if query := update.get("inline_query"):
        return Asked(
            str(query["id"]),
            int(query["from"]["id"]),
            str(query.get("query") or ""),
            str(query.get("offset") or ""),
            spoken(query["from"]),
        )
    if change := update.get("my_chat_member"):
        return _member(change, key)
    return None


def place(update: Json) -> tuple[int, str] | None:
    """The chat that an update comes from, and its kind."""
    query = update.get("callback_query") or {}
    for part in (*(update.get(kind) for kind in KINDS), query.get("message")):
        chat = part.get("chat") if isinstance(part, dict) else None
        if isinstance(chat, dict):
            return int(chat["id"]), str(chat.get("type", ""))
    return None


def actor(update: Json) -> Json:
    """Who is behind an update."""
    for kind in KINDS:
        part = update.get(kind)
        if isinstance(part, dict):
            return part.get("from") or {}
    return {}


def is_absent(update: Json) -> bool:
    """Whether an update tells that the bot is not in a chat any more."""
    change = update.get("my_chat_member") or {}
    return bool(change) and not _is_in(change.get("new_chat_member") or {})


def channel(chat: Json, message: Json) -> Channel:
    """A chat, or a topic of it. General is the chat itself; a reply's thread is no topic."""
    name = f"telegram:{int(chat['id'])}"
    shared = chat.get("type") != "private"
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    if topic and topic != 1 and shared:
        return Channel(f"{name}:{int(topic)}", shared, name)
    return Channel(name, shared)


def chat_of(name: str) -> tuple[int, int | None]:
    """The chat of a channel's id, and its topic."""
    _, chat, *topic = name.split(":")
    return int(chat), int(topic[0]) if topic else None


def spoken(user: Json) -> Script | None:
    """The language of somebody's app."""
    code = str(user.get("language_code") or "").lower().replace("_", "-")
    if not code:
        return None
    if not code.startswith("zh"):
        return "en"
    return "zh-Hant" if code.startswith(_TRADITIONAL) else "zh-Hans"


def moved(me: Me, old: int, new: int, at: float) -> Moved:
    """That a group is a supergroup now; the same event, whoever tells it first."""
    key = f"telegram:{me.id}:moved:{old}:{new}"
    return Moved(key, Channel(f"telegram:{old}", True), Channel(f"telegram:{new}", True), at)


def _moved(message: Json, me: Me) -> Moved | None:
    here, at = int(message["chat"]["id"]), float(message.get("date") or 0)
    if new := message.get("migrate_to_chat_id"):
        return moved(me, here, int(new), at)
    if old := message.get("migrate_from_chat_id"):
        return moved(me, int(old), here, at)
    return None


def _question(
    message: Json, key: str, me: Me, catalog: Catalog, edited: bool = False
) -> Question | None:
    """What a message asks. One that was edited may ask nothing any more: that is to be known too,
    but not each step of somebody on the way, who shares where they are.
    """
    if said.is_strange(message, me) or (edited and "location" in message):
        return None
    text = said.question(message, me, catalog)
    if text is None and not edited:
        return None
    return Question(
        text or "",
        key=key,
        channel=channel(message["chat"], message),
        asker=f"telegram:{said.person(message)}",
        message=str(int(message["message_id"])),
        replies_to=said.answered(message, me),
        spoken=spoken(message.get("from") or {}),
        at=float(message.get("edit_date") or message.get("date") or 0),
        repeats=False,
        addressed=text is not None,
    )


def _pressed(query: Json, key: str, me: Me, now: float, catalog: Catalog) -> Tap | Pressed | Dead:
    message, data = query.get("message"), str(query.get("data") or "")
    if not message or not data:
        return Dead(str(query["id"]), spoken(query["from"]))
    chat, number = message["chat"], int(message["message_id"])
    if data.split(" ")[0] in ("menu", "back"):
        shown = message.get("reply_markup")
        return Tap(str(query["id"]), data, int(chat["id"]), number, shown, spoken(query["from"]))
    # a message that is too old comes without its content, dated 1970
    asked = message.get("reply_to_message") or {} if message.get("date") else {}
    asked = {**asked, "chat": chat} if asked else {}
    theirs = bool(asked) and not said.is_strange(asked, me)
    press = Press(
        data,
        key,
        channel(chat, message),
        f"telegram:{int(query['from']['id'])}",
        str(number),
        spoken=spoken(query["from"]),
        at=now,
        question=(said.question(asked, me, catalog, known=True) or "") if theirs else "",
        asked_by=f"telegram:{said.person(asked)}" if theirs else "",
        shown=script_of(message.get("reply_markup")),
        via=ASIDE if chat.get("type") == "channel" else "",
    )
    return Pressed(press, str(query["id"]))


def _member(change: Json, key: str) -> Event | None:
    """The bot came or went, or may write again. Only in a group it greets: in a private chat /start
    does, and in a channel nobody speaks.
    """
    chat, old, new = change["chat"], change["old_chat_member"], change["new_chat_member"]
    before, after = _is_in(old), _is_in(new)
    here, at = channel(chat, {}), float(change.get("date") or 0)
    if before and not after:
        return Left(key, here, at)
    if not _writes(new) or _writes(old):
        return None
    person = change.get("from") or {}
    greets = not before and chat.get("type") in ("group", "supergroup")
    asker = f"telegram:{int(person['id'])}" if person else "telegram:"
    return Joined(key, here, asker, spoken(person), at, greets)


def _is_in(member: Json) -> bool:
    """Whether somebody is in a chat: who is restricted may have gone, and stays restricted."""
    return member.get("status") in _PRESENT and member.get("is_member") is not False


def _writes(member: Json) -> bool:
    """Whether somebody is in a chat, and may write there."""
    rights = (member.get(name) for name in ("can_send_messages", "can_post_messages"))
    return _is_in(member) and not any(right is False for right in rights)
