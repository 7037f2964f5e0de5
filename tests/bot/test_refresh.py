"""Reading the links: a run from end to end over a real server and a real database."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import shutil
import sqlite3
import ssl
import subprocess
import sys
from pathlib import Path

import databases
import pdfs
import psycopg
import pytest
from curated import fans
from nasty_server import NastyServer
from sqlalchemy import event

from bot import current, indexing, refreshing, underway
from bot.commands import catching, links, opening, serving
from bot.errors import SettingsError
from bot.settings import Settings
from corpus import reading, store
from corpus.database import Database
from corpus.errors import FetchError
from corpus.fetch import Fetcher, Limits
from corpus.health import Health
from corpus.model import Piece, Summary
from corpus.refresh import AT_ONCE, Tools, refresh
from corpus.workers import Workers
from retrieval import inside
from retrieval.addresses import canonical

ROOT = Path(__file__).parents[2]
TEXT = "Workers pull the weights of the model from parameter servers and push gradients back. "
PAGE = f"<html lang=en><title>Servers</title><body><article><p>{TEXT * 5}</p></article>".encode()
HTML = {"Content-Type": "text/html"}
COPY = "http://web.archive.org/web/2020/x"


@pytest.fixture(name="site")
async def _site():
    async with NastyServer() as site:
        told = {"archived_snapshots": {"closest": {"available": True, "url": COPY}}}
        for gone in ("/gone", "/missing"):
            path = f"/wayback?url=http%3A%2F%2F127.0.0.1%3A{site.port}{gone.replace('/', '%2F')}"
            site.pages[path] = ({"Content-Type": "application/json"}, json.dumps(told).encode())
        site.pages["/page"] = (HTML | {"ETag": '"1"'}, PAGE)
        paper = pdfs.paper("Bounded Staleness", TEXT, [TEXT * 6])
        site.pages["/paper.pdf"] = ({"Content-Type": "application/pdf"}, paper)
        yield site


@pytest.fixture(name="run")
async def _run(site, database):
    """Refresh some paths of the site, at a moment."""
    limits = Limits(seconds=1.0, pause=0.0, patience=0.5)
    context = ssl.create_default_context()
    fetcher = Fetcher(context, allowed=[site.place], limits=limits)
    async with fetcher, Workers(1) as workers:

        async def run(*paths, at=None, fetch=fetcher.fetch):
            tools = Tools(
                fetch=fetch,
                read=workers.read,
                companions=lambda _: (),
                merged=reading.merged,
                summarize=lambda extract: Summary(extract.title, "en", "extracted"),
                cut=lambda extract: tuple(
                    Piece(part.text, part.page, "", ("workers",)) for part in extract.parts
                ),
                archive=f"{site.url}/wayback",
                heard=lambda: fetcher.heard,
                **({} if at is None else {"clock": lambda: at}),
            )
            urls = [path if "://" in path else site.url + path for path in paths]
            return await refresh(urls, database, tools)

        yield run


async def test_pages_are_read_kept_and_told(run, site, database):
    """Each with its health; the corpus has a new generation."""
    before = await database.read(store.generation)
    report = await run("/page", "/paper.pdf", "/missing", "/drip", "/film")
    assert {one.url.rpartition("/")[2]: one.outcome for one in report.read} == {
        "page": "read",
        "paper.pdf": "read",
        "missing": "failed",
        "drip": "failed",
        "film": "failed",
    }
    kept = await database.read(lambda c: store.held(c, [f"{site.url}/paper.pdf"]))
    (held,) = kept.values()
    assert held.extract.title == "Bounded Staleness"
    assert held.extract.parts[0].page == 1
    assert held.summary.text == "Bounded Staleness"
    assert held.page.body == b""
    pieces = await database.read(lambda c: list(store.pieces(c)))
    assert [(url.rpartition("/")[2], piece.page) for url, piece in pieces] == [
        ("page", None),
        ("paper.pdf", 1),
    ]
    assert pieces[0][1].terms == ("workers",)
    found = await database.read(store.healths)
    states = {url.rpartition("/")[2]: health.state for url, health in found.items()}
    assert states == {
        "page": "live",
        "paper.pdf": "live",
        "missing": "failing",
        "drip": "unknown",
        "film": "live",
    }
    assert found[f"{site.url}/missing"].archived == COPY.replace("http:", "https:", 1)
    assert await database.read(store.generation) == before + 1


async def test_an_archive_that_is_away_is_asked_once_in_a_run(run, site):
    """Not for each of the links that nobody answers: it is asked one a second."""
    asked = []

    async def fetch(url, _):
        if "/wayback" in url:
            asked.append(url)
        elif url == f"{site.url}/page":
            return FetchError(url, "robots", "not wanted")
        return FetchError(url, "dns", "nobody knows its host")

    paths = ("/page", *(f"https://gone{number}.example/" for number in range(5)))
    report = await run(*paths, fetch=fetch)
    assert len(report.of("failed")) == 6
    assert len(asked) == 1


async def test_what_is_not_due_is_left_alone(run, site):
    """A second run at once asks nobody."""
    await run("/page", "/missing")
    count = len(site.asked)
    report = await run("/page", "/missing")
    assert report.read == ()
    assert len(site.asked) == count


async def test_a_page_that_has_not_changed_stays_as_it_was(run, site, database):
    """And costs no generation."""
    await run("/page")
    urls = [f"{site.url}/page"]
    await database.write(lambda c: store.enter(c, urls, at_once=True))
    site.statuses["/page"] = [("304 Not Modified", {})]
    before = await database.read(store.generation)
    report = await run("/page")
    assert [one.outcome for one in report.read] == ["unchanged"]
    assert (await database.read(lambda c: store.held(c, urls)))[urls[0]].extract.parts
    assert await database.read(store.generation) == before


async def test_a_page_behind_a_redirect_is_not_sent_again(run, site, database):
    """By the marks of where it was found, shown there alone; elsewhere it is asked for anew."""
    site.statuses["/old"] = [("302 Found", {"Location": to}) for to in ("/page", "/page", "/two")]
    site.pages["/two"] = (HTML | {"ETag": '"1"'}, PAGE)
    urls, outcomes = [f"{site.url}/old"], []
    for turn in range(3):
        await database.write(lambda c: store.enter(c, urls, at_once=True))
        if turn == 1:
            site.statuses["/page"] = [("304 Not Modified", {})]
        outcomes.append([one.outcome for one in (await run("/old")).read])
    assert outcomes == [["read"], ["unchanged"], ["read"]]
    asked = [
        (path, "if-none-match" in headers)
        for path, headers in zip(site.asked, site.headers, strict=True)
        if path != "/robots.txt"
    ]
    assert asked == [
        ("/old", False),
        ("/page", False),
        ("/old", False),
        ("/page", True),
        ("/old", False),
        ("/two", False),
    ]


async def test_a_link_dies_over_days_and_is_told_once(run, site, database):
    """Three strikes on three days."""
    url, now, dead = f"{site.url}/gone", 2_000_000_000.0, []
    for day in range(4):
        await database.write(lambda c: store.enter(c, [url], at_once=True))
        report = await run("/gone", "/page", at=now + day * 86_400)
        dead.append(report.dead)
    assert dead == [(), (), (url,), ()]


async def test_a_broken_run_goes_on_where_it_was(run, site, database):
    """What was read is kept; only the rest is read again."""
    paths = [f"/page{number}" for number in range(8)]
    for path in paths:
        site.pages[path] = (HTML, PAGE)
    async with Fetcher(ssl.create_default_context(), allowed=[site.place]) as fetcher:
        seen = []

        async def breaking(url, known):
            seen.append(url)
            if len(seen) > 3:
                await asyncio.sleep(3600)
            return await fetcher.fetch(url, known)

        task = asyncio.create_task(run(*paths, fetch=breaking))
        for _ in range(200):
            await asyncio.sleep(0.02)
            found = await database.read(store.healths)
            if sum(health.state == "live" for health in found.values()) == 3:
                break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    urls = [site.url + path for path in paths]
    held = await database.read(lambda c: store.held(c, urls))
    assert len(held) == 3
    rest = [url for url in urls if url not in held]
    report = await run(*paths)
    assert sorted(one.url for one in report.read) == sorted(rest)


async def test_two_runs_at_once_share_the_links(run, site):
    """Each is read once."""
    paths = [f"/page{number}" for number in range(12)]
    for path in paths:
        site.pages[path] = (HTML, PAGE)
    first, second = await asyncio.gather(run(*paths), run(*paths))
    assert len(first.read) + len(second.read) == 12
    assert len([path for path in site.asked if path != "/robots.txt"]) == 12


async def test_with_no_network_nothing_is_held_against_a_link(run, database):
    """The report says so, and all of it is due again."""
    report = await run("http://nobody.invalid/a", "http://127.0.0.1:9/")
    assert report.offline
    found = await database.read(store.healths)
    assert {health.strikes for health in found.values()} == {0}
    assert all(health.detail for health in found.values())  # which doctor tells
    assert len((await run("http://nobody.invalid/a")).read) == 1


async def test_a_site_that_answers_and_then_hangs_is_no_dead_network(run, database, site):
    """Its robots.txt came: the page alone is at fault, and due again in a day."""
    report = await run("/drip")
    assert not report.offline
    found = await database.read(store.healths)
    assert found[f"{site.url}/drip"].state == "unknown"


async def test_a_fault_of_ours_ends_no_run(run):
    """It is told with its kind."""

    async def fetch(*_):
        raise KeyError("ours")

    report = await run("/page", "/missing", fetch=fetch)
    assert {one.detail for one in report.read} == {"a fault of ours (KeyError)"}


@pytest.mark.parametrize(
    "pages",
    [pytest.param(0, marks=pytest.mark.slow), 10, pytest.param(30, marks=pytest.mark.slow)],
)
async def test_a_run_that_was_killed_goes_on_with_the_rest(site, tmp_path, cache, pages):
    """kill -9: what was read is kept and not asked for again; the index has all of it at the end.

    At three moments: before the first page is there, among them, and when all are, but the run has
    not counted them yet, for one address does not answer.
    """
    folder, environ = tmp_path / "catalog", _own(site, tmp_path, cache)
    folder.mkdir()
    urls = [f"{site.url}/page{number}" for number in range(30)]
    for number, url in enumerate(urls):
        text = f"<p>Page number {number} tells of the quixotic rack and of zorblax {number}. {TEXT}"
        site.pages[f"/page{number}"] = (HTML, PAGE.replace(b"<p>", text.encode()))
        fan = fans(url).replace("fan-paper", f"fan-paper-{number}")
        (folder / f"fan-paper-{number}.yaml").write_text(fan, encoding="utf-8")
    site.wait = 0.05
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "refresh", *urls, f"{site.url}/silent", env=_environ(environ)
    )
    state = tmp_path / "data" / "mlinfra.db"
    while len(site.asked) < 2 or _kept(state) < pages:
        await asyncio.sleep(0.005)
    child.kill()
    await child.wait()
    before = list(site.asked)
    kept_by_then = _kept(state)
    asked = ["ask", "--json", "the quixotic rack and zorblax"]
    told = json.loads((await asyncio.to_thread(_command, environ, *asked)).stdout)
    assert any("inside" in one for one in told["results"]) == (kept_by_then > 0)
    await asyncio.to_thread(_command, environ, "refresh", "--json")
    after = [path for path in site.asked[len(before) :] if path != "/robots.txt"]
    database = Database(f"sqlite:///{state}")
    try:
        kept = await database.read(lambda c: store.held(c, urls))
        states = await database.read(lambda c: store.healths(c, urls))
    finally:
        await database.close()
    assert set(kept) == set(urls)
    assert {one.state for one in states.values()} == {"live"}
    again = [path for path in after if path in before]
    assert len(again) <= AT_ONCE  # those that were in flight
    assert len(after) <= len(urls) - pages
    question = ["ask", "--json", "the quixotic rack and zorblax 17"]
    told = json.loads((await asyncio.to_thread(_command, environ, *question)).stdout)
    assert "inside" in told["results"][0]


def _kept(path):
    """How many pages a run has kept so far."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT count(*) FROM pages").fetchone()[0]
    except sqlite3.OperationalError:  # it has hardly begun
        return 0


async def test_what_a_killed_run_did_not_count_is_indexed_all_the_same(run, database):
    """Between the last page kept and the generation counted nothing is lost."""
    await run("/page")
    await database.write(lambda c: c.execute(store.generations.delete()))
    before = await database.read(store.state)
    await run("/paper.pdf")
    await database.write(lambda c: c.execute(store.generations.delete()))
    assert await database.read(store.state) != before


async def test_what_a_killed_run_did_not_count_of_links_is_told_all_the_same(run, site, database):
    """A link that died, or is back, though no page was read and no generation counted."""
    url, now, seen = f"{site.url}/gone", 2_000_000_000.0, []
    for day in range(4):
        await database.write(lambda c: store.enter(c, [url], at_once=True))
        if day == 3:
            site.pages["/gone"] = site.pages["/page"]
        await run("/gone", at=now + day * 86_400)
        await database.write(lambda c: c.execute(store.generations.delete()))
        await database.write(lambda c: c.execute(store.pages.delete()))
        seen.append(await database.read(store.state))
    assert seen[:2] == ["", ""]  # failing is nothing that askers are told
    assert len({"", *seen[2:]}) == 3


async def test_what_a_killed_run_did_not_count_is_news_when_its_links_are_free(run, database):
    """While a run is under way its changes wait for its end; one that was killed has none."""
    await run("/page")
    number, before = await database.read(store.news)
    lease = 0.6
    await database.write(lambda c: store.enter(c, ["https://e.org/a", "https://e.org/b"]))
    taken = await database.write(lambda c: store.claim(c, ["https://e.org/a"], 9, lease))
    now = Health("https://e.org/b", "dead", archived="https://web.archive.org/a")
    await database.write(lambda c: store.keep_health(c, now))
    assert taken
    assert await database.read(store.news) == (number, "")
    await asyncio.sleep(lease)
    later, after = await database.read(store.news)
    assert (later, before == after) == (number, False)


async def test_a_service_takes_up_at_once_what_a_killed_run_has_read(run, database, url, own_cache):
    """Though that run holds links of its own for minutes yet; the service's own mark stays."""
    chosen = Settings(catalog=None, cache=own_cache, database=url)
    folder, current_now = current.inside_folder(chosen), current.InForce(chosen)
    known = await serving.renew(chosen, current_now, database, (-1, ""))
    with underway.marked(folder, underway.SERVICE):
        with contextlib.suppress(KeyError), underway.marked(folder):
            await run("/page", "/paper.pdf")
            await database.write(lambda c: c.execute(store.generations.delete()))
            await database.write(lambda c: store.enter(c, ["https://e.org/a"]))
            await database.write(lambda c: store.claim(c, ["https://e.org/a"], 9, 300.0))
            await serving.renew(chosen, current_now, database, known)
            assert inside.newest(folder) == ""  # it is under way
            raise KeyError
        assert underway.is_cut_off(folder)
        await serving.renew(chosen, current_now, database, known)
        assert inside.newest(folder)
        assert not underway.is_cut_off(folder)
        assert (folder / underway.SERVICE).exists()


async def test_a_lost_cache_is_seen_beside_a_database_that_is_named(run, url, tmp_path):
    """On PostgreSQL, too: a question alone brings back what pages said."""
    await run("/page", "/paper.pdf")
    chosen = Settings(catalog=None, cache=tmp_path / "new", database=url)
    told = io.StringIO()
    await asyncio.to_thread(opening.catch_up, chosen, told)
    assert inside.newest(current.inside_folder(chosen))
    assert told.getvalue() == ""


def test_a_database_that_is_away_is_waited_for_once(tmp_path):
    """The answers are the catalog's, and the next question does not wait."""
    where = "postgresql+psycopg://nobody@127.0.0.1:9/x"
    chosen = Settings(catalog=None, cache=tmp_path / "new", database=where)
    told = io.StringIO()
    opening.catch_up(chosen, told)
    opening.catch_up(chosen, told)
    assert len(told.getvalue().splitlines()) == 1


async def test_what_changes_while_all_is_read_is_read_again(run, database, url):
    """An index is never named after a state that is newer than what it holds."""
    await run("/page")
    other = Database(url)
    asked = []

    def dies(*_):
        asked.append(1)
        if len(asked) == 1:
            with other.engine.begin() as writing:
                store.keep_health(writing, Health("https://e.org/a", "dead"))
                store.advance(writing)

    event.listen(database.engine, "after_cursor_execute", dies)
    found = await database.read(store.everything)
    event.remove(database.engine, "after_cursor_execute", dies)
    now = await database.read(store.state)
    await other.close()
    assert "https://e.org/a" in found.notes or found.state != now


async def test_a_large_index_is_made_in_a_process_of_its_own(run, database, url, site, tmp_path):
    """The same as a small one; once made it is made no more, until the corpus changes."""
    await run("/page", "/paper.pdf")
    for large, folder in ((0, tmp_path / "there"), (9, tmp_path / "here")):
        assert await indexing.rebuild(url, folder, database, large) == 2
        assert await indexing.rebuild(url, folder, database, large) == 0
        known = {canonical(f"{site.url}/paper.pdf"): 5}
        kept = inside.load(folder, known)
        assert [kept.inside.entries[at] for at in range(2)] == [-1, 5]
        assert kept.summaries[f"{site.url}/paper.pdf"].text == "Bounded Staleness"
    assert inside.newest(tmp_path / "there") == inside.newest(tmp_path / "here")
    await database.write(store.advance)
    assert await indexing.rebuild(url, tmp_path / "here", database) == 2


async def test_where_nothing_was_read_no_index_is_made(database, url, tmp_path):
    assert await indexing.rebuild(url, tmp_path / "inside", database) == 0
    assert not (tmp_path / "inside").exists()


async def test_an_index_that_cannot_be_made_is_a_fault_that_is_told(run, database, tmp_path):
    """Whatever its process dies of."""
    await run("/page")
    with pytest.raises(OSError, match="ended with"):
        await indexing.rebuild("postgresql+psycopg://nobody@127.0.0.1:9/x", tmp_path, database, 0)


async def test_a_cache_that_was_lost_is_made_again_by_who_asks(site, tmp_path):
    """What pages said stands in the database; a question alone brings it back. A database that has
    none of them is looked into once.
    """
    folder, environ = tmp_path / "catalog", _own(site, tmp_path, tmp_path / "cache")
    folder.mkdir()
    url = f"{site.url}/page"
    text = f"<p>The quixotic rack tells of zorblax. {TEXT}"
    site.pages["/page"] = (HTML, PAGE.replace(b"<p>", text.encode()))
    (folder / "fan-paper.yaml").write_text(fans(url), encoding="utf-8")
    await asyncio.to_thread(_command, environ, "db", "upgrade")
    question = ["ask", "--json", "the quixotic rack and zorblax"]
    newest = tmp_path / "cache" / "inside" / "newest"
    assert (await asyncio.to_thread(_command, environ, *question)).stderr == ""
    assert newest.read_text() == ""
    await asyncio.to_thread(_command, environ, "refresh", url)
    assert not (newest.parent / "begun").exists()
    shutil.rmtree(tmp_path / "cache")
    told = json.loads((await asyncio.to_thread(_command, environ, *question)).stdout)
    assert "inside" in told["results"][0]
    assert newest.read_text()


def test_a_run_is_cut_off_where_none_is_under_way_and_its_mark_is_left(tmp_path):
    """Of several the last one takes the mark off."""
    folder = tmp_path / "inside"
    assert not underway.is_cut_off(folder)
    with underway.marked(folder):
        with underway.marked(folder):
            assert not underway.is_cut_off(folder)
        assert (folder / "begun").exists()
        assert not underway.is_cut_off(folder)
    assert not (folder / "begun").exists()
    with contextlib.suppress(KeyError), underway.marked(folder):
        raise KeyError
    assert underway.is_cut_off(folder)
    underway.forget(folder)
    assert not underway.is_cut_off(folder)


@pytest.mark.parametrize("away", [True, False])
async def test_what_cannot_be_made_at_once_is_said(run, url, tmp_path, away):
    """A database that is away is told of once and waited for no more; a large index each time."""
    await run("/page", "/paper.pdf")
    folder, told = tmp_path / "cache" / "inside", io.StringIO()
    where = "postgresql+psycopg://nobody@127.0.0.1:9/x" if away else url
    chosen = Settings(catalog=None, cache=tmp_path / "cache", database=where)
    with contextlib.suppress(KeyError), underway.marked(folder):
        raise KeyError
    await asyncio.to_thread(catching.catch_up, chosen, folder, told, 1)
    assert ("database cannot be read" if away else "2 passages") in told.getvalue()
    assert underway.is_cut_off(folder) != away
    assert inside.newest(folder) == ""
    if underway.is_cut_off(folder):
        await asyncio.to_thread(catching.catch_up, chosen, folder, told, 2)
    assert bool(inside.newest(folder)) != away
    assert not underway.is_cut_off(folder)
    assert len(told.getvalue().splitlines()) == 1


def _own(site, tmp_path, cache):
    """Settings of a machine of its own; all that leads out goes to a proxy that is not there."""
    return {
        "MLINFRA_CACHE_DIR": str(cache),
        "MLINFRA_DATA_DIR": str(tmp_path / "data"),
        "MLINFRA_CATALOG_DIR": str(tmp_path / "catalog"),
        "FETCH_ALLOW_HOSTS": site.place,
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
    }


def _environ(own):
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **own}


def _command(environ, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=_environ(environ),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


async def test_the_command_reports_and_the_links_are_told(site, tmp_path, cache):
    """`mlinfra refresh URL…`, then `mlinfra catalog links` in each form."""
    environ = {
        "MLINFRA_CACHE_DIR": str(cache),
        "MLINFRA_DATA_DIR": str(tmp_path),
        "FETCH_ALLOW_HOSTS": site.place,
    }
    urls = [f"{site.url}/page", f"{site.url}/film"]
    done = await asyncio.to_thread(_command, environ, "refresh", "--json", *urls)
    told = json.loads(done.stdout)
    assert (told["read"], told["offline"]) == (1, False)
    assert told["failed"][0]["url"] == urls[1]
    listed = await asyncio.to_thread(_command, environ, "catalog", "links", "--json")
    rows = json.loads(listed.stdout)
    assert len(rows) > 60
    assert {row["state"] for row in rows} == {"unread"}
    site.pages["/page"] = (HTML | {"ETag": '"1"'}, PAGE)
    for option, marked in ((), True), (("--anew",), False):
        await asyncio.to_thread(_command, environ, "refresh", "--json", *option, urls[0])
        assert ("if-none-match" in site.headers[-1]) == marked
    table = await asyncio.to_thread(_command, environ, "catalog", "links", "--format", "markdown")
    assert table.stdout.startswith("| state | entry | link | why | what to do |\n|---|")


async def test_what_stands_on_page_seven_only_is_asked_for(site, tmp_path, own_cache):
    """`mlinfra refresh`, then `mlinfra ask`: found, quoted, and opened at its page."""
    filler = "Each accelerator holds a partition of the layers and works on its share. " * 20
    body = [filler for _ in range(9)]
    body[6] += "A vibration of the cooling fans slowed the quixotic rack by three percent."
    paper = pdfs.paper("Of Racks and Fans", TEXT, body)
    site.pages["/fans.pdf"] = ({"Content-Type": "application/pdf"}, paper)
    url = f"{site.url}/fans.pdf"
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "fan-paper.yaml").write_text(fans(url), encoding="utf-8")
    environ = {
        "MLINFRA_CACHE_DIR": str(own_cache),
        "MLINFRA_DATA_DIR": str(tmp_path / "data"),
        "MLINFRA_CATALOG_DIR": str(folder),
        "FETCH_ALLOW_HOSTS": site.place,
    }
    question = ["ask", "--json", "vibration of cooling fans of the quixotic rack"]
    before = json.loads((await asyncio.to_thread(_command, environ, *question)).stdout)
    assert before["results"] == [] or "inside" not in before["results"][0]
    done = await asyncio.to_thread(_command, environ, "refresh", "--json", url)
    assert json.loads(done.stdout)["read"] == 1
    after = json.loads((await asyncio.to_thread(_command, environ, *question)).stdout)
    assert after["answered"]
    first = after["results"][0]
    assert first["id"] == "fan-paper"
    assert first["inside"]["url"] == f"{url}#page=7"
    assert "cooling fans" in first["snippet"]
    told = (await asyncio.to_thread(_command, environ, "ask", question[2])).stdout
    assert "cooling fans" in told
    assert "page 7" in told
    examined = (await asyncio.to_thread(_command, environ, "doctor")).stdout
    assert "links: 1 live" in examined


async def test_what_feeds_tell_of_and_the_catalog_has_not_is_a_candidate(site, tmp_path, cache):
    """Each once; a feed that was not read is named; what feeds say comes into no answer."""
    entries = "".join(
        f"<item><title>{title}</title><link>{url}</link><description>{TEXT}</description></item>"
        for title, url in (
            ("GPipe once more", "http://arxiv.org/abs/1811.06965v3"),
            ("New", "https://e.org/new"),
            ("New again", "http://www.e.org/new/"),
        )
    )
    rss = f"<?xml version='1.0'?><rss><channel><title>Blog</title>{entries}</channel></rss>"
    site.pages["/feed"] = ({"Content-Type": "application/rss+xml"}, rss.encode())
    own, feed = _own(site, tmp_path, cache), f"{site.url}/feed"
    (tmp_path / "catalog").mkdir()
    environ = own | {"FEEDS": f"{feed}, https://feed.invalid/x"}
    told = await asyncio.to_thread(_command, environ, "catalog", "candidates")
    assert (told.stdout, told.stderr.count("not read yet")) == ("", 2)
    await asyncio.to_thread(_command, environ, "refresh")
    told = await asyncio.to_thread(_command, environ, "catalog", "candidates")
    assert told.stdout == "New  https://e.org/new\n"
    assert told.stderr.count("not read yet: https://feed.invalid/x") == 1
    told = await asyncio.to_thread(_command, environ, "catalog", "candidates", "--json")
    assert json.loads(told.stdout) == [{"title": "New", "url": "https://e.org/new", "feed": feed}]
    asked = await asyncio.to_thread(_command, environ, "ask", "--json", "bounded staleness")
    assert not any("inside" in one for one in json.loads(asked.stdout)["results"])
    told = await asyncio.to_thread(_command, own, "catalog", "candidates")
    assert (told.returncode, "FEEDS names some" in told.stderr) == (0, True)


def test_a_database_that_is_away_is_no_fault_of_ours(tmp_path, cache):
    """`mlinfra catalog links` says so as every other command does."""
    environ = {
        "MLINFRA_CACHE_DIR": str(cache),
        "MLINFRA_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x",
    }
    done = _command(environ, "catalog", "links")
    assert done.returncode == 1
    assert done.stderr.startswith("mlinfra: the database cannot be used: ")


@pytest.mark.slow
async def test_a_database_that_goes_away_in_a_run_is_no_fault_of_ours(
    site, tmp_path, cache, postgres
):
    """The run ends, and says what is away."""
    url = databases.fresh(postgres)
    environ = _own(site, tmp_path, cache) | {"DATABASE_URL": url}
    (tmp_path / "catalog").mkdir()
    await asyncio.to_thread(_command, environ, "db", "upgrade")
    site.pages |= {f"/page{number}": (HTML, PAGE) for number in range(30)}
    site.wait = 0.3
    urls = [f"{site.url}/page{number}" for number in range(30)]
    command = [sys.executable, "-m", "bot", "refresh", *urls]
    child = await asyncio.create_subprocess_exec(
        *command, env=_environ(environ), stderr=asyncio.subprocess.PIPE
    )
    while len(site.asked) < 3:
        await asyncio.sleep(0.01)
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    _, told = await asyncio.wait_for(child.communicate(), 60)
    assert child.returncode == 1
    assert told.decode().startswith("mlinfra: the database cannot be used: ")


def test_links_are_told_the_worst_first(retriever):
    """A new address or a copy beside what is gone; nothing can break out of a cell."""
    entry = retriever.entries[0]
    url = entry.links[0].url
    healths = {url: Health(url, "dead", detail="a|b", archived="https://web.archive.org/a|<b>")}
    found = links.rows(retriever.entries, healths)
    assert found[0].url == url
    line = links.as_markdown(found).splitlines()[2]
    assert line.count("|") - line.count("\\|") == 6
    assert "copy: https://web.archive.org/a%7C%3Cb%3E" in line
    assert json.loads(links.as_json(found))[0]["state"] == "dead"
    assert links.as_table(found).splitlines()[-1].startswith("1 dead, ")


def test_links_are_told_with_what_stands_in_their_place(retriever):
    """The catalog's substitute and how that is, an address that is probable, a copy, a new one: in
    each form.
    """
    curated = {one.id: one.links for one in retriever.entries}
    (skymind,), (mlbase,) = curated["skymind-mlops"], curated["mlbase"]
    other = retriever.entries[0].links[0]
    copy, moved = "https://web.archive.org/web/2020/x", "https://e.org/new"
    healths = {
        skymind.url: Health(skymind.url, "dead", archived=copy),
        skymind.substitute: Health(skymind.substitute, "live"),
        other.url: Health(other.url, "moved", moved=moved),
    }
    found = links.rows(retriever.entries, healths)
    told = {one["url"]: one for one in json.loads(links.as_json(found))}
    assert told[skymind.url]["substitute"] == skymind.substitute
    assert told[skymind.url]["substitute_state"] == "live"
    assert told[skymind.url]["archived"] == copy
    assert told[mlbase.url]["inferred"] == mlbase.inferred
    assert told[other.url]["moved"] == moved
    assert told[other.url]["substitute"] is told[other.url]["substitute_state"] is None
    for text in (links.as_table(found), links.as_markdown(found)):
        lines = {one.url: next(x for x in text.splitlines() if one.url in x) for one in found}
        assert f"shown instead: {skymind.substitute} (live), copy: {copy}" in lines[skymind.url]
        assert f"perhaps at: {mlbase.inferred}" in lines[mlbase.url]
        assert f"new address: {moved}" in lines[other.url]


def test_what_was_found_out_does_not_change_what_is_looked_at(retriever, own_cache):
    """The catalog's own word is told beside it, and what is dead is asked for again."""
    chosen = Settings(catalog=None, cache=own_cache)
    entry = next(one for one in retriever.entries if one.id == "skymind-mlops")
    (link,) = entry.links
    url = retriever.entries[0].links[0].url
    copy = "https://web.archive.org/web/2020/x"
    notes = {link.substitute: ("dead", None, copy), url: ("dead", "https://e.org/new", None)}
    inside.save(current.inside_folder(chosen), "here 1", [], notes)
    found = current.load(chosen).retriever.entries
    assert copy in {one.substitute for entry in found for one in entry.links}
    assert refreshing.addresses(found) == refreshing.addresses(retriever.entries)
    told = {row.url: row.curated for row in links.rows(found, {})}
    assert told == {row.url: row.curated for row in links.rows(retriever.entries, {})}


@pytest.mark.parametrize("value", ["0.0001", "0.0002999", "-1", "721", "1e9", "nan", "inf", "1h"])
def test_a_service_reads_neither_all_the_time_nor_once_a_year(value):
    """What is wrong is told with its mend; 0 is never."""
    with pytest.raises(SettingsError, match=r"REFRESH_HOURS must be 0, or .* 0\.0003 to 720"):
        Settings.from_environ({"REFRESH_HOURS": value})
    assert not Settings.from_environ({"REFRESH_HOURS": "0"}).refresh_pause
    assert Settings.from_environ({"REFRESH_HOURS": "0.0003"}).refresh_pause.total_seconds() > 1


def test_hosts_and_contacts_are_checked():
    """What is wrong is told with its mend."""
    found = Settings.from_environ({"FETCH_ALLOW_HOSTS": "127.0.0.1:80, [::1]:8080 wiki:443"})
    assert found.fetch_allow == {"127.0.0.1:80", "::1:8080", "wiki:443"}
    found = Settings.from_environ({"FETCH_ALLOW_HOSTS": "wiki.example.org,[::1]"})
    assert found.fetch_allow == {"wiki.example.org", "::1"}
    found = Settings.from_environ(
        {"FEEDS": "https://e.org/a?b=c,http://e.org/d https://e.org/a?b=c"}
    )
    assert found.feeds == ("https://e.org/a?b=c", "http://e.org/d")
    for name, value in (
        ("FETCH_ALLOW_HOSTS", "a:0"),
        ("FETCH_ALLOW_HOSTS", "a:"),
        ("FETCH_ALLOW_HOSTS", "a:80/x"),
        ("FETCH_ALLOW_HOSTS", "10.0.0.0/8"),
        ("FETCH_ALLOW_HOSTS", "::1"),
        ("FETCH_ALLOW_HOSTS", "*"),
        ("FETCH_ALLOW_HOSTS", "http://a:80"),
        ("FETCH_CONTACT", "a\nb: c"),
        ("FETCH_CONTACT", "é"),
        ("FEEDS", "example.org/feed"),
        ("FEEDS", "https://example.org/feed, file:///etc/passwd"),
        ("FEEDS", "https://u:p@example.org/feed"),
        ("FEEDS", "https://[::1/feed"),
    ):
        with pytest.raises(Exception, match=name):
            Settings.from_environ({name: value})
