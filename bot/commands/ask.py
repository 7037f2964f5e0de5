"""`mlinfra ask`: one answer, or one for each line of standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot import answering
from bot.commands import opening
from bot.model import Answer, Question
from bot.platforms.terminal import lines
from corpus.model import Language

if TYPE_CHECKING:
    import argparse

JSON_RESULTS = 10
FLAGS = ("--json", "--explain", "--plain")


class Chosen(NamedTuple):
    """What the command line says."""

    words: Sequence[str]
    json: bool = False
    explain: bool = False
    plain: bool = False
    lang: Language | None = None


def run(arguments: Sequence[str]) -> int:
    """Answer the words of the command line, or with `-` each line of standard input."""
    chosen = read(arguments)
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


def read(arguments: Sequence[str]) -> Chosen:
    """The command line read; by argparse where it is more than words and flags.

    argparse takes a tenth of a start, which a plain question need not pay.
    """
    flags = {flag for flag in FLAGS if flag in arguments}
    words = [argument for argument in arguments if argument not in FLAGS]
    is_plain = all(word == "-" or not word.startswith("-") for word in words)
    if words and is_plain and not {"--json", "--explain"} <= flags:
        return Chosen(words, "--json" in flags, "--explain" in flags, "--plain" in flags)
    return Chosen(**vars(parser().parse_intermixed_args(arguments)))


def _teller(chosen: Chosen) -> Callable[[Answer], str]:
    """How an answer is told: JSON, text, or text with its reasons."""
    if chosen.json:
        from bot.platforms.terminal.jsonline import line

        return lambda answer: line(answer) + "\n"
    from bot.platforms.terminal.explain import table
    from bot.platforms.terminal.render import render

    look = opening.look(os.environ, chosen.plain)
    after = "\n" if chosen.words == ["-"] else ""
    return lambda answer: render(answer, look) + (table(answer) if chosen.explain else "") + after


def parser() -> argparse.ArgumentParser:
    """All that can be said, with the help of it."""
    found = opening.parser("ask", __doc__)
    found.add_argument("words", nargs="+", help="the question; - reads one a line")
    how = found.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="one line of JSON for each question")
    how.add_argument(
        "--explain", action="store_true", help="also why each hit stands where it does"
    )
    return found
