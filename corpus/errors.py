"""What can go wrong, by whose fault.

CatalogProblem      the curator's: a value, collected and printed; parsing never raises
FetchError          the world's: a value, kept with the link and tried again another day
Refused             raised inside the fetching where a page breaks a rule; it becomes a FetchError
"""

from __future__ import annotations

from typing import NamedTuple

from corpus.pattern import pattern

_STRANGE = pattern(r"[^A-Za-z0-9/+.,; _-]")


class CatalogProblem(NamedTuple):
    """A fault in a catalog file: where it stands and why it is one. Lines count from 1."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


REASONS = (
    "address",  # it is none that we fetch: another scheme, a password in it, a number as a host
    "private",  # it leads into a private network
    "robots",  # the site asks robots to stay away
    "dns",  # nobody knows the name
    "connect",
    "tls",
    "protocol",  # what came is not HTTP, or breaks off
    "timeout",
    "status",
    "redirects",
    "size",
    "packing",  # a compression that we do not take, broken or a bomb
    "type",  # no page that we read
    "busy",  # the site asked to come back later
)


class FetchError(NamedTuple):
    """Why an address gave no page. `retry_after` is in seconds, where the site said so."""

    url: str
    reason: str  # of REASONS
    detail: str
    status: int | None = None
    retry_after: float | None = None

    def __str__(self) -> str:
        return f"{self.url}: {self.detail}"


class Refused(Exception):  # noqa: N818  # it says what happened
    """A page that breaks a rule of ours."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def quoted(word: str) -> str:
    """A stranger's word as it may be told: of a header it has letters, figures and little else."""
    return _STRANGE.sub("?", word[:60])
