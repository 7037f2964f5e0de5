"""Words that say much the same, in either language, and words that only ask. Pages are searched by
them: an entry has keywords and a summary in both languages, a page has its own words only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from retrieval.fold import fold
from retrieval.lexicon import Lexicon
from retrieval.packed import Table, pack


def grown(lexicon: Lexicon, stem: Callable[[str], str]) -> dict[str, Any]:
    """Both tables in values that marshal takes, a word as the term that it becomes."""

    def term(word: str) -> str:
        return stem(word) if word.isascii() else fold(word).text

    found: dict[str, dict[str, None]] = {}
    for group in lexicon.alike:
        terms = dict.fromkeys(map(term, group))
        for one in terms:
            found.setdefault(one, {}).update(terms)
    others = {one: [other for other in of if other != one] for one, of in found.items()}
    return {"alike": pack(others), "asking": frozenset(map(term, lexicon.asking))}


class Alike:
    """The words alike by term, and the words that ask."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        """`plain` holds what is `grown`."""
        self._others = Table(plain["alike"])
        self._asking: frozenset[str] = plain["asking"]

    def of(self, term: str) -> Sequence[str]:
        """The terms that say much the same as one."""
        found: Sequence[str] = self._others.get(term, ())
        return found

    def asks(self, terms: Sequence[str]) -> bool:
        """Whether some terms only say how something is asked."""
        return bool(terms) and self._asking.issuperset(terms)
