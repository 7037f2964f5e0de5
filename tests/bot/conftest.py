"""The real catalog, opened once."""

from __future__ import annotations

import warnings

import pytest

from bot import current
from bot.settings import Settings


@pytest.fixture(scope="session")
def retriever(tmp_path_factory):
    """The retriever over the shipped catalog."""
    settings = Settings(catalog=None, cache=tmp_path_factory.mktemp("cache"))
    with warnings.catch_warnings():
        # jieba's source has escapes that a fresh Python complains of while it compiles it
        warnings.simplefilter("ignore", SyntaxWarning)
        found = current.load(settings).retriever
        found.search("训练")
    return found
