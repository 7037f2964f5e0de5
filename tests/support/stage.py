"""A platform for the tests of the service: what a real adapter does, without a network."""

from __future__ import annotations

import asyncio
import itertools

from bot.chat import DeliveryError
from bot.inbox import Inbox
from bot.limits import Limits
from bot.model import Channel, Press, Question
from bot.service import Service


class Stage:
    """A platform that keeps its messages: id -> (channel, reply), in the order they came."""

    ready = True

    def __init__(self, name="stage"):
        self.name = name
        self.messages = {}
        self.private = []  # (person, reply)
        self.removed = []
        self.admins = set()
        self.places = set()  # that can be named from elsewhere
        self.fails = []  # errors to raise, one a message
        self.refusals = {}  # channel -> errors to raise, one a post
        self.refused = 0
        self.seconds = 0.0  # that a send takes
        self.once_posted = None  # what happens when a post stands, before we hear of it
        self._numbers = itertools.count(1)

    def routes(self):
        return ()

    async def open(self, take):
        pass

    async def run(self, take):
        await asyncio.Event().wait()

    async def stop(self):
        pass

    async def close(self):
        pass

    async def give(self, event, reply, manner, answer=""):
        await asyncio.sleep(self.seconds)
        if self.fails:
            raise self.fails.pop(0)
        if manner == "private":
            self.private.append((event.asker, reply))
            return ""
        number = answer if manner == "edit" and answer else str(next(self._numbers))
        self.messages[number] = (event.channel, reply)
        return number

    def refuse(self, channel, reason, permanent=False, times=1):
        """Take no posts to a channel, so many times."""
        self.refusals[channel] = [DeliveryError(channel, reason, permanent)] * times

    async def post(self, channel, reply):
        await asyncio.sleep(self.seconds)
        if self.refusals.get(channel.id):
            self.refused += 1
            raise self.refusals[channel.id].pop()
        number = str(next(self._numbers))
        self.messages[number] = (channel, reply)
        if self.once_posted:
            await self.once_posted()
        return number

    async def remove(self, channel, message):
        self.removed.append(message)
        self.messages.pop(message, None)

    async def find(self, name):
        return Channel(name, True) if name in self.places else None

    async def is_admin(self, channel, person):
        return person in self.admins

    @property
    def replies(self):
        """All replies that stand."""
        return [reply for _, reply in self.messages.values()]


class House:
    """A service with a stage, on a database; people say things in it."""

    def __init__(
        self,
        database,
        current,
        clock,
        life,
        pending,
        per_minute=1000,
        operator=None,
        curators=(),
        stage=None,
    ):
        self.stage = stage or Stage()
        self.inbox = Inbox(database, life, pending, clock)
        self.service = Service(
            self.inbox,
            current,
            {"stage": self.stage},
            Limits(per_minute),
            operator,
            clock,
            curators,
        )
        self._clock = clock
        self._numbers = itertools.count(1)

    async def open(self, alone=True):
        await self.inbox.open(["stage"], alone)
        return self

    async def say(self, text, person="ann", place="stage:1", shared=False, **more):
        """A line said, and worked through; the reply to it, None where there is none."""
        return await self.take(self.line(text, person, place, shared, **more))

    def line(self, text, person="ann", place="stage:1", shared=False, **more):
        """A line as an event."""
        number = next(self._numbers)
        values = {"key": f"stage:{number}", "message": f"q{number}", "repeats": False}
        values |= {"at": self._clock(), "asker": f"stage:{person}", **more}
        return Question(text, channel=Channel(place, shared), **values)

    async def press(self, line, message, person="ann", place="stage:1", shared=False, **more):
        """A button pressed."""
        key = f"stage:p{next(self._numbers)}"
        values = {"at": self._clock(), **more}
        event = Press(line, key, Channel(place, shared), f"stage:{person}", message, **values)
        return await self.take(event)

    async def take(self, *events):
        """Events taken in and worked through; the last reply that came of them."""
        before = dict(self.stage.messages), len(self.stage.private)
        tasks = await self.service.take(events)
        if tasks:
            await asyncio.wait(tasks)
        if len(self.stage.private) > before[1]:
            return self.stage.private[-1][1]
        new = [
            reply
            for number, (_, reply) in self.stage.messages.items()
            if before[0].get(number, (None, None))[1] is not reply
        ]
        return new[-1] if new else None


__all__ = ["DeliveryError", "House", "Stage"]
