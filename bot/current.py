"""The Retriever in force: opened from its snapshot, or made from the catalog and kept as one.

Shipped entries stand below the operator's own. The snapshot is named by the digest of all that it
is made from: another catalog, lexicon or program is another snapshot.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import reduce
from hashlib import blake2b
from pathlib import Path
from typing import Any

import corpus
import retrieval
from bot.settings import Settings
from corpus.entries import build
from corpus.errors import CatalogProblem
from corpus.model import Entry
from retrieval import lexicon as lexicons
from retrieval import passages, snapshot
from retrieval.derived import derive, restored
from retrieval.index import Index
from retrieval.lexicon import Lexicon
from retrieval.retriever import Retriever, assemble
from retrieval.tokenize import Tokenizer

SHIPPED = Path(corpus.__file__).with_name("data")
TABLES = (
    "concepts.tsv",
    "elsewhere.tsv",
    "organisations.tsv",
    "kinds.tsv",
    "variants.tsv",
    "stop.txt",
    "noise.txt",
)


@dataclass(frozen=True, slots=True)
class Current:
    """A retriever, and what is wrong with the files that it was made of."""

    retriever: Retriever
    problems: Sequence[CatalogProblem]


def load(settings: Settings) -> Current:
    """Open the snapshot of the catalog, or make one."""
    layers = [list(catalog_files(folder)) for folder in folders(settings)]
    words = _lexicon_digest()
    dictionary = settings.cache / f"words-{words.hexdigest()}"
    folder = settings.cache / _digest(words, [file for layer in layers for file in layer])
    kept = snapshot.load(folder)
    if kept is None:
        kept = _made(layers, dictionary)
        snapshot.save(folder, *kept)
    return _opened(*kept, dictionary)


def folders(settings: Settings) -> list[Path]:
    """Where catalog files are, the shipped ones first, what stands over them after."""
    return [SHIPPED, *filter(None, (settings.catalog,))]


def catalog_files(folder: Path) -> Iterator[tuple[str, str]]:
    """(path, text) of every catalog file of a folder."""
    for path in sorted(folder.glob("*.yaml")):
        yield str(path), path.read_text(encoding="utf-8", errors="replace")


def _made(
    layers: Sequence[Sequence[tuple[str, str]]], dictionary: Path
) -> tuple[Index, dict[str, Any]]:
    """The index, and all else that a start needs, as plain values."""
    from corpus import catalog  # with YAML: 20 ms that a start from a snapshot does not pay

    parsed = reduce(lambda lower, upper: catalog.layered(upper, lower), map(catalog.parse, layers))
    lexicon = lexicons.load()
    tokenizer = Tokenizer(lexicon, dictionary=dictionary)
    built = [build(entry) for entry in parsed.entries]
    found = passages.passages(built, lexicon.kinds)
    index = Index.build([passages.terms(passage, tokenizer) for passage in found])
    return index, {
        "entries": parsed.entries,
        "problems": [astuple(problem) for problem in parsed.problems],
        "lexicon": lexicon.plain(),
        "grown": dict(tokenizer.grown()),
        "derived": derive(built, found, lexicon, tokenizer).plain(),
    }


def _opened(index: Index, tables: dict[str, Any], dictionary: Path) -> Current:
    lexicon = Lexicon(**tables["lexicon"])
    tokenizer = Tokenizer(lexicon, tables["grown"], dictionary)
    entries: list[Entry] = [build(entry) for entry in tables["entries"]]
    found = passages.passages(entries, lexicon.kinds)
    retriever = assemble(entries, found, index, restored(tables["derived"]), tokenizer)
    return Current(retriever, [CatalogProblem(*problem) for problem in tables["problems"]])


def _lexicon_digest() -> blake2b:
    digest = blake2b(sys.version.encode(), digest_size=16)
    for name in TABLES:
        digest.update((lexicons.FOLDER / name).read_bytes())
    return digest


def _digest(lexicon: blake2b, files: Sequence[tuple[str, str]]) -> str:
    """What the snapshot is made from, in one name: lexicon, catalog and program."""
    digest = lexicon.copy()
    for path, text in files:
        digest.update(f"\0{path}\0{text}".encode("utf-8", "surrogatepass"))
    for package in (corpus, retrieval):
        for module in sorted(Path(str(package.__file__)).parent.glob("*.py")):
            state = module.stat()
            digest.update(f"\0{module}{state.st_mtime_ns}{state.st_size}".encode())
    return digest.hexdigest()
