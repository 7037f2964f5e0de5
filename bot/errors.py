"""What can go wrong, by whose fault.

SettingsError       the operator's: all faults at once, exit 2
"""

from __future__ import annotations

from collections.abc import Sequence


class SettingsError(Exception):
    """What the operator set cannot be used: every fault at once, a line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
