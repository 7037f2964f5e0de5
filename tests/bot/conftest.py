"""The real catalog, opened once."""

from __future__ import annotations

import pytest

from bot.current import InForce
from bot.settings import Settings


@pytest.fixture(scope="session")
def current(tmp_path_factory):
    """What is in force over the shipped catalog."""
    found = InForce(Settings(catalog=None, cache=tmp_path_factory.mktemp("cache")))
    found.retriever.search("训练")
    return found


@pytest.fixture(scope="session")
def retriever(current):
    """The retriever over the shipped catalog."""
    return current.retriever
