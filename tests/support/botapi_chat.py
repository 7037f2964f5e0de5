"""A chat of any kind: what is in it, who is in it, and whom the bot hears there."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from botapi_acts import Acts
from botapi_membership import Membership
from botapi_model import GENERAL, Action, Member, Message, Shape, Topic, User
from botapi_text import cut

if TYPE_CHECKING:
    from botapi_world import World


class Chat(Acts, Membership):
    """A private chat, a basic group, a supergroup (a forum, too) or a channel."""

    def __init__(
        self,
        world: World,
        id: int,  # noqa: A002 the word of the Bot API
        kind: str,
        *,
        title: str = "",
        user: User | None = None,
        is_forum: bool = False,
        username: str | None = None,
    ) -> None:
        self.world, self.id, self.kind, self.title, self.user = world, id, kind, title, user
        self.is_forum, self.username = is_forum, username
        self.members: dict[int, Member] = {}
        self.topics: dict[int, Topic] = {}
        self.messages: list[Message] = []
        self.by_id: dict[int, Message] = {}
        self.moved_to: int | None = None
        self.discussion: Chat | None = None
        self.destroyed = False
        self._numbers = itertools.count(2)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.id} {self.title or (self.user and self.user.first_name)}>"

    def shape(self) -> Shape:
        """A Chat of the Bot API."""
        body: Shape = {"id": self.id, "type": self.kind}
        if self.user is not None:
            body["first_name"] = self.user.first_name
            if self.user.username:
                body["username"] = self.user.username
            return body
        body["title"] = self.title
        if self.username:
            body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body

    # Who is in it

    @property
    def bot_member(self) -> Member:
        """What the bot is here."""
        if self.user is not None:
            return Member(self.world.bot, "kicked" if self.user.blocked else "member")
        return self.members.get(self.world.bot.id) or Member(self.world.bot, "left")

    def hears(self, message: Message) -> bool:
        """Whether Telegram shows the bot this message."""
        if self.user is not None:
            return not self.user.blocked and message.sender is not self.world.bot
        member, sender = self.bot_member, message.sender
        if not member.present or self.moved_to or (self.kind == "channel" and not member.admin):
            return False
        if sender is not None and sender.is_bot and message.sender_chat is None:
            return False  # bots do not see one another
        if message.service or member.admin or not self.world.privacy:
            return True
        return self._addressed(message)

    def _addressed(self, message: Message) -> bool:
        """Whether a message is meant for the bot, as privacy mode reads it."""
        bot, to = self.world.bot, message.reply_to
        if message.via_bot is bot or (to is not None and to.sender is bot and not to.service):
            return True
        name = f"@{bot.username}".lower()
        for entity in message.entities:
            words = cut(message.text, entity).lower()
            if entity["type"] == "bot_command" and ("@" not in words or words.endswith(name)):
                return True
            named = entity.get("user", {}).get("id") == bot.id
            if named or (entity["type"] == "mention" and words == name):
                return self.world.mentions_pass_privacy
        return False

    # What is in it

    def place(self, reply_to: Message | None, topic: int | None) -> tuple[int | None, bool]:
        """message_thread_id and is_topic_message of a message to come.

        A reply outside of topics has the id of its chain's first message, to which nothing may be
        sent; in General, too.
        """
        if topic is None and reply_to is not None and reply_to.in_topic:
            topic = reply_to.thread
        if topic is not None and topic != GENERAL:
            return topic, True
        if reply_to is None or self.kind != "supergroup":
            return None, False
        return reply_to.thread or reply_to.id, False

    def store(self, **fields: Any) -> Message:
        """Keep a new message; the next number of this chat is its id."""
        small = self.kind in ("private", "group")
        number = self.world.message_number() if small else next(self._numbers)
        date = fields.pop("date", None) or self.world.now()
        message = Message(self, number, date, **fields)
        self.messages.append(message)
        self.by_id[number] = message
        if message.ours:
            self.world.sent.append(message)
        return message

    @property
    def said(self) -> list[Message]:
        """What the bot has written here, in order, without what is deleted."""
        return [message for message in self.messages if message.ours and not message.deleted]

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        said = self.said
        assert said, f"the bot has written nothing in {self}"
        return said[-1]

    @property
    def texts(self) -> list[str]:
        """The texts of the bot's messages, as they stand now."""
        return [message.text for message in self.said]

    @property
    def actions(self) -> list[Action]:
        """Every "typing…" shown here."""
        return [action for action in self.world.actions if action.chat is self]

    def answers_to(self, message: Message) -> list[Message]:
        """What the bot has written in reply to a message."""
        return [said for said in self.said if said.reply_to is message]
