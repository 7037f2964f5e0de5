"""`mlinfra catalog links`: how the links are, as table, JSON or Markdown."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot import current, migrations
from bot.commands import state
from bot.settings import Settings
from corpus import store
from corpus.database import connect
from corpus.health import STATES, Health
from corpus.model import Entry, Link
from corpus.record import record

_ORDER = ("dead", "failing", "moved", "closed", "unknown", "unread", "live")
assert set(_ORDER) == set(STATES)


@record
class Row:
    """A link of an entry, and how it is."""

    entry: str
    title: str
    url: str
    health: Health
    curated: str  # what the catalog's file says of it
    substitute: str | None = None  # what the catalog shows in its place, and how that is
    substitute_state: str | None = None
    inferred: str | None = None  # where it has probably moved to


def run(shape: str, states: Sequence[str]) -> int:
    """Print the report; 1 where a link is dead."""
    settings = Settings.from_environ(os.environ)
    entries = current.load(settings).retriever.entries
    with state.told(settings):
        found = rows(entries, known(settings))
    chosen = [one for one in found if not states or one.health.state in states]
    print({"json": as_json, "markdown": as_markdown, "table": as_table}[shape](chosen))
    return 1 if any(one.health.state == "dead" for one in found) else 0


def rows(entries: Sequence[Entry], healths: dict[str, Health]) -> list[Row]:
    """Every link, the worst first."""
    found = [
        _row(entry, link, healths) for entry in current.curated(entries) for link in entry.links
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.health.state), one.entry, one.url))


def _row(entry: Entry, link: Link, healths: Mapping[str, Health]) -> Row:
    health = healths.get(link.url) or Health(link.url)
    state = None
    if link.substitute:
        state = (healths.get(link.substitute) or Health(link.substitute)).state
    return Row(
        entry.id, entry.title, link.url, health, link.health, link.substitute, state, link.inferred
    )


def as_json(found: Sequence[Row]) -> str:
    """One line: an object for each link."""
    plain = [
        {
            "entry": one.entry,
            "title": one.title,
            "url": one.url,
            "state": one.health.state,
            "catalog": one.curated,
            "strikes": one.health.strikes,
            "asked": _when(one.health.asked) or None,
            "detail": one.health.detail,
            "moved": one.health.moved,
            "archived": one.health.archived,
            "substitute": one.substitute,
            "substitute_state": one.substitute_state,
            "inferred": one.inferred,
        }
        for one in found
    ]
    return json.dumps(plain, ensure_ascii=False)


def as_markdown(found: Sequence[Row]) -> str:
    """A table for an issue or a pull request."""
    lines = ["| state | entry | link | why | what to do |", "|---|---|---|---|---|"]
    for one in found:
        health = one.health
        cells = (health.state, one.title, f"<{_safe(one.url)}>", health.detail, _advice(one))
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join([*lines, "", _counted(found)])


def as_table(found: Sequence[Row]) -> str:
    """Lines for a terminal, a count of each state at the end."""
    lines = []
    for one in found:
        told = f"{one.health.state:8} {one.entry:28} {one.url}"
        lines.append("  ".join(filter(None, [told, one.health.detail, _advice(one)])))
    return "\n".join([*lines, _counted(found)])


def _counted(found: Sequence[Row]) -> str:
    counts = [(state, sum(one.health.state == state for one in found)) for state in _ORDER]
    return ", ".join(f"{count} {state}" for state, count in counts if count) or "no links"


def _advice(one: Row) -> str:
    """What there is in a link's place: as the site says, as the catalog has it, as archives do."""
    instead = f"{one.substitute} ({one.substitute_state})" if one.substitute else None
    named = (
        ("new address", one.health.moved),
        ("shown instead", instead),
        ("perhaps at", one.inferred if not one.health.moved else None),
        ("copy", one.health.archived),
    )
    return ", ".join(f"{name}: {_safe(url)}" for name, url in named if url)


def _safe(url: str) -> str:
    """An address that ends no cell and no pointed bracket."""
    for mark in "|<>`":
        url = url.replace(mark, f"%{ord(mark):02X}")
    return url


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""


def known(settings: Settings) -> dict[str, Health]:
    """What is known of links; nothing where no page was ever read."""
    engine = connect(settings.database_url)
    try:
        with engine.connect().execution_options(reads=True) as connection:
            made = migrations.version(connection) == migrations.head()
            return store.healths(connection) if made else {}
    finally:
        engine.dispose()
