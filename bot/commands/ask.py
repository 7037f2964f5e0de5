"""`mlinfra ask`: one answer, or one for each line of standard input."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from bot import answering
from bot.commands import opening
from bot.model import Answer, Question
from bot.platforms.terminal import lines

JSON_RESULTS = 10


def run(arguments: Sequence[str]) -> int:
    """Answer the words of the command line, or with `-` each line of standard input."""
    chosen = _parser().parse_intermixed_args(arguments)
    if chosen.words == ["-"]:
        asked = lines.piped(sys.stdin) if sys.stdin else iter(())
    else:
        asked = iter([" ".join(chosen.words)])
    environ = os.environ
    retriever = opening.retriever(environ)
    shown = JSON_RESULTS if chosen.json else answering.SHOWN

    def answer(line: str) -> Answer:
        return answering.answer(Question(line, chosen.lang), retriever, shown)

    lines.batch(asked, sys.stdout, answer, _teller(chosen))
    return 0


def _teller(chosen: argparse.Namespace) -> Callable[[Answer], str]:
    """How an answer is told: JSON, text, or text with its reasons."""
    if chosen.json:
        from bot.platforms.terminal.jsonline import line

        return lambda answer: line(answer) + "\n"
    from bot.platforms.terminal.explain import table
    from bot.platforms.terminal.render import render

    look = opening.look(os.environ, chosen.plain)
    after = "\n" if chosen.words == ["-"] else ""
    return lambda answer: render(answer, look) + (table(answer) if chosen.explain else "") + after


def _parser() -> argparse.ArgumentParser:
    parser = opening.parser("ask", __doc__)
    parser.add_argument("words", nargs="+", help="the question; - reads one a line")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="one line of JSON for each question")
    how.add_argument(
        "--explain", action="store_true", help="also why each hit stands where it does"
    )
    return parser
