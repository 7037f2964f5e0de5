"""Tables that stay packed until they are asked for: a question touches few of their rows.

A start reads the whole snapshot; unpacking 57 entries' fields and 25,000 phrases would take most of
its time, and a question needs some dozens.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def pack(values: Mapping[str, Any]) -> dict[str, bytes]:
    """Each value of a table as bytes."""
    return {key: marshal.dumps(value) for key, value in values.items()}


class Table(Mapping[str, Any]):
    """A mapping whose values are unpacked, and kept, when first asked for."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self._packed = packed
        self._values: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key."""
        if key in self._values:
            return self._values[key]
        data = self._packed.get(key)
        if data is None:
            return default
        value = self._values[key] = marshal.loads(data)
        return value

    def __getitem__(self, key: str) -> Any:
        if key not in self._packed:
            raise KeyError(key)
        return self.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


class Rows(Sequence[Any]):
    """A list whose rows are unpacked, and kept, when first asked for."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = packed
        self._rows: dict[int, Any] = {}

    def __getitem__(self, at: Any) -> Any:
        row = self._rows.get(at)
        if row is None:
            row = self._rows[at] = marshal.loads(self._packed[at])
        return row

    def __len__(self) -> int:
        return len(self._packed)
