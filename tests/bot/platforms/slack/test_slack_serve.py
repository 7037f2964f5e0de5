"""`mlinfra serve` on Slack as a program of its own: bursts, ends, kills, bad tokens, its log."""

from __future__ import annotations

import asyncio
import signal
import socket
import time

import pytest
from slack_server import SlackServer
from slack_serving import serving, start

pytestmark = pytest.mark.usefixtures("own_cache")

BURST = 300
TRANSPORTS = ["socket", pytest.param("http", marks=pytest.mark.slow)]
CANARY = "zebrafishcanary"


@pytest.fixture
async def slack():
    async with SlackServer.running() as found:
        found.courier.gaps = (0.5, 1.0, 2.0)
        yield found


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def burst(slack, people=30, places=10):
    """Mentions of many people in many channels, at once."""
    asking = [slack.add_user(f"u{number}") for number in range(people)]
    rooms = [slack.add_channel(f"c{number}", *asking) for number in range(places)]
    return [
        slack.say(
            asking[number % people],
            rooms[number % places],
            f"@mlinfra question {number} about distributed training",
        )
        for number in range(BURST)
    ]


async def settled(slack, asked, seconds=30):
    """How many questions have no answer, one, more."""
    await slack.until(lambda: all(slack.replies(sent) for sent in asked), seconds)
    await slack.quiet(0.5)
    counts = [len(slack.replies(sent)) for sent in asked]
    return counts.count(0), counts.count(1), sum(count > 1 for count in counts)


async def by_http(slack):
    port = free_port()
    return {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "HTTP_PORT": str(port),
    }, f"http://127.0.0.1:{port}/slack/events"


async def listening(slack, url):
    """Wait until the program answers at its address."""
    slack.deliver_to(url)

    async def tried():
        try:
            return (await slack.posts.verify()).status == 200
        except OSError:
            return False

    limit = time.monotonic() + 20
    while not await tried():
        assert time.monotonic() < limit
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_burst_is_acked_and_answered(slack, tmp_path, transport):
    """300 mentions at once: each acked within three seconds, each answered once."""
    more, url = await by_http(slack) if transport == "http" else ({}, "")
    async with serving(slack, tmp_path, **more) as served:
        if url:
            await listening(slack, url)
        assert await settled(slack, burst(slack)) == (0, BURST, 0)
        assert max(slack.ack_times()) < 3
        assert await served.stop() == 0
    assert not slack.warned()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_end_in_the_burst_loses_and_doubles_nothing(slack, tmp_path, transport):
    """SIGTERM: what was acked is answered, by this process or the next, within ten seconds."""
    slack.courier.gaps = (1.0, 8.0, 20.0)
    more, url = await by_http(slack) if transport == "http" else ({}, "")
    first = await start(slack, tmp_path, **more)
    if url:
        await listening(slack, url)
    asked = burst(slack)
    await slack.until(lambda: len(slack.said()) >= 20)
    begun = time.monotonic()
    assert await first.stop(signal.SIGTERM) == 0
    assert time.monotonic() - begun < 10
    async with serving(slack, tmp_path, **more) as second:
        assert await settled(slack, asked) == (0, BURST, 0)
        assert await second.stop() == 0


@pytest.mark.slow
async def test_a_kill_in_the_burst_loses_nothing(slack, tmp_path):
    """kill -9: only what was in flight can be doubled, and is looked for first."""
    first = await start(slack, tmp_path)
    asked = burst(slack)
    await slack.until(lambda: len(slack.said()) >= 20)
    assert await first.stop(signal.SIGKILL) == -9
    flying = len(slack.said())
    async with serving(slack, tmp_path):
        none, _, more = await settled(slack, asked)
        assert none == 0
        assert more <= min(flying, 3)


@pytest.mark.parametrize(
    ("name", "token", "method"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong-secret", "auth.test"),
        ("SLACK_APP_TOKEN", "xapp-wrong-secret", "apps.connections.open"),
    ],
)
async def test_a_rejected_token_ends_the_start(slack, tmp_path, name, token, method):
    """One line that names it and does not show it."""
    served = await start(slack, tmp_path, wait=False, **{name: token})
    assert await served.ended(40) == 2
    assert name in served.log
    assert "invalid_auth" in served.log
    assert token not in served.log
    assert "Traceback" not in served.log
    assert slack.calls_of(method)


@pytest.mark.slow
async def test_slack_away_at_the_start_is_waited_for(tmp_path):
    """An outage is no error of the operator's."""
    port = free_port()
    away = SlackServer()
    away.base = f"http://127.0.0.1:{port}"
    served = await start(away, tmp_path, wait=False)
    await asyncio.sleep(2.5)
    assert served.running.returncode is None
    async with SlackServer.running(port) as slack:
        await slack.until(lambda: slack.sockets.open, 20)
        alice = slack.add_user("alice")
        sent = slack.say(alice, slack.add_channel("general", alice), "@mlinfra gpipe")
        await slack.until(lambda: slack.replies(sent))
        assert await served.stop() == 0


async def test_no_token_and_no_word_of_anybody_is_logged(slack, tmp_path):
    """Not when all is well, and not when everything fails."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice)
    async with serving(slack, tmp_path) as served:
        for method, error in (("chat.postMessage", "is_archived"), ("chat.update", "fatal_error")):
            slack.fail(method, error)
        slack.fail("chat.postMessage", status=500, times=2)
        sent = [slack.say(alice, general, f"@mlinfra {CANARY} {number}") for number in range(4)]
        await slack.quiet(1.0)
        slack.edit(sent[2], f"@mlinfra gpipe {CANARY}")
        slack.command(alice, general, f"{CANARY} again")
        slack.courier.send("events_api", {"type": "event_callback", "event": {"text": CANARY}})
        slack.courier.send("interactive", {"type": "block_actions", "user": CANARY})
        await slack.sockets.open[0].ws.send_str(CANARY)
        await slack.quiet(1.0)
        await served.stop()
    assert "answered" in served.log
    for secret in (CANARY, slack.bot_token, slack.app_token, "Traceback"):
        assert secret not in served.log


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
async def test_the_sign_of_a_process_that_ended_is_taken_away(slack, tmp_path, how):
    """At its own end, or by the next one, which answers."""
    alice = slack.add_user("alice")
    rooms = [slack.add_channel("general", alice), slack.dm(alice)]
    slack.fail("chat.postMessage", status=429, retry_after=4, times=2)
    first = await start(slack, tmp_path)
    sent = [slack.say(alice, room, "@mlinfra gpipe pipeline parallelism") for room in rooms]
    await slack.until(lambda: all(one.reactions for one in sent), 10)
    await first.stop(how)
    if how == signal.SIGTERM:
        assert not any(one.reactions for one in sent)
    async with serving(slack, tmp_path):
        await slack.until(lambda: slack.replies(sent[0]), 30)
        await slack.until(lambda: not any(one.reactions for one in sent), 10)
        await slack.quiet(0.5)
        assert len(slack.replies(sent[0])) == 1
