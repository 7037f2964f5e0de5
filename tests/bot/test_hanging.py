"""A database that hangs: it takes everything and answers nothing. Nobody hangs with it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from pathlib import Path

import databases
import pytest
import telegram_trial
from botapi_server import BotApi
from terminal import Terminal

from bot import migrations
from corpus.database import connect


@pytest.fixture(name="environ")
def _environ(postgres, cache, current):
    """What a program is told: a database at the newest step, and the snapshot in the cache."""
    assert current
    url = databases.fresh(postgres)
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()
    return {"DATABASE_URL": url.replace("+psycopg", ""), "MLINFRA_CACHE_DIR": str(cache)}


def ask(port, path):
    """The status and the body of an answer, and the seconds until it came."""
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=9) as answer:
            return answer.status, answer.read(), time.monotonic() - begun
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.status, refusal.read(), time.monotonic() - begun


def test_a_service_stays_up_says_so_and_leaves(environ, tmp_path):
    """/healthz answers as ever, /readyz names the database; what was asked is answered after."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with BotApi.in_thread() as server:
        chat = server.private(server.user("Ann"))
        with telegram_trial.serving(server, tmp_path, HTTP_PORT=str(port), **environ) as process:
            asked = chat.say("gpipe")
            server.wait(lambda: chat.answers_to(asked), 30)
            with databases.hanging(environ["DATABASE_URL"]):
                later = chat.say("parameter server")
                time.sleep(0.5)
                status, _, seconds = ask(port, "/healthz")
                assert (status, seconds < 0.5) == (200, True)
                status, body, _ = ask(port, "/readyz")
                assert status == 503
                assert json.loads(body) == {"index": True, "database": False, "telegram": True}
                begun = time.monotonic()
                assert process.stop() == 0
                assert time.monotonic() - begun < 10
        with telegram_trial.serving(server, tmp_path, **environ) as process:
            server.wait(lambda: chat.answers_to(later), 30)
            assert process.stop() == 0
        assert len(chat.answers_to(later)) == 1


def test_a_start_is_held_up_no_longer_than_it_is_wanted(environ, tmp_path):
    """Told to stop, it does not wait for a database that has not answered yet."""
    with BotApi.in_thread() as server, databases.hanging(environ["DATABASE_URL"]):
        process = telegram_trial.Serving(server, tmp_path, environ)
        time.sleep(2)
        begun = time.monotonic()
        assert process.stop() == 0
        assert time.monotonic() - begun < 2


@pytest.mark.slow
def test_a_file_that_another_holds_holds_nobody_up(tmp_path, cache, current):
    """SQLite waits for its turn to write: /healthz answers meanwhile, and the end is no later."""
    assert current
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {"MLINFRA_CACHE_DIR": str(cache), "HTTP_PORT": str(port)}
    with BotApi.in_thread() as server:
        chat = server.private(server.user("Ann"))
        with telegram_trial.serving(server, tmp_path, **told) as process:
            asked = chat.say("gpipe")
            server.wait(lambda: chat.answers_to(asked), 30)
            with contextlib.closing(sqlite3.connect(tmp_path / "data" / "mlinfra.db")) as holder:
                holder.isolation_level = None
                holder.execute("BEGIN IMMEDIATE")
                later = chat.say("parameter server")
                time.sleep(0.5)
                for path in ("/healthz", "/readyz"):
                    status, _, seconds = ask(port, path)
                    assert (status, seconds < 0.5) == (200, True)
                begun = time.monotonic()
                assert process.stop() == 0
                assert time.monotonic() - begun < 10
        with telegram_trial.serving(server, tmp_path, **told) as process:
            server.wait(lambda: chat.answers_to(later), 30)
            assert process.stop() == 0
        assert len(chat.answers_to(later)) == 1


def test_a_chat_can_be_left(environ):
    """By one Ctrl-C, though a thread of ours waits for the database."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    terminal = Terminal(["chat"], {**kept, **environ, "LANG": "C.UTF-8", "HOME": "/nonexistent"})
    terminal.until("> ")
    with databases.hanging(environ["DATABASE_URL"]):
        terminal.type("gpipe\n")
        time.sleep(0.5)
        terminal.type("\x03")
        assert terminal.code(6) == 130
