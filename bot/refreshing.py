"""The pages behind the catalog's links: read by `mlinfra refresh`, and now and then by `serve`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from bot import current, indexing, proxies, underway
from bot.errors import SettingsError
from bot.logs import fault, log
from bot.settings import Settings
from corpus import reading
from corpus.database import Database
from corpus.fetch import Fetcher
from corpus.model import Entry, Extract, Summary
from corpus.refresh import RefreshReport, Tools, refresh
from corpus.workers import Workers
from retrieval.cutting import cut
from retrieval.summarize import summarize
from retrieval.tokenize import Tokenizer

FIRST = 120.0  # seconds before the first run of a service, unless it is to come sooner
TOLD = 20  # links of a run that the log names as unread
PROCESSES = 2  # that read pages, where the machine has as many


def addresses(entries: Sequence[Entry], feeds: Sequence[str] = ()) -> list[str]:
    """Every address that the catalog has for an entry, each once: what is dead may come back. Then
    the feeds.
    """
    links = (link for entry in current.curated(entries) for link in entry.links)
    found = (url for link in links for url in (link.url, link.substitute) if url)
    return list(dict.fromkeys((*found, *feeds)))


def fetcher(settings: Settings, environ: Mapping[str, str]) -> Fetcher:
    """The fetcher as the operator has set it up. SettingsError where no way out can be used."""
    if problems := proxies.problems(environ):
        raise SettingsError(problems)
    return Fetcher(
        proxies.ssl_context(environ),
        contact=settings.fetch_contact,
        allowed=settings.fetch_allow,
        proxy=lambda url: proxies.proxy_for(url, environ),
    )


async def rebuild(settings: Settings, database: Database) -> int:
    """Make the index of what the database has of pages, for whoever looks next; how many passages.

    Questions go on meanwhile.
    """
    folder = current.inside_folder(settings)
    return await indexing.rebuild(settings.database_url, folder, database)


@asynccontextmanager
async def tools(
    settings: Settings, environ: Mapping[str, str], tokenizer: Tokenizer
) -> AsyncIterator[Tools]:
    """What a run works with, let go at its end."""

    def summarized(extract: Extract) -> Summary | None:
        return summarize(extract, tokenizer)

    count = min(PROCESSES, os.cpu_count() or 1)
    async with fetcher(settings, environ) as opened, Workers(count) as workers:
        yield Tools(
            fetch=opened.fetch,
            read=workers.read,
            companions=reading.companions,
            merged=reading.merged,
            summarize=summarized,
            cut=lambda extract: cut(extract, tokenizer),
            heard=lambda: opened.heard,
        )


async def keep_reading(
    settings: Settings,
    environ: Mapping[str, str],
    tokenizer: Tokenizer,
    database: Database,
    urls: Callable[[], Sequence[str]],
) -> None:
    """Read what is due, again and again; whatever goes wrong is told in the log only."""
    pause = settings.refresh_pause.total_seconds()
    if not pause:
        await asyncio.Event().wait()  # the operator reads by `mlinfra refresh` alone
    await asyncio.sleep(min(FIRST, pause))
    # For as long as the service lives: it makes the index by itself, some seconds after a run.
    with underway.marked(current.inside_folder(settings), underway.SERVICE):
        while True:
            try:
                async with tools(settings, environ, tokenizer) as opened:
                    _tell(await refresh(urls(), database, opened))
            except Exception as error:
                log.error("links", **fault(error))
            await asyncio.sleep(pause)


def _tell(report: RefreshReport) -> None:
    """Put into the log what a run has done."""
    if report.offline:
        log.warning("links unread", count=len(report.read), reason="nobody answered")
    elif report.read:
        failed = report.of("failed")
        log.info("links", read=len(report.read), failed=len(failed), dead=len(report.dead))
        for one in failed[:TOLD]:
            log.info("link unread", url=one.url, reason=one.detail)
