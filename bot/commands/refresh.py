"""`mlinfra refresh`: read the pages behind the links that are due; broken off, it goes on later."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from bot import current, refreshing, underway
from bot.commands import state
from bot.settings import Settings
from corpus import store
from corpus.errors import FetchError
from corpus.model import Page
from corpus.record import replace
from corpus.refresh import Fetch, Read, RefreshReport, refresh


def run(arguments: Sequence[str]) -> int:
    """Refresh; 1 where nobody at all answered."""
    chosen = _parser().parse_args(arguments)
    gc.enable()  # unlike an answer, this goes on for long and leaves garbage
    report = asyncio.run(_refresh(chosen, Settings.from_environ(os.environ), os.environ))
    print(json.dumps(_plain(report), ensure_ascii=False) if chosen.json else _told(report))
    return 1 if report.offline else 0


async def _refresh(
    chosen: argparse.Namespace, settings: Settings, environ: Mapping[str, str]
) -> RefreshReport:
    database = state.opened(settings)
    found = current.load(settings)
    entries = found.retriever.entries
    urls = chosen.addresses or refreshing.addresses(entries, settings.feeds)
    if database.engine.dialect.name == "sqlite":  # nobody else holds what a run cut off left
        await database.write(store.let_go)
    try:
        if chosen.all or chosen.anew or chosen.addresses:
            await database.write(lambda connection: store.enter(connection, urls, at_once=True))
        with underway.marked(current.inside_folder(settings)):
            async with refreshing.tools(settings, environ, found.retriever.tokenizer) as tools:
                if chosen.anew:
                    tools = replace(tools, fetch=_forgetful(tools.fetch))
                with _progress(len(urls)) as told, state.told(settings):
                    report = await refresh(urls, database, tools, told)
            await refreshing.rebuild(settings, database)
        return report
    finally:
        await database.close()


def _forgetful(fetch: Fetch) -> Fetch:
    """The same fetch, which does not tell a site what it gave before."""

    async def fetched(url: str, _: Page | None) -> Page | FetchError:
        return await fetch(url, None)

    return fetched


@contextmanager
def _progress(most: int) -> Iterator[Callable[[Read], None]]:
    """A bar with the rate and the failures on standard error; nothing where nobody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} pages/min, {task.fields[failed]} failed"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("links", total=most, rate=0, failed=0)
        failed = 0

        def told(read: Read) -> None:
            nonlocal failed
            failed += read.outcome == "failed"
            shown = bar.tasks[0]
            rate = round(60 * (shown.completed + 1) / max(shown.elapsed or 0.0, 0.001))
            bar.update(task, advance=1, rate=rate, failed=failed)

        yield told


def _plain(report: RefreshReport) -> dict[str, object]:
    return {
        "read": len(report.of("read")),
        "unchanged": len(report.of("unchanged")),
        "failed": [{"url": one.url, "reason": one.detail} for one in report.of("failed")],
        "dead": list(report.dead),
        "seconds": round(report.seconds, 1),
        "offline": report.offline,
    }


def _told(report: RefreshReport) -> str:
    failed = report.of("failed")
    rate = 60 * len(report.read) / max(report.seconds, 0.001)
    lines = [
        f"{len(report.of('read'))} read, {len(report.of('unchanged'))} unchanged, "
        f"{len(failed)} failed, in {report.seconds:.1f} s ({rate:.0f} a minute)"
    ]
    reasons = Counter(one.detail for one in failed)
    lines += [f"  {count} × {reason}" for reason, count in reasons.most_common(10)]
    lines += [f"  dead now: {url}" for url in report.dead]
    if report.offline:
        lines.append("nobody answered: the network is away, and nothing is held against a link")
    if not report.read:
        lines = ["no link is due; --all reads them all the same"]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("mlinfra refresh", description=__doc__, allow_abbrev=False)
    parser.add_argument("addresses", nargs="*", metavar="URL", help="these, due or not")
    parser.add_argument("--all", action="store_true", help="every link, due or not")
    parser.add_argument(
        "--anew", action="store_true", help="every link, also where its page has not changed"
    )
    parser.add_argument("--json", action="store_true", help="the report as one line of JSON")
    return parser
