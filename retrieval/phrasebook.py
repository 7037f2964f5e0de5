"""Where the phrases of the lexicon stand in a text: a tree over its units.

A unit is the stem of a word or one Chinese character, so that "parameter servers" and
"parameter-server" meet, and a Chinese phrase is found inside any run of characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from retrieval.fold import fold
from retrieval.lexicon import Lexicon

AS_WRITTEN = "!"  # before an alias of concepts.tsv: not in lower case, where it is another word
END = ""  # the key of the tree under which a phrase ends: its names, and whether as written

Tree = dict[str, Any]
Root = Mapping[str, Any]  # a tree whose branches may be packed
Units = Callable[[str], Sequence[str]]  # a folded text to its units


def plant(lexicon: Lexicon, units: Units) -> Tree:
    """The tree of every phrase.

    Of concepts (`=name`), organisations (`@id`), kinds (`#kind`), words of other fields (`^topic`)
    and noise (`~noise`).
    """
    tree: Tree = {}
    for sign, table in (
        ("=", lexicon.concepts),
        ("@", lexicon.organisations),
        ("#", lexicon.kinds),
        ("^", lexicon.elsewhere),
        ("~", {"noise": lexicon.noise}),
    ):
        for name, phrases in table.items():
            for phrase in phrases:
                if not (sign == "#" and is_letter(phrase)):
                    _plant(tree, phrase, sign + name, units)
    return tree


def letters(lexicon: Lexicon) -> dict[str, str]:
    """The kinds that one Chinese character names, where it is cut as a word: 书 -> book."""
    kinds = lexicon.kinds.items()
    return {word: kind for kind, words in kinds for word in words if is_letter(word)}


def is_letter(phrase: str) -> bool:
    """Whether a phrase is one Chinese character: 书 is a book, but not inside 证书."""
    return len(phrase) == 1 and not phrase.isascii()


def find(
    tree: Root, units: Sequence[str | None], lower: Callable[[int, int], bool]
) -> Iterator[tuple[str, int, int]]:
    """(name, first unit, unit after the last) of every phrase, nested ones too.

    `None` among the units is a border that no phrase crosses. `lower(first, after)` tells whether
    a stretch was typed in lower case.
    """
    for first in range(len(units)):
        node: Root = tree
        for last in range(first, len(units)):
            unit = units[last]
            if unit is None or (branch := node.get(unit)) is None:
                break
            node = branch
            for name, as_written in node.get(END, ()):
                if not (as_written and lower(first, last + 1)):
                    yield name, first, last + 1


def neighbours(lexicon: Lexicon, units: Units) -> dict[str, tuple[list[str], list[str]]]:
    """What stands before and after each unit in the names of concepts and organisations.

    Units of kinds and of other fields are there too, without neighbours: none of them is a slip.
    """
    found: dict[str, tuple[set[str], set[str]]] = {}
    for path in _every((lexicon.kinds, lexicon.elsewhere), units):
        for unit in path:
            found.setdefault(unit, (set(), set()))
    for path in _every((lexicon.concepts, lexicon.organisations), units):
        for before, unit, after in zip(("", *path), path, (*path[1:], ""), strict=False):
            befores, afters = found.setdefault(unit, (set(), set()))
            befores.add(before)
            afters.add(after)
    return {
        unit: (sorted(befores - {""}), sorted(afters - {""}))
        for unit, (befores, afters) in found.items()
    }


def beginnings(lexicon: Lexicon, units: Units) -> str:
    """The Chinese characters that the names of concepts and organisations begin with."""
    paths = _every((lexicon.concepts, lexicon.organisations), units)
    return "".join(sorted({path[0] for path in paths if path and not path[0].isascii()}))


def _every(tables: Sequence[Mapping[str, Sequence[str]]], units: Units) -> Iterator[Sequence[str]]:
    for table in tables:
        for phrases in table.values():
            for phrase in phrases:
                yield from _paths(fold(phrase.removeprefix(AS_WRITTEN)).text, units)


def _plant(tree: Tree, phrase: str, name: str, units: Units) -> None:
    as_written = phrase.startswith(AS_WRITTEN)
    folded = fold(phrase.removeprefix(AS_WRITTEN)).text
    for path in _paths(folded, units):
        node = tree
        for unit in path:
            node = node.setdefault(unit, {})
        node[END] = tuple(dict.fromkeys([*node.get(END, ()), (name, as_written)]))


def _paths(folded: str, units: Units) -> Iterable[Sequence[str]]:
    """The phrase as it is, and written as one word: "micro batch" is also "microbatch"."""
    path = units(folded)
    yield path
    if len(path) > 1 and folded.isascii():
        yield units("".join(letter for letter in folded if letter.isalnum()))
