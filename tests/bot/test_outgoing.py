"""What our clients of the platforms do with a proxy and a company's certificates, and why they are
told of both: what the libraries do by themselves.

The names that are asked for end in `.test`: nobody can look them up, so the direct way is closed,
and an answer has come through the proxy.
"""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
from ca import Authority
from proxy_server import HttpProxy, SocksProxy
from slack_sdk.web.async_client import AsyncWebClient
from telegram.error import NetworkError
from telegram.request import HTTPXRequest
from web_server import WebServer

from bot.platforms.slack.calls import Calls
from bot.platforms.telegram.api import Api, was_lost
from bot.platforms.telegram.request import UnsentError
from bot.proxies import proxy_for, ssl_context

TELEGRAM, SLACK = "api.telegram.test", "slack.test"
NAMES = (*(f"{kind}_proxy" for kind in ("http", "https", "all", "no")), "ssl_cert_file")
NAMES += ("ssl_cert_dir", "requests_ca_bundle")


@pytest.fixture(autouse=True)
def environ(monkeypatch):
    """An environment without a company; what a test sets in it is gone afterwards."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.fixture
def company(tmp_path):
    """An authority that no system believes."""
    return Authority(tmp_path)


@pytest.fixture
async def server(company):
    """An https server for both names and for 127.0.0.1."""
    async with WebServer(company.context(TELEGRAM, SLACK, "127.0.0.1")) as server:
        yield server


@pytest.fixture
def routes(server):
    """Where the names are, for those who ask the proxy."""
    return {f"{name}:443": server.address for name in (TELEGRAM, SLACK)}


async def telegram(url: str, **environ: str) -> None:
    """One call as we make it, in an environment."""
    api = Api("1:a", url, environ)
    await api.open()
    try:
        await api.call("getMe")
    finally:
        await api.close_connections()


async def slack(url: str, **environ: str) -> None:
    """One call as we make it, in an environment."""

    async def token(_: str) -> str:
        return "xoxb-1"

    def proxy(url: str) -> str | None:
        return proxy_for(url, environ, socks=False)

    calls = Calls(f"{url}/api/", token, proxy, ssl_context(environ))
    try:
        await calls.call("T1", "api.test")
    finally:
        await calls.close()


async def by_ptb(url: str) -> int:
    """The status of one call as python-telegram-bot makes it by itself."""
    request = HTTPXRequest(connect_timeout=3, read_timeout=3)
    try:
        return (await request.do_request(f"{url}/bot1:a/getMe", "POST"))[0]
    finally:
        await request.shutdown()


@pytest.mark.parametrize("call", [telegram, slack])
async def test_a_call_goes_through_the_proxy(call, company, server, routes):
    """With user and password, and the company's certificates."""
    async with HttpProxy(routes, login="me:p@ss") as proxy:
        host = TELEGRAM if call is telegram else SLACK
        await call(f"https://{host}", https_proxy=proxy.url, REQUESTS_CA_BUNDLE=str(company.path))
    assert proxy.passed == [f"CONNECT {host}:443"]
    assert server.asked in (["POST /bot1:a/getMe"], ["POST /api/api.test"])


@pytest.mark.parametrize("call", [telegram, slack])
@pytest.mark.parametrize("listed", ["127.0.0.1", "127.0.0.0/8"])
async def test_a_call_goes_directly_where_no_proxy_says_so(environ, company, server, call, listed):
    """Hosts and networks, whatever stands in the environment of this very run."""
    async with HttpProxy({}) as proxy:
        environ.setenv("HTTPS_PROXY", proxy.url)
        told = {"HTTPS_PROXY": proxy.url, "NO_PROXY": listed, "SSL_CERT_FILE": str(company.path)}
        await call(server.url, **told)
    assert (proxy.passed, proxy.refused, len(server.asked)) == ([], [], 1)


async def test_ptb_by_itself_knows_no_network_in_no_proxy(environ, company, server):
    """And believes SSL_CERT_FILE; names it knows."""
    environ.setenv("SSL_CERT_FILE", str(company.path))
    async with HttpProxy({}) as proxy:
        environ.setenv("HTTPS_PROXY", proxy.url)
        environ.setenv("NO_PROXY", "127.0.0.1")
        assert await by_ptb(server.url) == 200
        environ.setenv("NO_PROXY", "127.0.0.0/8")
        with pytest.raises(NetworkError):
            await by_ptb(server.url)
    assert len(proxy.refused) == 1


async def test_slack_sdk_by_itself_knows_no_no_proxy(environ):
    """It takes HTTPS_PROXY for everything."""
    environ.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    environ.setenv("NO_PROXY", "*")
    assert AsyncWebClient("xoxb-1").proxy == "http://127.0.0.1:9"


async def test_a_company_is_not_believed_unless_named(server, routes):
    """Otherwise whoever sits between could read along."""
    async with HttpProxy(routes) as proxy:
        with pytest.raises(UnsentError, match="CertificateError"):
            await telegram(f"https://{TELEGRAM}", HTTPS_PROXY=proxy.url)
    assert server.asked == []


@pytest.mark.parametrize("login", ["", "me:secret"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_telegram_goes_over_socks(company, routes, scheme, login):
    """The name is looked up on the other side."""
    async with SocksProxy(routes, login) as proxy:
        url = proxy.url.replace("socks5", scheme)
        await telegram(f"https://{TELEGRAM}", ALL_PROXY=url, SSL_CERT_FILE=str(company.path))
    assert proxy.passed == [f"SOCKS {TELEGRAM}:443"]


async def test_what_a_proxy_refuses_has_not_left(server):
    """So it may be said again: its no, as to a wrong password, is no answer of Telegram's."""
    for routes, login in (({}, ""), (None, "me:secret")):
        async with HttpProxy(routes, login=login) as proxy:
            wrong = proxy.url.replace("secret", "guess")
            with pytest.raises(UnsentError) as caught:
                await telegram(server.url, HTTPS_PROXY=wrong)
        assert not was_lost(caught.value)
        assert (proxy.passed, len(proxy.refused)) == ([], 1)
    assert server.asked == []


async def test_slack_over_plain_http_goes_through_the_proxy():
    """A Web API without TLS, as in tests, is asked for by its whole address."""
    async with WebServer() as server, HttpProxy({"slack.test:8080": server.address}) as proxy:
        await slack("http://slack.test:8080", HTTP_PROXY=proxy.url)
    assert proxy.passed == ["POST http://slack.test:8080/api/api.test"]
    assert server.asked == ["POST /api/api.test"]


async def test_a_wrong_password_is_refused_by_the_socks_proxy(routes):
    """Of these tests, in earnest."""
    async with SocksProxy(routes, login="me:secret") as proxy:
        # By hand: httpcore 1.0 leaves its connection open when a SOCKS proxy refuses.
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(proxy.url).port)
        writer.write(b"\x05\x01\x02" + b"\x01\x02me\x05guess")
        assert await reader.read() == b"\x05\x02" + b"\x01\x01"
        writer.close()
        await writer.wait_closed()
    assert (proxy.passed, proxy.refused) == ([], ["login"])


async def test_an_old_companys_certificate_is_believed_too(tmp_path):
    """Python 3.13 and newer refuse a CA that marks nothing as critical; OpenSSL and curl do not."""
    company = Authority(tmp_path, lax=True)
    context = ssl_context({"SSL_CERT_FILE": str(company.path)})
    async with WebServer(company.context("127.0.0.1")) as server:
        await telegram(server.url, SSL_CERT_FILE=str(company.path))
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientError, match="not marked critical"):
                await session.get(server.url, ssl=context)


async def test_httpx_by_itself_forgets_the_public_authorities(environ, company):
    """Why clients are handed `ssl_context`: with SSL_CERT_FILE, httpx believes that file alone."""
    environ.setenv("SSL_CERT_FILE", str(company.path))
    assert len(httpx.create_ssl_context().get_ca_certs()) == 1
    assert len(ssl_context({"SSL_CERT_FILE": str(company.path)}).get_ca_certs()) > 20
