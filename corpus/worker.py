"""The process that reads pages, one after the other, until its input ends: see corpus.workers."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import BinaryIO


def run() -> None:
    """Read from standard input, answer on standard output."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    _limit(int(sys.argv[1]))
    serve(sys.stdin.buffer, out)


def serve(source: BinaryIO, out: BinaryIO) -> None:
    """An extract for each page."""
    from corpus.extracts import to_json
    from corpus.model import Extract, Page
    from corpus.reading import read

    while head := source.readline():
        told = json.loads(head)
        body = source.read(told.pop("body"))
        try:
            found = read(Page(body=body, **told))
        except (MemoryError, RecursionError):
            found = Extract(problems=("broken: it takes too much memory to be read",))
        out.write(to_json(found).encode("utf-8", "replace") + b"\n")
        out.flush()


def _limit(memory: int) -> None:
    """No more memory than this, and no file left behind by a crash."""
    try:
        import resource
    except ImportError:  # another system than Unix
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # a service may be closed so far that this is not allowed
        os.nice(5)  # questions come first
