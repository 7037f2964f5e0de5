"""The platforms that are set up, connected. Each is imported only where it is served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat import Platform
from bot.current import InForce
from bot.errors import SettingsError
from bot.settings import Settings


def connect(settings: Settings, current: InForce, environ: Mapping[str, str]) -> Sequence[Platform]:
    """A platform for each part of the settings that is there.

    `current` answers what goes past the inbox, as inline questions do; `environ` names the proxies.
    """
    found: list[Platform] = []
    if settings.telegram is not None:
        from bot.platforms.telegram.adapter import Telegram

        inside = _chats(settings.operator_channel)
        found.append(Telegram(settings.telegram, current, environ, inside))
    if settings.slack is not None:
        raise SettingsError(["Slack is not served by this version yet"])
    return found


def _chats(operator: str | None) -> Sequence[int]:
    """The operator's chat on Telegram, which is served whoever else is."""
    platform, _, rest = (operator or "").partition(":")
    return [int(rest.partition(":")[0])] if platform == "telegram" else []
