"""What a fetched page is made of: its packing, its type, its charset; what robots.txt allows."""

from __future__ import annotations

import contextlib
import gzip
import time
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import media, robots
from corpus.charset import decode
from corpus.errors import Refused
from corpus.guard import is_public
from corpus.politeness import retry_after
from corpus.unpack import Unpacker

SIMPLIFIED = (
    "参数服务器把模型的参数放在若干台机器上，工作节点算出梯度以后推送上去，再把新的参数拉回来。"
    "这样的架构可以支持很大的模型，并且让许多台机器同时训练。"
)
TRADITIONAL = (
    "參數伺服器把模型的參數放在若干台機器上，工作節點算出梯度以後推送上去，再把新的參數拉回來。"
    "這樣的架構可以支持很大的模型，並且讓許多台機器同時訓練。"
)
FRENCH = (
    "<p>L’apprentissage réparti où chaque nœud calcule à côté des autres : déjà très étudié.</p>"
)


@pytest.mark.parametrize("before", [1500, 6000])
def test_a_charset_named_late_is_heard(before):
    """After a comment, a script or a style sheet of some kilobytes."""
    head = b"<html><head><!--" + b"x" * before + b"--><meta charset=big5>"
    assert "陳" in decode(head + b"<p>" + "陳".encode("big5"))


def page(text, charset, meta=None):
    named = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{named}<title>t</title></head><p>{text}</p>".encode(charset)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "gb2312"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED + "㐀䶵𠀀", "gb18030"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gbk"),
        (SIMPLIFIED, "utf-8"),
        (TRADITIONAL, "utf-8"),
    ],
)
@pytest.mark.parametrize(
    "declared", [None, "utf-8", "gbk", "gb2312", "big5", "iso-8859-1", "us-ascii", "nonsense", ""]
)
@pytest.mark.parametrize("where", ["header", "meta"])
def test_chinese_is_read_whatever_is_declared(text, charset, declared, where):
    """Right, wrong or not at all, in the header or in the page."""
    body = page(text, charset, declared if where == "meta" else None)
    assert text in decode(body, declared if where == "header" else None)


@pytest.mark.parametrize(
    ("body", "declared", "says"),
    [
        ("é".encode("cp1252") + FRENCH.encode("cp1252"), "iso-8859-1", "réparti"),
        (FRENCH.encode("utf-8"), "iso-8859-1", "réparti"),
        ("\ufeff联通".encode("utf-16"), None, "联通"),
        (b"\xef\xbb\xbf" + SIMPLIFIED.encode(), "gbk", SIMPLIFIED),
        ("<p>联通</p>".encode("gbk"), "gb2312", "联通"),
        (SIMPLIFIED.encode("gbk")[:-1], "gbk", SIMPLIFIED[:-1]),
        (SIMPLIFIED.encode()[:-1], "utf-8", SIMPLIFIED[:-1]),
        (SIMPLIFIED.encode() * 20 + b"\xff", "utf-8", SIMPLIFIED),
        ("日本語のページです。".encode("shift_jis"), "shift_jis", "日本語"),
        (b"plain", "utf-16", "plain"),
        (f"<p>{SIMPLIFIED}</p>".encode("utf-16-be"), "utf-16", SIMPLIFIED),
        (f"<p>{SIMPLIFIED}</p>".encode("utf-16-le"), "utf-16le", SIMPLIFIED),
        (f"<html><body><p>{SIMPLIFIED}".encode("utf-16-le"), None, SIMPLIFIED),
        (f"<p>{SIMPLIFIED}</p>".encode("utf-32"), None, SIMPLIFIED),
        (("<p>code = 1;" * 200 + TRADITIONAL[:20]).encode("big5"), "latin-1", TRADITIONAL[:20]),
        ("陈迪豪分享视频".encode("gbk"), "utf-8", "陈迪豪分享视频"),
        ("陳迪豪分享影片".encode("big5"), "gb2312", "陳迪豪分享影片"),
        ("<p>A talk（2018）</p>".encode(), "gb2312", "（2018）"),
        (b"", None, ""),
    ],
)
def test_other_pages_are_read_too(body, declared, says):
    """Marks at the beginning, pages cut off, the few that 'latin-1' is right for."""
    assert says in decode(body, declared)


@given(st.binary(max_size=400), st.text(max_size=20) | st.none())
def test_no_bytes_are_too_strange(body, declared):
    """Text comes out of anything."""
    assert isinstance(decode(body, declared), str)


@given(st.binary(max_size=5000), st.lists(st.integers(1, 200), max_size=8), st.sampled_from("gdn"))
def test_unpacking_gives_what_was_packed(data, cuts, how):
    """However it is cut on the way."""
    packed = {"g": gzip.compress, "d": zlib.compress, "n": bytes}[how](data)
    unpacker = Unpacker({"g": "gzip", "d": "deflate", "n": ""}[how], 1 << 20, 2000)
    given, at = [], 0
    for cut in [*cuts, len(packed)]:
        given += unpacker.feed(packed[at : at + cut])
        at += cut
    unpacker.finish()
    assert b"".join(given) == data


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["gzip", "deflate", "br", "a, b"]))
def test_unpacking_nonsense_is_refused_or_empty(data, encoding):
    """Nothing else is raised."""
    with contextlib.suppress(Refused):
        unpacker = Unpacker(encoding, 1 << 20, 100)
        list(unpacker.feed(data))
        unpacker.finish()


@pytest.mark.parametrize(
    ("declared", "body", "kind"),
    [
        ("text/html", b"<p>x", "text/html"),
        ("", b"<!-- a --> <!-- b --><!DOCTYPE html>", "text/html"),
        ("application/octet-stream", b"\n%PDF-1.4", "application/pdf"),
        ("text/plain", b"<html>", "text/html"),
        ("application/json", b'{"a": 1}', "application/json"),
        ("", b'{"a": 1}', "application/json"),
        ("text/xml", b"<?xml version='1.0'?><feed>", "text/xml"),
        ("text/html", b"<?xml version='1.0'?><rss>", "application/xml"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html>", "application/xhtml+xml"),
        ("text/markdown", b"# Title", "text/markdown"),
        ("application/pdf", b"# no pdf", "text/plain"),
        ("", "<html><p>a text".encode("utf-16-le"), "text/html"),
        ("text/html", b"\x89PNG\r\n\x1a\n\0\0", None),
    ],
)
def test_a_type_is_what_the_bytes_say(declared, body, kind):
    assert media.kind(declared, body) == kind


def test_a_hostile_beginning_costs_no_time():
    """Two kilobytes are looked at, once."""
    start = time.perf_counter()
    media.kind("text/html", b"<!---->" * 100_000)
    decode(b"<meta " * 100_000 + b"\xff")
    assert time.perf_counter() - start < 1


ROBOTS = """
User-agent: Other
Disallow: /

User-agent: *
User-agent: second
Allow: /papers/
Disallow: /papers/draft   # not yet
Disallow: /*.zip$
Disallow: /private*/x
Disallow: /caf%C3%A9
Crawl-delay: 2
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/papers/a", True),
        ("/papers/draft/1", False),
        ("/a/b.zip", False),
        ("/a/b.zip?x", True),
        ("/private/x", False),
        ("/private-things/x/y", False),
        ("/private", True),
        ("/café", False),
        ("/caf%c3%a9/x", False),
    ],
)
def test_the_longest_rule_of_our_group_wins(path, allowed):
    assert robots.parse(ROBOTS).allows(path) == allowed
    assert robots.parse(ROBOTS).delay == 2


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("Disallow: /", True),
        ("User-agent: *\nDisallow:", True),
        ("\ufeffUser-Agent : *\r\ndisallow : /\r\n", False),
        ("User-agent: *\nDisallow: /\nAllow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: MLinfra-Bot\nDisallow: /y", True),
        ("User-agent: mlinfra-bot/1.0 (any)\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: other\nUser-agent: *\nSitemap: /s\nDisallow: /x", False),
        ("User-agent: mlinfra\nDisallow: /", True),
        ("User-agent:\nDisallow: /", True),
        ("<html>User-agent: *", True),
    ],
)
def test_rules_are_read_as_they_come(text, allowed):
    """Any spelling, any line end; our own group stands for the common one."""
    assert robots.parse(text).allows("/x") == allowed


def test_hostile_rules_cost_no_time():
    """Stars are matched one after the other."""
    rules = robots.parse(
        "User-agent: *\nDisallow: /" + "*a" * 5000 + "$\n" + "Allow: /*b\n" * 20000
    )
    start = time.perf_counter()
    rules.allows("/" + "a" * 5000)
    assert time.perf_counter() - start < 1


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_can_be_rules(text, path):
    robots.parse(text).allows("/" + path)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 25 Nov 2026 12:01:00 GMT", 60),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0),
        ("99999999999999999", None),
        ("999999999", 7 * 86_400),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value, seconds):
    """Within a week; anything else is as if it was not there."""
    assert retry_after(value, datetime(2026, 11, 25, 12, tzinfo=UTC)) == seconds


@given(st.ip_addresses())
def test_an_address_and_what_carries_it_are_judged_alike(address):
    """What is private stays private, mapped or translated."""
    if address.version == 4:
        carried = f"::ffff:{address}", f"64:ff9b::{address}"
        assert {is_public(one) for one in carried} == {is_public(str(address))}
    is_public(str(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"]
)
def test_the_world_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "x", "256.1.1.1", "fe80::1%eth0", "fec0::1", "ff02::1"])
def test_what_is_no_address_or_near_is_not(address):
    assert not is_public(address)
