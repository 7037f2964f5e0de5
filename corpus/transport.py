"""Connections to the world that were looked at first: names are resolved here, every address is
checked, and what was checked is what is connected to. So no name can change its mind in between.

Through a proxy the name is the proxy's to resolve: then what is known here of it is checked.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from corpus.aside import aside
from corpus.errors import Refused
from corpus.guard import is_disguised, is_public

Resolve = Callable[[str, int], Awaitable[list[str]]]
CONNECT = 10.0  # seconds for one address of a name
_TRIED = 4  # addresses of a name


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them; however long it hangs, the end does not
    wait for it.
    """
    found = await aside(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Gate:
    """Says where a host and port may be connected to."""

    def __init__(self, allowed: Collection[str], resolve: Resolve = resolve) -> None:
        """`allowed` are HOST:PORT, or HOST for all of its ports, let in wherever they lead."""
        self._allowed = frozenset(allowed)
        self._resolve = resolve

    def lets_in(self, host: str, port: int) -> bool:
        """Whether the operator has named a host."""
        return f"{host}:{port}" in self._allowed or host in self._allowed

    async def addresses(self, host: str, port: int) -> list[str]:
        """Addresses that may be connected to. Refused where one of them is not public."""
        if self.lets_in(host, port):
            return await self._found(host, port)
        if is_disguised(host):
            raise Refused("address", "its host is a number in disguise")
        if _is_address(host):
            found = [host]
        else:
            found = await self._found(host, port)
        # One private address among public ones is a trick, not a mistake.
        if not all(map(is_public, found)):
            raise Refused("private", "it leads into a private network")
        return found

    async def pass_on(self, host: str, port: int) -> None:
        """Check what a proxy will be asked for, as far as it can be known here."""
        try:
            await self.addresses(host, port)
        except Refused as refused:
            if refused.reason != "dns":  # names that only the proxy knows are its own
                raise

    async def _found(self, host: str, port: int) -> list[str]:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise Refused("dns", "nobody knows its host")
        return found


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that the gate has found good."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The first address that answers."""
        failed: Exception = httpcore.ConnectError("no address")
        for address in (await self._gate.addresses(host, port))[:_TRIED]:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore does between its own tries; we ask for none."""
        await asyncio.sleep(seconds)


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a pool of ours: it offers no other way to hand in a backend."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool


def client(
    gate: Gate, context: ssl.SSLContext, proxy: str | None, connections: int
) -> httpx.AsyncClient:
    """A client that follows no redirect, keeps no cookie and reads no environment."""
    if proxy is None:
        pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            keepalive_expiry=5.0,
            network_backend=_Backend(gate),
        )
        transport: httpx.AsyncHTTPTransport = _Transport(pool)
    else:
        transport = httpx.AsyncHTTPTransport(
            verify=context, proxy=proxy, limits=httpx.Limits(max_connections=connections)
        )
    found = httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(None, connect=CONNECT),  # the whole is timed by who asks
    )
    found.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return found


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
