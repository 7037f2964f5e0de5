"""Addresses: however a page is pasted, one canonical form; what surrounds it is left outside."""

from __future__ import annotations

import time

import pytest
from curated import entries
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.addresses import canonical, found_in, playlist, words

GPIPE = "arxiv:1811.06965"
VIDEO = "youtube:zEgrSvdU9LI"
PARTS = st.sampled_from(
    [
        *("http://", "HTTPS://", "www.", "arxiv.org", "youtu.be/", "youtube.com", "/watch?v="),
        *("1811.06965", "v2", ".pdf", "/abs/", "zEgrSvdU9LI", "x.com", "/", "#a", "&amp;", "%25"),
        *("%2523", "%", "(", ")", "]", "中文", "，", "。", " ", ".", "?", "|", "\ud800", "\0"),
    ]
)
ANY = st.lists(st.one_of(PARTS, st.text(max_size=4))).map("".join)


@pytest.fixture(name="check")
def _check():
    """A text holds one address, typed as given."""

    def check(text, address, typed=None):
        found = list(found_in(text))
        assert [one for one, _, _ in found] == [address]
        _, start, end = found[0]
        assert text[start:end] == (typed or text)

    return check


@pytest.mark.parametrize(
    "typed",
    [
        "https://arxiv.org/abs/1811.06965",
        "http://arxiv.org/abs/1811.06965v1",
        "https://www.arxiv.org/pdf/1811.06965v3.pdf",
        "https://arxiv.org/pdf/1811.06965",
        "https://arxiv.org/pdf/1811.06965.pdf",
        "https://export.arxiv.org/abs/1811.06965#refs",
        "https://arxiv.org/abs/1811.06965?context=cs.CV",
        "HTTPS://ARXIV.ORG/ABS/1811.06965/",
        "arxiv.org/abs/1811.06965",
        "1811.06965",
        "1811.06965v2",
        "https://ar5iv.labs.arxiv.org/html/1811.06965",
        "https://ar5iv.org/abs/1811.06965v2",
        "https://web.archive.org/web/2020/https://arxiv.org/abs/1811.06965",
        "https://www.semanticscholar.org/arxiv/1811.06965",
        "https://huggingface.co/papers/1811.06965",
        "https://doi.org/10.48550/arXiv.1811.06965",
    ],
)
def test_a_preprint_is_its_number(check, typed):
    """Abstract or PDF, any version, with or without a scheme, or the number alone."""
    check(typed, GPIPE)


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.youtube.com/watch?v=zEgrSvdU9LI",
        "https://www.youtube.com/watch?v=zEgrSvdU9LI&list=PLx&t=42s",
        "https://www.youtube.com/watch?app=desktop&amp;v=zEgrSvdU9LI",
        "http://m.youtube.com/watch?v=zEgrSvdU9LI",
        "https://youtu.be/zEgrSvdU9LI?t=3",
        "https://www.youtube.com/embed/zEgrSvdU9LI",
        "https://www.youtube.com/live/zEgrSvdU9LI",
        "https://www.youtube-nocookie.com/embed/zEgrSvdU9LI",
    ],
)
def test_a_video_is_its_id(check, typed):
    """Every form that YouTube shares."""
    check(typed, VIDEO)


@pytest.mark.parametrize(
    "typed",
    [
        "https://book.douban.com/subject/30360968",
        "http://book.douban.com/subject/30360968/",
        "https://www.book.douban.com/subject/30360968/#comments",
        "HTTP://Book.Douban.COM/subject/30360968",
        "book.douban.com/subject/30360968/",
        "www.book.douban.com/subject/30360968",
    ],
)
def test_a_page_is_its_host_and_path(check, typed):
    """Scheme, www, case of the host, fragment and closing slash do not count."""
    check(typed, "book.douban.com/subject/30360968")


@pytest.mark.parametrize(
    ("below", "page"),
    [
        ("https://github.com/Angel-ML/angel/tree/master/docs", "github.com/angel-ml/angel"),
        ("https://github.com/angel-ml/Angel", "github.com/angel-ml/angel"),
        ("https://github.com/Angel-ML/angel.git", "github.com/angel-ml/angel"),
        ("https://github.com/karpathy/llama2.c/issues", "github.com/karpathy/llama2.c"),
        ("https://www.zhihu.com/question/52820499/answer/1", "zhihu.com/question/52820499"),
        ("https://book.douban.com/subject/30360968/comments/", "book.douban.com/subject/30360968"),
    ],
)
def test_what_lies_below_a_repository_or_a_question_is_of_it(below, page):
    """A file, an issue, an answer: the page of the list is meant."""
    assert canonical(below) == page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://zhuanlan.zhihu.com/p/1?utm_source=wechat", "https://zhuanlan.zhihu.com/p/1"),
        ("https://x.com/s?b=1&a=2&chksm=9&scene=21#rd", "https://x.com/s?a=2&b=1"),
        ("https://web.archive.org/web/2019*/http://x.com/a", "https://x.com/a"),
    ],
)
def test_what_a_share_adds_to_an_address_does_not_count(one, other):
    """Nor does the order in which a query names its parts, nor a copy in an archive."""
    assert canonical(one) == canonical(other)


def test_a_playlist_stands_for_what_is_watched_in_it():
    """Its own page and the film in it are one course."""
    watched = "https://www.youtube.com/watch?v=zEgrSvdU9LI&list=PLOxR6w3fIHWzljtDh7"
    assert canonical("https://youtube.com/playlist?list=PLOxR6w3fIHWzljtDh7") == playlist(watched)
    assert playlist("https://www.youtube.com/watch?v=zEgrSvdU9LI") is None


@pytest.mark.parametrize(
    ("address", "spoken"),
    [
        ("github.com/tensorflow/tensorflow", "tensorflow"),
        ("infoq.cn/article/how-to-build-a-recommender-system.html", "how build recommender system"),
        ("arxiv:1706.03762", ""),
        ("youtube:zEgrSvdU9LI", ""),
    ],
)
def test_the_words_of_an_address_say_what_it_is_about(address, spoken):
    """Without how the site is built."""
    assert words(address) == spoken


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.com/A", "https://x.com/a"),
        ("https://x.com/?p=1", "https://x.com/?p=2"),
        ("https://x.com/a", "https://y.com/a"),
        ("https://arxiv.org/abs/1811.06965", "https://arxiv.org/abs/1811.06966"),
        ("https://youtu.be/zEgrSvdU9LI", "https://youtu.be/zEgrSvdU9Li"),
    ],
)
def test_other_pages_stay_apart(one, other):
    """The case of a path, a query and a number tell pages apart."""
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("(see https://x.com/a).", "https://x.com/a"),
        ("(see https://x.com/a_(b)).", "https://x.com/a_(b)"),
        ("[post](https://x.com/a)", "https://x.com/a"),
        ("is it https://x.com/a?!", "https://x.com/a"),
        ("*https://x.com/a*", "https://x.com/a"),
        ("`https://x.com/a`", "https://x.com/a"),
        ('<a href="https://x.com/a">', "https://x.com/a"),
        ("<https://x.com/a|post>", "https://x.com/a"),
        ("“https://x.com/a”", "https://x.com/a"),
        ("看看https://x.com/a，讲了什么", "https://x.com/a"),
        ("【https://x.com/a】", "https://x.com/a"),
        ("《https://x.com/a》", "https://x.com/a"),
        ("（https://x.com/a）。", "https://x.com/a"),
        ("https://x.com/a！", "https://x.com/a"),
        ("https://x.com/a…", "https://x.com/a"),
        ("https://x.com/a这篇讲了什么", "https://x.com/a"),
        ("https://x.com/a\u3000怎么样", "https://x.com/a"),
    ],
)
def test_punctuation_around_an_address_is_not_its_own(check, text, typed):
    """Ends of sentences, brackets that were opened before it, quotes and Chinese words."""
    check(text, canonical(typed), typed)


@pytest.mark.parametrize(
    ("text", "typed"),
    [("arXiv:1811.06965v2,", "arXiv:1811.06965v2"), ("读过 1811.06965。", "1811.06965"),
     ("it is 1811.06965.", "1811.06965"), ("arxiv号1811.06965是什么", "arxiv号1811.06965")],
)  # fmt: skip
def test_a_number_in_a_sentence_is_found(check, text, typed):
    """Without the punctuation that follows it."""
    check(text, GPIPE, typed)


@pytest.mark.parametrize(
    "text",
    [
        "https://",
        "http://...",
        "www.",
        "",
        "v1.5 and 3.1415926",
        "2018.12345.6",
        "1811.069651",
        "price 2018.1234",
        "10.1811.06965",
        "me@x.com/a",
        "and/or",
        "client.py/server.py",
    ],
)
def test_what_is_no_address_is_not_found(text):
    """A scheme alone, other numbers, a month that does not exist, mail, file names."""
    assert list(found_in(text)) == []


def test_han_in_a_path_is_the_same_escaped_or_not():
    """A browser shows the Chinese of a path, and copies it escaped."""
    shown = "http://column.hongliangjie.com/读论文/2017/12/22/facebook-ml/"
    escaped = "http://column.hongliangjie.com/%E8%AF%BB%E8%AE%BA%E6%96%87/2017/12/22/facebook-ml/"
    assert [one for one, _, _ in found_in(shown)] == [canonical(escaped)]


def test_two_addresses_are_both_found():
    """In order of place, links and numbers."""
    text = "1604.00981 or https://arxiv.org/abs/1811.06965v1, or https://x.com/a"
    assert [one for one, _, _ in found_in(text)] == ["arxiv:1604.00981", GPIPE, "x.com/a"]


def test_every_address_of_the_catalog_is_found_whole():
    """As it stands, and at the end of a Chinese or English sentence."""
    for entry in entries():
        for link in entry.links:
            for text in (link.url, f"看过 {link.url}。", f"seen {link.url}?", f"({link.url})"):
                assert [one for one, _, _ in found_in(text)] == [canonical(link.url)], text


@given(ANY)
@example("http://http://www.x.com//")
@example("x.com/%252523")
@example("x.com?B=1&a=2")
def test_canonical_is_idempotent(text):
    """A canonical address is its own canonical form."""
    once = canonical(text)
    assert canonical(once) == once


@given(ANY)
def test_any_text_is_searched_for_addresses(text):
    """Never an error; spans inside the text, in order, without overlap."""
    end = 0
    for address, first, last in found_in(text):
        assert address
        assert end <= first < last <= len(text)
        end = last


@pytest.mark.parametrize("unit", ["a.", "http://", "www.", "x.com/", "(", "1811.06965", "a-"])
def test_a_long_text_is_searched_in_time(unit):
    """No pattern goes back over what it has read: 100,000 characters in a second or so."""
    start = time.perf_counter()
    list(found_in((unit * 100_000)[:100_000]))
    list(found_in("https://x.com/" + (unit * 100_000)[:100_000]))
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "text",
    ["arXiv:1811.06965v5", "arxiv 1811.06965", "见论文arXiv：1811.06965", "arXiv id 1811.06965"],
)
def test_a_number_is_read_with_the_name_before_it(text):
    """As it is cited: the name alone would be searched as a word, and find who else writes it."""
    ((one, start, end),) = found_in(text)
    assert one == GPIPE
    assert text[start:end].lower().startswith("arxiv")
