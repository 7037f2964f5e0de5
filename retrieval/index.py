"""An index of passages: terms in, the best passages out, ranked by rank_bm25's scores exactly.
An Index never changes. A small one asks only the standard library: neither numpy nor rank_bm25
is imported, so that a first answer comes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Collection as Among
from pathlib import Path
from types import NoneType
from typing import Any, Protocol

from retrieval import index_file
from retrieval.changes import Changed, Changes, after
from retrieval.index_file import IndexFileError
from retrieval.postings import WITHDRAWN, Held, Postings, collect, silent
from retrieval.ranking import Mask, Weighed, best, search, totals
from retrieval.weighting import K1, B, Collection

__all__ = ["Index", "IndexFileError", "Mask"]

Passages = Sequence[Sequence[str] | None]  # None is a position without a passage
Asked = list[tuple[Held, float]]  # terms with their weights, in the question's order

LARGE = 2000  # passages from which on numpy's import pays; no catalog of links is so large
REMEMBERED = 20_000  # terms whose scores are kept ready, all but for the largest indexes
UNKNOWN = 10_000  # words without a passage that are remembered, so as not to look again
LEAST_WEIGHT = 1e-9  # below it, or below zero, a score is no proof that a passage shares a term


class Engine(Protocol):
    """A faster search of the postings that were built."""

    worth: int  # the postings from which on its calls cost less than Python's loops

    def search(self, asked: Asked, k: int, mask: Any) -> list[tuple[int, float]]:
        """The k best passages that the mask, an array of booleans or None, lets through."""


class Index:
    """Passages by their terms. Positions count from 0 in the order the passages were given."""

    def __init__(
        self, collection: Collection, postings: Postings, changed: Changed | None = None
    ) -> None:
        """Hold what `build` or `load` made, and what replaces some of it; call one of those."""
        self._collection = collection
        self._postings = postings
        self._changes = Changes(changed or {})
        self._end = max(len(postings.lengths), max(self._changes.passages, default=-1) + 1)
        self._shares = collection.shares(postings.pairs)
        self._held: dict[str, Held] = {}
        self._unknown: set[str] = set()
        self._weighed: dict[str, Weighed] = {}
        self._engine: Engine | None = None
        self._accelerated = False
        self._present: Any = None  # numpy's flags of the passages that have not changed

    @classmethod
    def build(
        cls,
        passages: Passages,
        k1: float = K1,
        b: float = B,
        progress: Callable[[int], None] = silent,
    ) -> Index:
        """Index passages, each a sequence of terms; an empty one still counts as a passage.

        Building a large index reports the number of passages read now and then.
        """
        postings = collect_many(passages, progress) if len(passages) > LARGE else collect(passages)
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
        return self._end

    def __contains__(self, term: object) -> bool:
        """Whether any passage holds the term."""
        return isinstance(term, str) and self._holding(term) is not None

    def vocabulary(self) -> Iterator[str]:
        """Every term that a passage holds, each once, in no order."""
        if not self._changes:
            return self._postings.terms()
        return (term for term in {*self._postings.terms(), *self._changes.pairs} if term in self)

    def document_frequency(self, term: str) -> int:
        """How many passages hold the term."""
        held = self._holding(term)
        return held.passages if held else 0

    def search(
        self, terms: Mapping[str, float], k: int, among: Among[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k best passages that share a term, as (position, score), best first.

        A term's weight multiplies its share of the score. Equal scores: the lower position first.
        A filter that is asked often is best a `mask`.
        """
        known, look = self._held.get, self._holding
        asked = [(h, weight) for term, weight in terms.items() if (h := known(term) or look(term))]
        if k < 1 or not asked:
            return []
        if not isinstance(among, (NoneType, Mask, set, frozenset, range)):
            among = set(among)
        if min(terms.values()) < LEAST_WEIGHT:
            return best(added(asked, self._scores_of), k, among)
        engine = self._engine or (self._usual_engine() if self._end > LARGE else None)
        if engine is not None and sum([held.passages for held, _ in asked]) > engine.worth:
            return self._searched(engine, asked, k, among)
        return search([self._weigh(held, weight) for held, weight in asked], k, among)

    def scores(self, terms: Mapping[str, float]) -> Mapping[int, float]:
        """The score of every passage that shares a term: a search that leaves nothing out."""
        if self._end > LARGE or min(terms.values(), default=0.0) < LEAST_WEIGHT:
            return dict(self.search(terms, self._end))
        held = ((self._holding(term), weight) for term, weight in terms.items())
        return totals([self._weigh(one, weight) for one, weight in held if one])

    def contributions(self, position: int, terms: Mapping[str, float]) -> dict[str, float]:
        """What each term that the passage holds adds to its score, in the question's order."""
        found: dict[str, float] = {}
        for term, weight in terms.items():
            weighed = self._weighed.get(term)  # of a term that has just been searched
            score = weighed.scores.get(position) if weighed else self._score(position, term)
            if score is not None:
                found[term] = weight * score
        return found

    def mask(self, positions: Among[int]) -> Mask:
        """A filter of these positions, prepared for many searches."""
        return Mask(positions, self._end)

    def replaced(self, changes: Changed) -> Index:
        """The index with other passages at some positions; None withdraws the one there.

        Positions from len(index) on append, without a gap. A withdrawn passage keeps its position,
        is found by nothing and counts in no average. The old postings are shared, not copied.
        """
        end = max(self._end, max(changes, default=-1) + 1)
        if min(changes, default=0) < 0 or any(p not in changes for p in range(self._end, end)):
            raise ValueError(f"positions go from 0 on without a gap; there are {self._end} now")
        collection = after(self._collection, self._postings, self._changes, changes)
        index = Index(collection, self._postings, {**self._changes.passages, **changes})
        if self._accelerated:
            index.accelerate()
        return index

    def compacted(self) -> Index:
        """The same index with its changes worked in: an ordinary build."""
        if not self._changes:
            return self
        bags: list[Sequence[str] | None] = [*self._postings.bags()]
        bags += [None] * (self._end - len(bags))
        for position, passage in self._changes.passages.items():
            bags[position] = passage
        return Index.build(bags, self._collection.k1, self._collection.b)

    def accelerate(self) -> None:
        """Search by compiled code from now on; ImportError where the extra is not installed.

        It takes a second, or several the first time on a machine: call it from a thread of its own.
        An index made by `replaced` is accelerated like the one it was made from.
        """
        from retrieval.accelerate import Accelerator

        self._engine = Accelerator(self._postings, self._shares)
        self._accelerated = True

    def _holding(self, term: str) -> Held | None:
        """What is known of a term; None where no passage holds it."""
        held = self._held.get(term)
        if held is None and term not in self._unknown:
            held = self._looked_up(term)
            if held is not None:
                self._held[term] = held
            elif len(self._unknown) < UNKNOWN:  # questions hold any number of such words
                self._unknown.add(term)
        return held

    def _looked_up(self, term: str) -> Held | None:
        number = self._postings.number(term)
        span = slice(0, 0) if number is None else self._postings.span(number)
        passages = span.stop - span.start
        if self._changes:
            passages += len(self._changes.added(term))
            passages -= self._changes.lost(self._postings, span)
        idf = self._collection.idf(passages) if passages else 0.0
        return Held(term, span, passages, idf) if passages else None

    def _weigh(self, held: Held, weight: float) -> Weighed:
        """The term's scores, remembered for weight 1."""
        weighed = self._weighed.get(held.term)
        if weighed is None:
            scores = self._scores_of(held)
            weighed = Weighed(scores, 1.0, max(scores.values()))
            if len(self._weighed) >= REMEMBERED:
                self._weighed.clear()
            self._weighed[held.term] = weighed
        return weighed if weight == 1.0 else Weighed(weighed.scores, weight, weight * weighed.most)

    def _scores_of(self, held: Held) -> dict[int, float]:
        """The score of every passage that holds the term, for weight 1."""
        idf, shares, changes = held.idf, self._shares, self._changes
        positions, codes = self._postings.positions[held.span], self._postings.codes[held.span]
        scores = {p: idf * shares[c] for p, c in zip(positions, codes, strict=True)}
        if changes:
            scores = {p: score for p, score in scores.items() if p not in changes}
            scores |= self._added_scores(held)
        return scores

    def _added_scores(self, held: Held) -> dict[int, float]:
        """The same for the changed passages alone."""
        share, added = self._collection.share, self._changes.added(held.term)
        return {position: held.idf * share(*pair) for position, pair in added.items()}

    def _score(self, position: int, term: str) -> float | None:
        """What the term gives one passage, for weight 1; None where the passage lacks it."""
        held = self._holding(term)
        if held is None:
            return None
        if position in self._changes:
            return self._added_scores(held).get(position)
        at = self._postings.at(position, held.span)
        return None if at is None else held.idf * self._shares[self._postings.codes[at]]

    def _searched(
        self, engine: Engine, asked: Asked, k: int, among: Among[int] | None
    ) -> list[tuple[int, float]]:
        """Search what was built by the engine, what changed by Python, and put both together."""
        if not self._changes:
            return engine.search(asked, k, None if among is None else self._flags(among))
        built = [each for each in asked if each[0].span.start < each[0].span.stop]
        found = engine.search(built, k, self._flags(among)) if built else []
        totals = added(asked, self._added_scores)
        return best(dict(found) | dict(best(totals, k, among)), k, None)

    def _usual_engine(self) -> Engine:
        from retrieval.vectors import Searcher  # imports numpy

        self._engine = Searcher(self._postings, self._shares)
        return self._engine

    def _flags(self, among: Among[int] | None) -> Any:
        """Which of the passages that were built may be found, as numpy's booleans."""
        from retrieval.vectors import mask

        if among is None and self._present is not None:
            return self._present
        flags = mask(among, len(self._postings.lengths), self._changes.passages)
        if among is None:
            self._present = flags
        return flags


def added(asked: Asked, scores_of: Callable[[Held], dict[int, float]]) -> dict[int, float]:
    """The weighted scores of terms, added in the question's order, by passage."""
    totals: dict[int, float] = {}
    for held, weight in asked:
        for position, score in scores_of(held).items():
            totals[position] = totals.get(position, 0.0) + weight * score
    return totals


def collect_many(passages: Passages, progress: Callable[[int], None]) -> Postings:
    """Gather the postings of many passages."""
    from retrieval import bulk  # imports numpy

    return bulk.collect(passages, progress)
