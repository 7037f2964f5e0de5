"""What a test reads: who sees what, what was called, how fast the app acked; and waiting for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from slack_calls import Call, Warned
from slack_delivery import Delivery
from slack_presses import Presses
from slack_world import Channel, Ephemeral, Message, Team, User, View

Seen = TypeVar("Seen")


class Reading(Presses):
    """Slack as its users, and a test, see it."""

    def messages(
        self, channel: Channel, *, by: User | None = None, thread: Message | str | None = None
    ) -> list[Message]:
        """The messages that stand in a channel, oldest first; of one author, of one thread."""
        ts = thread.ts if isinstance(thread, Message) else thread
        return [
            sent
            for sent in channel.live
            if (by is None or sent.user is by) and (ts is None or ts in (sent.ts, sent.thread_ts))
        ]

    def replies(self, sent: Message, *, by: User | None = None) -> list[Message]:
        """The replies that stand in a message's thread; our bot's unless another is named."""
        author = by or sent.channel.team.bot
        thread = sent.channel.threads.get(sent.thread_ts or sent.ts, [])
        return [reply for reply in thread if not reply.deleted and reply.user is author]

    def said(self, team: Team | None = None) -> list[Message]:
        """Everything our bot has posted, deleted or not, oldest first."""
        channels = [c for c in self.channels.values() if team in (None, c.team)]
        found = [m for c in channels for m in c.messages.values() if m.user is c.team.bot]
        return sorted(found, key=lambda m: m.ts)

    def ephemerals(self, user: User, channel: Channel | None = None) -> list[Ephemeral]:
        """What one person alone sees, oldest first."""
        return [
            shown
            for shown in self.whispers
            if shown.to is user and not shown.deleted and channel in (None, shown.channel)
        ]

    def modal(self, user: User) -> View | None:
        """The modal on top of a user's screen."""
        stack = self.stacks.get(user.id, [])
        return stack[-1] if stack else None

    def home(self, user: User, team: Team | None = None) -> View | None:
        """A user's home tab."""
        return self.homes.get(((team or user.team).id, user.id))

    def calls_of(self, *methods: str) -> list[Call]:
        """The calls of these methods, oldest first."""
        return [call for call in self.calls if call.method in methods]

    def errors(self) -> list[str]:
        """Every call that was refused, as `method: error`."""
        return [f"{call.method}: {call.error}" for call in self.calls if call.error]

    def warned(self, *kinds: str) -> list[Warned]:
        """The warnings of these kinds, or all."""
        return [w for w in self.warnings if not kinds or w.kind in kinds]

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything the app was told, oldest first."""
        return self.courier.deliveries

    def events(self, name: str = "") -> list[Delivery]:
        """The events the app was told, all or of a type."""
        found = [d for d in self.deliveries if d.kind == "events_api"]
        return [d for d in found if name in ("", d.event["type"])]

    def ack_times(self, *kinds: str) -> list[float]:
        """Seconds from sending to ack, of all that was acked."""
        return [d.latency for d in self.deliveries if d.ok and (not kinds or d.kind in kinds)]

    async def until(self, seen: Callable[[], Seen], seconds: float = 5.0) -> Seen:
        """Wait until something is true, and give it; else fail and tell what happened last."""
        limit = time.monotonic() + seconds
        while True:
            found = seen()
            if found:
                return found
            if time.monotonic() > limit:
                raise AssertionError(f"not within {seconds} s; {self.lately()}")
            await asyncio.sleep(0.005)

    async def quiet(self, seconds: float = 0.3) -> None:
        """Wait until all deliveries are over and no call has come for a while."""
        await self.settled()
        while self.calls and time.monotonic() - self.calls[-1].at < seconds:
            await asyncio.sleep(seconds / 5)
        await asyncio.sleep(seconds)

    async def settled(self, seconds: float = 10.0) -> None:
        """Wait until every delivery is acked or given up."""
        await self.until(lambda: not self.courier.unsettled, seconds)

    def lately(self, count: int = 8) -> str:
        """The last calls and deliveries, for a test that fails."""
        calls = [f"{c.method} → {c.error or 'ok'}" for c in self.calls[-count:]]
        told = [
            f"{d.kind} {d.event.get('type', '')} {'acked' if d.ok else d.failures or 'on its way'}"
            for d in self.deliveries[-count:]
        ]
        return (
            f"calls: {calls}; told: {told}; not told: {[r for r, _ in self.undelivered[-count:]]}"
        )

    def pass_time(self, seconds: float) -> None:
        """Put Slack's clock ahead: trigger_ids and response_urls grow old."""
        self.ids.skew += seconds
