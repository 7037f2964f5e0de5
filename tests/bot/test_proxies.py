"""Proxies and certificates as an environment names them: no network, values in, values out."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from ca import Authority

from bot.errors import SettingsError
from bot.proxies import problems, proxy_for, ssl_context

TELEGRAM = "https://api.telegram.org/bot1:a/getMe"
PROXY = "http://proxy.example.org:3128"
SECRET = "s3cret-Canary"


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        (TELEGRAM, {}, None),
        (TELEGRAM, {"HTTPS_PROXY": PROXY}, PROXY),
        (TELEGRAM, {"https_proxy": PROXY}, PROXY),
        (TELEGRAM, {"https_proxy": PROXY, "HTTPS_PROXY": "http://other:1"}, PROXY),
        (TELEGRAM, {"https_proxy": " ", "HTTPS_PROXY": PROXY}, PROXY),
        (TELEGRAM, {"HTTP_PROXY": PROXY}, None),
        ("http://127.0.0.1:8081", {"HTTP_PROXY": PROXY}, PROXY),
        ("http://127.0.0.1:8081", {"HTTPS_PROXY": PROXY}, None),
        ("wss://wss-primary.slack.com/link", {"HTTPS_PROXY": PROXY}, PROXY),
        ("ws://127.0.0.1:1/link", {"HTTP_PROXY": PROXY}, PROXY),
        (TELEGRAM, {"ALL_PROXY": "socks5://proxy:1080"}, "socks5://proxy:1080"),
        (TELEGRAM, {"all_proxy": PROXY, "ALL_PROXY": "http://other:1"}, PROXY),
        (TELEGRAM, {"all_proxy": "http://other:1", "HTTPS_PROXY": PROXY}, PROXY),
        ("HTTPS://API.TELEGRAM.ORG", {"HTTPS_PROXY": PROXY}, PROXY),
    ],
)
def test_the_proxy_of_an_address(url, environ, proxy):
    """By the address's kind, lower case first, an empty value as none at all."""
    assert proxy_for(url, environ) == proxy


@pytest.mark.parametrize(
    ("value", "proxy"),
    [
        ("proxy.example.org:3128", PROXY),
        ("http://proxy.example.org:3128/", PROXY),
        ("HTTP://proxy.example.org:3128", PROXY),
        ("http://me:p%40ss@proxy:3128", "http://me:p%40ss@proxy:3128"),
        ("me:p%40ss@proxy:3128", "http://me:p%40ss@proxy:3128"),
        ("https://proxy", "https://proxy"),
        ("http://[fd00::1]:3128", "http://[fd00::1]:3128"),
        ("socks5h://me:pass@proxy:1080", "socks5h://me:pass@proxy:1080"),
    ],
)
def test_a_proxy_in_the_ways_that_it_is_written(value, proxy):
    """The scheme may be missing; user and password are kept as they are."""
    assert proxy_for(TELEGRAM, {"HTTPS_PROXY": value}) == proxy
    assert problems({"HTTPS_PROXY": value}) == []


@pytest.mark.parametrize(
    "value",
    [
        "http://",
        "ftp://proxy:21",
        "socks://proxy:1080",
        "socks4://proxy:1080",
        "http://proxy:port",
        "http://proxy:0",
        "http://proxy:70000",
        f"http://me:{SECRET}/1@proxy:3128",
        f"http://me:1#{SECRET}@proxy:3128",
        f"http://me:{SECRET}?@proxy:3128",
        f"http://me {SECRET}@proxy:3128",
        "http://[fd00::1:3128",
    ],
)
def test_a_proxy_that_cannot_be_one_is_told_without_its_value(value):
    """By the name that was set; a password is not shown."""
    for name in ("HTTPS_PROXY", "all_proxy"):
        with pytest.raises(SettingsError) as caught:
            proxy_for(TELEGRAM, {name: value})
        (told,) = caught.value.problems
        assert told.startswith(f"{name} must ")
        assert SECRET not in told
        assert problems({name: value}) == [told]


def test_a_client_without_socks_is_not_sent_past_the_proxy():
    """A direct way where a proxy was meant would be a leak; so it is told."""
    environ = {"ALL_PROXY": "socks5://proxy:1080", "NO_PROXY": "10.0.0.0/8"}
    with pytest.raises(SettingsError, match="ALL_PROXY names a SOCKS proxy"):
        proxy_for("https://slack.com/api/", environ, socks=False)
    assert proxy_for("https://10.1.2.3/", environ, socks=False) is None
    assert proxy_for("https://slack.com/api/", environ | {"HTTPS_PROXY": PROXY}, socks=False)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_a_header_does_not_pass_for_a_proxy(name):
    """Under CGI, HTTP_PROXY is whatever the asker says; http_proxy cannot be."""
    found = proxy_for("http://example.org", {name: PROXY, "REQUEST_METHOD": "GET"})
    assert found == (PROXY if name == "http_proxy" else None)


@pytest.mark.parametrize(
    ("listed", "direct", "proxied"),
    [
        ("*", "https://slack.com", None),
        ("slack.com, *", "https://example.org", None),
        ("slack.com", "https://slack.com", "https://notslack.com"),
        ("slack.com", "https://wss-primary.slack.com", "https://slack.com.example.org"),
        (".slack.com", "https://wss.slack.com", "https://notslack.com"),
        (".slack.com", "https://slack.com", "https://slack.co"),
        ("*.slack.com", "https://wss.slack.com", "https://notslack.com"),
        ("SLACK.com.", "https://slack.COM.", "https://com"),
        ("a.org,b.org c.org", "https://c.org", "https://d.org"),
        (" a.org ,, b.org ", "https://b.org", "https://d.org"),
        ("localhost", "http://localhost:8081", "http://127.0.0.1:8081"),
        ("slack.com:8443", "https://slack.com:8443", "https://slack.com"),
        ("slack.com:443", "https://slack.com", "http://slack.com"),
        ("slack.com:80", "http://slack.com", "https://slack.com"),
        ("127.0.0.1", "http://127.0.0.1:8081", "http://127.0.0.11:8081"),
        ("127.0.0.1:8081", "http://127.0.0.1:8081", "http://127.0.0.1:8082"),
        ("10.0.0.0/8", "https://10.255.1.2", "https://11.0.0.1"),
        ("10.1.2.3/8", "https://10.255.1.2", "https://ten.example.org"),
        ("169.254/16", "http://169.254.1.1", "http://169.253.1.1"),
        ("192.168.1.0/24", "http://[::ffff:192.168.1.7]", "http://[::ffff:192.168.2.7]"),
        ("::1", "http://[::1]:8081", "http://[::2]:8081"),
        ("[::1]", "http://[::1]:8081", "http://[::2]:8081"),
        ("[::1]:8081", "http://[::1]:8081", "http://[::1]:8082"),
        ("fd00::/8", "https://[fd12::1]", "https://[fe80::1]"),
        ("0:0:0:0:0:0:0:1", "http://[::1]", "http://[::2]"),
        ("bücher.example", "https://xn--bcher-kva.example", "https://bucher.example"),
        ("10.0.0.0/99,slack.com:x,.,*.,:,slack.com", "https://slack.com", "https://10.0.0.1"),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_what_no_proxy_lists_is_reached_directly(name, listed, direct, proxied):
    """Names with all below them, addresses, networks, each with a port or without."""
    environ = {"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY, name: listed}
    assert proxy_for(direct, environ) is None
    if proxied:
        assert proxy_for(proxied, environ) == PROXY


def test_a_wrong_proxy_does_not_matter_where_the_way_is_direct():
    """But `problems` tells it: httpx refuses to start over it."""
    environ = {"ALL_PROXY": "socks://127.0.0.1:1080/", "NO_PROXY": "*"}
    assert proxy_for(TELEGRAM, environ) is None
    assert len(problems(environ)) == 1


def authorities(context: ssl.SSLContext) -> set[str]:
    """The names of those whom a context believes."""
    return {str(dict(pair[0] for pair in ca["subject"])) for ca in context.get_ca_certs()}


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_company_stands_beside_the_public_authorities(name, tmp_path):
    """Not in their place, as with httpx: Telegram and Slack are still believed."""
    usual = authorities(ssl_context({}))
    context = ssl_context({name: str(Authority(tmp_path).path)})
    assert authorities(context) == usual | {"{'commonName': 'Throw-away authority'}"}
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(usual) > 20


def test_certificates_that_are_not_there_are_told_at_once(tmp_path):
    """Each by its name, with the mend."""
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate\n")
    environ = {
        "HTTPS_PROXY": "ftp://proxy",
        "SSL_CERT_FILE": str(broken),
        "SSL_CERT_DIR": f"{tmp_path}:{tmp_path / 'none'}",
        "REQUESTS_CA_BUNDLE": str(tmp_path / "none.pem"),
    }
    told = problems(environ)
    assert [line.split()[0] for line in told] == list(environ)
    assert "holds no certificate" in told[1]
    assert all("cannot be read: No such file" in line for line in told[2:])
    with pytest.raises(SettingsError) as caught:
        ssl_context(environ)
    assert list(caught.value.problems) == told[1:]


def test_nothing_named_is_nothing_wrong():
    """An environment without a company."""
    assert problems({}) == []
    assert problems({"SSL_CERT_FILE": "", "HTTPS_PROXY": " "}) == []


def test_the_system_is_believed_by_its_own_paths(monkeypatch):
    """Where SSL_CERT_FILE of this very run names other ones, OpenSSL would forget the system's."""
    usual = authorities(ssl_context({}))
    monkeypatch.setenv("SSL_CERT_FILE", str(Path(__file__)))
    assert authorities(ssl_context({})) == usual
