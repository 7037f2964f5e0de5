"""An index of passages: terms in, the best passages out, ranked by rank_bm25's scores exactly.
An Index never changes. A small one asks only the standard library: neither numpy nor rank_bm25
is imported, so that a first answer comes at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Collection as Among
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any

from retrieval import index_file, ranking
from retrieval.changes import Changed, Changes, after
from retrieval.index_file import IndexFileError
from retrieval.postings import WITHDRAWN, Held, Postings, collect, silent
from retrieval.ranking import LEAST_WEIGHT, Engine, Hits, Mask, Weighed
from retrieval.weighting import K1, B, Collection

__all__ = ["Index", "IndexFileError", "Mask"]

Passages = Sequence[Sequence[str] | None]  # None is a position without a passage

LARGE = 2000  # passages from which on numpy's import pays; no catalog of links is so large
SMALL = 200  # passages up to which Python's loops are faster than numpy's calls
KNOWN_FILTERS = (NoneType, Mask, set, frozenset, range)  # that tell quickly what they hold
REMEMBERED = 20_000  # words of questions that are kept ready, those of no passage too


class Index:
    """Passages by their terms. Positions count from 0 in the order the passages were given."""

    def __init__(
        self, collection: Collection, postings: Postings, changed: Changed | None = None
    ) -> None:
        """Hold what `build` or `load` made, and what replaces some of it; call one of those."""
        self._collection = collection
        self._postings = postings
        self._changes = Changes(changed or {})
        self._changed = bool(changed)
        self._end = max(len(postings.lengths), max(self._changes.passages, default=-1) + 1)
        self._shares = collection.shares(postings.pairs)
        self._held: dict[str, Held | None] = {}
        self._weighed: dict[str, Weighed] = {}
        self._engine: Engine | None = None
        self._accelerated = False
        self._every = Mask((), 0)  # keeps which passages have not changed

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
        if len(passages) > LARGE:
            from retrieval import bulk  # imports numpy

            postings = bulk.collect(passages, progress)
        else:
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

    def search(self, terms: Mapping[str, float], k: int, among: Among[int] | None = None) -> Hits:
        """The k best passages that share a term, as (position, score), best first.

        A term's weight multiplies its share of the score. Equal scores: the lower position first.
        A filter that is asked often is best a `mask`. Several threads may search at once.
        """
        if k < 1:
            return []
        if not isinstance(among, KNOWN_FILTERS):
            among = set(ranking.listed(among))
        engine = self._engine or self._usual_engine()
        if engine is not None:
            found = self._engaged(engine, terms, k, among)
            if found is not None:
                return found
        if min(terms.values(), default=1.0) < LEAST_WEIGHT:
            return ranking.best(self._added(terms, self._scores_of), k, among)
        asked = self._asked(terms)
        return ranking.search(asked, k, among) if asked else []

    def scores(self, terms: Mapping[str, float]) -> Mapping[int, float]:
        """The score of every passage that shares a term: a search that leaves nothing out."""
        if self._end > LARGE or min(terms.values(), default=0.0) < LEAST_WEIGHT:
            return dict(self.search(terms, self._end))
        known, weigh = self._weighed.get, self._weigh
        asked = [(each.scores, terms[t]) for t in terms if (each := known(t) or weigh(t))]
        return ranking.totals(asked)

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
        from retrieval.vectors import Accelerator

        self._engine = Accelerator(self._postings, self._shares, self._holding)
        self._accelerated = True

    def _holding(self, term: str) -> Held | None:
        """What is known of a term; None where no passage holds it."""
        try:
            return self._held[term]
        except KeyError:
            if len(self._held) >= REMEMBERED:  # questions hold any number of unknown words
                self._held.clear()
            held = self._held[term] = self._looked_up(term)
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

    def _asked(self, terms: Mapping[str, float]) -> list[Weighed]:
        """The terms that some passage holds, with their scores."""
        known, weigh = self._weighed.get, self._weigh
        return [
            each if weight == 1.0 else each.times(weight)
            for term, weight in terms.items()
            if (each := known(term) or weigh(term))
        ]

    def _weigh(self, term: str) -> Weighed | None:
        """The scores of a term, remembered."""
        held = self._holding(term)
        if held is None:
            return None
        if len(self._weighed) >= REMEMBERED:
            self._weighed.clear()
        made = self._weighed[term] = ranking.weighed(self._scores_of(held), self._end)
        return made

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

    def _added(
        self, terms: Mapping[str, float], scores_of: Callable[[Held], dict[int, float]]
    ) -> dict[int, float]:
        """The weighted scores of terms, added in the question's order, by passage."""
        found: dict[int, float] = {}
        for term, weight in terms.items():
            held = self._holding(term)
            for position, score in scores_of(held).items() if held else ():
                found[position] = found.get(position, 0.0) + weight * score
        return found

    def _engaged(
        self, engine: Engine, terms: Mapping[str, float], k: int, among: Among[int] | None
    ) -> Hits | None:
        """Search what was built by the engine, what changed by Python, and put both together."""
        if among is None and not self._changed:
            return engine.search(terms, k, None)
        if isinstance(among, (set, frozenset, range)):
            from retrieval.masks import picked

            deeper = partial(self._engaged, engine, terms, among=None)
            if (picks := picked(deeper, k, among, self._end)) is not None:
                return picks
        found = engine.search(terms, k, self._flags(among))
        if found is None or not self._changed:
            return found
        changed = ranking.best(self._added(terms, self._added_scores), k, among)
        return ranking.best(dict(found) | dict(changed), k, None)

    def _usual_engine(self) -> Engine | None:
        """numpy's search where it pays, None elsewhere."""
        if self._end > LARGE or (self._end > SMALL and "numpy" in sys.modules):
            from retrieval.vectors import Searcher

            self._engine = Searcher(self._postings, self._shares, self._holding)
        return self._engine

    def _flags(self, among: Among[int] | None) -> Any:
        """Which of the passages that were built may be found, as numpy's booleans."""
        keeper = self._every if among is None else among
        kept = keeper.kept if isinstance(keeper, Mask) else None
        if kept is not None and kept[0] is self:
            return kept[1]
        from retrieval.masks import flagged

        flags = flagged(among, len(self._postings.lengths), self._changes.passages)
        if isinstance(keeper, Mask):
            keeper.kept = self, flags
        return flags
