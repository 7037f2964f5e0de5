"""A pressed button and an inline query, from the asker's side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botapi_model import Message, Shape, User

if TYPE_CHECKING:
    from botapi_chat import Chat
    from botapi_world import World


@dataclass(eq=False)
class Press:
    """A button pressed: callback_query, and what the bot answered."""

    id: str
    user: User
    message: Message | None
    data: str
    born: float
    inaccessible: bool = False
    answers: list[Shape] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether the little clock on the button is gone."""
        return bool(self.answers)

    @property
    def text(self) -> str:
        """The words of the notification; empty where there were none."""
        return str(self.answers[-1].get("text", "")) if self.answers else ""

    @property
    def alert(self) -> bool:
        """Whether the words came as a window."""
        return bool(self.answers and self.answers[-1].get("show_alert"))

    def shape(self) -> Shape:
        """A CallbackQuery of the Bot API."""
        body: Shape = {"id": self.id, "from": self.user.shape(), "data": self.data}
        message = self.message
        if message is None:
            return body | {"chat_instance": "0"}
        if message.inline_id:
            return body | {"inline_message_id": message.inline_id, "chat_instance": "0"}
        body["chat_instance"] = str(abs(message.chat.id) * 7919)
        if self.inaccessible or message.deleted:
            chat = message.chat.shape()
            return body | {"message": {"chat": chat, "message_id": message.id, "date": 0}}
        return body | {"message": message.shape()}


@dataclass(eq=False)
class Inline:
    """An inline query, and what the bot answered."""

    world: World
    id: str
    user: User
    query: str
    offset: str
    chat_type: str
    born: float
    results: list[Shape] | None = None
    next_offset: str = ""
    cache_time: int = 300
    personal: bool = False
    button: Shape | None = None
    cached: bool = False
    messages: dict[str, Any] = field(default_factory=dict)  # result id to its checked content

    @property
    def answered(self) -> bool:
        """Whether results have come, even none."""
        return self.results is not None

    @property
    def titles(self) -> list[str]:
        """The titles of the results."""
        return [str(result.get("title", "")) for result in self.results or []]

    def fresh(self, now: float) -> bool:
        """Whether the cached answer still serves."""
        return now < self.born + self.cache_time

    def from_cache(self) -> Inline:
        """The same answer once more, without asking the bot."""
        copy = Inline(**{**self.__dict__, "cached": True})
        self.world.inlines.setdefault(self.id, copy)
        return copy

    def more(self) -> Inline:
        """Scroll to the end: ask for the next page."""
        assert self.next_offset, "there is no next page"
        return self.world.inline(
            self.query, by=self.user, offset=self.next_offset, chat_type=self.chat_type
        )

    def choose(self, index: int, chat: Chat, *, feedback: bool = False) -> Message:
        """Post a result into a chat; with feedback on, the bot hears of it."""
        with self.world.lock:
            result = (self.results or [])[index]
            text, entities, keyboard = self.messages[result["id"]]
            message = chat.post_via_bot(self.user, text, entities, keyboard)
            if feedback:
                chosen = {"result_id": result["id"], "from": self.user.shape(), "query": self.query}
                if message.inline_id:
                    chosen["inline_message_id"] = message.inline_id
                self.world.deliver("chosen_inline_result", chosen, self.user.id)
            return message

    def shape(self) -> Shape:
        """An InlineQuery of the Bot API."""
        return {
            "id": self.id,
            "from": self.user.shape(),
            "query": self.query,
            "offset": self.offset,
            "chat_type": self.chat_type,
        }
