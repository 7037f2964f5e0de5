"""The shipped lexicon and catalog, opened once."""

from __future__ import annotations

import warnings

import pytest

from bot import current
from bot.settings import Settings


@pytest.fixture(scope="session")
def retriever(cache):
    """The retriever over the shipped catalog."""
    with warnings.catch_warnings():
        # jieba's source has escapes that a fresh Python complains of while it compiles it
        warnings.simplefilter("ignore", SyntaxWarning)
        found = current.load(Settings(catalog=None, cache=cache)).retriever
        found.search("训练")
    return found


@pytest.fixture(scope="session")
def tokenizer(retriever):
    """The tokenizer with the shipped lexicon."""
    return retriever.tokenizer
