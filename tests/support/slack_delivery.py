"""Bring what happened to the app, as often as Slack does: once, and three times more unacked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_world import Json

RETRIED = "events_api"  # commands and presses come once only


@dataclass(eq=False)
class Delivery:
    """Something the app is told, when it was sent, and what the app made of it."""

    kind: str  # events_api, slash_commands, interactive
    payload: Json
    sent: list[float] = field(default_factory=list)  # monotonic times, one an attempt
    acked: float = 0.0
    response: Any = None  # what the app answered with the ack
    failures: list[str] = field(default_factory=list)  # one reason an attempt
    over: asyncio.Event = field(default_factory=asyncio.Event)
    user_sees: str = ""  # the error shown to the person who pressed or commanded

    @property
    def ok(self) -> bool:
        """Whether the app has taken it."""
        return self.acked > 0

    @property
    def latency(self) -> float:
        """Seconds from the attempt that was acked to its ack."""
        return self.acked - self.sent[-1]

    @property
    def event(self) -> Json:
        """The event inside, where it is one."""
        found: Json = self.payload.get("event", {})
        return found

    async def done(self, seconds: float = 10.0) -> Delivery:
        """Wait until the app has taken it, or no attempt is left."""
        await asyncio.wait_for(self.over.wait(), seconds)
        return self


class Transport(Protocol):
    """A way to the app."""

    async def attempt(self, delivery: Delivery, number: int, patience: float) -> str:
        """Try once; the empty string where the app acked, else the reason it did not."""


class Courier:
    """Sends deliveries by the transport in use, each in a task of its own."""

    def __init__(self, transport: Transport, answered: Callable[[Delivery], None]) -> None:
        self.transport, self._answered = transport, answered
        self.patience = 3.0  # seconds that Slack waits for an ack
        self.gaps: tuple[float, ...] = (0.0, 60.0, 300.0)  # before each retry
        self.deliveries: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, kind: str, payload: Json) -> Delivery:
        """Send a payload, now and on."""
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        task = asyncio.get_running_loop().create_task(self._carry(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def _carry(self, delivery: Delivery) -> None:
        gaps = (0.0, *self.gaps) if delivery.kind == RETRIED else (0.0,)
        for number, gap in enumerate(gaps):
            if gap:
                await asyncio.sleep(gap)
            delivery.sent.append(time.monotonic())
            failure = await self.transport.attempt(delivery, number, self.patience)
            if not failure:
                delivery.acked = time.monotonic()
                self._answered(delivery)
                break
            delivery.failures.append(failure)
            if failure == "no_retry":
                break
        if not delivery.ok and delivery.kind != RETRIED:
            delivery.user_sees = delivery.failures[-1]
        delivery.over.set()

    @property
    def unsettled(self) -> list[Delivery]:
        """What is still on its way."""
        return [delivery for delivery in self.deliveries if not delivery.over.is_set()]

    async def close(self) -> None:
        """End every attempt."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
