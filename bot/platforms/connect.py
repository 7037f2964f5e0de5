"""The platforms that are set up, connected. Each is imported only where it is served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat import Platform
from bot.current import InForce
from bot.errors import SettingsError
from bot.settings import Settings


def connect(
    settings: Settings,
    current: InForce,  # noqa: ARG001
    environ: Mapping[str, str],  # noqa: ARG001
) -> Sequence[Platform]:
    """A platform for each part of the settings that is there.

    `current` answers what goes past the inbox, as inline questions do; `environ` names the proxies.
    """
    found: list[Platform] = []
    for part in (settings.telegram, settings.slack):
        if part is not None:
            raise SettingsError([f"{type(part).__name__} is not served by this version yet"])
    return found
