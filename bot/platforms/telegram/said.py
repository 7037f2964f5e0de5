"""What a message says to the bot: its text without the bot's name, and whether it is for the bot.
Pure, on messages as Telegram sends them.

Telegram marks neither `@bot这` nor `/ask这` where Chinese follows without a blank, so names and
commands are read from the text itself.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from bot.command import parse, question_in, uncalled
from bot.pointing import points, together
from corpus.record import record

Json = Mapping[str, Any]

ANONYMOUS_ADMIN = 1087968824  # writes for admins who hide behind the group
CHANNEL_BOT = 136817688  # writes for those who speak as a channel
_HIDING = (ANONYMOUS_ADMIN, CHANNEL_BOT)
# What a person sends that has no words of its own, to be told what is read instead.
_WORDLESS = (
    *("photo", "sticker", "voice", "video", "video_note", "audio", "document", "animation"),
    *("paid_media", "story", "poll", "checklist", "contact", "location", "venue"),
    *("dice", "game", "invoice", "giveaway"),
)
_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@([A-Za-z0-9_]+))?(?![A-Za-z0-9_@/])")
_PAYLOAD = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*")
_ASK, _OPEN = "ask_", "open_"
_PAGES = ("help", "settings", "topics", "privacy")


@record
class Catalog:
    """The catalog, as far as it is asked while a message is read: whether an id is an entry's, and
    whether words by themselves find one.
    """

    is_entry: Callable[[str], bool]
    finds: Callable[[str], bool] = lambda _: True


@record
class Me:
    """The bot itself."""

    id: int
    username: str

    @property
    def name(self) -> re.Pattern[str]:
        """Where the bot is called by its name; Chinese before it needs no blank, nor behind it."""
        return _called(self.username)


@lru_cache(maxsize=8)
def _called(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9_@/])@{re.escape(name)}(?![A-Za-z0-9_])", re.IGNORECASE)


def person(message: Json) -> int:
    """Who wrote a message: the group itself, or a channel, for those who hide behind it."""
    sender = message.get("from") or {}
    if sender.get("id") in _HIDING or not sender:
        return int((message.get("sender_chat") or {}).get("id", 0))
    return int(sender.get("id", 0))


def is_strange(message: Json, me: Me) -> bool:
    """Whether a message is nobody's question: of another bot or a channel, or a result of ours."""
    sender = message.get("from") or {}
    bot = sender.get("is_bot") and sender.get("id") not in _HIDING
    ours = (message.get("via_bot") or {}).get("id") == me.id
    forwarded = message.get("is_automatic_forward")
    channel = (message.get("chat") or {}).get("type") == "channel"
    return bool(bot or ours or forwarded or channel or not person(message))


def question(message: Json, me: Me, catalog: Catalog, known: bool = False) -> str | None:
    """The words of a message for the bot; None where it is for others, unless it is `known`."""
    text = _text(message)
    if not text and not _is_wordless(message):
        return None
    named = _COMMAND.match(text)
    if named and named[2] and named[2].lower() != me.username.lower():
        return None  # another bot's command
    private = (message.get("chat") or {}).get("type") == "private"
    if not (known or private or _is_addressed(message, text, me, named)):
        return None
    if found := _PAYLOAD.fullmatch(text):
        return opened(found[1], catalog.is_entry)
    if named:
        text = f"/{named[1]} {text[named.end() :].strip()}".strip()
    said = me.name.sub(" ", text).strip()
    said = uncalled(said) if me.name.match(text) else said
    if (quoted := _quoted(message, me)) and points(said, catalog.finds):
        return together(said, quoted)
    return (said or ("/ask" if text else "")) + _hidden(message)


def answered(message: Json, me: Me) -> str:
    """The bot's message that a message replies to; what opened a topic is none."""
    to = message.get("reply_to_message") or {}
    if (to.get("from") or {}).get("id") != me.id or "forum_topic_created" in to:
        return ""
    return str(int(to["message_id"]))


def opened(payload: str, is_entry: Callable[[str], bool]) -> str:
    """What a deep link says: a question, an entry, a page, else the greeting. No other command: a
    link is somebody else's, and one tap on it must not forget or set anything.
    """
    if payload.startswith(_ASK):
        coded = payload.removeprefix(_ASK)
        try:
            asked = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
        except (binascii.Error, ValueError):
            return "/start"
        told = parse(asked)
        return asked.strip() if told is None or question_in(told) else "/start"
    name = payload.removeprefix(_OPEN)
    if is_entry(name):
        return f"/open {name}"
    return f"/{payload}" if payload in _PAGES else "/start"


def payload(asked: str) -> str:
    """A deep link's word that asks a question, where it is short enough to fit."""
    coded = _ASK + base64.urlsafe_b64encode(asked.encode(errors="replace")).decode().rstrip("=")
    return coded if asked and len(coded) <= 64 else "help"


def _is_addressed(message: Json, text: str, me: Me, named: re.Match[str] | None) -> bool:
    """Whether a message in a group is for the bot."""
    if answered(message, me) or (named and named[2]) or me.name.search(text):
        return True
    if any((entity.get("user") or {}).get("id") == me.id for entity in _entities(message)):
        return True
    command = parse(f"/{named[1]}" if named else text) if text.startswith(("/", "／")) else None
    return command is not None and command.verb != "unknown"


def _text(message: Json) -> str:
    return _whole(message.get("text") or message.get("caption") or "")


def _whole(text: object) -> str:
    """A text without halves of surrogates, which can neither be kept nor sent."""
    return str(text).encode("utf-8", "replace").decode().strip()


def _entities(message: Json) -> list[Json]:
    found = message.get("entities") or message.get("caption_entities") or []
    return [entity for entity in found if isinstance(entity, Mapping)]


def _is_wordless(message: Json) -> bool:
    """Whether a message has content, but no words; of an album only the words count."""
    if "media_group_id" in message:
        return False
    return any(kind in message for kind in _WORDLESS)


def _quoted(message: Json, me: Me) -> str:
    """The words of somebody else that a message points at, with nothing added but our name: the
    part that was quoted, which is all that comes of a message in another chat.
    """
    to, quote = message.get("reply_to_message") or {}, message.get("quote") or {}
    if answered(message, me) and not quote.get("is_manual"):
        return ""
    words = "" if quote.get("is_manual") else _text(to) + _hidden(to)
    return words or _whole(quote.get("text") or "")


def _hidden(message: Json) -> str:
    """Addresses that stand behind words."""
    urls = [str(entity.get("url") or "") for entity in _entities(message)]
    return "".join(f" {url}" for url in urls if url)
