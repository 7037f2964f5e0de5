"""An awesome-list is read as it is written: every place, under its path, with its exact words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import awesome
from corpus.model import Listing

LIST = Path(__file__).with_name("awesome-ml-infra.md").read_text(encoding="utf-8")

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=20)
TITLES = WORDS.map(lambda text: " ".join(text.split())).filter(bool)
ADDRESSES = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["example.org", "例子.cn", "x.y:8080"]),
    st.lists(st.sampled_from(["a_b", "(c)", "%E8", "?q=1&sn=2", "#x", "*", "~", "`", "d"])).map(
        "".join
    ),
)
LINKS = st.tuples(TITLES, ADDRESSES)
BULLETS = st.lists(LINKS, min_size=1, max_size=4)
# A heading is a name, or a name that is a place of its own; under it stand bullets.
HEADINGS = st.tuples(
    st.integers(2, 6), TITLES, st.none() | ADDRESSES, st.lists(BULLETS, max_size=3)
)


def escaped(title: str) -> str:
    """A title such that Markdown shows it letter by letter."""
    return "".join("\\" + c if c.isascii() and not c.isalnum() and c != " " else c for c in title)


def link(title: str, url: str) -> str:
    return f"[{escaped(title)}]({url})"


def check(markdown: str, *listings: tuple[str, ...]) -> None:
    """Each listing as (section, …, title, address)."""
    found = [(*place.section, place.title, place.url) for place in awesome.parse(markdown)]
    assert found == list(listings)


@given(st.lists(HEADINGS, max_size=5))
def test_what_was_written_is_read(headings):
    """Written as Markdown and read again, a list is the same: nothing lost, nothing made up."""
    lines, expected, path = ["# The list [![badge](https://b.b)](https://b.b)"], [], []
    for level, name, address, bullets in headings:
        path = [*(step for step in path if step[0] < level), (level, name)]
        section = tuple(name for _, name in path)
        lines.append("#" * level + " " + (link(name, address) if address else escaped(name)))
        if address:
            expected.append(Listing(section, name, address))
        for first, *others in bullets:
            lines.append("* " + ", ".join(link(*each) for each in [first, *others]))
            expected.append(Listing(section, *first, also=tuple(others)))
    assert awesome.parse("\n".join(lines)) == tuple(expected)


@given(st.text(st.sampled_from(list("[]()<>!*#`~_=-\\&;:\"' \n\tahtps/.1"))) | st.text())
def test_any_text_parses(text):
    """Nothing raises, and what is found is a title with an address of the web."""
    for place in awesome.parse(text):
        assert all(label and url.startswith("http") for label, url in place.also)
        assert place.title
        assert place.url.lower().startswith("http")


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![",
        "[a](",
        "[a](<",
        "[a](u",
        '[a](u "',
        "](",
        "`a``",
        "<!--",
        "![[a](u)",
        "<a ",
        "[][",
        "- ",
    ],
)
def test_hostile_text_takes_no_longer_than_honest_text(piece):
    """The time grows with the length, not with its square."""
    began = time.process_time()
    awesome.parse("* " + piece * (100_000 // len(piece)))
    assert time.process_time() - began < 5  # a quadratic scan of 100,000 would take minutes


def test_the_list_has_59_places_and_68_links():
    """58 bullets and the linked heading Angel."""
    places = awesome.parse(LIST)
    assert len(places) == 59
    assert sum(1 + len(place.also) for place in places) == 68


def test_paths_titles_and_further_links_of_the_list():
    """Names in Chinese, a doubt of the editor, a linked heading, links beside the first."""
    places = {place.title: place for place in awesome.parse(LIST)}
    angel = places["Angel"]
    assert angel.section == ("Solutions of Companies", "腾讯", "Angel")
    assert angel.url == "https://github.com/Angel-ML/angel"
    assert places["大规模机器学习平台的架构与实际应用"].section[-1] == "Uber? 网易"
    assert places["讯飞云AI平台架构之路"].section == ("Solutions of Companies", "讯飞")
    view = places["Machine Learning at Facebook: An Infrastructure View"]
    assert [label for label, _ in view.also] == ["视频", "翻译", "解读"]


def test_addresses_keep_their_parentheses():
    """Balanced, escaped or in angle brackets; a title after the address is no part of it."""
    check("* [A](http://w.org/Foo_(bar))", ("A", "http://w.org/Foo_(bar)"))
    check("* [A](http://w.org/Foo_(bar_(x))_y) (2018)", ("A", "http://w.org/Foo_(bar_(x))_y"))
    check(r"* [A](http://w.org/a\)b)", ("A", "http://w.org/a)b"))
    check("* [A](<http://w.org/a)b>)", ("A", "http://w.org/a)b"))
    check('* [A](http://w.org "a (title)")', ("A", "http://w.org"))
    check("* [A](http://w.org/?a=1&copy=2&amp;b=3)", ("A", "http://w.org/?a=1&copy=2&b=3"))


def test_titles_are_as_one_reads_them():
    """Brackets, emphasis and code marks are of the writing, not of the title."""
    check("* [A [b] (c)](http://w.org)", ("A [b] (c)", "http://w.org"))
    check("* **[A](http://w.org)**: prose", ("A", "http://w.org"))
    check("* [**A b**](http://w.org)", ("A b", "http://w.org"))
    check("* [`a_b_c`](http://w.org)", ("a_b_c", "http://w.org"))
    check("* [`a<b>`](http://w.org)", ("a<b>", "http://w.org"))
    check(r"* [a <i>\<b></i>](http://w.org)", ("a <b>", "http://w.org"))
    check("* [A &amp; B\n  C](http://w.org)", ("A & B C", "http://w.org"))
    check("* [a [B](http://w.org) c](http://no.no)", ("B", "http://w.org"))


def test_headings_nest_and_close():
    """A heading ends those of its level and below; the first, of level 1, names the list."""
    text = "# List\n## A\n### B ##\n* [b](http://b.b)\n## C [x](#x)\n* [c](http://c.c)\n# D\n* [d](http://d.d)"
    check(
        text,
        ("A", "B", "b", "http://b.b"),
        ("C x", "c", "http://c.c"),
        ("D", "d", "http://d.d"),
    )
    check("List\n====\n\nA\n---\n* [a](http://a.a)", ("A", "a", "http://a.a"))


def test_only_links_to_the_web_are_places():
    """A table of contents, badges, files beside the page and mail are none."""
    check("* [Papers](#papers)\n* [x](contributing.md)\n* [m](mailto:a@b.c)\n* ![i](http://i.i)")
    check("* [![i](http://i.i)](http://l.l) [A](http://a.a)", ("A", "http://a.a"))


def test_code_and_comments_are_not_read():
    """What a page shows as code, or hides, is not of the list."""
    check("```\n* [a](http://a.a)\n```\n* [b](http://b.b)", ("b", "http://b.b"))
    check("<!-- * [a](http://a.a)\n-->\n* [b](http://b.b)", ("b", "http://b.b"))
    check("* `[a](http://a.a)` [b](http://b.b)", ("b", "http://b.b"))


def test_bullets_nest_number_and_go_on():
    """Any mark of a list, at any depth; an indented line belongs to its bullet, prose does not."""
    check(
        "1. [a](http://a.a)\n   - [b](http://b.b)\n\n     [beside](http://c.c)\n\n[prose](http://p.p)",
        ("a", "http://a.a"),
        ("b", "http://b.b"),
    )
    (_, nested) = awesome.parse("- [a](http://a.a)\n  + [b](http://b.b)\n\n    [c](http://c.c)")
    assert nested.also == (("c", "http://c.c"),)


def test_addresses_may_stand_apart():
    """`[title][label]`, `[title][]` and `[title]` take the address of their definition."""
    text = "* [A][one], [Two][], [two], [three]\n\n[ONE]: http://one.one\n[two]: <http://two.two>"
    (place,) = awesome.parse(text)
    assert (place.title, place.url) == ("A", "http://one.one")
    assert place.also == (("Two", "http://two.two"), ("two", "http://two.two"))
