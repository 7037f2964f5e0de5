"""`mlinfra serve`: every platform that is set up, until SIGTERM."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from bot import proxies
from bot.errors import SettingsError
from bot.settings import Settings

NO_PLATFORM = (
    "no platform is set up: set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN "
    "(docs/settings.md); to ask here and now: mlinfra chat"
)


def run(arguments: Sequence[str]) -> int:
    """Serve until told to stop."""
    argparse.ArgumentParser("mlinfra serve", description=__doc__).parse_args(arguments)
    environ = dict(os.environ)
    settings = Settings.from_environ(environ)
    if not (settings.telegram or settings.slack):
        raise SettingsError([NO_PLATFORM])
    _hide_proxies(environ)
    from bot.commands import serving

    return serving.run(settings, environ, sys.stderr)


def _hide_proxies(environ: Mapping[str, str]) -> None:
    """Each client is told its proxy: slack_sdk would find one by itself, and knows no NO_PROXY."""
    if problems := proxies.problems(environ):
        raise SettingsError(problems)
    for name in proxies.NAMES:
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
