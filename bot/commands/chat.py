"""`mlinfra chat`: a conversation, or a question a line through a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bot.commands import opening
from bot.desk import Talk
from bot.platforms.terminal import adapter


def run(arguments: Sequence[str]) -> int:
    """Chat until the input ends."""
    chosen = opening.parser("chat", __doc__).parse_args(arguments)
    if not sys.stdin:
        return 0
    environ = os.environ
    look = opening.look(environ, chosen.plain)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    # readline commands the cursor, which a plain terminal is spared.
    lines = adapter.typed(editing=look.styled) if interactive else adapter.piped(sys.stdin)
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    script = adapter.script_of_locale(locale)
    if chosen.lang:
        script = "en" if chosen.lang == "en" else "zh-Hans"
    talk = Talk(script=script, language=chosen.lang)
    adapter.chat(lines, sys.stdout, look, opening.retriever(environ), talk, interactive)
    return 0
