"""Gather the postings of many passages with numpy: one sort instead of a list for each term."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from retrieval.postings import (
    WITHDRAWN,
    Postings,
    arranged,
    assembled,
    code_type,
    refuse_string,
    silent,
)

EVERY = 10_000  # passages between two reports of progress
Numbers = NDArray[np.int64]


def collect(
    passages: Iterable[Sequence[str] | None], progress: Callable[[int], None] = silent
) -> Postings:
    """Gather the postings of passages, numbered from 0 in their order; None is a withdrawn one."""
    seen: defaultdict[str, int] = defaultdict(count().__next__)  # terms by first appearance
    tokens, lengths = array("i"), array("i")
    for done, passage in enumerate(passages):
        refuse_string(passage)
        tokens.extend(map(seen.__getitem__, passage or ()))
        lengths.append(WITHDRAWN if passage is None else len(passage))
        if done % EVERY == 0:
            progress(done)
    progress(len(lengths))
    buckets = arranged(seen)
    numbers = np.empty(len(seen), np.int64)
    numbers[[seen[term] for bucket in buckets for term in bucket]] = np.arange(len(seen))
    return sorted_postings(buckets, numbers, np.asarray(tokens), lengths)


def sorted_postings(
    buckets: list[list[str]], numbers: Numbers, tokens: NDArray[np.int32], lengths: array[int]
) -> Postings:
    """Postings by term and passage. Tokens are terms by first appearance, passage by passage."""
    sizes = np.maximum(np.asarray(lengths), 0)
    size = max(len(sizes), 1)
    keys = numbers[tokens] * size + np.repeat(np.arange(len(sizes)), sizes)
    keys.sort()
    edges = np.flatnonzero(np.diff(keys, prepend=-1))
    times = np.diff(edges, append=len(keys))
    keys = keys[edges]
    positions = (keys % size).astype(np.int32)
    pairs, codes = paired(times, sizes[positions])
    ends = np.searchsorted(keys, np.arange(1, len(numbers) + 1) * size)
    return assembled(
        buckets,
        counts=np.diff(ends, prepend=0).tolist(),
        positions=columned("i", positions),
        codes=columned(code_type(len(pairs) // 2), codes),
        pairs=columned("I", pairs),
        lengths=lengths,
    )


def paired(times: Numbers, lengths: NDArray[np.int32]) -> tuple[Numbers, Numbers]:
    """The distinct pairs of a count and a length, one after the other, and which each is."""
    span = int(lengths.max(initial=0)) + 1
    distinct, codes = np.unique(times * span + lengths, return_inverse=True)
    return np.stack([distinct // span, distinct % span], axis=1).ravel(), codes


def columned(letter: str, numbers: Numbers | NDArray[np.int32]) -> array[int]:
    """The numbers as an array of the standard library, which a column is."""
    column = array(letter)
    column.frombytes(numbers.astype(letter).data.cast("B"))
    return column
