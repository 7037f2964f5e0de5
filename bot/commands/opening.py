"""What chat and ask begin with: their options, the retriever in force, the look of the output."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import current
from bot.platforms.terminal.look import Look
from bot.settings import Settings
from retrieval.retriever import Retriever

if TYPE_CHECKING:
    import argparse


def parser(verb: str, description: str | None) -> argparse.ArgumentParser:
    """The options that both take."""
    import argparse

    found = argparse.ArgumentParser(
        f"mlinfra {verb}",
        description=description,
        allow_abbrev=False,
        # to measure the terminal for its help, argparse imports 3 ms with every call
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=78),
    )
    found.add_argument("--plain", action="store_true", help="no colour, no bold, no links")
    found.add_argument("--lang", choices=("zh", "en"), help="the language of the answers")
    return found


def retriever(environ: Mapping[str, str]) -> Retriever:
    """The retriever; what is wrong with the catalog files is told on standard error."""
    found = current.load(Settings.from_environ(environ))
    for problem in found.problems:
        print(problem, file=sys.stderr)
    gc.freeze()  # what the start has made stays; a long chat may look for garbage again
    gc.enable()
    return found.retriever


def look(environ: Mapping[str, str], plain: bool) -> Look:
    """How standard output can show an answer."""
    is_terminal = bool(sys.stdout) and sys.stdout.isatty()
    try:
        columns = os.get_terminal_size(1).columns if is_terminal else None
    except OSError:
        columns = None
    return Look.of(environ, is_terminal, columns, plain)
