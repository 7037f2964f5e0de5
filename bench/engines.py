"""The engines side by side, ours and its peers, behind one small protocol. Each is built into a
folder and opened from there, and imports what it needs only then: a cold start must not pay for
the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

Passages = Sequence[Sequence[str]]
Search = Callable[[Sequence[str], int], list[int]]
K1, B = 1.2, 0.75


class Engine(Protocol):
    """Builds an index of passages in a folder and opens it for searches."""

    def build(self, passages: Passages, folder: Path) -> None:
        """Index the passages and write what is needed to open the index again."""

    def open(self, folder: Path) -> Search:
        """A function from terms and a number to the best passages."""


class Ours:
    """The index of this project, with numpy where it pays."""

    def build(self, passages: Passages, folder: Path) -> None:
        """Build and save."""
        from retrieval.index import Index

        Index.build(passages, K1, B).save(folder / "index")

    def open(self, folder: Path) -> Search:
        """Map the file."""
        return asking(self.mapped(folder))

    def ways(self, folder: Path) -> dict[str, Search]:
        """Plain, with a weight for each term, and with every second passage filtered out."""
        index = self.mapped(folder)
        half = index.mask(range(0, len(index), 2))
        weights = [1 + number / 8 for number in range(8)]

        def weighted(terms: Sequence[str], k: int) -> list[int]:
            asked = dict(zip(terms, weights, strict=False))
            return [position for position, _ in index.search(asked, k)]

        return {"plain": asking(index), "weighted": weighted, "filtered": asking(index, half)}

    def mapped(self, folder: Path) -> Any:
        """The index of a folder."""
        from retrieval.index import Index

        return Index.load(folder / "index")


class OursCompiled(Ours):
    """The same, with the numba extra."""

    def mapped(self, folder: Path) -> Any:
        """The index of a folder, with the compiled code loaded."""
        index = super().mapped(folder)
        index.accelerate()
        return index


def asking(index: Any, among: Any = None) -> Search:
    """Ask our index as the peers are asked."""

    def search(terms: Sequence[str], k: int) -> list[int]:
        return [position for position, _ in index.search(dict.fromkeys(terms, 1.0), k, among)]

    return search


class RankBm25:
    """rank_bm25 itself: what every score is checked against."""

    def build(self, passages: Passages, folder: Path) -> None:
        """Build and pickle; it has no format of its own."""
        import pickle

        from rank_bm25 import BM25Plus

        with (folder / "index").open("wb") as file:
            pickle.dump(BM25Plus(list(passages), k1=K1, b=B, delta=0), file, protocol=5)

    def open(self, folder: Path) -> Search:
        """Read the pickle."""
        import pickle

        import numpy as np

        with (folder / "index").open("rb") as file:
            bm25 = pickle.load(file)

        def search(terms: Sequence[str], k: int) -> list[int]:
            scores = bm25.get_scores(terms)
            reached = np.flatnonzero(scores >= max(np.partition(scores, -k)[-k], 1e-12))
            order = np.lexsort((reached, -scores[reached]))[:k]
            return [int(position) for position in reached[order]]

        return search


class Bm25s:
    """bm25s with its numpy or its numba backend."""

    def __init__(self, backend: str) -> None:
        """Choose the backend."""
        self._backend = backend

    def build(self, passages: Passages, folder: Path) -> None:
        """Build and save."""
        import bm25s

        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=self._backend)
        index.index([list(passage) for passage in passages], show_progress=False)
        index.save(str(folder), show_progress=False)

    def open(self, folder: Path) -> Search:
        """Map the files; its numba code is compiled by a first search."""
        import bm25s

        index = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        index.backend = self._backend
        known = index.vocab_dict

        def search(terms: Sequence[str], k: int) -> list[int]:
            asked = [term for term in terms if term in known]  # it fails on a question of none
            if not asked:
                return []
            found = index.retrieve([asked], k=k, show_progress=False, n_threads=0)
            return [int(position) for position in found.documents[0]]

        return search


class Tantivy:
    """tantivy, the search library in Rust; words are cut at spaces."""

    def build(self, passages: Passages, folder: Path) -> None:
        """Build one segment."""
        import tantivy

        index = tantivy.Index(self._schema(tantivy), path=str(folder))
        writer = index.writer(heap_size=200_000_000, num_threads=1)
        for position, passage in enumerate(passages):
            document = tantivy.Document()
            document.add_text("text", " ".join(passage))
            document.add_unsigned("position", position)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Search:
        """Open the folder; a passage's number is fetched from a fast field."""
        import tantivy

        schema = self._schema(tantivy)
        searcher = tantivy.Index(schema, path=str(folder)).searcher()
        should, query = tantivy.Occur.Should, tantivy.Query

        def search(terms: Sequence[str], k: int) -> list[int]:
            parts = [(should, query.term_query(schema, "text", term)) for term in terms]
            hits = searcher.search(query.boolean_query(parts), k, count=False).hits
            return [searcher.doc(address)["position"][0] for _, address in hits]

        return search

    def _schema(self, tantivy: Any) -> Any:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False, tokenizer_name="whitespace")
        builder.add_unsigned_field("position", stored=True, indexed=False, fast=True)
        return builder.build()


class Fts5:
    """SQLite's full-text search."""

    def build(self, passages: Passages, folder: Path) -> None:
        """Build a table without its text and optimize it."""
        import sqlite3

        with sqlite3.connect(folder / "index") as database:
            database.execute("CREATE VIRTUAL TABLE passage USING fts5(text, content='')")
            database.executemany(
                "INSERT INTO passage(rowid, text) VALUES (?, ?)",
                ((position, " ".join(passage)) for position, passage in enumerate(passages)),
            )
            database.execute("INSERT INTO passage(passage) VALUES ('optimize')")
        database.close()

    def open(self, folder: Path) -> Search:
        """Open the file."""
        import sqlite3

        database = sqlite3.connect(folder / "index")
        asked = "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?"

        def search(terms: Sequence[str], k: int) -> list[int]:
            match = " OR ".join(f'"{term}"' for term in terms)
            return [row[0] for row in database.execute(asked, (match, k))]

        return search


class Turbo:
    """bm25-turbo in Rust (AGPL: measured where it happens to be installed, never a dependency)."""

    def build(self, passages: Passages, folder: Path) -> None:
        """Build and save."""
        from bm25_turbo_python import BM25

        index = BM25(method="lucene", k1=K1, b=B)
        index.index([" ".join(passage) for passage in passages])
        index.save(str(folder / "index"))

    def open(self, folder: Path) -> Search:
        """Read the file; it cuts each question into words itself."""
        from bm25_turbo_python import BM25

        index = BM25.load(str(folder / "index"))

        def search(terms: Sequence[str], k: int) -> list[int]:
            return [int(position) for position in index.search(" ".join(terms), k)[0]]

        return search


ENGINES: dict[str, Engine] = {
    "ours": Ours(),
    "ours, numba": OursCompiled(),
    "bm25s": Bm25s("numpy"),
    "bm25s, numba": Bm25s("numba"),
    "tantivy": Tantivy(),
    "bm25-turbo": Turbo(),
    "SQLite FTS5": Fts5(),
    "rank_bm25": RankBm25(),
}
OURS = ("ours", "ours, numba")
