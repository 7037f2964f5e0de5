"""An index of passages: terms in, the best passages out, ranked by rank_bm25's scores exactly.
An Index never changes. A small one asks only the standard library: neither numpy nor rank_bm25
is imported, so that a first answer comes at once.
"""

from __future__ import annotations

from collections.abc import Collection as Among
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from retrieval import index_file
from retrieval.index_file import IndexFileError
from retrieval.postings import WITHDRAWN, Postings, collect, counted
from retrieval.weighting import K1, B, Collection

__all__ = ["Index", "IndexFileError"]


Passages = Iterable[Sequence[str] | None]  # None is a position whose passage is withdrawn
Changes = Mapping[int, Sequence[str] | None]


class Index:
    """Passages by their terms. Positions count from 0 in the order the passages were given."""

    def __init__(
        self, collection: Collection, postings: Postings, changes: Changes | None = None
    ) -> None:
        """Hold what `build` or `load` made, and what replaces some of it; call one of those."""
        self._collection = collection
        self._postings = postings
        self._changes = changes or {}
        self._added = inverted(self._changes)
        self._shares = collection.shares(postings.pairs)
        self._scores: dict[str, dict[int, float]] = {}

    @classmethod
    def build(cls, passages: Passages, k1: float = K1, b: float = B) -> Index:
        """Index passages, each a sequence of terms; an empty one still counts as a passage."""
        postings = collect(passages)
        lengths = [length for length in postings.lengths if length != WITHDRAWN]
        return cls(Collection(len(lengths), sum(lengths), k1, b), postings)

    @classmethod
    def load(cls, path: Path) -> Index:
        """Map a file that `save` wrote; raise IndexFileError where it cannot be trusted."""
        return cls(*index_file.read(path))

    def save(self, path: Path) -> None:
        """Write the index to a file, in one step for whoever reads it."""
        whole = self.compacted()
        index_file.write(path, whole._collection, whole._postings)

    def __len__(self) -> int:
        """How many positions there are, those of withdrawn passages too."""
        return max(len(self._postings.lengths), max(self._changes, default=-1) + 1)

    def __contains__(self, term: object) -> bool:
        """Whether any passage holds the term."""
        return isinstance(term, str) and self.document_frequency(term) > 0

    def vocabulary(self) -> Iterator[str]:
        """Every term that a passage holds, each once, in no order."""
        known = self._postings.terms()
        if not self._changes:
            return known
        return (term for term in {*known, *self._added} if term in self)

    def document_frequency(self, term: str) -> int:
        """How many passages hold the term."""
        return len(self._scores_of(term))

    def search(
        self, terms: Mapping[str, float], k: int, among: Among[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k best passages that share a term, as (position, score), best first.

        A term's weight multiplies its share of the score. Equal scores: the lower position first.
        """
        totals: dict[int, float] = {}
        for term, weight in terms.items():  # in this order, as rank_bm25 adds
            for position, score in self._scores_of(term).items():
                totals[position] = totals.get(position, 0.0) + weight * score
        ranked = sorted((-score, position) for position, score in totals.items())
        return [(p, -s) for s, p in ranked if among is None or p in among][: max(k, 0)]

    def contributions(self, position: int, terms: Mapping[str, float]) -> dict[str, float]:
        """What each term that the passage holds adds to its score."""
        shares = ((term, w, self._scores_of(term).get(position)) for term, w in terms.items())
        return {term: weight * score for term, weight, score in shares if score is not None}

    def replaced(self, changes: Changes) -> Index:
        """The index with other passages at some positions; None withdraws the one there.

        Positions from len(index) on append, without a gap. A withdrawn passage keeps its position,
        is found by nothing and counts in no average. The old postings are shared, not copied.
        """
        end = max(len(self), max(changes, default=-1) + 1)
        if min(changes, default=0) < 0 or any(p not in changes for p in range(len(self), end)):
            raise ValueError(f"positions go from 0 on without a gap; there are {len(self)} now")
        passages, length = self._collection.passages, self._collection.length
        for position, passage in changes.items():
            was, becomes = self._length(position), length_of(passage)
            passages += (becomes != WITHDRAWN) - (was != WITHDRAWN)
            length += max(becomes, 0) - max(was, 0)
        collection = Collection(passages, length, self._collection.k1, self._collection.b)
        return Index(collection, self._postings, {**self._changes, **changes})

    def compacted(self) -> Index:
        """The same index with its changes worked in: an ordinary build."""
        if not self._changes:
            return self
        bags = self._postings.bags() + [None] * (len(self) - len(self._postings.lengths))
        for position, passage in self._changes.items():
            bags[position] = None if passage is None else list(passage)
        return Index.build(bags, self._collection.k1, self._collection.b)

    def _length(self, position: int) -> int:
        """How long the passage is; WITHDRAWN where there is none, now or yet."""
        if position in self._changes:
            return length_of(self._changes[position])
        lengths = self._postings.lengths
        return lengths[position] if position < len(lengths) else WITHDRAWN

    def _scores_of(self, term: str) -> dict[int, float]:
        """The score of every passage that holds the term, for weight 1."""
        scores = self._scores.get(term)
        if scores is None:
            scores = self._weighed(term)
            if scores:  # questions hold any number of unknown words: those are not remembered
                self._scores[term] = scores
        return scores

    def _weighed(self, term: str) -> dict[int, float]:
        shares = {}
        number = self._postings.number(term)
        if number is not None:
            span = self._postings.span(number)
            codes = map(self._shares.__getitem__, self._postings.codes[span])
            shares = dict(zip(self._postings.positions[span], codes, strict=True))
        if self._changes:
            shares = {p: share for p, share in shares.items() if p not in self._changes}
            added = self._added.get(term, {})
            shares |= {p: self._collection.share(*pair) for p, pair in added.items()}
        if not shares:
            return {}
        idf = self._collection.idf(len(shares))
        return {position: idf * share for position, share in shares.items()}


def length_of(passage: Sequence[str] | None) -> int:
    """How many terms a passage has; WITHDRAWN for none."""
    return WITHDRAWN if passage is None else len(passage)


def inverted(changes: Changes) -> dict[str, dict[int, tuple[int, int]]]:
    """For each term the changed passages that hold it: how often, and how long they are."""
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for position, passage in changes.items():
        for term, count in counted(passage or ()).items():
            found.setdefault(term, {})[position] = (count, length_of(passage))
    return found
