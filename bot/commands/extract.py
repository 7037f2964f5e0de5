"""`mlinfra extract`: what a file or an address says, as the bot reads it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot import refreshing
from bot.settings import Settings
from corpus import media, reading
from corpus.errors import FetchError
from corpus.fetch import Fetcher, Limits
from corpus.model import Extract, Page, Part, Summary
from corpus.workers import Workers
from retrieval import lexicon
from retrieval.summarize import summarize
from retrieval.tokenize import Tokenizer

_TYPES = {".html": "text/html", ".htm": "text/html", ".md": "text/markdown", ".txt": "text/plain"}


def run(arguments: Sequence[str]) -> int:
    """Read one; 1 where nothing in it can be read."""
    chosen = _parser().parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    is_address = "://" in chosen.source
    if not is_address and not Path(chosen.source).is_file():
        print(f"mlinfra: no such file: {chosen.source}", file=sys.stderr)
        return 2
    found = asyncio.run(_read(chosen.source, is_address, settings, os.environ))
    summary = summarize(found, Tokenizer(lexicon.load(), settings.cache))
    told = plain(found, summary)
    print(json.dumps(told, ensure_ascii=False) if chosen.json else _text(found, told))
    return 0 if found.parts or found.abstract or found.title else 1


def plain(found: Extract, summary: Summary | None) -> dict[str, object]:
    """What --json prints. A page of the web is one page, with its headings in its text. Where there
    is an abstract alone, as arXiv tells of a paper, it is the page.
    """
    pages: dict[int, list[str]] = {}
    for part in found.parts or [Part(found.abstract)] * bool(found.abstract):
        pages.setdefault(part.page or 1, []).extend(filter(None, [part.heading, part.text]))
    return {
        "title": found.title,
        "language": found.language,
        "summary": summary.text if summary else "",
        "pages": [{"page": page, "text": "\n".join(texts)} for page, texts in pages.items()],
        "problems": list(found.problems),
        "summary_source": summary.source if summary else None,  # abstract, extracted
        "authors": list(found.authors),
        "published": found.published,
        "version": found.version,
        "entries": [{"title": title, "url": url} for title, url in found.links],
    }


async def _read(
    source: str, is_address: bool, settings: Settings, environ: Mapping[str, str]
) -> Extract:
    async with Workers(1) as workers:
        if not is_address:
            return await _of_page(_file(Path(source)), workers)
        async with refreshing.fetcher(settings, environ) as fetcher:
            return await _of_address(source, fetcher, workers)


async def _of_address(url: str, fetcher: Fetcher, workers: Workers) -> Extract:
    main, *others = await asyncio.gather(
        *(fetcher.fetch(one) for one in (url, *reading.companions(url)))
    )
    found = await _of_page(main, workers)
    told = [await workers.read(page) for page in others if isinstance(page, Page)]
    return reading.merged(found, told)


async def _of_page(page: Page | FetchError, workers: Workers) -> Extract:
    if isinstance(page, FetchError):
        return Extract(problems=(page.detail,))
    return await workers.read(page)


def _file(path: Path) -> Page | FetchError:
    """A file as if it had been fetched."""
    if path.stat().st_size > Limits().size:
        return FetchError(str(path), "size", f"larger than {Limits().size >> 20} MB")
    body = path.read_bytes()
    kind = media.kind(_TYPES.get(path.suffix.lower(), ""), body)
    if kind is None:
        return FetchError(str(path), "type", "it is no text and no PDF")
    return Page(path.as_uri() if path.is_absolute() else str(path), str(path), kind, body)


def _text(found: Extract, told: Mapping[str, object]) -> str:
    lines = [found.title, "; ".join(found.authors), found.published, str(told["summary"])]
    count = len({part.page for part in found.parts})
    lines.append(f"{count} pages, {sum(len(part.text) for part in found.parts)} characters")
    lines += [f"problem: {problem}" for problem in found.problems]
    return "\n".join(filter(None, lines))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("mlinfra extract", description=__doc__, allow_abbrev=False)
    parser.add_argument("source", metavar="FILE-or-URL")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    return parser
