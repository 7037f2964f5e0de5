"""Telegram and Slack in one `mlinfra serve`: what befalls one is not the other's."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from botapi_server import BotApi
from slack_server import SlackServer
from slack_serving import start

pytestmark = pytest.mark.usefixtures("own_cache")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Both:
    """The program with both platforms, and what people say there."""

    def __init__(self, telegram: BotApi, slack: SlackServer, port: int) -> None:
        self.telegram, self.slack, self.port = telegram, slack, port
        self.alice = slack.add_user("alice")
        self.general = slack.add_channel("general", self.alice)
        self.chat = telegram.private()
        self.served = None

    async def ready(self):
        """What /readyz says: its status, and each part."""
        url = f"http://127.0.0.1:{self.port}/readyz"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.json()

    async def until_ready(self, **wanted):
        """Wait until /readyz says so of these parts."""
        limit = time.monotonic() + 40
        while True:
            try:
                status, parts = await self.ready()
            except aiohttp.ClientError:
                status, parts = 0, {}
            if status and all(parts[name] is is_ready for name, is_ready in wanted.items()):
                assert status == (200 if all(parts.values()) else 503)
                return
            assert time.monotonic() < limit, (parts, wanted)
            await asyncio.sleep(0.1)

    async def telegram_answers(self, text="gpipe"):
        asked = self.chat.say(f"{text} {time.monotonic()}")
        await self.telegram.until(lambda: self.chat.answers_to(asked), 30)

    async def slack_answers(self, text="gpipe"):
        asked = self.slack.say(self.alice, self.general, f"@mlinfra {text} {time.monotonic()}")
        await self.slack.until(lambda: self.slack.replies(asked), 30)


@asynccontextmanager
async def both(folder, wait=True, **more):
    async with BotApi() as telegram, SlackServer.running() as slack:
        house = Both(telegram, slack, free_port())
        told = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE_URL": telegram.url,
            "HTTP_PORT": str(house.port),
            **more,
        }
        house.served = await start(slack, folder, wait=wait, **told)
        try:
            yield house
        finally:
            if house.served.running.returncode is None:
                house.served.running.kill()
                await house.served.running.wait()


async def test_one_in_an_outage_leaves_the_other_serving(tmp_path):
    """/readyz names the one that is away, and both serve when it is back; nothing asked is lost."""
    async with both(tmp_path) as house:
        await house.until_ready(telegram=True, slack=True, database=True, index=True)
        await house.telegram.silence()
        await house.until_ready(telegram=False, slack=True)
        await house.slack_answers()
        waits = house.chat.say("parameter server")
        await house.telegram.listen()
        await house.telegram.until(lambda: house.chat.answers_to(waits), 30)
        await house.until_ready(telegram=True, slack=True)
        house.slack.fail("apps.connections.open", status=503, times=1000)
        for line in house.slack.sockets.open:
            await line.ws.close()
        await house.until_ready(telegram=True, slack=False)
        await house.telegram_answers()
        house.slack.faults.clear()
        await house.until_ready(telegram=True, slack=True)
        await house.slack_answers()
        assert await house.served.stop() == 0
    assert "Traceback" not in house.served.log


async def test_a_token_taken_back_later_leaves_the_other_serving(tmp_path):
    """The log says which, without the token; /readyz too."""
    async with both(tmp_path) as house:
        await house.until_ready(telegram=True, slack=True)
        token = house.telegram.token
        house.telegram.token = "1:other"
        house.chat.say("ends the call that is under way")
        await house.until_ready(telegram=False, slack=True)
        await house.slack_answers()
        assert "TELEGRAM_BOT_TOKEN" in house.served.log
        assert token not in house.served.log
        house.telegram.token = token
        assert house.served.running.returncode is None
    (tmp_path / "b").mkdir()
    async with both(tmp_path / "b") as house:
        await house.until_ready(telegram=True, slack=True)
        house.slack.revoke(house.slack.team)
        await house.until_ready(telegram=True, slack=False)
        await house.telegram_answers()
        assert "token_revoked" in house.served.log


async def test_a_token_that_slack_takes_no_more_shows_at_the_first_answer(tmp_path):
    """Slack may not tell of it: then the refusal of an answer does."""
    async with both(tmp_path) as house:
        await house.until_ready(telegram=True, slack=True)
        house.slack.fail("chat.postMessage", "account_inactive", times=100)
        house.slack.say(house.alice, house.general, "@mlinfra gpipe")
        await house.until_ready(telegram=True, slack=False)
        await house.telegram_answers()


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_bad_token_of_either_ends_the_start(tmp_path, name):
    """With one line that names it; the other platform's is no reason to go on."""
    wrong = {
        "TELEGRAM_BOT_TOKEN": "123456789:AAwrongWRONGwrongWRONGwrongWRONG",
        "SLACK_BOT_TOKEN": "xoxb-wrong-secret",
        "SLACK_APP_TOKEN": "xapp-wrong-secret",
    }[name]
    async with both(tmp_path, wait=False, **{name: wrong}) as house:
        assert await house.served.ended(40) == 2
    log = house.served.log
    assert len([line for line in log.splitlines() if name in line]) == 1
    assert log.splitlines()[-1].count(name) == 1
    assert wrong not in log
    assert "Traceback" not in log
