"""`mlinfra serve`: every platform that is set up, until SIGTERM."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from bot.errors import SettingsError
from bot.settings import Settings

NO_PLATFORM = (
    "no platform is set up: set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN "
    "(docs/settings.md); to ask here and now: mlinfra chat"
)


def run(arguments: Sequence[str]) -> int:
    """Serve until told to stop."""
    argparse.ArgumentParser("mlinfra serve", description=__doc__).parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    if not (settings.telegram or settings.slack):
        raise SettingsError([NO_PLATFORM])
    from bot.commands import serving

    return serving.run(settings, sys.stderr)
