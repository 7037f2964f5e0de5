"""What chat and ask begin with: their options, the retriever in force, the look of the output."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from urllib.parse import unquote

from bot import current, underway
from bot.platforms.terminal.look import Look
from bot.settings import Settings
from retrieval import inside
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
    settings = Settings.from_environ(environ)
    catch_up(settings, sys.stderr)
    found = current.load(settings)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    gc.freeze()  # what the start has made stays; a long chat may look for garbage again
    gc.enable()
    return found.retriever


def catch_up(settings: Settings, output: TextIO) -> None:
    """See to it that what was read behind the links can be searched, where a run was cut off, or
    the cache is a new one; tell where it cannot be now. Costs two looks for a file where all is
    well.
    """
    folder = current.inside_folder(settings)
    if not (underway.is_cut_off(folder) or _is_lost(settings, folder)):
        return
    from bot.commands import catching  # with SQLAlchemy, which an answer does without

    catching.catch_up(settings, folder, output)


def _is_lost(settings: Settings, folder: Path) -> bool:
    """Whether a database is there, and nothing is known of what it has of pages."""
    cache = settings.cache
    if inside.is_known(folder) or (cache.exists() and not os.access(cache, os.W_OK)):
        return False  # where nothing can be written down, each question would look again
    place = settings.database_url.removeprefix("sqlite:///")
    return place == settings.database_url or Path(unquote(place)).exists()


def look(environ: Mapping[str, str], plain: bool) -> Look:
    """How standard output can show an answer."""
    is_terminal = bool(sys.stdout) and sys.stdout.isatty()
    try:
        columns = os.get_terminal_size(1).columns if is_terminal else None
    except OSError:
        columns = None
    return Look.of(environ, is_terminal, columns, plain)
