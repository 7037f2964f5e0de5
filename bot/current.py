"""The Retriever in force: opened from the catalog files, shipped ones below the operator's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import corpus
from bot.settings import Settings
from corpus import catalog
from corpus.errors import CatalogProblem
from retrieval import lexicon
from retrieval.index import Index
from retrieval.retriever import Retriever, build

SHIPPED = Path(corpus.__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Current:
    """A retriever, and what is wrong with the files that it was made of."""

    retriever: Retriever
    problems: Sequence[CatalogProblem]


def load(settings: Settings) -> Current:
    """Read the catalog and make it searchable."""
    parsed = catalog.parse(catalog_files(settings))
    entries = [catalog.build(entry) for entry in parsed.entries]
    return Current(build(entries, lexicon.load(), Index.build), parsed.problems)


def catalog_files(settings: Settings) -> Iterator[tuple[str, str]]:
    """(path, text) of every catalog file, the operator's first."""
    for folder in filter(None, (settings.catalog, SHIPPED)):
        for path in sorted(folder.glob("*.yaml")):
            yield str(path), path.read_text(encoding="utf-8", errors="replace")
