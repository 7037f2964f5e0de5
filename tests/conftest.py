"""What every test stands on: the cache of the session, and the warnings of others that are not ours
to mend, by name.
"""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    # jieba's source has escapes that a fresh Python complains of while it compiles it.
    warnings.simplefilter("ignore", SyntaxWarning)
    import jieba  # noqa: F401


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """The cache folder of the session: the catalog is read once for all. Do not write to it."""
    return tmp_path_factory.mktemp("cache")
