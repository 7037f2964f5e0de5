"""A server on a port of its own while it is entered; each connection is a task that it ends."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import Self

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Listener:
    """Listens on 127.0.0.1; what a connection gets is `_attend`'s to say."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        """With a context it speaks TLS."""
        self.port = 0
        self._context = context
        self._open: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> tuple[str, int]:
        """Where it is."""
        return "127.0.0.1", self.port

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._attend(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError


class Front(Listener):
    """The https door of a plain server."""

    def __init__(self, context: ssl.SSLContext, behind: tuple[str, int]) -> None:
        super().__init__(context)
        self._behind = behind

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError):
                await join((reader, writer), await asyncio.open_connection(*self._behind))
        finally:
            await close(writer)


async def join(here: Ends, there: Ends) -> None:
    """Carry bytes both ways until either end is done."""
    tasks = [
        asyncio.ensure_future(_carry(here[0], there[1])),
        asyncio.ensure_future(_carry(there[0], here[1])),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        there[1].close()  # before any wait, which the listener's end may cut off
        await asyncio.gather(*tasks, return_exceptions=True)
        await close(there[1])


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def close(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whatever the other end does."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
