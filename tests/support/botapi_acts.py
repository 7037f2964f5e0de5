"""What people do in a chat: write, edit, forward, press, post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from botapi_html import parse_html
from botapi_model import ANONYMOUS_ADMIN, CHANNEL_BOT, TELEGRAM, Member, Message, Shape, Topic, User
from botapi_queries import Press
from botapi_text import Entity, detect, trimmed

if TYPE_CHECKING:
    from botapi_chat import Chat


def written(text: str, html: bool) -> tuple[str, list[Entity]]:
    """A text as an app sends it, with what Telegram marks in it."""
    if not html:
        return text, detect(text)
    clean, entities, _ = parse_html(text)
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities]
    found = [
        e
        for e in detect(clean)
        if all(e["offset"] >= end or e["offset"] + e["length"] <= start for start, end in taken)
    ]
    return clean, sorted(entities + found, key=lambda e: (e["offset"], -e["length"]))


class Acts:
    """A part of Chat. Every act sends the update that Telegram would send, if it would."""

    def say(
        self,
        text: str = "",
        *,
        by: User | None = None,
        reply_to: Message | None = None,
        topic: Topic | None = None,
        anonymous: bool | None = None,
        as_channel: Chat | None = None,
        html: bool = False,
        origin: Shape | None = None,
        media: Shape | None = None,
        service: Shape | None = None,
        date: float | None = None,
        deliver: bool | None = None,
    ) -> Message:
        """Write a message, or a caption of `media`; `deliver` overrules what the bot may hear."""
        chat = cast("Chat", self)
        with chat.world.lock:
            thread, in_topic = chat.place(reply_to, topic.id if topic else None)
            root = chat.by_id.get(thread) if in_topic and thread else None
            clean, entities = written(text, html)
            clean, entities = trimmed(clean, chat.world.known(entities))
            message = chat.store(
                **self._author(by, anonymous, as_channel),
                text=clean,
                entities=entities,
                reply_to=reply_to or root,  # in a topic everything replies to what opened it
                thread=thread,
                in_topic=in_topic,
                origin=origin,
                media=dict(media or {}),
                service=dict(service or {}),
                date=date,
            )
            self._arrive("channel_post" if chat.kind == "channel" else "message", message, deliver)
            if chat.discussion is not None:
                self._forward_automatically(message)
            return message

    def mention(self, text: str, **how: Any) -> Message:
        """Write with the bot's name in front."""
        return self.say(f"@{cast('Chat', self).world.bot.username} {text}", **how)

    def reply(self, to: Message, text: str, **how: Any) -> Message:
        """Write in reply to a message."""
        return self.say(text, reply_to=to, **how)

    def start(self, payload: str = "", **how: Any) -> Message:
        """Press Start, or open a deep link with a payload."""
        chat = cast("Chat", self)
        if chat.user is not None:
            chat.user.started = True
        return self.say(f"/start {payload}".strip(), **how)

    def forward(self, text: str, *, source: User | Chat | str | None = None, **how: Any) -> Message:
        """Forward a text of a user, of a channel, or (a string) of someone who hides."""
        chat = cast("Chat", self)
        date = int(chat.world.now()) - 3600
        if source is None or isinstance(source, str):
            hidden = source or "Someone"
            origin: Shape = {"type": "hidden_user", "sender_user_name": hidden, "date": date}
        elif isinstance(source, User):
            origin = {"type": "user", "sender_user": source.shape(), "date": date}
        else:
            origin = {"type": "channel", "chat": source.shape(), "message_id": 5, "date": date}
        return self.say(text, origin=origin, **how)

    def edit(
        self, message: Message, text: str, *, html: bool = False, deliver: bool | None = None
    ) -> Message:
        """Edit a message of a user; the same text again is what a loaded preview looks like."""
        chat = cast("Chat", self)
        with chat.world.lock:
            clean, entities = written(text, html)
            message.change(chat.world.now(), clean, chat.world.known(entities))
            kind = "edited_channel_post" if chat.kind == "channel" else "edited_message"
            self._arrive(kind, message, deliver)
            return message

    def delete(self, message: Message) -> None:
        """Delete a message; Telegram tells no bot."""
        message.deleted = True

    def press(
        self,
        text: str = "",
        *,
        by: User | None = None,
        message: Message | None = None,
        data: str | None = None,
        inaccessible: bool = False,
    ) -> Press:
        """Press the button with these words, on the newest message that has one.

        `data` presses what is no longer there; `inaccessible` sends no content of the message.
        """
        chat = cast("Chat", self)
        with chat.world.lock:
            on = message or self._with_button(text)
            if data is None:
                button = on.button(text)
                assert "callback_data" in button, f"{button} sends nothing"
                data = str(button["callback_data"])
            world, presser = chat.world, by or self._someone()
            press = Press(
                world.query_number(), presser, on, data, world.now(), inaccessible=inaccessible
            )
            world.presses[press.id] = press
            world.deliver("callback_query", press.shape(), chat.id)
            return press

    def post_via_bot(self, by: User, text: str, entities: list[Entity], keyboard: Any) -> Message:
        """Write an inline result of the bot."""
        chat = cast("Chat", self)
        world = chat.world
        inline_id = f"inline-{world.query_number()}" if keyboard else None
        message = chat.store(
            **self._author(by, None, None),
            text=text,
            entities=entities,
            keyboard=keyboard,
            via_bot=world.bot,
            inline_id=inline_id,
        )
        if inline_id:
            world.inline_messages[inline_id] = message
        self._arrive("message", message, None)
        return message

    # Parts

    def _with_button(self, text: str) -> Message:
        chat = cast("Chat", self)
        for message in reversed(chat.messages):
            if not message.deleted and any(text in words for words in message.buttons):
                return message
        raise AssertionError(f"no button {text!r} in {chat}")

    def _someone(self) -> User:
        """Who acts when a test does not say."""
        chat = cast("Chat", self)
        if chat.user is not None:
            return chat.user
        for member in chat.members.values():
            if not member.user.is_bot and member.present:
                return member.user
        return chat.world.user()

    def _author(
        self, by: User | None, anonymous: bool | None, as_channel: Chat | None
    ) -> dict[str, Any]:
        chat = cast("Chat", self)
        users = chat.world.users
        if chat.kind == "channel":
            return {"sender_chat": chat}
        if as_channel is not None:
            return {"sender": users[CHANNEL_BOT], "sender_chat": as_channel}
        user = by or self._someone()
        if chat.user is not None:
            chat.user.started = True
            return {"sender": user}
        member = chat.members.setdefault(user.id, Member(user))
        if anonymous if anonymous is not None else member.anonymous:
            return {"sender": users[ANONYMOUS_ADMIN], "sender_chat": chat}
        return {"sender": user}

    def _arrive(self, kind: str, message: Message, deliver: bool | None) -> None:
        chat = cast("Chat", self)
        if chat.hears(message) if deliver is None else deliver:
            chat.world.deliver(kind, message.shape(), chat.id)

    def _forward_automatically(self, post: Message) -> None:
        group = cast("Chat", post.chat.discussion)
        copy = group.store(
            sender=group.world.users[TELEGRAM],
            sender_chat=post.chat,
            text=post.text,
            entities=post.entities,
            automatic=True,
            origin={
                "type": "channel",
                "chat": post.chat.shape(),
                "message_id": post.id,
                "date": int(post.date),
            },
        )
        group._arrive("message", copy, None)
