"""The Retriever in force: opened from its snapshot, or made from the catalog and kept as one.

Shipped entries stand below the operator's own. A snapshot knows the state of every file that it is
made from: another catalog, lexicon or program is another snapshot.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import corpus
import retrieval
from bot import labels, phrases
from bot.settings import Settings
from corpus.entries import build
from corpus.errors import CatalogProblem
from corpus.health import Note, noted
from corpus.language import made_traditional, remember
from corpus.model import Entry, Summary, Text
from corpus.record import record, replace
from retrieval import inside, rank, reading, snapshot
from retrieval import lexicon as lexicons
from retrieval.assembling import assemble
from retrieval.derived import derive, restored
from retrieval.index import Index
from retrieval.packed import Rows, Table, pack, pack_rows
from retrieval.passages import Passages, terms
from retrieval.retriever import Retriever
from retrieval.tokenize import Tokenizer

SHIPPED = Path(corpus.__file__).with_name("data")
_PROGRAM = [Path(str(package.__file__)).parent for package in (corpus, retrieval)]
Layers = Sequence[Sequence[tuple[str, str | OSError]]]


@record
class Current:
    """A retriever, and what is wrong with the files that it was made of."""

    retriever: Retriever
    problems: Sequence[CatalogProblem]


class InForce:
    """The retriever that questions are answered with; swapped whole when its files change.

    `warm` is called with one before it answers anybody.
    """

    def __init__(self, settings: Settings, warm: Callable[[Retriever], None] | None = None) -> None:
        self._settings = settings
        self._warm = warm
        self._state = _in_force(settings)
        found = self._opened()
        self.retriever = found.retriever
        self.problems = found.problems

    def renew(self) -> bool:
        """Open what the files hold now, if they have changed; questions go on meanwhile."""
        now = _in_force(self._settings)
        if now == self._state:
            return False
        found = self._opened()
        self.retriever, self.problems, self._state = found.retriever, found.problems, now
        return True

    def finds(self, words: str) -> bool:
        """Whether words by themselves find a work."""
        return self.retriever.search(words, None, 1).confidence != "nothing"

    def _opened(self) -> Current:
        """For a program that goes on answering: with the extra `han` where it is installed."""
        found = load(self._settings)
        with suppress(ImportError):
            found.retriever.tokenizer.segment.accelerate()
        if self._warm is not None:
            self._warm(found.retriever)
        return found


def state(settings: Settings) -> str:
    """The state of every file that a retriever is made of."""
    return _state([*folders(settings), lexicons.FOLDER, *_PROGRAM])


def _in_force(settings: Settings) -> tuple[str, str]:
    """The same, and what was read behind the links."""
    return state(settings), inside.newest(inside_folder(settings))


def inside_folder(settings: Settings) -> Path:
    """Where the index of the pages behind the links is kept."""
    return settings.cache / "inside"


def _with_pages(found: Current, settings: Settings) -> Current:
    """The retriever with what was read behind the links, if anything was."""
    if not inside.newest(inside_folder(settings)):
        return found
    retriever = found.retriever
    kept = inside.load(inside_folder(settings), retriever.derived.addresses)
    entries = retriever.entries
    if kept.notes or kept.summaries:
        entries = _Noted(entries, kept.notes, kept.summaries)
    return Current(retriever.with_pages(kept.inside, entries), found.problems)


def curated(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Entries as the catalog's files have them, without what was found out about their links."""
    return entries.curated if isinstance(entries, _Noted) else entries


class _Noted(Sequence[Entry]):
    """Entries with what was found out about their links, each when it is first asked for."""

    def __init__(
        self,
        entries: Sequence[Entry],
        notes: Mapping[str, Note],
        summaries: Mapping[str, Summary],
    ) -> None:
        self.curated = entries
        self._notes = notes
        self._summaries = summaries
        self._made: dict[int, Entry] = {}

    def __getitem__(self, at: Any) -> Any:
        if at not in self._made:
            entry = self.curated[at]
            self._made[at] = replace(entry, links=noted(entry.links, self._notes, self._summaries))
        return self._made[at]

    def __len__(self) -> int:
        return len(self.curated)


def load(settings: Settings) -> Current:
    """Open the snapshot of the catalog, or make one."""
    origin = state(settings)
    kept = snapshot.load(settings.cache, origin)
    if kept is None:
        kept = _made([list(catalog_files(folder)) for folder in folders(settings)], settings.cache)
        snapshot.save(settings.cache, origin, *kept)
    return _with_pages(_opened(*kept, settings.cache), settings)


def folders(settings: Settings) -> list[Path]:
    """Where catalog files are, the shipped ones first, what stands over them after."""
    return [SHIPPED, *filter(None, (settings.catalog,))]


def catalog_files(folder: Path) -> Iterator[tuple[str, str | OSError]]:
    """The path and the text of every catalog file of a folder, or why one cannot be read."""
    for path in sorted(folder.glob("*.yaml")):
        try:
            yield str(path), path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            yield str(path), error


def _made(layers: Layers, cache: Path) -> tuple[Index, dict[str, Any]]:
    """The index, and all else that a start needs, as plain values."""
    from corpus import catalog  # with YAML: 20 ms that a start from a snapshot does not pay

    parsed = catalog.read(layers)
    lexicon = lexicons.load()
    tokenizer = Tokenizer(lexicon, cache)
    entries = [build(entry) for entry in parsed.entries]
    found = Passages(entries, lexicon.kinds)
    index = Index.build([terms(passage, tokenizer) for passage in found], rank.K1, rank.B)
    return index, {
        "entries": pack_rows(parsed.entries),
        "problems": [tuple(problem) for problem in parsed.problems],
        "kinds": lexicon.kinds,
        "grown": dict(tokenizer.grown()),
        "read": reading.kept(entries, tokenizer),
        "traditional": pack(made_traditional(_texts([parsed.entries, _ours()]))),
        "derived": derive(entries, found, lexicon, tokenizer).plain(),
    }


def _opened(index: Index, tables: dict[str, Any], cache: Path) -> Current:
    remember(Table(tables["traditional"]))
    tokenizer = Tokenizer(tables["grown"], cache)
    derived = restored(tables["derived"])
    entries = Rows(tables["entries"], build)
    found = Passages(entries, tables["kinds"], derived.places)
    reader = reading.restored(tables["read"], tokenizer)
    retriever = assemble(entries, found, index, derived, tokenizer, reader)
    return Current(retriever, [CatalogProblem(*problem) for problem in tables["problems"]])


def _ours() -> list[object]:
    """Everything that we say ourselves."""
    modules = (labels, phrases)
    return [told for module in modules for name, told in vars(module).items() if name.isupper()]


def _texts(values: object) -> Iterator[str]:
    """Every text in some plain values: what may be told in Traditional."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, Text):
        yield values.zh
    elif isinstance(values, Mapping):
        yield from _texts(list(values.values()))
    elif isinstance(values, (list, tuple)):
        for value in values:
            yield from _texts(value)


def _state(folders: Sequence[Path]) -> str:
    """Every file of the folders in the state that it is in, and the Python that reads them.

    Reading them all would take 6 ms. As in git's index, size, times and inode tell that a file is
    as it was: the time of change cannot be set back.
    """
    lines = [sys.version]
    for folder in filter(Path.is_dir, folders):
        with os.scandir(folder) as files:
            for file in sorted(files, key=lambda file: file.name):
                if file.is_file():
                    state = file.stat()
                    times = f"{state.st_mtime_ns} {state.st_ctime_ns}"
                    lines.append(f"{file.path} {state.st_size} {state.st_ino} {times}")
    return "\n".join(lines)
