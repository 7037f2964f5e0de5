"""Who comes and goes: members, admins, the bot itself, topics, and a group that moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from botapi_model import GENERAL, Member, Message, Shape, Topic, User

if TYPE_CHECKING:
    from botapi_chat import Chat


class Membership:
    """A part of Chat. Every change sends the updates that Telegram would send."""

    # The bot

    def set_bot(self, status: str, *, by: User | None = None) -> None:
        """Make the bot member, administrator, restricted, left or kicked: my_chat_member."""
        chat = cast("Chat", self)
        with chat.world.lock:
            old, new = chat.bot_member, Member(chat.world.bot, status)
            if chat.user is not None:
                chat.user.blocked = status == "kicked"
            else:
                chat.members[chat.world.bot.id] = new
            self._changed("my_chat_member", old, new, by or chat._someone())

    def add_bot(
        self, *, by: User | None = None, status: str = "member", created: bool = False
    ) -> Message:
        """Add the bot; or create the group with the bot in it. Returns the service message."""
        self.set_bot(status, by=by)
        bot = cast("Chat", self).world.bot
        fields: Shape = {"new_chat_members": [bot.shape()], "new_chat_member": bot.shape()}
        return self.service({"group_chat_created": True} if created else fields, by=by)

    def kick_bot(self, *, by: User | None = None) -> None:
        """Throw the bot out."""
        self.set_bot("kicked", by=by)

    def remove_bot(self, *, by: User | None = None) -> None:
        """Take the bot out; it may be added again."""
        self.set_bot("left", by=by)

    def promote_bot(self, *, by: User | None = None) -> None:
        """Make the bot an admin."""
        self.set_bot("administrator", by=by)

    def restrict_bot(self, *, by: User | None = None) -> None:
        """Let the bot read and not write."""
        self.set_bot("restricted", by=by)

    def block(self) -> None:
        """The user blocks the bot."""
        self.set_bot("kicked")

    def unblock(self) -> None:
        """The user takes the bot back."""
        self.set_bot("member")

    # The others

    def join(self, user: User, *, by: User | None = None) -> Message:
        """A user comes in: chat_member, if the bot asked for it, and a service message."""
        self._set(user, "member", by or user)
        shape = user.shape()
        return self.service({"new_chat_members": [shape], "new_chat_member": shape}, by=by or user)

    def leave(self, user: User) -> Message:
        """A user goes out."""
        self._set(user, "left", user)
        return self.service({"left_chat_member": user.shape()}, by=user)

    def promote(self, user: User, *, anonymous: bool = False) -> None:
        """Make a user an admin, perhaps one that hides behind the group."""
        self._set(user, "administrator", user, anonymous)

    def demote(self, user: User) -> None:
        """Make an admin a member."""
        self._set(user, "member", user)

    def _set(self, user: User, status: str, by: User, anonymous: bool = False) -> None:
        chat = cast("Chat", self)
        with chat.world.lock:
            old = chat.members.get(user.id) or Member(user, "left")
            new = chat.members[user.id] = Member(user, status, anonymous)
            if chat.bot_member.admin:
                self._changed("chat_member", old, new, by)

    def _changed(self, kind: str, old: Member, new: Member, by: User) -> None:
        chat = cast("Chat", self)
        change = {
            "chat": chat.shape(),
            "from": by.shape(),
            "date": int(chat.world.now()),
            "old_chat_member": old.shape(),
            "new_chat_member": new.shape(),
        }
        chat.world.deliver(kind, change, chat.id)

    def service(
        self, fields: Shape, *, by: User | None = None, topic: Topic | None = None
    ) -> Message:
        """A service message of any kind: {"pinned_message": …}."""
        chat = cast("Chat", self)
        return chat.say(by=by, topic=topic, service=fields)

    # Topics

    def add_topic(
        self,
        name: str,
        *,
        by: User | None = None,
        id: int | None = None,  # noqa: A002 the word of the Bot API
    ) -> Topic:
        """Open a topic; what opens it is a message, even one of the bot."""
        chat = cast("Chat", self)
        number = id
        if number is None:
            opened: Shape = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
            message = chat.store(sender=by or chat._someone(), service=opened)
            message.thread, message.in_topic = message.id, True
            chat._arrive("message", message, None)
            number = message.id
        topic = chat.topics[number] = Topic(number, name)
        return topic

    def close_topic(self, topic: Topic | None = None, *, closed: bool = True) -> None:
        """Close a topic or General; admins may still write."""
        found = topic or cast("Chat", self).topics[GENERAL]
        found.closed = closed
        word = "closed" if closed else "reopened"
        self.service({f"forum_topic_{word}": {}}, topic=found)

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic with all that is in it."""
        topic.deleted = True
        for message in cast("Chat", self).messages:
            if message.in_topic and message.thread == topic.id:
                message.deleted = True

    # A basic group becomes a supergroup

    def migrate(
        self, notices: Sequence[str] = ("to", "from"), *, memberships: Sequence[str] = ()
    ) -> Chat:
        """Move to a supergroup with a new id; every write to the old one names it.

        `notices` are the service messages in the order they come: "to" in the old group, "from" in
        the new one; either, both or none. `memberships`: my_chat_member for "old", "new".
        """
        chat = cast("Chat", self)
        with chat.world.lock:
            new = chat.world.supergroup(chat.title, bot=None)
            new.members = {number: Member(m.user, m.status) for number, m in chat.members.items()}
            told: dict[str, Any] = {
                "to": lambda: self._notice(chat, {"migrate_to_chat_id": new.id}),
                "from": lambda: self._notice(new, {"migrate_from_chat_id": chat.id}),
            }
            for notice in notices:
                told[notice]()
            self._move_memberships(new, memberships)
            chat.moved_to = new.id
            return new

    def _move_memberships(self, new: Chat, which: Sequence[str]) -> None:
        chat, bot = cast("Chat", self), cast("Chat", self).world.bot
        by = chat._someone()
        if "old" in which:
            self._changed("my_chat_member", chat.bot_member, Member(bot, "left"), by)
        if "new" in which:
            new._changed("my_chat_member", Member(bot, "left"), new.bot_member, by)

    @staticmethod
    def _notice(chat: Chat, fields: Shape) -> None:
        message = chat.store(sender=chat._someone(), service=fields)
        chat._arrive("message", message, None)

    def destroy(self) -> None:
        """Delete the group: a write to it is Forbidden."""
        cast("Chat", self).destroyed = True
