"""`mlinfra evaluate`: the search scored on judged questions, by `retrieval.evaluate`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

from bot.commands import opening


def run(arguments: Sequence[str]) -> int:
    """Hand the arguments and the retriever over."""
    evaluate = import_module("retrieval.evaluate")
    return int(evaluate.main(list(arguments), opening.retriever(os.environ)))
