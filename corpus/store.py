"""What the corpus keeps in the database: what pages said, how their links are, and its generation.

All of it but the strikes can be made again by `refresh`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from sys import intern
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from corpus.database import inserted, instant, metadata
from corpus.extracts import from_json, to_json
from corpus.health import Health, Note
from corpus.model import Extract, Page, Piece, Summary
from corpus.record import fields, record

CHANNEL = "mlinfra_generation"  # of PostgreSQL's NOTIFY
_BATCH = 500  # addresses in one statement

generations = Table(
    "generations",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("number", BigInteger, nullable=False),
)
pages = Table(
    "pages",
    metadata,
    Column("url", String, primary_key=True),  # as the catalog has it
    Column("final", String, nullable=False),
    Column("type", String, nullable=False),
    Column("etag", String),
    Column("modified", String),
    Column("fetched", Float, nullable=False),
    Column("extract", Text, nullable=False),  # JSON
    Column("summary", Text),
    Column("summary_language", String),
    Column("summary_source", String),
)
links = Table(
    "links",
    metadata,
    Column("url", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("asked", Float, nullable=False),
    Column("due", Float, nullable=False),  # by the database's clock
    Column("strikes", Integer, nullable=False),
    Column("struck", Float, nullable=False),
    Column("detail", String, nullable=False),
    Column("moved", String),
    Column("archived", String),
    Column("lease_until", Float, nullable=False, server_default="0"),  # whose turn it is
    Index(None, "due"),
)
passages = Table(
    "passages",
    metadata,
    Column("url", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("page", Integer),
    Column("heading", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("terms", Text, nullable=False),  # a line each
)
_KEEP_PAGE = inserted(pages, ("url",), replace=[c.name for c in pages.c if c.name != "url"])
_KEEP_LINK = inserted(links, ("url",), replace=[c.name for c in links.c if c.name != "url"])
_HEALTH = [column for column in links.c if column.name != "lease_until"]
_FREE = (links.c.due <= instant(), links.c.lease_until <= instant())


@record
class Held:
    """What a page said when it was last read: the page without its bytes, extract and summary."""

    page: Page
    extract: Extract
    summary: Summary | None
    fetched: float
    pieces: tuple[Piece, ...] = ()  # kept, and read by `pieces` alone


@record
class Everything:
    """What an index of pages is made of, and the state that it is of."""

    state: str
    pieces: Iterator[tuple[str, Piece]]
    notes: Mapping[str, Note]
    summaries: Mapping[str, Summary]


def generation(connection: Connection) -> int:
    """How often the corpus has changed."""
    return int(connection.execute(select(generations.c.number)).scalar() or 0)


def advance(connection: Connection) -> int:
    """Count a change, and tell whoever listens when the transaction is done."""
    number = generation(connection) + 1
    statement = inserted(generations, ("id",), replace=("number",))
    connection.execute(statement, {"id": 1, "number": number})
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, str(number))))
    return number


def keep(connection: Connection, held: Held) -> None:
    """Keep what a page said, in the place of what it said before."""
    summary = held.summary
    values = {
        "url": held.page.url,
        "final": held.page.final,
        "type": held.page.type,
        "etag": held.page.etag,
        "modified": held.page.modified,
        "fetched": held.fetched,
        "extract": to_json(held.extract),
        "summary": summary.text if summary else None,
        "summary_language": summary.language if summary else None,
        "summary_source": summary.source if summary else None,
    }
    connection.execute(_KEEP_PAGE, values)
    connection.execute(delete(passages).where(passages.c.url == held.page.url))
    rows = [
        {"url": held.page.url, "position": at, **fields(piece), "terms": "\n".join(piece.terms)}
        for at, piece in enumerate(held.pieces)
    ]
    if rows:
        connection.execute(insert(passages), rows)


def held(connection: Connection, urls: Iterable[str]) -> dict[str, Held]:
    """What is known of some pages, by address."""
    found = {}
    for batch in _batches(urls):
        for row in connection.execute(select(pages).where(pages.c.url.in_(batch))):
            page = Page(row.url, row.final, row.type, b"", None, row.etag, row.modified)
            said = (row.summary, row.summary_language, row.summary_source)
            summary = Summary(*said) if row.summary else None
            found[row.url] = Held(page, from_json(row.extract), summary, row.fetched)
    return found


def pieces(connection: Connection) -> Iterator[tuple[str, Piece]]:
    """Every passage of every page, with the page's address, in order."""
    found = select(passages).order_by(passages.c.url, passages.c.position)
    for row in connection.execution_options(yield_per=1000).execute(found):
        # The same word a thousand times over is one string.
        terms = tuple(map(intern, row.terms.split("\n"))) if row.terms else ()
        yield row.url, Piece(row.text, row.page, row.heading, terms)


def state(connection: Connection) -> str:
    """Another text whenever the corpus has changed, also by a run that was killed before it counted
    that; empty where nothing was ever read.
    """
    read = connection.execute(select(func.count(), func.max(pages.c.fetched))).one()
    number, known = generation(connection), sorted(notes(connection).items())
    told = f"{number} {read[0]} {read[1]} {crc32(repr(known).encode()):08x}"
    return told if number or read[0] or known else ""


def news(connection: Connection) -> tuple[int, str]:
    """The generation, and the state where no run is under way: a run counts at its end what it
    changes, but one that was killed never does.
    """
    taken = select(links.c.url).where(links.c.lease_until > instant()).limit(1)
    return generation(connection), "" if connection.execute(taken).first() else state(connection)


def notes(connection: Connection) -> dict[str, Note]:
    """What was found out about links, by address, where it is for askers to know."""
    columns = (links.c.url, links.c.state, links.c.moved, links.c.archived)
    found = select(*columns).where(links.c.state.in_(("dead", "live", "moved")))
    return {url: (state, moved, copy) for url, state, moved, copy in connection.execute(found)}


def passages_kept(connection: Connection) -> int:
    """How many passages there are."""
    return int(connection.execute(select(func.count()).select_from(passages)).scalar() or 0)


def summaries(connection: Connection) -> dict[str, Summary]:
    """What pages are about, by address, each with the day it was read."""
    columns = (pages.c.summary, pages.c.summary_language, pages.c.summary_source)
    found = select(pages.c.url, *columns, pages.c.fetched).where(pages.c.summary.is_not(None))
    return {
        url: Summary(text, language, source, _day(fetched), url)
        for url, text, language, source, fetched in connection.execute(found)
    }


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def everything(connection: Connection) -> Everything:
    """All that is known of pages and links, to be read while the connection is open; the state
    first, for what changes meanwhile has another.
    """
    named = state(connection)
    return Everything(named, pieces(connection), notes(connection), summaries(connection))


def marks(connection: Connection, urls: Iterable[str]) -> dict[str, Page]:
    """By what some pages can be asked for again, by address."""
    columns = (pages.c.url, pages.c.final, pages.c.type, pages.c.etag, pages.c.modified)
    return {
        row.url: Page(row.url, row.final, row.type, b"", None, row.etag, row.modified)
        for batch in _batches(urls)
        for row in connection.execute(select(*columns).where(pages.c.url.in_(batch)))
    }


def settle(connection: Connection, health: Health, held: Held | None) -> None:
    """Keep how a link is, and what its page said, in one step."""
    if held is not None:
        keep(connection, held)
    keep_health(connection, health)


def keep_health(connection: Connection, health: Health) -> None:
    """Keep how a link is."""
    connection.execute(_KEEP_LINK, fields(health) | {"lease_until": 0.0})


def healths(connection: Connection, urls: Collection[str] | None = None) -> dict[str, Health]:
    """How links are, by address: those named, or all."""
    found = select(*_HEALTH)
    batches = [None] if urls is None else list(_batches(urls))
    return {
        row.url: Health(**row._mapping)
        for batch in batches
        for row in connection.execute(
            found if batch is None else found.where(links.c.url.in_(batch))
        )
    }


def enter(connection: Connection, urls: Iterable[str], at_once: bool = False) -> None:
    """Write down links that are not known yet; with `at_once` all are due now."""
    urls = list(urls)
    new = [fields(Health(url)) for url in urls]
    if new:
        connection.execute(inserted(links, ("url",)), new)
    if at_once:
        for batch in _batches(urls):
            connection.execute(update(links).where(links.c.url.in_(batch)).values(due=0.0))


def claim(
    connection: Connection, urls: Collection[str], limit: int, lease: float
) -> dict[str, Health]:
    """Links that are due and that nobody holds, for as long as the lease lasts.

    A run that ends in the middle leaves the rest due, and lets go of what it holds.
    """
    wanted = [url for batch in _batches(urls) for url in _due(connection, batch, limit)][:limit]
    if not wanted:
        return {}
    taken = update(links).where(links.c.url.in_(wanted), *_FREE)
    taken = taken.values(lease_until=instant() + lease).returning(*_HEALTH)
    return {row.url: Health(**row._mapping) for row in connection.execute(taken)}


def let_go(connection: Connection, urls: Iterable[str] | None = None) -> None:
    """Give links back that were claimed and not looked at: those named, or all."""
    freed = update(links).where(links.c.lease_until > 0).values(lease_until=0.0)
    for batch in [None] if urls is None else _batches(urls):
        connection.execute(freed if batch is None else freed.where(links.c.url.in_(batch)))


def _due(connection: Connection, urls: Sequence[str], limit: int) -> list[str]:
    found = select(links.c.url).where(links.c.url.in_(urls), *_FREE)
    found = found.order_by(links.c.due, links.c.url).limit(limit)
    return list(connection.execute(found.with_for_update(skip_locked=True)).scalars())


def _batches(urls: Iterable[str]) -> Iterable[list[str]]:
    held = list(urls)
    return (held[at : at + _BATCH] for at in range(0, len(held), _BATCH))
