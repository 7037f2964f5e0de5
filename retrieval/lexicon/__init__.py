"""The words of the field, as values read from the tables beside this file.

`concepts.tsv`       en, zh, aliases (|), category: one concept a line, in both languages
`organisations.tsv`  id, en, zh, aliases (|): who is meant by a name
`kinds.tsv`          kind, words (|): what a kind of work is called, in both languages
`alike.tsv`          words (|), words (|): what says much the same, in English and in Chinese
`variants.tsv`       word, word: a spelling or a Taiwan word and the one used here
`elsewhere.tsv`      topic, words (|): words of other fields, a sign that the catalog has no answer
`pinyin.tsv`         a syllable, the characters that sound like it (read by `retrieval.lookalikes`)
`shapes.tsv`         a character of ours, those that look like it (the same)
`english.tsv`        word, how common it is (read by `retrieval.background`)
`confidence.tsv`     fitted by `mlinfra evaluate --fit` (read by `retrieval.confidence`)
`stop.txt`           words that carry no subject
`noise.txt`          turns of phrase of chat that carry none either
`asking.txt`         words that say how something is asked, not of what
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.record import record

FOLDER = Path(__file__).parent
GENRE = "content"  # the category of what any field has: introductions, surveys, lessons, trends
OUTSIDE = "outside"  # the category of concepts that are known in order to tell them apart


@record
class Lexicon:
    """The tables, read. Words are as typed; the tokenizer normalizes them."""

    concepts: Mapping[str, tuple[str, ...]]  # English name -> every way to say it, zh second
    organisations: Mapping[str, tuple[str, ...]]  # id -> every name
    kinds: Mapping[str, tuple[str, ...]]  # kind -> every word for it
    elsewhere: Mapping[str, tuple[str, ...]]  # topic -> words
    variants: Mapping[str, str]
    stop: frozenset[str]
    noise: tuple[str, ...]
    genres: frozenset[str] = frozenset()  # concepts that say how something is told, not of what
    alike: tuple[tuple[str, ...], ...] = ()  # words that say much the same, in either language
    asking: frozenset[str] = frozenset()  # words that say how something is asked

    def plain(self) -> dict[str, Any]:
        """Values that marshal takes."""
        return {
            "concepts": self.concepts,
            "organisations": self.organisations,
            "kinds": self.kinds,
            "elsewhere": self.elsewhere,
            "variants": self.variants,
            "stop": self.stop,
            "noise": self.noise,
            "genres": self.genres,
            "alike": self.alike,
            "asking": self.asking,
        }


def load(folder: Path = FOLDER) -> Lexicon:
    """Read the tables of a folder."""
    outside = [_names(*row[:3]) for row in _rows(folder, "concepts", 4) if row[3] == OUTSIDE]
    return Lexicon(
        concepts={row[0]: _names(row[0], row[1], row[2]) for row in _rows(folder, "concepts", 3)},
        organisations={
            row[0]: _names(row[1], row[2], row[3]) for row in _rows(folder, "organisations", 4)
        },
        kinds={row[0]: _names(row[1]) for row in _rows(folder, "kinds", 2)},
        elsewhere={
            OUTSIDE: tuple(name for names in outside for name in names),
            **{row[0]: _names(row[1]) for row in _rows(folder, "elsewhere", 2)},
        },
        variants={row[0]: row[1] for row in _rows(folder, "variants", 2)},
        stop=frozenset(_lines(folder / "stop.txt")),
        noise=tuple(_lines(folder / "noise.txt")),
        genres=frozenset(row[0] for row in _rows(folder, "concepts", 4) if row[3] == GENRE),
        alike=tuple(_names(*row[:2]) for row in _rows(folder, "alike", 2)),
        asking=frozenset(_lines(folder / "asking.txt")),
    )


def _names(*cells: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for cell in cells for name in cell.split("|") if name))


def _rows(folder: Path, name: str, width: int) -> Iterator[list[str]]:
    """The rows of a table below its header, padded to a width."""
    for line in list(_lines(folder / f"{name}.tsv"))[1:]:
        cells = line.split("\t")
        yield cells + [""] * (width - len(cells))


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()
