"""Chinese characters that are taken for one another, out of two tables of the lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def by_sound(path: Path) -> dict[str, str]:
    """Every character and the others that sound like it."""
    found: dict[str, str] = {}
    for _, letters in _rows(path):
        for letter in letters:
            found[letter] = found.get(letter, "") + letters.replace(letter, "")
    return found


def by_shape(path: Path) -> dict[str, str]:
    """Every character that looks like one of the lexicon's, and which may be meant by it."""
    found: dict[str, str] = {}
    for meant, letters in _rows(path):
        for letter in letters:
            found[letter] = found.get(letter, "") + meant
    return found


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """The rows below a table's header; none where there is no table."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    for line in lines:
        first, _, letters = line.partition("\t")
        yield first, letters
