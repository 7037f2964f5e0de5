"""A site that does what no site should: each path does one nasty thing. `asked` has a line each.

async with NastyServer() as site:
    await fetcher.fetch(f"{site.url}/drip")
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import itertools
import ssl
import zlib
from collections.abc import Awaitable, Callable

from listener import Listener

GOOD = b"<!doctype html><title>Good</title><p>Parameter servers keep the model."
FILL = b"<p>" + b"x" * 65_533
Write = Callable[[bytes], Awaitable[None]]


class NastyServer(Listener):
    """Listens on a port of its own while it is entered. A page of one's own: `pages[path]`, as
    (headers, body), and `statuses[path]`, a line and headers, used up one after the other.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(context)
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.pages: dict[str, tuple[dict[str, str], bytes]] = {}
        self.statuses: dict[str, list[tuple[str, dict[str, str]]]] = {}
        self.sent = 0  # bytes, of bodies
        self.most_at_once = self.at_once = 0
        self.wait = 0.0

    @property
    def place(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Its root, without a slash."""
        return f"http{'s' if self._context else ''}://{self.place}"

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()
            self.sent += len(data)

        try:
            with contextlib.suppress(OSError, EOFError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.rstrip().split("\r\n")
                path = first.split(" ")[1]
                self.asked.append(path)
                self.headers.append(
                    {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
                )
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
                await asyncio.sleep(self.wait)
                await self._serve(path, write)
        finally:
            self.at_once -= 1
            writer.close()

    async def _serve(self, path: str, write: Write) -> None:
        if self.statuses.get(path):
            line, headers = self.statuses[path].pop(0)
            return await _answer(write, headers, b"", line)
        if path in self.pages:
            return await _answer(write, *self.pages[path])
        does = getattr(self, "_" + path.strip("/").partition("?")[0].replace("-", "_"), None)
        if does is None:
            return await _answer(write, {}, b"", "404 Not Found")
        return await does(write)

    async def _good(self, write: Write) -> None:
        await _answer(write, {"Content-Type": "text/html; charset=utf-8"}, GOOD)

    async def _drip(self, write: Write) -> None:
        """A byte now and then, for ever."""
        await write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
        while True:
            await write(b"x")
            await asyncio.sleep(0.05)

    async def _drip_head(self, write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\n")
        for number in itertools.count():
            await write(b"X-%d: x\r\n" % number)
            await asyncio.sleep(0.05)

    async def _silent(self, write: Write) -> None:
        await asyncio.sleep(3600)

    async def _endless(self, write: Write) -> None:
        """A body that does not end."""
        await write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            await write(FILL)

    async def _endless_chunks(self, write: Write) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        await write(head)
        while True:
            await write(b"10000\r\n" + FILL + b"\r\n")

    async def _ten_gigabytes(self, write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        await write(b"Content-Length: 10737418240\r\n\r\n")
        while True:
            await write(FILL)

    async def _huge_length(self, write: Write) -> None:
        length = b"9" * 5000
        await write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ")
        await write(length + b"\r\n\r\n<p>")

    async def _header_flood(self, write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\n")
        for number in itertools.count():
            await write(b"X-Flood-%d: %s\r\n" % (number, b"x" * 1000))

    async def _long_header(self, write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while True:
            await write(b"x" * 65_536)

    async def _many_continues(self, write: Write) -> None:
        while True:
            await write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    async def _trailer_flood(self, write: Write) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        await write(head + b"3\r\n<p>\r\n0\r\n")
        while True:
            await write(b"X-Trailer: " + b"x" * 1000 + b"\r\n")

    async def _bomb(self, write: Write) -> None:
        """64 megabytes of blanks in 64 kilobytes."""
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        piece = b" " * (1 << 20)
        body = packer.compress(b"<p>") + b"".join(packer.compress(piece) for _ in range(64))
        await _answer(write, headers, body + packer.flush())

    async def _bomb_of_bombs(self, write: Write) -> None:
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip, gzip"}
        await _answer(write, headers, gzip.compress(gzip.compress(b" " * 1_000_000)))

    async def _truncated_gzip(self, write: Write) -> None:
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        await _answer(write, headers, gzip.compress(GOOD * 100)[:-20])

    async def _false_gzip(self, write: Write) -> None:
        await _answer(write, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, GOOD)

    async def _unasked_packing(self, write: Write) -> None:
        await _answer(write, {"Content-Type": "text/html", "Content-Encoding": "br"}, GOOD)

    async def _good_gzip(self, write: Write) -> None:
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        await _answer(write, headers, gzip.compress(GOOD))

    async def _two_members(self, write: Write) -> None:
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        await _answer(write, headers, gzip.compress(GOOD[:20]) + gzip.compress(GOOD[20:]) + b"\0\0")

    async def _deflate(self, write: Write) -> None:
        headers = {"Content-Type": "text/html", "Content-Encoding": "deflate"}
        await _answer(write, headers, zlib.compress(GOOD))

    async def _raw_deflate(self, write: Write) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        headers = {"Content-Type": "text/html", "Content-Encoding": "deflate"}
        await _answer(write, headers, packer.compress(GOOD) + packer.flush())

    async def _film(self, write: Write) -> None:
        await _answer(write, {"Content-Type": "video/mp4"}, b"\0\0\0\x18ftypmp42" * 100)

    async def _film_as_html(self, write: Write) -> None:
        await _answer(write, {"Content-Type": "text/html"}, b"\0\0\0\x18ftypmp42" * 100)

    async def _pdf_as_html(self, write: Write) -> None:
        await _answer(write, {"Content-Type": "text/html"}, b"%PDF-1.5\n...")

    async def _html_as_pdf(self, write: Write) -> None:
        await _answer(write, {"Content-Type": "application/pdf"}, GOOD)

    async def _breaks_off(self, write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n<p>")

    async def _no_http(self, write: Write) -> None:
        await write(b"SSH-2.0-OpenSSH_9.2p1\r\n")

    async def _nothing(self, write: Write) -> None:
        """Hangs up."""

    async def _loop(self, write: Write) -> None:
        await _answer(write, {"Location": "/loop"}, b"", "302 Found")

    async def _to_private(self, write: Write) -> None:
        await _answer(write, {"Location": "http://10.0.0.1/"}, b"", "302 Found")

    async def _to_metadata(self, write: Write) -> None:
        location = {"Location": "http://169.254.169.254/latest/meta-data/"}
        await _answer(write, location, b"", "301 Moved Permanently")

    async def _to_other_port(self, write: Write) -> None:
        await _answer(write, {"Location": f"http://127.0.0.1:{self.port + 1}/"}, b"", "302 Found")

    async def _to_file(self, write: Write) -> None:
        await _answer(write, {"Location": "file:///etc/passwd"}, b"", "302 Found")

    async def _to_password(self, write: Write) -> None:
        await _answer(write, {"Location": f"http://a:b@{self.place}/good"}, b"", "302 Found")

    async def _to_nowhere(self, write: Write) -> None:
        await _answer(write, {"Location": "http://[::1/"}, b"", "302 Found")

    async def _moved(self, write: Write) -> None:
        await _answer(write, {"Location": "/good"}, b"", "301 Moved Permanently")

    async def _moved_for_now(self, write: Write) -> None:
        await _answer(write, {"Location": "/good"}, b"", "302 Found")

    async def _sets_cookie(self, write: Write) -> None:
        await _answer(write, {"Set-Cookie": "a=b", "Content-Type": "text/html"}, GOOD)


async def _answer(write: Write, headers: dict[str, str], body: bytes, line: str = "200 OK") -> None:
    all_headers = headers | {"Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in all_headers.items()]
    await write("\r\n".join([f"HTTP/1.1 {line}", *lines, "", ""]).encode("latin-1") + body)
