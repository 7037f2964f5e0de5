"""What a platform is to the bot: a place to take events from and to give replies to."""

from __future__ import annotations

from asyncio import Task
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from bot.model import Channel, Event, Manner, Reply

if TYPE_CHECKING:
    from aiohttp.web import AbstractRouteDef

# Writes events down. When it returns, they are ours, and the platform may be told "received"; the
# tasks are the work on those that were new.
Take = Callable[[Sequence[Event]], Awaitable[Sequence[Task[None]]]]


class DeliveryError(Exception):
    """A platform did not take a message. A permanent one would not take it later either; with
    `after` it was not sent, and may be given once more after so many seconds. What the operator
    alone can mend, such as a token or a right that is missing, is `mendable`.
    """

    def __init__(
        self,
        channel: str,
        reason: str,
        permanent: bool = False,
        after: float | None = None,
        mendable: bool = False,
    ) -> None:
        super().__init__(f"{channel}: {reason}")
        self.channel = channel
        self.reason = reason
        self.permanent = permanent
        self.after = after
        self.mendable = mendable


class Platform(Protocol):
    """One chat platform, connected. `name` is the first part of its channels' ids."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether events come in: what /readyz tells."""
        ...

    def routes(self) -> Sequence[AbstractRouteDef]:
        """What it needs on the HTTP surface; nothing where it connects by itself."""
        ...

    async def open(self, take: Take) -> None:
        """Be able to post, without taking events in; what shows while posting goes to `take`."""
        ...

    async def run(self, take: Take) -> None:
        """Take events in until `stop`. SettingsError where the platform rejects what was set."""
        ...

    async def stop(self) -> None:
        """Take no more events in; those that were taken are still answered."""
        ...

    async def close(self) -> None:
        """Let go of the platform, when everything is answered."""
        ...

    async def give(self, event: Event, reply: Reply, manner: Manner, answer: str = "") -> str:
        """Give the reply to an event, as one message; the message's id.

        `answer` is the message to change, where the manner is "edit". DeliveryError where the
        platform refuses for good, or still does after patience.
        """
        ...

    async def remove(self, channel: Channel, message: str) -> None:
        """Take one of the bot's messages away."""
        ...

    async def post(self, channel: Channel, reply: Reply) -> str:
        """Say something that nobody asked for; the message's id."""
        ...

    async def find(self, name: str) -> Channel | None:
        """A place by its id or its public name, where the bot may post; None where it may not."""
        ...

    async def is_admin(self, channel: Channel, person: str) -> bool:
        """Whether a person may set things for a place."""
        ...
