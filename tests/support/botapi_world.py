"""The world that the bot lives in: people, chats, a clock, and what was noticed on the way."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable
from typing import Any

from botapi_chat import Chat
from botapi_model import (
    ANONYMOUS_ADMIN,
    CHANNEL_BOT,
    GENERAL,
    TELEGRAM,
    Action,
    Member,
    Message,
    User,
)
from botapi_queries import Inline, Press
from botapi_text import Entity
from botapi_updates import Updates

TOKEN = "123456789:AAtestTESTtestTESTtestTESTtestTEST-_0"  # of the form of a token; of no bot
QUERY_SECONDS = 15.0
INLINE_SECONDS = 10.0


class World:
    """People, chats and the bot among them. Its methods may be called from any thread."""

    def __init__(
        self, *, token: str = TOKEN, username: str = "mlinfra_bot", privacy: bool = True
    ) -> None:
        self.token, self.privacy = token, privacy
        self.lock = threading.RLock()
        self.shift = 0.0
        self.bot = User(int(token.partition(":")[0]), "ML infra", username, is_bot=True)
        self.inline_mode = True
        self.mentions_pass_privacy = True  # reports differ on whether they do
        self.updates = Updates(self.now)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.inlines: dict[str, Inline] = {}
        self.inline_cache: dict[tuple[Any, ...], Inline] = {}
        self.inline_messages: dict[str, Message] = {}
        self.sent: list[Message] = []  # by the bot, in order, over all chats
        self.actions: list[Action] = []
        self.warnings: list[str] = []  # what Telegram drops without a word
        self.settings: dict[tuple[str, ...], Any] = {}  # commands, names, descriptions, menus
        self.press_seconds, self.inline_seconds = QUERY_SECONDS, INLINE_SECONDS
        self._counts = {"user": itertools.count(1001), "chat": itertools.count(1)}
        self._messages, self._queries = itertools.count(11), itertools.count(7_000_000_001)
        for number, name, username in (
            (ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot"),
            (CHANNEL_BOT, "Channel", "Channel_Bot"),
        ):
            self.users[number] = User(number, name, username, is_bot=True)
        self.users[TELEGRAM] = User(TELEGRAM, "Telegram")

    # The clock

    def now(self) -> float:
        """The time in this world, in seconds."""
        return time.time() + self.shift

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.shift += seconds

    # People and chats

    def user(
        self,
        first_name: str = "Ann",
        *,
        language: str | None = "en",
        username: str | None = None,
        is_bot: bool = False,
        id: int | None = None,  # noqa: A002 the word of the Bot API
    ) -> User:
        """A new user; a username is made of the name."""
        number = id or next(self._counts["user"])
        name = username or f"{first_name.lower()}_{number}"
        ready = name if name.isascii() else f"user_{number}"
        person = User(number, first_name, ready, None if is_bot else language, is_bot)
        self.users[number] = person
        return person

    def private(self, user: User | None = None, *, started: bool = True) -> Chat:
        """The chat of the bot with a user; not started, the bot may not write first."""
        person = user or self.user()
        person.started = person.started or started
        if person.id not in self.chats:
            self.chats[person.id] = Chat(self, person.id, "private", user=person)
        return self.chats[person.id]

    def group(self, title: str = "Group", **members: Any) -> Chat:
        """A basic group; members, admins and `bot`, the bot's status, as for `supergroup`."""
        return self._chat("group", title, **members)

    def supergroup(self, title: str = "Supergroup", **members: Any) -> Chat:
        """A supergroup with members and admins; `bot` is the status of the bot in it, or None."""
        return self._chat("supergroup", title, **members)

    def forum(self, title: str = "Forum", **members: Any) -> Chat:
        """A supergroup with topics; General is there from the start."""
        return self._chat("supergroup", title, forum=True, **members)

    def channel(self, title: str = "Channel", *, group: Chat | None = None, **members: Any) -> Chat:
        """A channel; posts are forwarded into its discussion group, if it has one."""
        chat = self._chat("channel", title, **{"bot": "administrator", **members})
        chat.discussion = group
        return chat

    def _chat(
        self,
        kind: str,
        title: str,
        *,
        members: Iterable[User] = (),
        admins: Iterable[User] = (),
        anonymous: Iterable[User] = (),
        bot: str | None = "member",
        forum: bool = False,
        username: str | None = None,
    ) -> Chat:
        number = next(self._counts["chat"]) + 4_000_000
        chat_id = -number if kind == "group" else -1_000_000_000_000 - number
        chat = Chat(self, chat_id, kind, title=title, is_forum=forum, username=username)
        every = [(user, "member", False) for user in members]
        every += [(user, "administrator", False) for user in admins]
        every += [(user, "administrator", True) for user in anonymous]
        for user, status, hidden in every:
            chat.members[user.id] = Member(user, status, hidden)
        if bot:
            chat.members[self.bot.id] = Member(self.bot, bot)
        if forum:
            chat.add_topic("General", id=GENERAL)
        self.chats[chat_id] = chat
        return chat

    # What the server and the chats use

    def message_number(self) -> int:
        """The next id of a message in a private chat or a basic group: they share one count."""
        return next(self._messages)

    def query_number(self) -> str:
        """The next id of a callback query or an inline query."""
        return str(next(self._queries))

    def deliver(self, kind: str, payload: Any, key: int = 0) -> None:
        """Send the bot an update."""
        self.updates.add(kind, payload, key)

    def warn(self, texts: Iterable[str]) -> None:
        """Keep what Telegram would drop silently, for a test to see."""
        self.warnings += texts

    def known(self, entities: list[Entity]) -> list[Entity]:
        """Entities with the users whom they mention by id; a mention of nobody goes."""
        found = []
        for entity in entities:
            if "user_id" in entity:
                user = self.users.get(entity["user_id"])
                if user is None:
                    continue
                entity = {k: v for k, v in entity.items() if k != "user_id"}
                entity["user"] = user.shape()
            found.append(entity)
        return found

    # Reading and driving what belongs to no chat

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.updates.pending)

    def inline(
        self, query: str, *, by: User, offset: str = "", chat_type: str = "sender"
    ) -> Inline:
        """Ask inline; an answer that Telegram has cached comes from the cache."""
        with self.lock:
            for key in ((query, offset, None), (query, offset, by.id)):
                old = self.inline_cache.get(key)
                if old is not None and old.fresh(self.now()):
                    return old.from_cache()
            asked = Inline(self, self.query_number(), by, query, offset, chat_type, self.now())
            self.inlines[asked.id] = asked
            self.deliver("inline_query", asked.shape(), by.id)
            return asked

    def unknown_update(self, kind: str = "of_tomorrow", payload: Any = None) -> None:
        """Send an update of a kind that no library knows yet."""
        self.deliver(kind, payload if payload is not None else {"id": 1}, 0)

    def repeat(self, times: int = 1) -> None:
        """Deliver the oldest unconfirmed update again."""
        for _ in range(times):
            self.updates.again(self.updates.pending[0])

    def commands(self, scope: str = "default", language: str = "", *ids: int) -> dict[str, str]:
        """The menu that was set for a scope and a language: command to description."""
        stored = self.settings.get(("commands", scope, *map(str, ids), language), [])
        return {entry["command"]: entry["description"] for entry in stored}

    def told(self, what: str, language: str = "") -> str:
        """What was set by setMyName, setMyDescription, setMyShortDescription: name, …"""
        return str(self.settings.get((what, language), ""))
