"""`mlinfra serve` in a company's network: a proxy, an authority of its own, and no other way out.

Slack and Telegram are behind https doors of names that end in `.test`, which nobody can look up:
whatever is answered came through the proxy. Where NO_PROXY names them, the proxy leads nowhere.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
import telegram_trial
from botapi_server import BotApi
from ca import Authority
from listener import Front
from proxy_server import HttpProxy, SocksProxy
from slack_server import SlackServer
from slack_serving import serving, start

pytestmark = pytest.mark.usefixtures("own_cache")

SLACK, TELEGRAM = "slack.test", "api.telegram.test"
LOGIN = "me:p@ss"


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    """An environment that names no other proxy."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture(name="company")
def _company(tmp_path):
    """An authority that no system believes."""
    return Authority(tmp_path)


@asynccontextmanager
async def behind_a_door(company, server_url):
    """The https door of a server that runs already."""
    there = urlsplit(server_url)
    context = company.context(SLACK, TELEGRAM, "127.0.0.1")
    async with Front(context, (there.hostname, there.port)) as door:
        yield door


async def talk(slack):
    """A mention answered in its thread, and a command with a button, by every way there is."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice)
    asked = slack.say(alice, general, "@mlinfra gpipe")
    await slack.until(lambda: slack.replies(asked), 20)
    slack.command(alice, general, "parameter server")
    await slack.until(lambda: slack.ephemerals(alice), 20)
    return {call.method for call in slack.calls}


async def test_slack_is_reached_through_the_proxy_alone(company, tmp_path):
    """Web API, Socket Mode and response_url; the proxy asks for a password."""
    async with SlackServer.running() as slack, behind_a_door(company, slack.base) as door:
        slack.base = f"https://{SLACK}"
        async with HttpProxy({f"{SLACK}:443": door.address}, LOGIN) as proxy:
            way = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(company.path)}
            async with serving(slack, tmp_path, **way) as served:
                called = await talk(slack)
                assert await served.stop() == 0
    assert {"auth.test", "apps.connections.open", "chat.postMessage", "response_url"} <= called
    assert set(proxy.passed) == {f"CONNECT {SLACK}:443"}
    assert LOGIN.partition(":")[2] not in served.log


async def test_slack_is_reached_directly_where_no_proxy_says_so(company, tmp_path):
    """slack_sdk, left to itself, would ask HTTPS_PROXY all the same."""
    async with SlackServer.running() as slack, behind_a_door(company, slack.base) as door:
        slack.base = f"https://127.0.0.1:{door.port}"
        async with HttpProxy({}) as proxy:
            way = {"HTTPS_PROXY": proxy.url, "NO_PROXY": "127.0.0.0/8"}
            async with serving(slack, tmp_path, REQUESTS_CA_BUNDLE=str(company.path), **way):
                await talk(slack)
    assert not [place for place in proxy.refused if "127.0.0.1" in place]
    assert proxy.passed == []


@pytest.mark.slow
async def test_a_company_that_is_not_named_is_not_believed(company, tmp_path):
    """Otherwise whoever sits between could read along. It is told, and tried again."""
    async with SlackServer.running() as slack, behind_a_door(company, slack.base) as door:
        slack.base = f"https://{SLACK}"
        async with HttpProxy({f"{SLACK}:443": door.address}) as proxy:
            served = await start(slack, tmp_path, wait=False, HTTPS_PROXY=proxy.url)
            await slack.until(lambda: "slack away" in served.log, 40)
            assert await served.stop() == 0
    assert slack.calls == []
    assert "Certificate" in served.log


@pytest.mark.parametrize(
    ("kind", "name"), [(HttpProxy, "https_proxy"), (SocksProxy, "ALL_PROXY")], ids=["http", "socks"]
)
async def test_telegram_is_reached_through_the_proxy_alone(company, tmp_path, kind, name):
    """What is polled and what is sent; by SOCKS too, which our client of Telegram speaks."""
    async with (
        BotApi() as server,
        behind_a_door(company, server.url) as door,
        kind({f"{TELEGRAM}:443": door.address}, LOGIN) as proxy,
    ):
        way = {name: proxy.url, "SSL_CERT_FILE": str(company.path)}
        way |= {"TELEGRAM_API_BASE_URL": f"https://{TELEGRAM}"}
        served = telegram_trial.Serving(server, tmp_path, way)
        try:
            await server.until(lambda: server.counts["getUpdates"], 40)
            chat = server.private(server.user("Ann"))
            asked = chat.say("gpipe")
            await server.until(lambda: chat.said, 20)
        finally:
            assert await asyncio.to_thread(served.stop) == 0
    assert chat.said[0].text.startswith("GPipe")
    assert asked.text not in served.said
    assert {line.split()[1] for line in proxy.passed} == {f"{TELEGRAM}:443"}


async def test_slack_refuses_to_start_past_a_socks_proxy(tmp_path):
    """Its client has no SOCKS, and a direct way where a proxy was meant would be a leak."""
    async with SlackServer.running() as slack, SocksProxy() as proxy:
        served = await start(slack, tmp_path, wait=False, ALL_PROXY=proxy.url)
        assert await served.ended(40) == 2
    assert "ALL_PROXY names a SOCKS proxy" in served.log
    assert (slack.calls, proxy.passed) == ([], [])
