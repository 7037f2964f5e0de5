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


def run(arguments: Sequence[str]) -> int:
    """Check the folders named, or the catalog in force."""
    chosen = _parser().parse_args(arguments)
    missing = [str(path) for path in chosen.folders if not path.exists()]
    if missing:
        print(f"mlinfra: no such folder: {', '.join(missing)}", file=sys.stderr)
        return 2
    files = (
        list(_files(chosen.folders))
        if chosen.folders
        else [
            file
            for folder in current.folders(Settings.from_environ(os.environ))
            for file in current.catalog_files(folder)
        ]
    )
    parsed = catalog.parse(files)
    for problem in parsed.problems:
        print(problem)
    if parsed.problems:
        print(f"{len(parsed.problems)} problems in {len(files)} files", file=sys.stderr)
        return 1
    print(f"{len(parsed.entries)} entries, no problems")
    return 0


def _files(folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else [folder]
        for path in paths:
            yield str(path), path.read_text(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("mlinfra catalog", allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, metavar="check")
    check = verbs.add_parser("check", help="every problem with file, line and reason")
    check.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="instead of ours")
    return parser
