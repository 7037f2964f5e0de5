"""The platforms that are set up, connected. Each is imported only where it is served."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import Platform
from bot.current import InForce
from bot.errors import SettingsError
from bot.settings import Settings


def connect(settings: Settings, current: InForce) -> Sequence[Platform]:  # noqa: ARG001
    """A platform for each part of the settings that is there; `current` answers inline."""
    found: list[Platform] = []
    for part in (settings.telegram, settings.slack):
        if part is not None:
            raise SettingsError([f"{type(part).__name__} is not served by this version yet"])
    return found
