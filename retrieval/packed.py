"""Tables that stay packed until they are asked for: a question touches few of their rows.

A start that unpacked every entry and 19,000 beginnings of phrases would take most of its time for
it, and a question needs some dozens. A packed table is one run of bytes: how many rows, where each
begins, the rows as marshalled plain values.
"""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any
from zlib import crc32

IN_BUCKET = 4  # keys: what a lookup unpacks beside the value that it wants
HELD = 1 << 15  # keys at hand, unknown ones too: the words of one question stand in the next


def pack_rows(rows: Iterable[Any]) -> bytes:
    """Each row of a list as bytes."""
    packed = [marshal.dumps(row) for row in rows]
    starts = array("I", accumulate(map(len, packed), initial=0))
    return b"".join((array("I", [len(packed)]), starts, *packed))


def pack(values: Mapping[str, Any]) -> bytes:
    """Each value of a table as bytes, found again by the checksum of its key."""
    buckets: list[dict[str, Any]] = [{} for _ in range(len(values) // IN_BUCKET + 1)]
    for key, value in values.items():
        buckets[_bucket(key, len(buckets))][key] = value
    return pack_rows(buckets)


class Rows(Sequence[Any]):
    """A list whose rows are unpacked, and kept, when first asked for."""

    def __init__(self, packed: bytes, make: Callable[[Any], Any] | None = None) -> None:
        """`make` turns a row's plain values into what it stands for."""
        view = memoryview(packed)
        self._size = view[:4].cast("I")[0]
        self._starts = view[4 : 8 + 4 * self._size].cast("I")
        self._data = view[8 + 4 * self._size :]
        self._make = make
        self._rows: dict[int, Any] = {}

    def __getitem__(self, at: Any) -> Any:
        row = self._rows.get(at)
        if row is None:
            if at >= self._size:
                raise IndexError(at)
            row = marshal.loads(self._data[self._starts[at] : self._starts[at + 1]])
            row = self._rows[at] = self._make(row) if self._make else row
        return row

    def __len__(self) -> int:
        return self._size


class Table(Mapping[str, Any]):
    """A mapping whose values are unpacked, and kept, when first asked for."""

    def __init__(self, packed: bytes) -> None:
        self._buckets = Rows(packed)
        self._size = len(self._buckets)
        self._values: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key."""
        try:
            value = self._values[key]
        except KeyError:
            value = self._buckets[_bucket(key, self._size)].get(key)
            if len(self._values) >= HELD:  # texts hold any number of unknown keys
                self._values.clear()
            self._values[key] = value
        return default if value is None else value

    def __getitem__(self, key: str) -> Any:
        if (value := self.get(key)) is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (key for bucket in self._buckets for key in bucket)

    def __len__(self) -> int:
        return sum(map(len, self._buckets))


def _bucket(key: str, buckets: int) -> int:
    return crc32(key.encode("utf-8", "surrogatepass")) % buckets
