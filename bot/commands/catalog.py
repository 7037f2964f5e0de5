"""`mlinfra catalog check`: every problem of the catalog files, as path:line: reason."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import current
from bot.settings import Settings
from corpus import catalog
from corpus.health import STATES


def run(arguments: Sequence[str]) -> int:
    """Check the folders named, or the catalog in force."""
    chosen = _parser().parse_args(arguments)
    if chosen.verb == "links":
        from bot.commands import links

        return links.run(chosen.format, chosen.state)
    if chosen.verb == "candidates":
        from bot.commands import candidates

        return candidates.run(chosen.format)
    return _check(chosen)


def _check(chosen: argparse.Namespace) -> int:
    missing = [str(path) for path in chosen.folders if not path.exists()]
    if missing:
        print(f"mlinfra: no such folder: {', '.join(missing)}", file=sys.stderr)
        return 2
    layers = [list(_files(folder)) for folder in current.folders(_settings())]
    if chosen.folders:  # named together they are one catalog: what stands twice is a problem
        known = {entry["id"] for entry in catalog.read(layers).entries}
        layers = [[file for folder in chosen.folders for file in _files(folder)]]
        parsed = catalog.parse(layers[0], known)
    else:
        parsed = catalog.read(layers)
    for problem in parsed.problems:
        print(problem)
    if parsed.problems:
        found, files = len(parsed.problems), sum(map(len, layers))
        many = f"{found} problem{'s' * (found > 1)} in {files} file{'s' * (files > 1)}"
        print(many, file=sys.stderr)
        return 1
    print(f"{len(parsed.entries)} entries, no problems")
    return 0


def _settings() -> Settings:
    return Settings.from_environ(os.environ)


def _files(layer: Path) -> Iterator[tuple[str, str | OSError]]:
    """The catalog files of a folder, or one file by itself."""
    if layer.is_dir():
        yield from current.catalog_files(layer)
    else:
        yield str(layer), layer.read_text(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("mlinfra catalog", allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, dest="verb", metavar="check|links|candidates")
    check = verbs.add_parser("check", help="every problem with file, line and reason")
    check.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="instead of ours")
    links = verbs.add_parser("links", help="how the links are, the worst first")
    links.add_argument("--format", choices=("table", "json", "markdown"), default="table")
    links.add_argument(
        "--json", dest="format", action="store_const", const="json", help="one line of JSON"
    )
    links.add_argument(
        "--state", action="append", default=[], choices=STATES, help="links in this state only"
    )
    lately = verbs.add_parser(
        "candidates", help="what the feeds tell of that the catalog has not: FEEDS names them"
    )
    lately.add_argument(
        "--json", dest="format", action="store_const", const="json", help="one line of JSON"
    )
    return parser
