"""`mlinfra db upgrade`: the database brought to the schema of this program."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from bot.settings import Settings


def run(arguments: Sequence[str]) -> int:
    """Upgrade; several replicas may do so at once."""
    _parser().parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    from bot import migrations
    from bot.commands import state

    engine = state.engine_of(settings)
    try:
        with state.told(settings):
            state.upgrade(engine)
    finally:
        engine.dispose()
    print(f"the database is at step {migrations.head()}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("mlinfra db", description=__doc__, allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, metavar="upgrade")
    verbs.add_parser("upgrade", help="take every step that is missing")
    return parser
