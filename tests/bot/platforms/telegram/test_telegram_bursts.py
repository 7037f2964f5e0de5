"""Many questions at once, and an end in the middle of them: `mlinfra serve` as a process."""

from __future__ import annotations

import signal
import time
from collections import Counter

import pytest
from botapi_server import BotApi

USERS, EACH = 250, 4
WORDS = ("parameter server", "参数服务器", "gpipe", "梯度压缩", "machine learning platform", "无量")


def ask(people):
    """A thousand questions, all different, from everybody in turn."""
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


@pytest.fixture
def server():
    with BotApi.in_thread() as found:
        yield found


def test_of_a_thousand_questions_none_is_lost_and_none_answered_twice(server, serving):
    """From 250 users, some of them delivered twice."""
    with serving(server) as process:
        people = [server.private(server.user(f"u{n}")) for n in range(USERS)]
        begun = time.perf_counter()
        asked = ask(people)
        server.wait(lambda: len(server.sent) >= len(asked), 60)
        print(f"{(time.perf_counter() - begun) / len(asked) * 1e3:.2f} ms a message")
        server.settle(20, 0.5)
        assert counted(asked) == [1] * len(asked)
        assert not server.refusals()
        assert process.stop() == 0
        assert server.token not in process.said


def test_a_stop_in_the_middle_loses_none_and_doubles_none(server, serving):
    """What is in hand is finished, the rest is answered after the next start."""
    with serving(server) as process:
        people = [server.private(server.user(f"u{n}")) for n in range(USERS)]
        asked = ask(people)
        server.wait(lambda: len(server.sent) >= 200, 30)
        begun = time.monotonic()
        assert process.stop() == 0
        assert time.monotonic() - begun < 10
    with serving(server) as process:
        server.wait(lambda: len(server.sent) >= len(asked), 60)
        server.settle(20, 0.5)
        assert counted(asked) == [1] * len(asked)
        assert process.stop() == 0


def test_a_kill_in_the_middle_loses_none_and_doubles_only_what_was_in_flight(server, serving):
    """At the kill there may be as many sends under way as are answered side by side."""
    with serving(server) as process:
        people = [server.private(server.user(f"u{n}")) for n in range(USERS)]
        asked = ask(people)
        server.wait(lambda: len(server.sent) >= 200, 30)
        process.stop(signal.SIGKILL)
    with serving(server) as process:
        server.wait(lambda: len(server.sent) >= len(asked), 60)
        server.settle(20, 0.5)
        found = counted(asked)
        assert set(found) <= {1, 2}
        assert found.count(2) <= 64
        assert process.stop() == 0
