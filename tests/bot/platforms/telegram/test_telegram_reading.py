"""`mlinfra serve` reads the pages behind the links meanwhile, and ends in time all the same."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pdfs
import pytest
from botapi_server import BotApi
from curated import fans
from nasty_server import NastyServer

ROOT = Path(__file__).parents[4]
FILLER = "Each accelerator holds a partition of the layers and works on its share. " * 20
QUESTION = "vibration of cooling fans of the quixotic rack"


@pytest.fixture
def server():
    with BotApi.in_thread() as found:
        yield found


@pytest.fixture(name="site")
async def _site():
    """A paper, of which page 7 alone says it."""
    async with NastyServer() as site:
        body = [FILLER for _ in range(9)]
        body[6] += "A vibration of the cooling fans slowed the quixotic rack by three percent."
        paper = pdfs.paper("Of Racks and Fans", FILLER[:200], body)
        site.pages["/fans.pdf"] = ({"Content-Type": "application/pdf"}, paper)
        yield site


def environ(site, folder, path):
    """The world is shut off: all that leads out goes to a proxy that is not there."""
    catalog = folder / "catalog"
    catalog.mkdir()
    (catalog / "fan-paper.yaml").write_text(fans(site.url + path), encoding="utf-8")
    return {
        "MLINFRA_CATALOG_DIR": str(catalog),
        "FETCH_ALLOW_HOSTS": site.place,
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
    }


async def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.1)


async def test_what_a_page_says_is_answered_once_it_was_read(server, serving, site, tmp_path):
    """The service reads it by itself, and questions go on; nobody starts it anew."""
    more = environ(site, tmp_path, "/fans.pdf")
    chat = server.private(server.user("ann"))

    def asked():
        before = len(chat.said)
        chat.say(f"{QUESTION} {before}")
        server.wait(lambda: len(chat.said) > before, 20)
        return chat.said[-1].text

    with serving(server, REFRESH_HOURS="0.0005", **more) as process:
        assert "page 7" not in await asyncio.to_thread(asked)
        await until(lambda: "/fans.pdf" in site.asked)
        await until(lambda: "renewed" in process.said)
        assert "page 7" in await asyncio.to_thread(asked)
        assert await asyncio.to_thread(process.stop) == 0


@pytest.mark.parametrize("path", ["/drip", pytest.param("/silent", marks=pytest.mark.slow)])
async def test_a_stop_does_not_wait_for_a_page(server, serving, site, tmp_path, path):
    """Within the ten seconds that whoever stops us waits; what was claimed is due again."""
    more = environ(site, tmp_path, path)
    with serving(server, REFRESH_HOURS="0.0003", **more) as process:
        await until(lambda: path in site.asked)
        start = time.monotonic()
        assert await asyncio.to_thread(process.stop) == 0
        assert time.monotonic() - start < 8


async def test_nothing_is_read_where_the_operator_does_not_want_it(server, serving, site, tmp_path):
    more = environ(site, tmp_path, "/fans.pdf")
    with serving(server, REFRESH_HOURS="0", **more) as process:
        await asyncio.sleep(3)
        assert await asyncio.to_thread(process.stop) == 0
    assert site.asked == []


HANGS = """
import socket, sys, threading, time
def hang(*_, **__):
    print("looked up", flush=True)
    time.sleep(60)
socket.getaddrinfo = hang
import asyncio
from corpus.transport import resolve
async def main():
    try:
        async with asyncio.timeout(0.5):
            await resolve("somewhere.test", 80)
    except TimeoutError:
        print("given up", flush=True)
asyncio.run(main())
"""


def test_a_name_that_hangs_holds_up_no_end():
    """The system's resolver may take a minute where the network is away."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", HANGS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["looked up", "given up"]
    assert time.monotonic() - start < 20
