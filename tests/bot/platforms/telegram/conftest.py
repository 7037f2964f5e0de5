"""The bot as a process, over a snapshot that is there."""

from __future__ import annotations

from functools import partial

import pytest
import telegram_trial


@pytest.fixture(name="serving")
def _serving(current, cache, tmp_path):  # noqa: ARG001  # opening `current` leaves the snapshot
    """Starts `mlinfra serve` on a server, with its state in this test's folder."""
    return partial(telegram_trial.serving, folder=tmp_path, MLINFRA_CACHE_DIR=str(cache))
