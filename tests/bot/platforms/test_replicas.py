"""Two replicas on one PostgreSQL, behind a balancer that brings every event to both."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager

import aiohttp
import databases
from aiohttp import web
from botapi_server import BotApi
from slack_server import SlackServer
from slack_serving import start

from bot import migrations
from corpus.database import Database

ASKED = 24
KEPT = ("x-slack", "x-telegram", "content-type")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Fan:
    """Posts what it gets to every replica at once; the answer is the first one's that took it."""

    def __init__(self, ports):
        self.ports = list(ports)
        self.brought = 0

    async def post(self, request):
        body = await request.read()
        headers = {
            name: value for name, value in request.headers.items() if name.lower().startswith(KEPT)
        }

        async def one(port):
            url = f"http://127.0.0.1:{port}{request.path}"
            async with self.session.post(url, data=body, headers=headers) as answer:
                return answer.status, await answer.read()

        found = await asyncio.gather(*map(one, self.ports), return_exceptions=True)
        taken = [told for told in found if not isinstance(told, BaseException)]
        self.brought += len(taken)
        status, text = min(taken, default=(502, b""))
        return web.Response(status=status, body=text)

    @asynccontextmanager
    async def listening(self):
        application = web.Application()
        application.router.add_post("/{path:.*}", self.post)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        async with aiohttp.ClientSession() as self.session:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            try:
                yield f"http://127.0.0.1:{runner.addresses[0][1]}"
            finally:
                await runner.cleanup()


async def test_an_event_that_reaches_two_replicas_is_answered_once(tmp_path, postgres):
    """By webhook on Telegram and by HTTP on Slack; one of them may go away meanwhile."""
    ports = free_port(), free_port()
    fan, url = Fan(ports), databases.fresh(postgres)
    database = Database(url)
    migrations.upgrade(database.engine)
    await database.close()
    async with BotApi() as telegram, SlackServer.running() as slack, fan.listening() as door:
        told = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE_URL": telegram.url,
            "TELEGRAM_WEBHOOK_URL": f"{door}/telegram",
            "SLACK_APP_TOKEN": "",
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "DATABASE_URL": url,
        }
        replicas = []
        for port in ports:
            folder = tmp_path / str(port)
            folder.mkdir()
            replicas.append(await start(slack, folder, **told, HTTP_PORT=str(port)))
        try:
            await asyncio.gather(*map(_ready, ports))
            slack.deliver_to(f"{door}/slack/events")
            for left in (2, 1):
                before = fan.brought
                await _asked_and_answered_once(telegram, slack)
                assert fan.brought - before >= left * 2 * ASKED
                if left == 2:
                    fan.ports.pop()
                    assert await replicas[1].stop() == 0
        finally:
            for replica in replicas:
                if replica.running.returncode is None:
                    replica.running.kill()
                    await replica.running.wait()


async def _asked_and_answered_once(telegram, slack):
    chats = [telegram.private(telegram.user(f"u{number}")) for number in range(ASKED)]
    alice = slack.add_user("alice")
    room = slack.add_channel("room", alice)
    asked = [(chat, chat.say("gpipe pipeline parallelism")) for chat in chats]
    sent = [slack.say(alice, room, f"@mlinfra distributed training {n}") for n in range(ASKED)]
    await telegram.until(lambda: all(chat.answers_to(question) for chat, question in asked), 30)
    await slack.until(lambda: all(map(slack.replies, sent)), 30)
    await telegram.settled(10, 0.5)
    await slack.quiet(0.5)
    assert [len(chat.said) for chat in chats] == [1] * ASKED
    assert [len(slack.replies(one)) for one in sent] == [1] * ASKED


async def _ready(port):
    async with aiohttp.ClientSession() as session:
        for _ in range(400):
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError("not ready")
