"""`mlinfra catalog candidates`: what the feeds have told of lately that the catalog has not."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Container, Iterator, Mapping, Sequence

from bot import current, migrations
from bot.commands import state
from bot.settings import Settings
from corpus import store
from corpus.database import connect
from corpus.record import fields, record
from corpus.store import Held
from retrieval.addresses import canonical


@record
class Candidate:
    """A work that a feed tells of."""

    title: str
    url: str
    feed: str


def run(shape: str) -> int:
    """Print them, a line each; feeds that were not read are named on standard error."""
    settings = Settings.from_environ(os.environ)
    known = current.load(settings).retriever.derived.addresses
    with state.told(settings):
        held = _held(settings)
    unread = [feed for feed in settings.feeds if feed not in held]
    if not settings.feeds:
        print("mlinfra: no feed is set: FEEDS names some", file=sys.stderr)
    for feed in unread:
        print(f"mlinfra: not read yet: {feed}; mend: mlinfra refresh", file=sys.stderr)
    found = list(candidates(settings.feeds, held, known))
    if shape == "json":
        print(json.dumps([fields(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            print(f"{one.title or '(no title)'}  {one.url}")
    return 0


def candidates(
    feeds: Sequence[str], held: Mapping[str, Held], known: Container[str]
) -> Iterator[Candidate]:
    """Each address once, in the feeds' order."""
    seen = set[str]()
    for feed in feeds:
        for title, url in held[feed].extract.links if feed in held else ():
            address = canonical(url)
            if address not in known and address not in seen:
                seen.add(address)
                yield Candidate(title, url, feed)


def _held(settings: Settings) -> dict[str, Held]:
    engine = connect(settings.database_url)
    try:
        with engine.connect().execution_options(reads=True) as connection:
            made = migrations.version(connection) == migrations.head()
            return store.held(connection, settings.feeds) if made else {}
    finally:
        engine.dispose()
