"""`mlinfra chat`: a conversation, or a question a line through a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from bot.commands import opening
from bot.platforms.terminal import lines
from bot.settings import Settings
from corpus.language import Script


def run(arguments: Sequence[str]) -> int:
    """Chat until the input ends."""
    chosen = opening.parser("chat", __doc__).parse_args(arguments)
    if not sys.stdin:
        return 0
    environ = os.environ
    settings = Settings.from_environ(environ)
    look = opening.look(environ, chosen.plain)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    # readline commands the cursor, which a plain terminal is spared.
    said = lines.typed(editing=look.styled) if interactive else lines.piped(sys.stdin)
    from bot.commands.conversing import converse
    from bot.platforms.terminal.adapter import Terminal

    terminal = Terminal(
        said, sys.stdout, look, _person(environ), _spoken(environ), chosen.lang, interactive
    )
    return converse(settings, terminal, sys.stderr)


def _person(environ: Mapping[str, str]) -> str:
    return environ.get("USER") or environ.get("LOGNAME") or "me"


def _spoken(environ: Mapping[str, str]) -> Script:
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return lines.script_of_locale(locale)
