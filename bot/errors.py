"""What can go wrong, by whose fault.

SettingsError       the operator's: all faults at once, exit 2
└── RevokedError    what a platform took before, and takes no more
StateError          the database's: it cannot be used as it is, exit 1
"""

from __future__ import annotations

from collections.abc import Sequence


class SettingsError(Exception):
    """What the operator set cannot be used: every fault at once, a line each."""

    code = 2  # that the program leaves with

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class RevokedError(SettingsError):
    """A platform took what was set, and does not any more: no fault of the start."""


class StateError(Exception):
    """The database cannot be used as it is: one sentence, with the mend."""

    code = 1

    @property
    def problems(self) -> tuple[str, ...]:
        """The sentence, as a SettingsError has its lines."""
        return (str(self),)
