"""Passages that replace others of an index since it was built: few, and kept beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.postings import WITHDRAWN, Postings, counted
from retrieval.weighting import Collection

Changed = Mapping[int, Sequence[str] | None]  # None withdraws the passage at a position


class Changes:
    """The changed passages, by position and by term."""

    def __init__(self, passages: Changed) -> None:
        """Note them."""
        self.passages = passages
        self.pairs: dict[str, dict[int, tuple[int, int]]] = {}  # how often, in how long a passage
        for position, passage in passages.items():
            for term, count in counted(passage).items():
                self.pairs.setdefault(term, {})[position] = (count, length_of(passage))

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.passages)

    def __contains__(self, position: object) -> bool:
        """Whether the passage there is not the one that was built."""
        return position in self.passages

    def added(self, term: str) -> Mapping[int, tuple[int, int]]:
        """The changed passages that hold the term: how often, and how long each is."""
        return self.pairs.get(term, {})

    def lost(self, postings: Postings, span: slice) -> int:
        """How many postings of a span are of passages that changed since."""
        return sum(postings.at(position, span) is not None for position in self.passages)


def after(collection: Collection, postings: Postings, old: Changes, new: Changed) -> Collection:
    """The figures of the collection once these changes follow the old ones."""
    passages, length = collection.passages, collection.length
    for position, passage in new.items():
        was, becomes = length_at(position, postings, old), length_of(passage)
        passages += (becomes != WITHDRAWN) - (was != WITHDRAWN)
        length += max(becomes, 0) - max(was, 0)
    return Collection(passages, length, collection.k1, collection.b)


def length_at(position: int, postings: Postings, changes: Changes) -> int:
    """How long the passage is; WITHDRAWN where there is none, now or yet."""
    if position in changes:
        return length_of(changes.passages[position])
    return postings.length(position) if position < len(postings.lengths) else WITHDRAWN


def length_of(passage: Sequence[str] | None) -> int:
    """How many terms a passage has; WITHDRAWN for none."""
    return WITHDRAWN if passage is None else len(passage)
