"""Links due → fetch → extract → summarize → save → RefreshReport. One bad page never ends the run.

What a link gave is kept at once, so a run that is broken off goes on where it was. How pages are
fetched, read and summarized is handed in.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection, Iterable
from urllib.parse import urlsplit

from corpus import archive, health, store
from corpus.aside import aside
from corpus.charset import decode
from corpus.database import Database
from corpus.errors import FetchError
from corpus.health import Health
from corpus.model import Extract, Page, Piece, Summary
from corpus.record import record, replace

AT_ONCE = 24
LEASE = 300.0  # seconds that a run holds a link
_CLAIMED = 256  # links that are claimed at a time
_SILENT = ("dns", "connect", "timeout", "tls", "protocol")
_AWAY = ("dns", "connect")  # and nobody is there at all
_UNASKED = ("address", "private")
Fetch = Callable[[str, Page | None], Awaitable[Page | FetchError]]


@record
class Tools:
    """What a run works with."""

    fetch: Fetch
    read: Callable[[Page], Awaitable[Extract]]
    companions: Callable[[str], Collection[str]]
    merged: Callable[[Extract, Iterable[Extract]], Extract]
    summarize: Callable[[Extract], Summary | None]
    cut: Callable[[Extract], tuple[Piece, ...]]
    archive: str = archive.API
    clock: Callable[[], float] = time.time
    heard: Callable[[], bool] = lambda: False  # whether somebody answered, if only robots.txt


@record
class Read:
    """What became of one link."""

    url: str
    outcome: str  # read, unchanged, failed
    detail: str = ""


@record
class RefreshReport:
    """What a run has done. `offline`: nobody at all answered, so nothing is held against a link."""

    read: tuple[Read, ...]
    dead: tuple[str, ...]  # addresses that this run found dead
    seconds: float
    offline: bool = False

    def of(self, outcome: str) -> tuple[Read, ...]:
        """The links with one outcome."""
        return tuple(one for one in self.read if one.outcome == outcome)


async def refresh(
    urls: Collection[str],
    database: Database,
    tools: Tools,
    told: Callable[[Read], None] = lambda _: None,
    at_once: int = AT_ONCE,
) -> RefreshReport:
    """Look at every link that is due; `told` hears of each."""
    run = _Run(database, tools, told)
    await database.write(lambda connection: store.enter(connection, urls))
    start = time.monotonic()
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(run.work(urls))
        await run.settle()
    finally:
        await run.end()
    seconds = time.monotonic() - start
    return RefreshReport(tuple(run.done), tuple(run.dead), seconds, run.is_offline)


class _Run:
    """One run over the links due."""

    def __init__(self, database: Database, tools: Tools, told: Callable[[Read], None]) -> None:
        self._database = database
        self._tools = tools
        self._told = told
        self._claiming = asyncio.Lock()
        self._waiting: deque[tuple[Health, Page | None]] = deque()
        self._seen: set[str] = set()
        self._held: set[str] = set()
        self._over = False
        self._answered = False  # by any site at all
        self._no_archive = False  # nobody answered there
        self._silent: list[tuple[Health, FetchError]] = []  # where nobody answered
        self.done: list[Read] = []
        self.dead: list[str] = []
        self.changed = False

    @property
    def is_offline(self) -> bool:
        """Whether nobody answered."""
        return bool(self._silent) and not (self._answered or self._tools.heard())

    async def work(self, urls: Collection[str]) -> None:
        """Look at one link after the other, until none is due."""
        while (found := await self._next(urls)) is not None:
            self._held.add(found[0].url)
            await self._look(*found)
            self._held.discard(found[0].url)

    async def _next(self, urls: Collection[str]) -> tuple[Health, Page | None] | None:
        async with self._claiming:
            if not self._waiting and not self._over:
                wanted = [url for url in urls if url not in self._seen]  # once in a run
                claimed = await self._database.write(
                    lambda connection: store.claim(connection, wanted, _CLAIMED, LEASE)
                )
                self._seen.update(claimed)
                known = await self._database.read(
                    lambda connection: store.marks(connection, claimed)
                )
                links = ((claimed[url], known.get(url)) for url in _interleaved(claimed))
                self._waiting.extend(links)
                self._over = not claimed
            return self._waiting.popleft() if self._waiting else None

    async def end(self) -> None:
        """Let go of what is left, and count what has changed."""
        left = {before.url for before, _ in (*self._waiting, *self._silent)} | self._held
        await self._database.write(lambda connection: store.let_go(connection, left))
        if self.changed:
            await self._database.write(store.advance)

    async def settle(self) -> None:
        """What did not answer is judged where others did: else it is our network that is away."""
        for before, error in self._silent:
            now = self._tools.clock()
            if self.is_offline:
                await self._keep(replace(before, asked=now, due=now, detail=error.detail))
            else:
                await self._settled(before, error, ())

    async def _look(self, before: Health, known: Page | None) -> None:
        try:
            await self._looked(before, known)
        except Exception as error:  # ours: told, and the run goes on
            self._tell(Read(before.url, "failed", f"a fault of ours ({type(error).__name__})"))

    async def _looked(self, before: Health, known: Page | None) -> None:
        found = await self._tools.fetch(before.url, known)
        if isinstance(found, FetchError):
            self._tell(Read(before.url, "failed", found.detail))
            if found.reason in _SILENT:
                self._silent.append((before, found))
                return
            self._answered = self._answered or found.reason not in _UNASKED
            await self._settled(before, found, ())
            return
        self._answered = True
        if found.unchanged:
            self._tell(Read(before.url, "unchanged"))
            await self._settled(before, found, ())
            return
        extract, held = await self._extracted(found), None
        if extract.parts or extract.abstract:
            summary = await aside(lambda: self._tools.summarize(extract))
            pieces = await aside(lambda: self._tools.cut(extract))
            page = replace(found, body=b"")
            held = store.Held(page, extract, summary, self._tools.clock(), pieces)
            self.changed = True
        await self._settled(before, found, extract.problems, held)
        self._tell(Read(before.url, "read", "; ".join(extract.problems)))

    async def _extracted(self, page: Page) -> Extract:
        """What a page and its companions say."""
        others = []
        for url in self._tools.companions(page.url):
            found = await self._tools.fetch(url, None)
            if isinstance(found, Page):
                others.append(await self._tools.read(found))
        return self._tools.merged(await self._tools.read(page), others)

    async def _settled(
        self,
        before: Health,
        found: Page | FetchError,
        problems: tuple[str, ...],
        held: store.Held | None = None,
    ) -> None:
        """Keep how a link is, and in the same step what its page said: a kill divides them not."""
        now = health.after(before, found, self._tools.clock(), problems)
        if now.state in ("dead", "failing") and not now.archived:
            now = replace(now, archived=await self._copy(now.url))
        if now.state == "dead" != before.state:
            self.dead.append(now.url)
        if (now.state, now.archived, now.moved) != (before.state, before.archived, before.moved):
            self.changed = True
        await self._keep(now, held)

    async def _copy(self, url: str) -> str | None:
        if self._no_archive:  # it would be asked for each link that fails, a second apart
            return None
        found = await self._tools.fetch(archive.question(url, self._tools.archive), None)
        self._no_archive = isinstance(found, FetchError) and found.reason in _AWAY
        return archive.answer(decode(found.body, "utf-8")) if isinstance(found, Page) else None

    async def _keep(self, now: Health, held: store.Held | None = None) -> None:
        await self._database.write(lambda connection: store.settle(connection, now, held))

    def _tell(self, read: Read) -> None:
        self.done.append(read)
        self._told(read)


def _interleaved(urls: Iterable[str]) -> list[str]:
    """Site after site in turn, so that no slow one holds all the places."""
    sites: defaultdict[str, deque[str]] = defaultdict(deque)
    for url in urls:
        sites[_site(url)].append(url)
    found = []
    while sites:
        for site in list(sites):
            found.append(sites[site].popleft())
            if not sites[site]:
                del sites[site]
    return found


def _site(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
