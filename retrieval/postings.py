"""Which passage holds which term, as flat columns. A file holds them as they are, so that
loading copies nothing. No scores here: a posting keeps what a score is made of, so that it
stays true when the collection around it changes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from zlib import crc32

from corpus.record import record

END = b"\xff"  # closes a name; no UTF-8 text holds this byte
COLUMNS = (
    *("names", "name_starts", "first_numbers", "starts"),
    *("positions", "codes", "pairs", "lengths"),
)
TWO_BYTES = 1 << 16  # so many kinds of pairs can two bytes name
WITHDRAWN = -1  # the length of a passage that is no longer there
NAMES_PER_BUCKET = 4  # a lookup reads one bucket: few names to read, few bytes to store


def trusted(column: str, start: int, stop: int) -> None:
    """Check nothing: memory of our own needs no checksum."""


@record
class Postings:
    """The columns. A bucket's names follow each other and are numbered in that order."""

    names: memoryview  # B: every term, closed by END, bucket after bucket
    name_starts: memoryview  # I: where a bucket's names begin; one more for the end
    first_numbers: memoryview  # I: the number of a bucket's first term
    starts: memoryview  # I: where a term's postings begin; one more for the end
    positions: memoryview  # i: the passages of a term, rising
    codes: memoryview  # H or I, beside positions: which pair
    pairs: memoryview  # I: how often a term is in a passage, and that passage's length
    lengths: memoryview  # i: the terms in each passage, repetitions counted
    check: Callable[[str, int, int], None] = trusted  # called before bytes of a column are read

    def number(self, term: str) -> int | None:
        """The number of a term, or None where no passage holds it."""
        name = encoded(term)
        bucket = crc32(name) % (len(self.name_starts) - 1)
        names = self._bucket(bucket)
        self.check("first_numbers", bucket * 4, bucket * 4 + 4)
        return self.first_numbers[bucket] + names.index(name) if name in names else None

    def terms(self) -> Iterator[str]:
        """Every term, in the order of their numbers."""
        for bucket in range(len(self.name_starts) - 1):
            for name in self._bucket(bucket):
                yield name.decode("utf-8", "surrogatepass")

    def span(self, number: int) -> slice:
        """Where the postings of a term are."""
        start, stop = self._ends("starts", number)
        self.check("positions", start * 4, stop * 4)
        self.check("codes", start * self.codes.itemsize, stop * self.codes.itemsize)
        return slice(start, stop)

    def at(self, position: int, span: slice) -> int | None:
        """The posting of a passage within a term's span, or None."""
        at = bisect_left(self.positions, position, span.start, span.stop)
        return at if at < span.stop and self.positions[at] == position else None

    def length(self, position: int) -> int:
        """How long the passage is; WITHDRAWN where there is none."""
        self.check("lengths", position * 4, position * 4 + 4)
        return int(self.lengths[position])

    def bags(self) -> list[list[str] | None]:
        """The terms of every passage, with their repetitions, in no order; None if withdrawn."""
        self.check("lengths", 0, self.lengths.nbytes)
        bags: list[list[str]] = [[] for _ in self.lengths]
        for number, term in enumerate(self.terms()):
            span = self.span(number)
            for position, code in zip(self.positions[span], self.codes[span], strict=True):
                bags[position].extend([term] * self.pairs[2 * code])
        return [
            None if length == WITHDRAWN else bag
            for length, bag in zip(self.lengths, bags, strict=True)
        ]

    def _bucket(self, bucket: int) -> list[bytes]:
        start, stop = self._ends("name_starts", bucket)
        self.check("names", start, stop)
        return bytes(self.names[start:stop]).split(END)[:-1]

    def _ends(self, column: str, number: int) -> tuple[int, int]:
        self.check(column, number * 4, number * 4 + 8)
        starts: memoryview = getattr(self, column)
        return starts[number], starts[number + 1]


@record
class Held:
    """A term that some passage holds, as a search needs it."""

    term: str
    span: slice  # its postings; those of changed passages among them
    passages: int  # how many hold it now
    idf: float


def encoded(term: str) -> bytes:
    """A term's bytes; half a surrogate pair, as a broken paste may hold, is kept too."""
    return term.encode("utf-8", "surrogatepass")


def collect(passages: Iterable[Sequence[str] | None]) -> Postings:
    """Gather the postings of passages, numbered from 0 in their order; None is a withdrawn one."""
    lengths = array("i")
    found: dict[str, tuple[list[int], list[int]]] = {}
    pairs: dict[tuple[int, int], int] = {}
    for position, passage in enumerate(passages):
        lengths.append(length := WITHDRAWN if passage is None else len(passage))
        for term, count in counted(passage).items():
            positions, codes = found.setdefault(term, ([], []))
            positions.append(position)
            codes.append(pairs.setdefault((count, length), len(pairs)))
    buckets = arranged(found)
    ordered = [found[term] for bucket in buckets for term in bucket]
    return assembled(
        buckets,
        counts=[len(positions) for positions, _ in ordered],
        positions=array("i", (p for positions, _ in ordered for p in positions)),
        codes=array(code_type(len(pairs)), (c for _, codes in ordered for c in codes)),
        pairs=array("I", (number for pair in pairs for number in pair)),
        lengths=lengths,
    )


def counted(passage: Sequence[str] | None) -> Counter[str]:
    """How often a passage holds each term; nothing for a withdrawn one."""
    refuse_string(passage)
    return Counter(passage or ())


def refuse_string(passage: Sequence[str] | None) -> None:
    """A string is a sequence of strings too, and would be cut into letters without a word."""
    if isinstance(passage, str):
        raise TypeError("a passage is a sequence of terms, not one string")


def silent(done: int) -> None:
    """Show no progress."""


def arranged(terms: Iterable[str]) -> list[list[str]]:
    """Terms in the buckets that a lookup will read."""
    listed = list(terms)
    buckets: list[list[str]] = [[] for _ in range(len(listed) // NAMES_PER_BUCKET + 1)]
    for term in listed:
        buckets[crc32(encoded(term)) % len(buckets)].append(term)
    return buckets


def code_type(pairs: int) -> str:
    """Two bytes a code, until a collection has more kinds of pairs than they can name."""
    return "H" if pairs <= TWO_BYTES else "I"


def assembled(
    buckets: list[list[str]],
    counts: Iterable[int],
    positions: array[int],
    codes: array[int],
    pairs: array[int],
    lengths: array[int],
) -> Postings:
    """Columns out of postings that stand in the order of the buckets' terms."""
    names = [b"".join(encoded(term) + END for term in bucket) for bucket in buckets]
    return Postings(
        names=memoryview(b"".join(names)),
        name_starts=memoryview(running(map(len, names))),
        first_numbers=memoryview(running(map(len, buckets))),
        starts=memoryview(running(counts)),
        positions=memoryview(positions),
        codes=memoryview(codes),
        pairs=memoryview(pairs),
        lengths=memoryview(lengths),
    )


def running(sizes: Iterable[int]) -> array[int]:
    """Where each piece begins when pieces of these sizes follow each other, and the end."""
    starts, end = array("I", [0]), 0
    for size in sizes:
        starts.append(end := end + size)
    return starts
