"""The log says that something happened, and never what somebody wrote or what opens a door."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
import warnings
from datetime import timedelta

import pytest
import structlog
from sqlalchemy.exc import DBAPIError
from stage import House, Stage

from bot import logs
from corpus.database import connect

TOKEN = "123:canary-token"
WORDS = "canary-question-7f3"


@pytest.fixture(name="output", autouse=True)
def _output():
    """The log of a test as JSON; afterwards everything is as it was."""
    root = logging.getLogger()
    before = list(root.handlers), root.level
    output = io.StringIO()
    logs.configure(output, "json", [TOKEN])
    yield output
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def lines(output):
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_line_is_json_with_its_values(output):
    """One an event."""
    structlog.get_logger().info("answered", id=7, hits=3)
    (line,) = lines(output)
    assert (line["event"], line["id"], line["hits"], line["level"]) == ("answered", 7, 3, "info")
    assert line["timestamp"].endswith("Z")


def test_a_secret_is_hidden_wherever_it_stands(output):
    """Should one ever get there."""
    structlog.get_logger().info("x", url=f"https://api.example.org/bot{TOKEN}/getMe")
    assert TOKEN not in output.getvalue()
    assert logs.HIDDEN in output.getvalue()


def test_a_secret_is_hidden_inside_of_values_too(output):
    """Lists, mappings, and what has words of its own."""
    inside = {"headers": {"Authorization": f"Bearer {TOKEN}"}, "urls": [f"/bot{TOKEN}", 7]}
    structlog.get_logger().info("x", **inside, error=ValueError(TOKEN), none=None, yes=True)
    assert TOKEN not in output.getvalue()
    (line,) = lines(output)
    assert (line["urls"][1], line["none"], line["yes"]) == (7, None, True)


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_beside_a_line_is_told_without_its_words(form):
    """However it is given."""
    output = io.StringIO()
    logs.configure(output, form, [TOKEN])
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        structlog.get_logger().exception("failed")
        structlog.get_logger().error("failed", exc_info=error)
    assert WORDS not in output.getvalue()
    assert output.getvalue().count("ValueError") == 2


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
def test_no_word_of_a_librarys_message_passes(output, level):
    """Not in its arguments, not in its text, not in its error; but where it was said does."""
    logger = logging.getLogger("some.library")
    logger.setLevel(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    logger.log(level, "sending %s to %s", WORDS, TOKEN)
    logger.log(level, f"sending {WORDS} to {TOKEN}")
    try:
        raise ValueError(f"{WORDS} {TOKEN}")
    except ValueError:
        logger.log(level, "failed", exc_info=True)
    told = output.getvalue()
    assert WORDS not in told
    assert TOKEN not in told
    if level >= logging.WARNING:
        first, _, third = lines(output)
        assert (first["said"], first["logger"]) == ("sending %s to %s", "some.library")
        assert third["error"] == "ValueError"
        assert "test_logs.py" in third["where"]


def test_an_error_is_told_without_its_words():
    """Its kind, and the places that it came through."""
    try:
        int(WORDS)
    except ValueError as error:
        told = logs.fault(error)
    assert told["error"] == "ValueError"
    assert WORDS not in str(told)


def test_an_error_of_the_system_or_a_database_is_told_by_its_code(tmp_path):
    """A full disk looks like any other error by its kind alone."""
    with pytest.raises(FileNotFoundError) as missing:
        (tmp_path / WORDS).read_text()
    assert logs.fault(missing.value)["error"] == "FileNotFoundError ENOENT"
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE small (words TEXT)")
        connection.exec_driver_sql("PRAGMA max_page_count=2")
        with pytest.raises(DBAPIError) as full:
            connection.exec_driver_sql("INSERT INTO small VALUES (?)", (WORDS * 10_000,))
    engine.dispose()
    told = logs.fault(full.value)
    assert "SQLITE_FULL" in told["error"]
    assert WORDS not in str(told)


async def test_an_error_that_nobody_awaited_is_told_without_its_words(output):
    """By the loop, when the task is gone."""
    asyncio.get_running_loop().set_exception_handler(logs.lost)

    async def fail():
        raise ValueError(WORDS)

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    await asyncio.sleep(0)
    assert WORDS not in output.getvalue()
    assert any(line["event"] == "lost" and line["error"] == "ValueError" for line in lines(output))


class Telling(Stage):
    """A platform that logs, and a library of it that complains, while it sends."""

    async def give(self, event, reply, manner, answer=""):
        structlog.get_logger().info("throttled")
        logging.getLogger("sdk").warning("slow")
        return await super().give(event, reply, manner, answer)


async def test_all_that_is_logged_of_an_event_has_its_id(output, database, current):
    """From the event to the send; each its own, where many are in hand."""
    spans = timedelta(days=7), timedelta(hours=24)
    house = House(database, current, time.time, *spans, stage=Telling())
    await house.open()
    await house.take(house.line("gpipe"), house.line("parameter server", person="bob"))
    told = [(line["event"], line.get("id")) for line in lines(output)]
    first, second = sorted({number for _, number in told})
    for number in (first, second):
        assert [event for event, one in told if one == number] == [
            "throttled", "library", "answered",
        ]  # fmt: skip


def test_a_terminal_gets_lines_for_people():
    """Without a form it is as the output can show it."""
    output = io.StringIO()
    logs.configure(output, "console", [])
    structlog.get_logger().warning("refused", reason="blocked")
    assert "refused" in output.getvalue()
    with pytest.raises(json.JSONDecodeError):
        json.loads(output.getvalue())


def test_warnings_of_python_stay_out(output):
    """They may show a line of code with a value in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn(WORDS, stacklevel=1)
    assert WORDS not in output.getvalue()
