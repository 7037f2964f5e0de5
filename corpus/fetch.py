"""The only HTTP client of the corpus: an address in, a Page or a FetchError out, in bounded time
and memory. Every redirect is checked like an address that was asked for.

Absent: cookies, logins, other schemes, scripts, exceptions out of a page's faults.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Self

import httpx

from corpus import media, politeness, robots, target
from corpus.charset import decode
from corpus.errors import FetchError, Refused, quoted
from corpus.exchange import Budget, Status, conditions, content_type, marks, named
from corpus.model import Page
from corpus.politeness import Site
from corpus.record import record, replace
from corpus.transport import Gate, Resolve, client, resolve
from corpus.unpack import Unpacker

ACCEPT = "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.5"
ROBOTS_LIFE = 86_400.0  # seconds that a robots.txt holds
LARGE = 4 << 20
_SITES = 4096  # hosts that are remembered
_MOVED = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_BUSY = frozenset({429, 503})


@record
class Limits:
    """What a page may cost. Sizes in bytes, times in seconds."""

    size: int = 32 << 20
    seconds: float = 30.0  # in all, redirects included, waiting for our turn not
    redirects: int = 5
    ratio: float = 200.0  # of a page unpacked to what came over the line
    at_once: int = 16
    at_once_per_site: int = 2
    large_at_once: int = 3  # bodies of more than LARGE bytes: others wait where they are
    pause: float = 1.0  # between two pages of a site
    patience: float = 20.0  # how long a Retry-After is waited out


class Fetcher:
    """Fetches pages, many at a time. Sites that the operator let in are asked without a pause."""

    def __init__(
        self,
        context: ssl.SSLContext,
        contact: str = "",
        allowed: Collection[str] = (),
        proxy: Callable[[str], str | None] = lambda _: None,
        limits: Limits = Limits(),  # noqa: B008  # frozen
        resolve: Resolve = resolve,
    ) -> None:
        self.heard = False  # whether any site at all has answered, be it a refusal
        self._context = context
        self._limits = limits
        self._proxy = proxy
        self._gate = Gate(allowed, resolve)
        self._clients: dict[str | None, httpx.AsyncClient] = {}
        self._places = asyncio.Semaphore(limits.at_once)
        self._large = asyncio.Semaphore(limits.large_at_once)
        self._sites: OrderedDict[str, Site] = OrderedDict()
        self._robots: OrderedDict[str, tuple[float, asyncio.Future[robots.Rules]]] = OrderedDict()
        self._headers = {
            "User-Agent": f"{robots.AGENT}/1.0" + (f" ({contact})" if contact else ""),
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en,zh;q=0.9,*;q=0.5",
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        asking = [future for _, future in self._robots.values()]
        for future in asking:
            future.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        for opened in self._clients.values():
            await opened.aclose()

    async def fetch(self, url: str, known: Page | None = None) -> Page | FetchError:
        """The page of an address; `known` is what it gave before, which may still hold."""
        try:
            return await self._followed(url, known)
        except Refused as refused:
            return FetchError(url, refused.reason, refused.detail)
        except Status as answer:
            told = f"the site answers {answer.status}"
            reason = "busy" if answer.status in _BUSY else "status"
            return FetchError(url, reason, told, answer.status, answer.retry_after)

    async def _followed(self, url: str, known: Page | None) -> Page:
        at, moved, hops = url, True, 0
        budget, patient = Budget(self._limits.seconds), True
        while hops <= self._limits.redirects:
            wanted = target.read(at)
            await self._obey(wanted)
            try:
                found = await self._asked(wanted, _of(known, wanted), budget)
            except Status as answer:
                if not (patient and self._is_worth_waiting(answer)):
                    raise
                patient = False
                continue
            if isinstance(found, Page):
                return replace(found, url=url, moved=found.final if moved and hops else None)
            hops += 1
            moved = moved and found[0] in _FOR_GOOD
            at = found[1]
        raise Refused("redirects", f"more than {self._limits.redirects} redirects")

    def _is_worth_waiting(self, answer: Status) -> bool:
        """Whether a site that is busy says when it will not be; its next turn comes after that."""
        wait = answer.retry_after
        return answer.status in _BUSY and wait is not None and wait <= self._limits.patience

    async def _obey(self, wanted: httpx.URL) -> None:
        """Ask the site's robots.txt."""
        origin = target.origin(wanted)
        held = self._robots.get(origin)
        if held is None or held[0] < time.monotonic():
            future = asyncio.ensure_future(self._rules(origin))
            held = self._robots[origin] = (time.monotonic() + ROBOTS_LIFE, future)
            if len(self._robots) > _SITES:
                self._robots.popitem(last=False)
        try:
            rules = await asyncio.shield(held[1])
        except Refused:
            self._robots.pop(origin, None)  # it may be there the next time
            raise
        if rules.delay:
            self._site(wanted).slow_down(rules.delay)
        if not rules.allows(wanted.raw_path.decode("ascii")):
            raise Refused("robots", "its robots.txt asks us to stay away")

    async def _rules(self, origin: str) -> robots.Rules:
        """The rules of a site: none where it has none, all closed where it is in trouble."""
        at, budget = f"{origin}/robots.txt", Budget(self._limits.seconds)
        for _ in range(self._limits.redirects + 1):
            try:
                found = await self._asked(target.read(at), None, budget, beginning=True)
            except Status as answer:
                if answer.status in _BUSY or answer.status >= 500:
                    detail = "its robots.txt cannot be read now"
                    raise Refused("busy", detail) from None
                return robots.ALL
            except Refused as refused:
                if refused.reason in ("type", "packing"):
                    return robots.ALL  # it is none
                raise
            if isinstance(found, Page):
                return robots.parse(decode(found.body, found.charset))
            at = found[1]
        return robots.ALL

    async def _asked(
        self, wanted: httpx.URL, known: Page | None, budget: Budget, beginning: bool = False
    ) -> Page | tuple[int, str]:
        """One request: a page, or the status and address of a redirect. `beginning`: as much of it
        as is read of a robots.txt.
        """
        page = self._sites.get(str(wanted)) or self._site(wanted)
        async with page.turn(self._limits.patience), self._places:
            with named():
                async with budget.spending():
                    opened = await self._client(wanted)
                    headers = self._headers | conditions(known)
                    async with opened.stream("GET", wanted, headers=headers) as response:
                        return await self._taken(wanted, response, known, budget, beginning)

    async def _taken(
        self,
        wanted: httpx.URL,
        response: httpx.Response,
        known: Page | None,
        budget: Budget,
        beginning: bool,
    ) -> Page | tuple[int, str]:
        self.heard = True
        status, headers, at = response.status_code, response.headers, str(wanted)
        if status in _MOVED and "location" in headers:
            return status, target.joined(wanted, headers["location"])
        if status == 304 and conditions(known):
            return Page(at, at, "", b"", None, *marks(headers), unchanged=True)
        if status != 200:
            wait = politeness.retry_after(headers.get("retry-after"), datetime.now(UTC))
            if status in _BUSY and wait:
                self._put_off(wanted, wait)
            raise Status(status, wait)
        declared, charset = content_type(headers.get("content-type", ""))
        if not media.may_be_read(declared):
            raise Refused("type", f"it is {quoted(declared)}, which we do not read")
        body = await self._body(response, budget, robots.LONGEST if beginning else None)
        kind = media.kind(declared, body)
        if kind is None:
            raise Refused("type", "it is no text and no PDF")
        return Page(at, at, kind, body, charset, *marks(headers))

    async def _body(self, response: httpx.Response, budget: Budget, wanted: int | None) -> bytes:
        """The body unpacked: whole, or its beginning of so many bytes."""
        most = self._limits.size
        length = response.headers.get("content-length", "")
        if wanted is None and length.isascii() and length.isdigit() and int(length[:20]) > most:
            raise Refused("size", f"larger than {most >> 20} MB")
        encoding = response.headers.get("content-encoding", "")
        unpacker = Unpacker(encoding, most, self._limits.ratio)
        held, is_large = bytearray(), False
        try:
            async for data in response.aiter_raw():
                for piece in unpacker.feed(data):
                    held += piece
                if wanted is not None and len(held) >= wanted:
                    return bytes(held[:wanted])
                if len(held) > LARGE and not is_large:
                    await budget.pausing(self._large.acquire())
                    is_large = True
            unpacker.finish()
            return bytes(held)
        finally:
            if is_large:
                self._large.release()

    async def _client(self, wanted: httpx.URL) -> httpx.AsyncClient:
        proxy = self._proxy(str(wanted))
        if proxy is not None:
            await self._gate.pass_on(target.host(wanted), target.port(wanted))
        if proxy not in self._clients:
            made = client(self._gate, self._context, proxy, self._limits.at_once)
            self._clients[proxy] = made
        return self._clients[proxy]

    def _put_off(self, wanted: httpx.URL, wait: float) -> None:
        """Leave a site alone for so long; of one that the operator let in, for long that page."""
        if wait > self._limits.patience and self._is_ours(wanted):
            self._site(wanted, str(wanted)).close(wait)
        else:
            self._site(wanted).close(wait)

    def _is_ours(self, wanted: httpx.URL) -> bool:
        return self._gate.lets_in(target.host(wanted), target.port(wanted))

    def _site(self, wanted: httpx.URL, name: str = "") -> Site:
        """The site of an address, or that page of it as if it were one."""
        name = name or f"{target.host(wanted)}:{target.port(wanted)}"
        if name not in self._sites:
            ours = self._is_ours(wanted)
            at_once = self._limits.at_once if ours else self._limits.at_once_per_site
            self._sites[name] = Site(at_once, 0.0 if ours else self._limits.pause)
            if len(self._sites) > _SITES:
                self._sites.popitem(last=False)
        return self._sites[name]


def _of(known: Page | None, wanted: httpx.URL) -> Page | None:
    """What an address gave before; what another one did, before or after a redirect, is not its."""
    return known if known is not None and known.final == str(wanted) else None
