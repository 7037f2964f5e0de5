"""`mlinfra serve`: every platform that is set up, until SIGTERM."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from bot import proxies
from bot.environ import Reader
from bot.errors import SettingsError
from bot.settings import Settings

NO_PLATFORM = (
    "no platform is set up: set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN "
    "(docs/settings.md); to ask here and now: mlinfra chat"
)

# What begins a platform: given right or wrong, there is something to say of it.
_PLATFORMS = (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_WEBHOOK_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
)


def run(arguments: Sequence[str]) -> int:
    """Serve until told to stop."""
    argparse.ArgumentParser("mlinfra serve", description=__doc__).parse_args(arguments)
    signal.signal(signal.SIGTERM, _leave)
    environ = dict(os.environ)
    settings = _settings(environ)
    _hide_proxies()
    from bot.commands import serving

    return serving.run(settings, environ, sys.stderr)


def _leave(*_: object) -> None:
    """Told to stop before there is anything to finish: a container's first would not hear it."""
    raise SystemExit(0)


def _settings(environ: Mapping[str, str]) -> Settings:
    """What is set; SettingsError tells all that is wrong, with proxies and certificates too."""
    settings, problems = Settings.attempted(environ)
    wrong = [*problems, *proxies.problems(environ)]
    if not any(map(Reader(environ).gave, _PLATFORMS)):
        wrong.insert(0, NO_PLATFORM)
    if wrong:
        raise SettingsError(wrong)
    return settings


def _hide_proxies() -> None:
    """Each client is told its proxy: slack_sdk would find one by itself, and knows no NO_PROXY."""
    for name in proxies.NAMES:
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
