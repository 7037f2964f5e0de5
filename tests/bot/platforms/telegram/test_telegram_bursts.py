"""Many questions at once, and an end in the middle of them: `mlinfra serve` as a process."""

from __future__ import annotations

import signal
import time
from collections import Counter

import pytest
from botapi_server import BotApi

EACH = 4  # questions of everybody
SMALL, LARGE = 25, 250  # people: the small burst stands for the large in everyday tests
WORDS = ("parameter server", "参数服务器", "gpipe", "梯度压缩", "machine learning platform", "无量")


def ask(server, users):
    """Questions, all different, from everybody in turn."""
    people = [server.private(server.user(f"u{n}")) for n in range(users)]
    return [
        (chat, chat.say(f"{WORDS[(number + place) % len(WORDS)]} {number}"))
        for number in range(EACH)
        for place, chat in enumerate(people)
    ]


def counted(asked):
    """How many answers each question has."""
    answers = Counter(
        (said.chat.id, said.reply_to.id)
        for chat in {chat for chat, _ in asked}
        for said in chat.said
        if said.reply_to is not None
    )
    return [answers[chat.id, question.id] for chat, question in asked]


def answered(server, asked):
    """How many answers each has, when all have come and nothing more does."""
    server.wait(lambda: len(server.sent) >= len(asked), 60)
    server.settle(20, 0.5)
    return counted(asked)


@pytest.fixture
def server():
    with BotApi.in_thread() as found:
        yield found


@pytest.mark.slow
def test_of_a_thousand_questions_none_is_lost_and_none_answered_twice(server, serving):
    """From 250 users."""
    with serving(server) as process:
        begun = time.perf_counter()
        asked = ask(server, LARGE)
        server.wait(lambda: len(server.sent) >= len(asked), 60)
        print(f"{(time.perf_counter() - begun) / len(asked) * 1e3:.2f} ms a message")
        assert answered(server, asked) == [1] * len(asked)
        assert not server.refusals()
        assert process.stop() == 0
        assert server.token not in process.said


@pytest.mark.slow
def test_a_stop_in_the_middle_loses_none_and_doubles_none(server, serving):
    """What is in hand is finished, the rest is answered after the next start."""
    with serving(server) as process:
        asked = ask(server, LARGE)
        stopped(server, process, at=200)
    with serving(server) as process:
        assert answered(server, asked) == [1] * len(asked)
        assert process.stop() == 0


@pytest.mark.slow
def test_a_kill_in_the_middle_loses_none_and_doubles_only_what_was_in_flight(server, serving):
    """At the kill there may be as many sends under way as are answered side by side."""
    with serving(server) as process:
        asked = ask(server, LARGE)
        server.wait(lambda: len(server.sent) >= 200, 30)
        process.stop(signal.SIGKILL)
    with serving(server) as process:
        found = answered(server, asked)
        assert set(found) <= {1, 2}
        assert found.count(2) <= 64
        assert process.stop() == 0


def test_a_small_burst_outlives_a_stop_and_a_kill(server, serving):
    """The same of 200 questions: 100 into a stop, 100 while nobody is there, then into a kill."""
    with serving(server) as process:
        asked = ask(server, SMALL)
        stopped(server, process, at=20)
        assert set(counted(asked)) <= {0, 1}
    before = len(server.sent)
    asked += ask(server, SMALL)
    with serving(server) as process:
        server.wait(lambda: len(server.sent) >= before + 20, 30)
        process.stop(signal.SIGKILL)
        assert len(server.sent) < len(asked), "the kill came too late to prove anything"
    with serving(server) as process:
        found = answered(server, asked)
        assert set(found) <= {1, 2}
        assert found.count(2) <= 64
        assert process.stop() == 0
        assert server.token not in process.said


def stopped(server, process, at):
    """End the process politely after so many answers: soon, and for no fault."""
    server.wait(lambda: len(server.sent) >= at, 30)
    begun = time.monotonic()
    assert process.stop() == 0
    assert time.monotonic() - begun < 10
