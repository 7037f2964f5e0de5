"""What can go wrong, by whose fault.

CatalogProblem      the curator's: a value, collected and printed; parsing never raises
"""

from __future__ import annotations

from typing import NamedTuple


class CatalogProblem(NamedTuple):
    """A fault in a catalog file: where it stands and why it is one. Lines count from 1."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"
