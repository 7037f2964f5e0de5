"""The platforms that are set up, connected. Each is imported only where it is served."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import Platform
from bot.current import InForce
from bot.errors import SettingsError
from bot.settings import Settings, Slack


def connect(settings: Settings, current: InForce) -> Sequence[Platform]:  # noqa: ARG001
    """A platform for each part of the settings that is there; `current` answers inline."""
    found: list[Platform] = []
    if settings.telegram is not None:
        raise SettingsError(["Telegram is not served by this version yet"])
    if settings.slack is not None:
        found.append(_slack(settings.slack))
    return found


def _slack(part: Slack) -> Platform:
    from bot.platforms.slack.adapter import Slack as Adapter
    from bot.platforms.slack.workspaces import One

    if part.bot_token is None:
        raise SettingsError(["many workspaces by OAuth are not served by this version yet"])
    return Adapter(part, One(part.bot_token))
