"""The curated catalog as the tests read it: files, entries, listings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import corpus
from corpus import catalog
from corpus.entries import build
from corpus.model import Entry

DATA = Path(corpus.__file__).with_name("data")


@cache
def files() -> tuple[tuple[str, str], ...]:
    """The catalog's files by name, with their texts."""
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(DATA.iterdir()))


@cache
def parsed() -> catalog.Parsed:
    """What the files hold."""
    return catalog.parse(files())


@cache
def entries() -> tuple[Entry, ...]:
    """Every curated work."""
    return tuple(map(build, parsed().entries))
