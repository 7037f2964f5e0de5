"""A company's way out, for tests: an HTTP proxy and a SOCKS5 one, which note what passes through.

`routes` says where a name really is. A test asks for a name that nobody else can look up, such as
`api.telegram.test`, so that the direct way is closed: an answer proves the proxy.

    async with HttpProxy({"api.telegram.test:443": server.address}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        …
    assert proxy.passed == ["CONNECT api.telegram.test:443"]
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from listener import Ends, Listener, close, join

Address = tuple[str, int]
_SUCCEEDED, _REFUSED = 0, 5


class _Proxy(Listener):
    """Listens on a port of its own while it is entered; `passed` has a line for each connection."""

    scheme = ""

    def __init__(self, routes: Mapping[str, Address] | None = None, login: str = "") -> None:
        """`login` is the USER:PASSWORD it asks for; without routes it goes where it is told."""
        super().__init__()
        self.passed: list[str] = []
        self.refused: list[str] = []
        self.login = login
        self._routes = routes

    @property
    def url(self) -> str:
        """What HTTPS_PROXY is set to."""
        login = f"{quote(self.login, safe=':')}@" if self.login else ""
        return f"{self.scheme}://{login}127.0.0.1:{self.port}"

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Who goes away in the middle is no fault of the proxy.
        try:
            with contextlib.suppress(OSError, EOFError, ValueError):
                await self._serve(reader, writer)
        finally:
            await close(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    async def _reach(self, place: str) -> Ends | None:
        """The other end of a HOST:PORT; None where no route leads there."""
        host, _, port = place.rpartition(":")
        where = (host.strip("[]"), int(port)) if self._routes is None else self._routes.get(place)
        if where is None:
            self.refused.append(place)
            return None
        return await asyncio.open_connection(*where)


class HttpProxy(_Proxy):
    """Opens tunnels (CONNECT), and passes on requests for http:// addresses."""

    scheme = "http"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *fields = head.removesuffix("\r\n\r\n").split("\r\n")
        method, target, version = first.split(" ")
        if not self._may_pass(fields):
            self.refused.append(f"{method} {target}")
            return await _say(writer, "407 Proxy Authentication Required")
        parts = urlsplit(target)
        place = target if method == "CONNECT" else f"{parts.hostname}:{parts.port or 80}"
        there = await self._reach(place)
        if there is None:
            return await _say(writer, "502 Bad Gateway")
        self.passed.append(f"{method} {target}")
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:  # one request a connection, so that each is noted
            path = parts._replace(scheme="", netloc="").geturl() or "/"
            kept = [field for field in fields if not _is_ours(field)]
            lines = [f"{method} {path} {version}", *kept, "Connection: close", "", ""]
            there[1].write("\r\n".join(lines).encode("latin-1"))
        return await join((reader, writer), there)

    def _may_pass(self, fields: list[str]) -> bool:
        shown = base64.b64encode(self.login.encode()).decode()
        return not self.login or f"proxy-authorization: basic {shown}".lower() in [
            field.lower() for field in fields
        ]


class SocksProxy(_Proxy):
    """SOCKS5 (RFC 1928), which is told names as names; USER:PASSWORD as in RFC 1929."""

    scheme = "socks5"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        offered = await reader.readexactly(methods)
        wanted = 2 if self.login else 0
        writer.write(bytes([5, wanted if wanted in offered else 0xFF]))
        if wanted not in offered or not await self._may_pass(reader, writer):
            self.refused.append("login")
            return
        place = await _place(reader)
        there = await self._reach(place)
        code = _REFUSED if there is None else _SUCCEEDED
        writer.write(bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
        if there is not None:
            self.passed.append(f"SOCKS {place}")
            await join((reader, writer), there)

    async def _may_pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if not self.login:
            return True
        await reader.readexactly(1)
        user, password = [
            (await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in range(2)
        ]
        right = f"{user}:{password}" == self.login
        writer.write(bytes([1, not right]))
        return right


async def _place(reader: asyncio.StreamReader) -> str:
    """HOST:PORT of a SOCKS request."""
    _, _, _, kind = await reader.readexactly(4)
    if kind == 1:
        host = ".".join(map(str, await reader.readexactly(4)))
    elif kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        raise ValueError("no IPv6 here")
    return f"{host}:{int.from_bytes(await reader.readexactly(2), 'big')}"


async def _say(writer: asyncio.StreamWriter, status: str) -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()


def _is_ours(field: str) -> bool:
    """A header between the client and the proxy, which goes no further."""
    return field.lower().startswith(("proxy-", "connection:"))
