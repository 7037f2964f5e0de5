"""Reading in processes of their own: what goes wrong there stays there."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pdfs
import pytest

from corpus.model import Page
from corpus.workers import Workers, _Worker

GOOD = b"<html><title>Good</title><body><p>" + b"Workers pull the weights of a model. " * 10


def page(body=GOOD):
    return Page("u", "u", "text/html", body)


async def test_pages_are_read_at_the_same_time():
    async with Workers(2) as workers:
        found = await asyncio.gather(*(workers.read(page()) for _ in range(8)))
    assert {one.title for one in found} == {"Good"}
    assert all(one.parts for one in found)


async def test_a_page_that_takes_too_long_is_given_up():
    """And the next one is read by a fresh process."""
    async with Workers(1, seconds=3) as workers:
        await workers.read(page())
        workers._seconds = 0.001
        slow = await workers.read(page(b"<p>" + b"<b>a" * 500_000))
        workers._seconds = 20
        assert "too long" in slow.problems[0]
        assert (await workers.read(page())).title == "Good"


async def test_a_process_that_dies_takes_its_page_only():
    async with Workers(1) as workers:
        await workers.read(page())
        (worker,) = workers._idle
        worker._process.kill()
        await worker._process.wait()
        assert (await workers.read(page())).problems
        assert (await workers.read(page())).title == "Good"


async def test_memory_is_bounded():
    """A worker that is refused memory says so, or dies; we go on."""
    async with Workers(1, memory=1 << 20) as workers:
        found = await workers.read(page())
    assert found.problems


CLOSED = """
import asyncio, os, closed
try:
    closed.close()
except OSError:
    raise SystemExit(77)
from corpus.model import Page
from corpus.workers import Workers

async def read():
    async with Workers(1) as workers:
        page = Page("u", "u", "text/html", b"<title>Good</title><p>" + b"Workers pull. " * 30)
        return await workers.read(page)

try:
    os.nice(1)
except PermissionError:
    print(asyncio.run(read()).title)
"""


def test_pages_are_read_in_a_service_that_may_not_be_nice():
    """As deploy/systemd has it, which lets no process change its priority."""
    root = Path(__file__).parents[2]
    path = os.pathsep.join((str(root), str(root / "tests/support")))
    done = subprocess.run(
        [sys.executable, "-c", CLOSED],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip("no process can be closed so here")
    assert done.stdout.strip() == "Good", done.stderr


@pytest.mark.parametrize("made", [pdfs.bomb(300), pdfs.endless()], ids=["bomb", "endless"])
async def test_a_hostile_pdf_costs_its_own_page_only(made):
    """Kilobytes that are hundreds of megabytes, pages that hold themselves."""
    async with Workers(1, seconds=20) as workers:
        found = await workers.read(Page("u", "u", "application/pdf", made))
        assert found.parts == ()
        assert 1 <= len(found.problems) <= 21
        assert (await workers.read(page())).title == "Good"


async def test_nothing_of_ours_is_in_a_worker(monkeypatch):
    """No secret of the environment."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:secret")
    worker = await _Worker.start(1 << 30)
    try:
        held = Path(f"/proc/{worker._process.pid}/environ").read_bytes()
        assert b"secret" not in held
    finally:
        await worker.end()


async def test_no_process_is_left():
    async with Workers(2) as workers:
        await workers.read(page())
        pids = [worker._process.pid for worker in workers._idle]
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.slow
async def test_a_thousand_pages_a_minute_are_read():
    """With two processes, of the size of an article."""
    body = b"<html><title>t</title><body><article>" + b"<p>" + GOOD[30:] + b"</p>" * 60
    async with Workers(2) as workers:
        start = time.monotonic()
        await asyncio.gather(*(workers.read(page(body)) for _ in range(500)))
        assert time.monotonic() - start < 30
