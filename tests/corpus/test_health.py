"""How links are, over days; what an archive says of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import archive
from corpus.errors import REASONS, FetchError
from corpus.health import DAY, STATES, Health, after, noted, verdict
from corpus.model import Link, Page, Summary, Text

PAGE = Page("u", "u", "text/html", b"x")
MOVED = Page("u", "v", "text/html", b"x", moved="v")


def error(reason="status", status=None, retry_after=None):
    return FetchError("u", reason, "why", status, retry_after)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (PAGE, "live"),
        (MOVED, "moved"),
        (error(status=404), "gone"),
        (error(status=410), "gone"),
        (error("dns"), "gone"),
        (error(status=403), "closed"),
        (error("busy", 429), "closed"),
        (error("robots"), "closed"),
        (error("timeout"), "away"),
        (error("connect"), "away"),
        (error("tls"), "away"),
        (error(status=500), "away"),
        (error("type"), "live"),
        (error("size"), "live"),
    ],
)
def test_only_what_is_gone_speaks_for_death(found, said):
    """Walls, busy sites and broken networks do not."""
    assert verdict(found) == said


def test_a_page_that_says_it_is_gone_is():
    """With status 200, as WeChat does; a wall is none."""
    assert verdict(PAGE, ("gone: the page says so",)) == "gone"
    assert verdict(PAGE, ("wall: the page says so",)) == "closed"


def test_it_takes_three_days_to_die():
    """Two looks in one evening are one strike; a page that is back is as new."""
    health, now = Health("u"), 1_000_000.0
    for hours, state, strikes in ((0, "failing", 1), (1, "failing", 1), (24, "failing", 2)):
        health = after(health, error(status=404), now + hours * 3600, ())
        assert (health.state, health.strikes) == (state, strikes)
    wall = after(health, error(status=403), now + 30 * 3600)
    assert (wall.state, wall.strikes) == ("failing", 2)
    dead = after(wall, error(status=404), now + 48 * 3600)
    assert (dead.state, dead.strikes) == ("dead", 3)
    assert after(dead, error("timeout"), now + 72 * 3600).state == "dead"
    back = after(dead, PAGE, now + 72 * 3600)
    assert (back.state, back.strikes) == ("live", 0)


def test_a_site_that_is_busy_is_left_as_long_as_it_asks():
    week = 7 * 86_400.0
    assert after(Health("u"), error("busy", 429, week), 0.0).due == week


def test_a_new_address_is_kept():
    assert after(Health("u"), MOVED, 0.0).moved == "v"


@given(
    st.lists(
        st.tuples(
            st.sampled_from([PAGE, MOVED, *(error(reason) for reason in REASONS)]),
            st.floats(0, 5 * 86_400),
        )
    )
)
def test_a_link_is_dead_only_after_days_of_being_gone(looks):
    """Whatever else happens in between."""
    health, now, gone = Health("u"), 0.0, []
    for found, later in looks:
        now += later
        health = after(health, found, now)
        said = verdict(found)
        gone = [*gone, now] if said == "gone" else [] if said in ("live", "moved") else gone
        assert health.state in STATES
        assert health.due > now
        if health.state == "dead":
            assert gone[-1] - gone[0] >= 2 * DAY or now - gone[0] >= 2 * DAY


@pytest.mark.parametrize(
    ("curated", "state", "told"),
    [
        ("unknown", "live", "live"),
        ("unknown", "moved", "live"),
        ("unknown", "dead", "dead"),
        ("live", "dead", "dead"),
        ("dead", "live", "dead"),  # whoever has the address now, the curator knows better
        ("at-risk", "live", "at-risk"),
    ],
)
def test_what_was_found_stands_over_what_was_not_checked(curated, state, told):
    link = Link("u", "main", "en", "web", curated)
    ((found,),) = [noted([link], {"u": (state, None, "copy")}, {})]
    assert (found.health, found.archived) == (told, "copy" if state == "dead" else None)


def test_a_page_read_in_a_links_place_speaks_for_it():
    """A substitute's words are the link's, its own before them."""
    link = Link("u", "main", "en", "web", "dead", substitute="v")
    own, other = (Summary(text, "en", "abstract") for text in ("own", "other"))
    assert noted([link], {}, {"v": other})[0].said == other
    assert noted([link], {}, {"u": own, "v": other})[0].said == own


@pytest.mark.parametrize(
    ("note", "left"),
    [
        (("dead", None, "copy"), "copy"),
        (("dead", "w", "copy"), "w"),
        (("dead", None, None), None),
        (("live", None, None), "v"),
        (("moved", "w", None), "v"),
    ],
)
def test_a_substitute_that_is_dead_serves_no_more(note, left):
    """Its own copy or new address does; where there is none, what is said of it goes too."""
    said = Text("a repost", "转载")
    link = Link("u", "main", "en", "web", "dead", substitute="v", note=said)
    ((found,),) = [noted([link], {"v": note}, {})]
    assert (found.url, found.health, found.substitute) == ("u", "dead", left)
    assert found.note == (said if left else None)


def test_an_archive_tells_of_a_copy():
    """Of its own, over https; anything else is none."""
    copy = "http://web.archive.org/web/2020/https://example.org/"
    told = {"archived_snapshots": {"closest": {"available": True, "url": copy}}}
    assert archive.answer(json.dumps(told)) == copy.replace("http:", "https:", 1)
    for url in ("https://evil.example/", "javascript:alert(1)", "http://web.archive.org@evil/", 3):
        told["archived_snapshots"]["closest"]["url"] = url
        assert archive.answer(json.dumps(told)) is None
    for text in ("", "[]", "{}", '{"archived_snapshots": {}}', "null"):
        assert archive.answer(text) is None
    assert archive.question("https://a.b/?c=d&e", "http://x/y") == (
        "http://x/y?url=https%3A%2F%2Fa.b%2F%3Fc%3Dd%26e"
    )
