"""What the clients of the platforms do with a proxy and a company's certificates.

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


async def telegram(url: str, **settings: object) -> int:
    """The status of one call as python-telegram-bot makes it."""
    request = HTTPXRequest(connect_timeout=3, read_timeout=3, **settings)
    try:
        return (await request.do_request(f"{url}/bot1:a/getMe", "POST"))[0]
    finally:
        await request.shutdown()


async def slack(url: str, environ: dict[str, str]) -> bool:
    """One call as slack_sdk makes it, with what we tell it."""
    api = f"{url}/api/"
    proxy = proxy_for(api, environ, socks=False)
    client = AsyncWebClient("xoxb-1", api, timeout=3, ssl=ssl_context(environ), proxy=proxy)
    client.proxy = proxy  # without one, the constructor takes HTTPS_PROXY past all NO_PROXY
    return bool((await client.api_test())["ok"])


async def test_telegram_goes_through_the_proxy_by_itself(environ, company, server, routes):
    """PTB's client reads HTTPS_PROXY and SSL_CERT_FILE, and looks up no name."""
    environ.setenv("SSL_CERT_FILE", str(company.path))
    async with HttpProxy(routes) as proxy:
        environ.setenv("HTTPS_PROXY", proxy.url)
        assert await telegram(f"https://{TELEGRAM}") == 200
    assert proxy.passed == [f"CONNECT {TELEGRAM}:443"]
    assert server.asked == ["POST /bot1:a/getMe"]


async def test_telegram_is_told_proxy_and_company(company, server, routes):
    """The same by our own reading; the public authorities stay believed."""
    async with HttpProxy(routes, login="me:p@ss") as proxy:
        told = {"https_proxy": proxy.url, "REQUESTS_CA_BUNDLE": str(company.path)}
        url = f"https://{TELEGRAM}"
        settings = {"trust_env": False, "verify": ssl_context(told)}
        assert await telegram(url, proxy=proxy_for(url, told), httpx_kwargs=settings) == 200
    assert proxy.passed == [f"CONNECT {TELEGRAM}:443"]
    assert server.asked == ["POST /bot1:a/getMe"]


@pytest.mark.parametrize("listed", ["127.0.0.1", "127.0.0.0/8"])
async def test_telegram_goes_directly_where_no_proxy_says_so(environ, company, server, listed):
    """PTB's client by itself knows hosts, but no networks; told by us it knows both."""
    environ.setenv("SSL_CERT_FILE", str(company.path))
    environ.setenv("NO_PROXY", listed)
    async with HttpProxy({}) as proxy:
        environ.setenv("HTTPS_PROXY", proxy.url)
        if "/" in listed:
            with pytest.raises(NetworkError):
                await telegram(server.url)
        else:
            assert await telegram(server.url) == 200
        told = {"HTTPS_PROXY": proxy.url, "NO_PROXY": listed}
        settings = {"trust_env": False, "verify": ssl_context({"SSL_CERT_FILE": str(company.path)})}
        found = proxy_for(server.url, told)
        assert await telegram(server.url, proxy=found, httpx_kwargs=settings) == 200
    assert proxy.passed == []
    assert len(proxy.refused) == listed.count("/")


async def test_a_company_is_not_believed_unless_named(environ, server, routes):
    """Otherwise whoever sits between could read along."""
    async with HttpProxy(routes) as proxy:
        environ.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(NetworkError, match="CERTIFICATE_VERIFY_FAILED"):
            await telegram(f"https://{TELEGRAM}")
        told = {"HTTPS_PROXY": proxy.url}
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await slack(f"https://{SLACK}", told)
    assert server.asked == []


@pytest.mark.parametrize("login", ["", "me:secret"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_telegram_goes_over_socks(environ, company, routes, scheme, login):
    """By ALL_PROXY as well as told; the name is looked up on the other side."""
    async with SocksProxy(routes, login) as proxy:
        url = proxy.url.replace("socks5", scheme)
        environ.setenv("ALL_PROXY", url)
        environ.setenv("SSL_CERT_FILE", str(company.path))
        assert await telegram(f"https://{TELEGRAM}") == 200
        told = {"ALL_PROXY": url, "SSL_CERT_FILE": str(company.path)}
        found = proxy_for(f"https://{TELEGRAM}", told)
        settings = {"trust_env": False, "verify": ssl_context(told)}
        assert await telegram(f"https://{TELEGRAM}", proxy=found, httpx_kwargs=settings) == 200
    assert proxy.passed == [f"SOCKS {TELEGRAM}:443"] * 2


async def test_slack_goes_through_the_proxy(company, server, routes):
    """With user and password, and the company's certificates."""
    async with HttpProxy(routes, login="me:secret") as proxy:
        told = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(company.path)}
        assert await slack(f"https://{SLACK}", told)
    assert proxy.passed == [f"CONNECT {SLACK}:443"]
    assert server.asked == ["POST /api/api.test"]


async def test_slack_goes_directly_where_no_proxy_says_so(environ, company, server):
    """slack_sdk reads HTTPS_PROXY of this very environment, and no NO_PROXY: we see to it."""
    async with HttpProxy({}) as proxy:
        told = {"HTTPS_PROXY": proxy.url, "NO_PROXY": "127.0.0.0/8"}
        environ.setenv("HTTPS_PROXY", proxy.url)
        environ.setenv("NO_PROXY", "127.0.0.0/8")
        assert AsyncWebClient("xoxb-1").proxy == proxy.url
        assert await slack(server.url, told | {"SSL_CERT_FILE": str(company.path)})
    assert (proxy.passed, proxy.refused) == ([], [])


async def test_slack_over_plain_http_goes_through_the_proxy():
    """A Web API without TLS, as in tests, is asked for by its whole address."""
    async with WebServer() as server, HttpProxy({"slack.test:8080": server.address}) as proxy:
        assert await slack("http://slack.test:8080", {"HTTP_PROXY": proxy.url})
    assert proxy.passed == ["POST http://slack.test:8080/api/api.test"]
    assert server.asked == ["POST /api/api.test"]


async def test_a_wrong_password_is_refused_by_the_proxies(server, routes):
    """The proxies of these tests ask for it in earnest."""
    async with HttpProxy(routes, login="me:secret") as proxy:
        wrong = proxy.url.replace("secret", "guess")
        with pytest.raises(NetworkError, match="407"):
            await telegram(f"https://{TELEGRAM}", proxy=wrong)
    assert (proxy.passed, len(proxy.refused)) == ([], 1)
    async with SocksProxy(routes, login="me:secret") as proxy:
        # By hand: httpcore 1.0 leaves its connection open when a SOCKS proxy refuses.
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(proxy.url).port)
        writer.write(b"\x05\x01\x02" + b"\x01\x02me\x05guess")
        assert await reader.read() == b"\x05\x02" + b"\x01\x01"
        writer.close()
        await writer.wait_closed()
    assert (proxy.passed, proxy.refused) == ([], ["login"])
    assert server.asked == []


async def test_an_old_companys_certificate_is_believed_too(tmp_path):
    """Python 3.13 and newer refuse a CA that marks nothing as critical; OpenSSL and curl do not."""
    company = Authority(tmp_path, lax=True)
    context = ssl_context({"SSL_CERT_FILE": str(company.path)})
    async with WebServer(company.context("127.0.0.1")) as server:
        settings = {"trust_env": False, "verify": context}
        assert await telegram(server.url, httpx_kwargs=settings) == 200
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        with pytest.raises(NetworkError, match="not marked critical"):
            await telegram(server.url, httpx_kwargs=settings)


async def test_httpx_by_itself_forgets_the_public_authorities(environ, company):
    """Why clients are handed `ssl_context`: with SSL_CERT_FILE, httpx believes that file alone."""
    environ.setenv("SSL_CERT_FILE", str(company.path))
    assert len(httpx.create_ssl_context().get_ca_certs()) == 1
    assert len(ssl_context({"SSL_CERT_FILE": str(company.path)}).get_ca_certs()) > 20
