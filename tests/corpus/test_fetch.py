"""Fetching, against a real server that does each nasty thing."""

from __future__ import annotations

import asyncio
import ssl
import time
import tracemalloc
from email.utils import formatdate
from itertools import pairwise

import pytest
from ca import Authority
from nasty_server import GOOD, NastyServer
from proxy_server import HttpProxy

from corpus.errors import REASONS, FetchError, Refused
from corpus.fetch import Fetcher, Limits
from corpus.model import Page
from corpus.politeness import Site

LIMITS = Limits(size=1 << 20, seconds=0.7, pause=0.0, patience=2.5)


@pytest.fixture(name="site")
async def _site():
    async with NastyServer() as site:
        yield site


@pytest.fixture(name="fetch")
async def _fetch(site):
    """Fetch a path of the site."""
    async with Fetcher(ssl.create_default_context(), allowed=[site.place], limits=LIMITS) as one:

        async def fetch(path, known=None):
            return await one.fetch(path if "://" in path else site.url + path, known)

        yield fetch


async def test_a_good_page_comes_whole(fetch, site):
    """Its bytes, its type, its charset."""
    page = await fetch("/good")
    assert (page.body, page.type, page.charset) == (GOOD, "text/html", "utf-8")
    assert page.url == page.final == f"{site.url}/good"
    assert page.moved is None


NASTY = {
    "/drip": "timeout",
    "/drip-head": "timeout",
    "/silent": "timeout",
    "/endless": "size",
    "/endless-chunks": "size",
    "/ten-gigabytes": "size",
    "/huge-length": ("size", "protocol"),
    "/header-flood": "protocol",
    "/long-header": "protocol",
    "/many-continues": ("timeout", "protocol"),
    "/trailer-flood": "protocol",
    "/bomb": ("packing", "size"),
    "/bomb-of-bombs": "packing",
    "/truncated-gzip": "packing",
    "/false-gzip": "packing",
    "/unasked-packing": "packing",
    "/film": "type",
    "/film-as-html": "type",
    "/breaks-off": "protocol",
    "/no-http": "protocol",
    "/nothing": "protocol",
    "/loop": "redirects",
    "/to-private": "private",
    "/to-metadata": "private",
    "/to-other-port": "private",
    "/to-file": "address",
    "/to-password": "address",
    "/to-nowhere": ("redirects", "protocol"),
    "/missing": "status",
}


@pytest.mark.parametrize("path", NASTY)
async def test_whatever_is_nasty_becomes_an_error_in_time(fetch, site, path):
    """A value with its reason, within the time, and no more is read than the limit allows."""
    start = asyncio.get_running_loop().time()
    found = await fetch(path)
    assert isinstance(found, FetchError)
    assert found.reason in NASTY[path]
    assert found.reason in REASONS
    assert asyncio.get_running_loop().time() - start < 2
    assert site.sent < 12 << 20  # what the sockets hold included


async def test_nothing_nasty_takes_memory(fetch):
    """A bomb is not unpacked, an endless body not kept."""
    for path in ("/endless", "/bomb", "/header-flood"):
        tracemalloc.start()
        try:
            await fetch(path)
            assert tracemalloc.get_traced_memory()[1] < 8 << 20  # the server is in here too
        finally:
            tracemalloc.stop()


async def test_few_large_pages_come_at_a_time(site):
    """Others wait where they are, which costs them no time of theirs; all come whole."""
    body = b"<p>" + b"x" * (6 << 20)
    site.pages["/large"] = ({"Content-Type": "text/html"}, body)
    limits = Limits(seconds=3.0, pause=0.0, large_at_once=1)
    async with Fetcher(ssl.create_default_context(), allowed=[site.place], limits=limits) as one:
        pages = await asyncio.gather(*(one.fetch(f"{site.url}/large") for _ in range(8)))
        held = [one.fetch(f"{site.url}/{path}") for path in ("endless", "endless", "large")]
        *endless, large = await asyncio.gather(*held)
    assert {len(page.body) for page in (*pages, large)} == {len(body)}
    assert {error.reason for error in endless} == {"size"}


@pytest.mark.parametrize("path", ["/good-gzip", "/two-members", "/deflate", "/raw-deflate"])
async def test_packed_pages_are_unpacked(fetch, path):
    """Also where a server writes gzip in members, or deflate without its wrapping."""
    assert (await fetch(path)).body == GOOD


async def test_the_first_bytes_say_what_a_page_is(fetch):
    """A PDF sent as HTML is a PDF, and the other way round."""
    assert (await fetch("/pdf-as-html")).type == "application/pdf"
    assert (await fetch("/html-as-pdf")).type == "text/html"


async def test_a_permanent_redirect_tells_the_new_address(fetch, site):
    """One for now does not."""
    moved, lent = await fetch("/moved"), await fetch("/moved-for-now")
    assert moved.moved == moved.final == lent.final == f"{site.url}/good"
    assert lent.moved is None


async def test_a_page_that_has_not_changed_does_not_come_again(fetch, site):
    """By ETag and Last-Modified."""
    marks = {"ETag": '"1"', "Last-Modified": "Wed, 25 Nov 2026 00:00:00 GMT"}
    site.pages["/page"] = ({"Content-Type": "text/html", **marks}, GOOD)
    first = await fetch("/page")
    site.statuses["/page"] = [("304 Not Modified", {})]
    again = await fetch("/page", first)
    assert again.unchanged
    assert site.headers[-1]["if-none-match"] == '"1"'
    assert site.headers[-1]["if-modified-since"] == marks["Last-Modified"]


async def test_a_304_that_nobody_asked_for_is_an_error(fetch, site):
    site.statuses["/good"] = [("304 Not Modified", {})]
    assert (await fetch("/good")).status == 304


async def test_retry_after_is_waited_out_once(fetch, site):
    """Where it is short; where it is long, it is told, and that is left alone: the page, for the
    site is one that the operator let in.
    """
    site.statuses["/good"] = [("429 Too Many Requests", {"Retry-After": "1"})]
    start = asyncio.get_running_loop().time()
    assert (await fetch("/good")).body == GOOD
    assert asyncio.get_running_loop().time() - start > 0.9
    site.statuses["/good"] = [("503 Service Unavailable", {"Retry-After": "3600"})]
    busy = await fetch("/good")
    assert (busy.reason, busy.status, busy.retry_after) == ("busy", 503, 3600)
    count = len(site.asked)
    assert (await fetch("/good")).reason == "busy"
    assert len(site.asked) == count
    assert isinstance(await fetch("/good-gzip"), Page)


@pytest.mark.parametrize("name", ["Content-Type", "Content-Encoding"])
async def test_a_header_that_is_told_commands_nothing(fetch, site, name):
    """No mention, tag or escape of a terminal comes out of it."""
    site.pages["/odd"] = ({name: "x/@all <b>|\x9b31m`*[a](b)"}, GOOD)
    found = await fetch("/odd")
    assert isinstance(found, FetchError)
    assert "x/" in found.detail
    assert not set(found.detail) & set("@<>|`*[]()\x9b")


async def test_robots_txt_is_obeyed(fetch, site):
    """And read once; the page is never asked for."""
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: mlinfra-bot\nDisallow: /drip\n"
    site.pages["/robots.txt"] = ({"Content-Type": "text/plain"}, rules)
    assert (await fetch("/drip")).reason == "robots"
    assert isinstance(await fetch("/good"), Page)
    assert site.asked == ["/robots.txt", "/good"]


@pytest.mark.parametrize(
    ("status", "free"), [("404 Not Found", True), ("403 Forbidden", True), ("500 No", False)]
)
async def test_a_site_without_rules_is_open_and_one_in_trouble_closed(fetch, site, status, free):
    """As RFC 9309 has it."""
    site.statuses["/robots.txt"] = [(status, {})]
    assert isinstance(await fetch("/good"), Page) == free


async def test_of_endless_rules_the_beginning_holds(fetch, site):
    """As far as everybody reads them: the first half megabyte."""
    rules = b"User-agent: *\nDisallow: /drip\n" + b"# more\n" * 300_000 + b"Disallow: /good\n"
    site.pages["/robots.txt"] = ({"Content-Type": "text/plain"}, rules)
    assert (await fetch("/drip")).reason == "robots"
    assert isinstance(await fetch("/good"), Page)


async def test_rules_are_followed_where_they_lead(fetch, site):
    """Through redirects; never into a private network."""
    site.statuses["/robots.txt"] = [("301 Moved", {"Location": "/rules"})]
    site.pages["/rules"] = ({"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /drip")
    assert (await fetch("/drip")).reason == "robots"


async def test_a_delay_that_rules_ask_for_is_kept(fetch, site):
    """Also by a site that was let in."""
    rules = b"User-agent: *\nCrawl-delay: 0.3\n"
    site.pages["/robots.txt"] = ({"Content-Type": "text/plain"}, rules)
    start = asyncio.get_running_loop().time()
    for _ in range(3):
        assert isinstance(await fetch("/good"), Page)
    assert asyncio.get_running_loop().time() - start > 0.55


async def test_a_date_to_come_back_at_is_waited_for(fetch, site):
    """Retry-After as a date of HTTP."""
    until = formatdate(time.time() + 2, usegmt=True)
    site.statuses["/good"] = [("503 Service Unavailable", {"Retry-After": until})]
    assert (await fetch("/good")).body == GOOD
    assert site.asked == ["/robots.txt", "/good", "/good"]


@pytest.mark.parametrize(
    ("url", "reasons"),
    [
        ("ftp://example.org/", "address"),
        ("file:///etc/passwd", "address"),
        ("http://user:secret@example.org/", "address"),
        ("http://user@example.org/", "address"),
        ("http://127.0.0.1/", "private"),
        ("http://localhost/", "private"),
        ("http://localhost./", ("private", "dns")),
        ("http://[::1]/", "private"),
        ("http://[::ffff:127.0.0.1]/", "private"),
        ("http://[::ffff:7f00:1]/", "private"),
        ("http://[64:ff9b::7f00:1]/", "private"),
        ("http://[64:ff9b::10.1.2.3]/", "private"),
        ("http://[2002:7f00:1::]/", "private"),
        ("http://[2001::7f00:1]/", "private"),
        ("http://[2002:a9fe:a9fe::1]/", "private"),
        ("http://[64:ff9b:1::a00:1]/", "private"),
        ("http://[2606:4700::5efe:10.0.0.1]/", "private"),
        ("http://[::ffff:0:127.0.0.1]/", "private"),
        ("http://[::127.0.0.1]/", "private"),
        ("http://[3fff::1]/", "private"),
        ("http://[5f00::1]/", "private"),
        ("http://[fe80::1%25eth0]/", "address"),
        ("http://[fd00:ec2::254]/", "private"),
        ("http://[fe80::1]/", "private"),
        ("http://169.254.169.254/latest/", "private"),
        ("http://100.100.100.200/", "private"),
        ("http://168.63.129.16/", "private"),
        ("http://10.1.2.3/", "private"),
        ("http://172.16.0.1/", "private"),
        ("http://192.168.1.1/", "private"),
        ("http://224.0.0.1/", "private"),
        ("http://255.255.255.255/", "private"),
        ("http://0.0.0.0/", "private"),
        ("http://0/", "address"),
        ("http://2130706433/", "address"),
        ("http://0177.0.0.1/", "address"),
        ("http://0x7f.0.0.1/", "address"),
        ("http://0x7f000001/", "address"),
        ("http://127.1/", "address"),
        ("http://127.0.0.1./", ("address", "private")),
        ("http://１２７.０.０.１/", ("address", "private", "dns")),
        ("http://127。0。0。1/", ("address", "private")),
        ("http://①②⑦.⓪.⓪.①/", ("address", "private")),
        ("http://169.254.169.254./", ("address", "private")),
        ("http://2852039166/", "address"),
        ("http://0251.0376.0251.0376/", "address"),
        ("http://192.88.99.1/", "private"),
        ("http://198.18.0.1/", "private"),
        ("http://100.64.0.1/", "private"),
        ("http://example.org@127.0.0.1/", "address"),
        ("http://127.0.0.1\\@example.org/", "address"),
        ("http://%31%32%37.0.0.1/", "address"),
        ("http://xn--a/", "address"),
        ("http:127.0.0.1", "address"),
        ("gopher://127.0.0.1/", "address"),
        ("data:text/html,x", "address"),
        ("http:///path", "address"),
        ("http://", "address"),
        ("://", "address"),
        ("http://a b/", "address"),
        ("http://example.org:99999/", "address"),
        ("http://[::1", "address"),
        ("http://example.org/" + "x" * 9000, "address"),
    ],
)
async def test_what_is_not_public_is_never_asked(fetch, site, url, reasons):
    """Schemes, passwords, private networks, numbers in disguise."""
    found = await fetch(url)
    assert isinstance(found, FetchError), found
    assert found.reason in ((reasons,) if isinstance(reasons, str) else reasons)
    assert site.asked == []


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "localhost", "127.1", "[::ffff:127.0.0.1]"]
)
async def test_only_the_spelling_that_was_let_in_is_let_in(fetch, site, host):
    """Another spelling of an allowed host is another host."""
    found = await fetch(f"http://{host}:{site.port}/good")
    assert found.reason in ("address", "private")
    assert site.asked == []


def resolver(*answers):
    """Gives one answer after the other, and the last one for ever."""
    told = []

    async def resolve(host, _):
        told.append(host)
        return answers[min(len(told), len(answers)) - 1]

    return resolve


async def test_a_name_cannot_change_its_mind_after_the_check(site):
    """DNS rebinding: what was checked is what is connected to, and each look-up is checked."""
    for answers in ([["127.0.0.1"]], [["192.0.0.9", "127.0.0.1"]], [["::ffff:127.0.0.1"]]):
        resolve = resolver(*answers)
        async with Fetcher(ssl.create_default_context(), limits=LIMITS, resolve=resolve) as one:
            found = await one.fetch(f"http://rebind.test:{site.port}/good")
        assert found.reason == "private"
    assert site.asked == []


async def test_a_let_in_name_goes_where_it_leads(site):
    """Named hosts are the operator's own."""
    allowed = [f"wiki.test:{site.port}"]
    async with Fetcher(
        ssl.create_default_context(),
        allowed=allowed,
        limits=LIMITS,
        resolve=resolver(["127.0.0.1"]),
    ) as one:
        found = await one.fetch(f"http://wiki.test:{site.port}/good")
    assert found.body == GOOD


async def test_the_next_address_of_a_name_is_tried(site):
    """Where the first does not answer."""
    place = f"wiki.test:{site.port}"
    resolve = resolver(["127.0.0.2", "127.0.0.1"])
    context = ssl.create_default_context()
    async with Fetcher(context, allowed=[place], limits=LIMITS, resolve=resolve) as one:
        assert (await one.fetch(f"http://{place}/good")).body == GOOD


async def test_pages_of_one_site_come_slowly_and_few_at_a_time():
    """A pause between two, only so many at once; a closed site is not waited for."""
    site, starts, inside, most = Site(2, 0.05), [], 0, 0

    async def ask():
        nonlocal inside, most
        async with site.turn(1.0):
            starts.append(asyncio.get_running_loop().time())
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.2)
            inside -= 1

    await asyncio.gather(*(ask() for _ in range(6)))
    assert most == 2
    assert all(later - earlier > 0.04 for earlier, later in pairwise(starts))
    site.close(60)
    with pytest.raises(Refused):
        await ask()


async def test_who_we_are_is_said_with_a_contact(site):
    """An honest User-Agent; no cookie comes back."""
    context = ssl.create_default_context()
    async with Fetcher(context, "mailto:a@example.org", [site.place], limits=LIMITS) as one:
        await one.fetch(f"{site.url}/sets-cookie")
        await one.fetch(f"{site.url}/good")
    assert "mlinfra-bot" in site.headers[-1]["user-agent"]
    assert "mailto:a@example.org" in site.headers[-1]["user-agent"]
    assert "cookie" not in site.headers[-1]


async def test_certificates_are_verified(tmp_path):
    """An unknown authority and a wrong name are refused; a believed one is not."""
    authority = Authority(tmp_path)
    trusting = ssl.create_default_context(cafile=authority.path)
    for name, context, reason in (
        ("127.0.0.1", ssl.create_default_context(), "tls"),
        ("other.test", trusting, "tls"),
        ("127.0.0.1", trusting, None),
    ):
        server = NastyServer(authority.context(name))
        async with server, Fetcher(context, allowed=[server.place], limits=LIMITS) as one:
            found = await one.fetch(f"{server.url}/good")
        assert getattr(found, "reason", None) == reason


async def test_a_proxy_is_used_and_is_not_asked_for_private_places(site):
    """A name that only the proxy knows is its own; one that is private here is not asked for."""
    route = {"paper.test:80": ("127.0.0.1", site.port)}
    async with HttpProxy(route) as proxy:

        async def resolve(host, _):
            return {"inside.test": ["10.0.0.1"]}.get(host, [])

        context = ssl.create_default_context()
        async with Fetcher(
            context, proxy=lambda _: proxy.url, limits=LIMITS, resolve=resolve
        ) as one:
            assert (await one.fetch("http://paper.test/good")).body == GOOD
            for url in ("http://inside.test/", "http://169.254.169.254/", "http://0x7f.1/"):
                assert (await one.fetch(url)).reason in ("private", "address")
    assert all("paper.test" in line for line in proxy.passed)


async def test_nobody_there_is_an_error():
    """No name, no server."""
    context = ssl.create_default_context()
    async with Fetcher(context, allowed=["127.0.0.1:9"], limits=LIMITS) as one:
        assert (await one.fetch("http://127.0.0.1:9/")).reason == "connect"
    async with Fetcher(context, limits=LIMITS, resolve=resolver([])) as one:
        assert (await one.fetch("http://nobody.test/")).reason == "dns"
