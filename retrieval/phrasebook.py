"""Where the phrases of the lexicon stand in a text: a tree over its units.

A unit is the stem of a word or one Chinese character, so that "parameter servers" and
"parameter-server" meet, and a Chinese phrase is found inside any run of characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from retrieval.fold import fold
from retrieval.lexicon import OUTSIDE, Lexicon

AS_WRITTEN = "!"  # before an alias of concepts.tsv: not in lower case, where it is another word
END = ""  # the key of the tree under which a phrase ends: its names, and how each must be written
_WORD = re.compile(r"[^\W_]+")

Tree = dict[str, Any]
Root = Mapping[str, Any]  # a tree whose branches may be packed
Units = Callable[[str], Sequence[str]]  # a folded text to its units


def plant(lexicon: Lexicon, units: Units) -> Tree:
    """The tree of every phrase.

    Of concepts (`=name`), organisations (`@id`), kinds (`#kind`), words of other fields (`^topic`)
    and noise (`~noise`).
    """
    tree: Tree = {}
    ours = _ours(lexicon, units)
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
                    _plant(tree, phrase, sign + name, units, ours if sign == "^" else frozenset())
    return tree


def _ours(lexicon: Lexicon, units: Units) -> Set[str]:
    """The units of the English names of our field."""
    outside = {*lexicon.elsewhere.get(OUTSIDE, ())}
    tables = ({k: v for k, v in lexicon.concepts.items() if k not in outside}, lexicon.kinds)
    return {unit for path in _every(tables, units) for unit in path if unit.isascii()}


def letters(lexicon: Lexicon) -> dict[str, str]:
    """The kinds that one Chinese character names, where it is cut as a word: 书 -> book."""
    kinds = lexicon.kinds.items()
    return {word: kind for kind, words in kinds for word in words if is_letter(word)}


def is_letter(phrase: str) -> bool:
    """Whether a phrase is one Chinese character: 书 is a book, but not inside 证书."""
    return len(phrase) == 1 and not phrase.isascii()


def find(
    tree: Root, units: Sequence[str | None], typed: Callable[[int, int], str]
) -> list[tuple[str, int, int]]:
    """(name, first unit, unit after the last) of every phrase, nested ones too.

    `None` among the units is a border that no phrase crosses. `typed(first, after)` tells how a
    stretch was typed.
    """
    found = []
    for first, begin in enumerate(units):
        node = None if begin is None else tree.get(begin)
        after = first + 1
        while node is not None:
            for name, written in node.get(END, ()):
                if not written or _is_written(typed(first, after), written):
                    found.append((name, first, after))
            unit = units[after] if after < len(units) else None
            node = None if unit is None else node.get(unit)
            after += 1
    return found


def _is_written(typed: str, written: str) -> bool:
    """Whether something typed is as a phrase must be written: capital letters, or its words."""
    return not typed.islower() if written == AS_WRITTEN else _forms(typed) == _forms(written)


def _forms(text: str) -> list[str]:
    """The words of a text, singular and plural alike."""
    return [word.rstrip("s") for word in _WORD.findall(fold(text).text)]


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


def _plant(tree: Tree, phrase: str, name: str, units: Units, ours: Set[str]) -> None:
    """Words of other fields that have the units of ours count in their own form alone.

    A train platform is no training platform, and the Compute Engine no computing engine.
    """
    written = AS_WRITTEN if phrase.startswith(AS_WRITTEN) else ""
    folded = fold(phrase.removeprefix(AS_WRITTEN)).text
    for path in _paths(folded, units):
        node = tree
        for unit in path:
            node = node.setdefault(unit, {})
        exact = folded if len(path) > 1 and set(path) <= ours else ""
        node[END] = tuple(dict.fromkeys([*node.get(END, ()), (name, written or exact)]))


def _paths(folded: str, units: Units) -> Iterable[Sequence[str]]:
    """The phrase as it is, and written as one word: "micro batch" is also "microbatch"."""
    path = units(folded)
    yield path
    if len(path) > 1 and folded.isascii():
        yield units("".join(letter for letter in folded if letter.isalnum()))
