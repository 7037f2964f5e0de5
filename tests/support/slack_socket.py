"""Socket Mode: hello, envelopes to connections in turn, acks, and the ways Slack disconnects."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web
from slack_delivery import Delivery
from slack_world import Json

MOST_CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    """One socket of the app."""

    number: int
    ws: web.WebSocketResponse
    opened: float = field(default_factory=time.monotonic)
    closed: float = 0.0
    leaving: bool = False  # told to go: Slack prefers the others
    frozen: bool = False  # the line is dead: nothing is heard, nothing sent
    sent: int = 0
    acks: int = 0
    pings: int = 0


@dataclass
class Sockets:
    """All sockets of the app; also a transport of deliveries."""

    app_id: str
    connections: list[Connection] = field(default_factory=list)  # closed ones too
    stray: list[str] = field(default_factory=list)  # messages that are no ack
    late: list[tuple[str, float]] = field(default_factory=list)  # acks after the time was up
    tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _turn: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> list[Connection]:
        """The connections that stand."""
        return [c for c in self.connections if not c.closed and not c.ws.closed]

    def ticket(self) -> str:
        """A new ticket: it opens one socket."""
        ticket = uuid.uuid4().hex
        self.tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer an app that comes with a ticket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=404)
        self.tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        if len(self.open) >= MOST_CONNECTIONS:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        connection = Connection(len(self.connections) + 1, ws)
        self.connections.append(connection)
        await ws.send_json(self._hello())
        self._arrived.set()
        try:
            await self._read(connection)
        except ConnectionError:
            pass  # the app has gone while it was answered
        finally:
            connection.closed = time.monotonic()
        return ws

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self.app_id},
            "debug_info": self._debug() | {"approximate_connection_time": 18060},
        }

    def _debug(self) -> Json:
        return {"host": "applink-test", "build_number": 1}

    async def _read(self, connection: Connection) -> None:
        async for message in connection.ws:
            if connection.frozen:
                continue
            if message.type is WSMsgType.PING:
                connection.pings += 1
                await connection.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._ack(connection, message.data)

    def _ack(self, connection: Connection, text: str) -> None:
        try:
            ack = json.loads(text)
            name = ack["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self.stray.append(text)
            return
        connection.acks += 1
        waiting = self._waiting.get(name)
        if waiting is None or waiting.done():
            self.late.append((name, time.monotonic()))
        else:
            waiting.set_result(ack)

    async def attempt(self, delivery: Delivery, number: int, patience: float) -> str:
        """Send an envelope on the next connection and wait for its ack.

        With no connection an event waits for one (Slack would try again minutes later); a command
        or a press fails at once.
        """
        if not self.open and delivery.kind != "events_api":
            return "dispatch_failed"
        connection = await self._next()
        delivery.sent[-1] = time.monotonic()
        waiting = asyncio.get_running_loop().create_future()
        name = str(uuid.uuid4())
        self._waiting[name] = waiting
        try:
            if not connection.frozen:
                await connection.ws.send_str(json.dumps(self._envelope(name, delivery, number)))
            connection.sent += 1
            ack = await asyncio.wait_for(waiting, patience)
        except TimeoutError:
            return "timeout" if delivery.kind == "events_api" else "operation_timeout"
        except ConnectionError:
            return "connection_failed"
        finally:
            del self._waiting[name]
        delivery.response = ack.get("payload")
        return ""

    def _envelope(self, name: str, delivery: Delivery, number: int) -> Json:
        envelope: Json = {
            "envelope_id": name,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope["retry_attempt"] = number
            envelope["retry_reason"] = delivery.failures[-1] if number else ""
        return envelope

    async def _next(self) -> Connection:
        while not self.open:
            self._arrived.clear()
            await self._arrived.wait()
        ready = [c for c in self.open if not c.leaving] or self.open
        self._turn += 1
        return ready[self._turn % len(ready)]

    async def connected(self, count: int = 1, seconds: float = 10.0) -> None:
        """Wait until so many connections stand."""
        async with asyncio.timeout(seconds):
            while len(self.open) < count:
                await asyncio.sleep(0.01)

    async def disconnect(
        self,
        reason: str = "refresh_requested",
        *,
        which: Connection | None = None,
        grace: float = 0.5,
    ) -> None:
        """Tell an app to go (warning, refresh_requested, link_disabled); close after a grace.

        A warning says that the connection will close in a while; Slack sends it about ten seconds
        ahead. Without `which`, every open connection is told.
        """
        told = [which] if which else self.open
        for connection in told:
            connection.leaving = True
            message = {"type": "disconnect", "reason": reason, "debug_info": self._debug()}
            await connection.ws.send_json(message)
        await asyncio.sleep(grace)
        for connection in told:
            await connection.ws.close()

    async def cut(self, which: Connection | None = None) -> None:
        """Drop connections without a word, as a failing network does."""
        for connection in [which] if which else self.open:
            transport = connection.ws._req and connection.ws._req.transport
            if transport:
                transport.abort()
            connection.closed = time.monotonic()

    async def close(self) -> None:
        """Close every connection."""
        for connection in self.open:
            connection.frozen = False
            await connection.ws.close()
