"""Lines in, replies out: the terminal as a place with one person in it. It decides nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from platform import node
from secrets import token_hex
from typing import TextIO

from aiohttp.web import AbstractRouteDef

from bot import phrases
from bot.chat import Take
from bot.command import parse
from bot.model import Channel, Event, Manner, Notice, Question, Reply
from bot.phrases import tell
from bot.platforms.terminal.lines import put
from bot.platforms.terminal.look import Look
from bot.platforms.terminal.render import render
from corpus.language import Script
from corpus.model import Language


class Terminal:
    """A chat at a terminal, or through a pipe: a line is answered before the next one is read."""

    name = "terminal"
    ready = True

    def __init__(
        self,
        lines: Iterable[str],
        output: TextIO,
        look: Look,
        person: str,
        spoken: Script,
        language: Language | None = None,
        interactive: bool = False,
    ) -> None:
        self._lines = lines
        self._output = output
        self._look = look
        self._person = f"terminal:{person}"
        # On a database that many share, one person's terminal is no other's.
        self.place = Channel(f"terminal:{person}@{node()}")
        self._spoken = spoken
        self._language = language
        self._interactive = interactive
        self._session = token_hex(4)  # a new chat goes on from nothing
        self._count = 0
        self._parted = False

    def routes(self) -> Sequence[AbstractRouteDef]:
        """None."""
        return ()

    async def open(self, take: Take) -> None:
        """It is open."""

    async def run(self, take: Take) -> None:
        """Answer each line until they end or one says to leave.

        Reading holds the loop up: there is nobody else here, and so a Ctrl-C is heard at once.
        """
        if self._interactive:
            await self._say("/start", take)
        for line in self._lines:
            command = parse(line)
            if command is not None and command.verb == "quit":
                return
            if line.strip():
                await self._say(line, take)

    async def stop(self) -> None:
        """The lines end by themselves."""

    async def close(self) -> None:
        """Nothing is held."""

    async def give(self, event: Event, reply: Reply, manner: Manner, answer: str = "") -> str:
        """Print a reply; its message is the number of the line that asked."""
        gap = "\n" if self._parted or (self._interactive and self._count > 1) else ""
        tail = "\n" if self._interactive and self._count > 1 else ""  # the greeting is brief
        put(self._output, gap + render(reply, self._look, hints=self._interactive) + tail)
        self._parted = not self._interactive
        return f"{self._session}-{self._count}"

    async def post(self, channel: Channel, reply: Reply) -> str:
        """Print what nobody asked for."""
        return await self.give(self._question(""), reply, "send")

    async def remove(self, channel: Channel, message: str) -> None:
        """What is printed stays."""
        await self.post(channel, Notice((tell(phrases.STAYS, self._spoken),)))

    async def find(self, name: str) -> Channel | None:
        """There is no place but this one."""
        return self.place if name == self.place.id else None

    async def is_admin(self, channel: Channel, person: str) -> bool:
        """Who sits here may set everything."""
        return True

    async def _say(self, line: str, take: Take) -> None:
        self._count += 1
        await asyncio.gather(*await take([self._question(line)]))

    def _question(self, line: str) -> Question:
        """A line as a question. Nothing delivers it twice, so the same again is asked again."""
        number = f"{self._session}-{self._count}"
        return Question(
            line,
            self._language,
            key=f"terminal:{number}",
            channel=self.place,
            thread=self._session,
            asker=self._person,
            message=number,
            spoken=self._spoken,
            at=time.time(),
        )
