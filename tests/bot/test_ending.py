"""How a service ends: within ten seconds when told to, at once when told twice."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
import telegram_trial
from botapi_server import BotApi


@pytest.fixture(name="server")
def _server():
    with BotApi.in_thread() as server:
        yield server


@pytest.fixture(name="stuck")
def _stuck(server, tmp_path, cache, current):
    """A service that is sending an answer which does not get through, and the question."""
    assert current
    held = server.fail("sendMessage", "hold")
    chat = server.private(server.user("Ann"))
    with telegram_trial.serving(server, tmp_path, MLINFRA_CACHE_DIR=str(cache)) as process:
        asked = chat.say("gpipe")
        server.wait(lambda: held.met, 20)
        yield process
    server.faults.clear()
    with telegram_trial.serving(server, tmp_path, MLINFRA_CACHE_DIR=str(cache)) as process:
        server.wait(lambda: chat.answers_to(asked), 20)
        assert process.stop() == 0


@pytest.mark.parametrize(
    "how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_what_does_not_get_through_holds_nobody_up(stuck, how):
    """Whoever stops it waits ten seconds; the next process sends it."""
    begun = time.monotonic()
    assert stuck.stop(how) == 0
    assert time.monotonic() - begun < 10
    assert "unfinished" in stuck.said


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_at_once(stuck, second):
    """Nothing is lost by that either."""
    stuck.child.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    begun = time.monotonic()
    assert stuck.stop(second) == 130
    assert time.monotonic() - begun < 1


def hears(pid, what):
    """Whether a process has a word of its own for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (what - 1) & 1)


def test_told_to_stop_before_it_has_begun_it_stops(server, tmp_path):
    """As the first of a container it would not hear a signal that it does not ask for."""
    process = telegram_trial.Serving(server, tmp_path, {})
    limit = time.monotonic() + 20
    while not hears(process.child.pid, signal.SIGTERM) and time.monotonic() < limit:
        time.sleep(0.002)
    assert not (tmp_path / "data").exists()
    assert process.stop() == 0
    assert "Traceback" not in process.said
