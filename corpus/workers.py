"""Pages are read in processes of their own: one may eat memory, hang or crash, and only its page
suffers. A worker is given no environment, so there is nothing in it to steal.

A page goes in as a line of JSON and its bytes, an extract comes back as a line of JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Self

from corpus.extracts import from_json
from corpus.model import Extract, Page
from corpus.record import fields

SECONDS = 60.0  # that a page may be read for
MEMORY = 1 << 30  # bytes that a worker may have
LIFE = 200  # pages that a worker reads before a fresh one takes its place
_LONGEST = 64 << 20  # bytes of an extract
_ROOT = Path(__file__).parents[1]
_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from corpus import worker; worker.run()"
)


class _Worker:
    """One process, between two pages."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.read_pages = 0

    @classmethod
    async def start(cls, memory: int) -> Self:
        """A new process."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-W",
                "ignore",
                "-c",
                _PROGRAM,
                str(memory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=kept,
                limit=_LONGEST,
                start_new_session=True,  # Ctrl-C is ours to answer
            )
        )

    async def read(self, page: Page) -> Extract:
        """What the process makes of a page. An error where it is no more."""
        self.read_pages += 1
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told = fields(page) | {"body": len(page.body)}
        self._process.stdin.write(json.dumps(told).encode() + b"\n" + page.body)
        await self._process.stdin.drain()
        return from_json((await self._process.stdout.readline()).decode("utf-8", "replace"))

    async def end(self) -> None:
        """Let the process go, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        # What it still had to say is read, or its pipe would hold the loop.
        with contextlib.suppress(OSError, ValueError):
            await self._process.communicate()


class Workers:
    """So many processes that read pages, each begun when it is first needed."""

    def __init__(self, count: int = 2, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._places = asyncio.Semaphore(count)
        self._idle: list[_Worker] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._idle:
            await self._idle.pop().end()

    async def read(self, page: Page) -> Extract:
        """What a page says; a problem where it takes too much to be read."""
        async with self._places:
            worker = self._idle.pop() if self._idle else await _Worker.start(self._memory)
            try:
                async with asyncio.timeout(self._seconds):
                    found = await worker.read(page)
            except TimeoutError:
                await worker.end()
                return Extract(problems=("broken: it takes too long to be read",))
            except (OSError, ValueError, asyncio.IncompleteReadError):
                await worker.end()
                return Extract(problems=("broken: what reads it gives up",))
            except BaseException:
                await worker.end()
                raise
            if worker.read_pages < LIFE:
                self._idle.append(worker)
            else:
                await worker.end()
            return found
