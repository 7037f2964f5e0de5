"""Searching the shipped catalog: what names an entry finds it, in either language."""

from __future__ import annotations

import pytest
from curated import entries

from retrieval.addresses import canonical
from retrieval.fold import fold

# The same question in both languages, and the entry that answers it.
PAIRS = [
    ("gpipe", "pipeline parallelism for giant networks", "流水线并行训练巨型网络"),
    ("ssp-parameter-server", "stale synchronous parallel servers", "延迟同步并行的参数服务器"),
    ("autodiff-survey", "survey of automatic differentiation", "自动微分综述"),
    ("device-placement-rl", "device placement with reinforcement learning", "用强化学习做设备放置"),
    ("ml-technical-debt", "hidden cost and technical debt, the paper", "机器学习技术债的论文"),
    ("ruder-gd-overview", "overview of gradient descent algorithms", "梯度下降算法综述"),
    ("jeff-dean-yc", "jeff dean talk at y combinator", "Jeff Dean 在 YC 的演讲"),
    ("angel-vldb", "tencent angel wins at vldb", "腾讯 Angel VLDB"),
    ("course-scalable-ml", "course on scalable machine learning", "可扩展机器学习的课程"),
    ("book-distributed-ml", "book on distributed machine learning", "分布式机器学习的书"),
    ("meituan-dl-system", "meituan deep learning system", "美团的深度学习系统"),
    ("jd-dengyue", "jd dengyue platform", "京东登月平台"),
    ("tux2", "graph engine for machine learning", "面向机器学习的图引擎"),
]  # fmt: skip


def _by(entry, organisation):
    return any(name.en.startswith(organisation) for name in entry.organisations)


@pytest.fixture(name="check")
def _check(retriever):
    """A question's first hit is this entry, and we are at least fairly sure of it."""

    def check(question, entry):
        result = retriever.search(question)
        assert result.hits, question
        assert result.hits[0].entry.id == entry, question
        assert result.confidence != "nothing", question
        return result

    return check


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_every_title_finds_its_own_entry_first(check, entry):
    """As listed anywhere, in either language, folded, and inside a question."""
    titles = {entry.title, entry.titles.en, entry.titles.zh}
    titles |= {listing.title for listing in entry.listings}
    for title in titles:
        check(title, entry.id)
        check(fold(title).text, entry.id)
        check(f"{title}?", entry.id)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_every_address_finds_its_own_entry_first(check, entry):
    """With and without scheme, www, closing slash, fragment, and in a sentence; for certain."""
    urls = {link.url for link in entry.links} | {listing.url for listing in entry.listings}
    urls |= {link.listed for link in entry.links if link.listed}
    for url in urls:
        bare = url.split("://", 1)[1]
        typed = [url, f"https://{bare}", f"http://{bare}", f"这篇 {url} 讲什么", f"({url})."]
        if "#" not in url:
            typed += [url + "#top", url.replace("&", "&amp;")]
            typed += [] if "?" in url else [url.rstrip("/"), url.rstrip("/") + "/"]
        for question in typed:
            assert check(question, entry.id).confidence == "sure"
    if entry.arxiv:
        for form in ("{}", "arXiv:{}v7", "https://arxiv.org/pdf/{}v2.pdf", "arxiv.org/abs/{}"):
            assert check(form.format(entry.arxiv), entry.id).confidence == "sure"


def test_every_address_pasted_finds_its_entry(retriever):
    """Those that the catalog has stand before what is near to the first of them."""
    papers = ("1604.00981", "1811.06965", "1810.11787")
    pasted = " ".join(f"https://arxiv.org/abs/{paper}" for paper in papers)
    hits = retriever.search(f"https://example.com/x {pasted}").hits
    assert {hit.entry.arxiv for hit in hits[:3]} == set(papers)
    assert len({hit.entry.id for hit in hits}) == len(hits) > 3


@pytest.mark.parametrize(
    "said",
    [
        "look at this article: {}",
        "this video explains {}",
        "news {}",
        "课程 {}",
        "from 2012: {}",
        "google {}",
        "not by google: {}",
    ],
)
def test_what_is_said_of_an_address_narrows_nothing(retriever, said):
    """It is the work that is asked for, whatever it is called."""
    result = retriever.search(said.format("https://arxiv.org/abs/1604.00981"))
    assert result.hits[0].entry.id == "revisiting-sync-sgd"
    assert not result.unmet


def test_an_unknown_address_finds_nothing(retriever):
    """Though its words may stand in the catalog."""
    result = retriever.search("https://example.com/gpipe")
    assert result.confidence == "nothing"
    assert result.query.addresses == (canonical("https://example.com/gpipe"),)


@pytest.mark.parametrize(("entry", "english", "chinese"), PAIRS)
def test_languages_meet(check, entry, english, chinese):
    """A question in either language, or in Traditional characters, finds the same entry."""
    from corpus.language import to_traditional

    check(english, entry)
    check(chinese, entry)
    check(to_traditional(chinese), entry)


@pytest.mark.parametrize(
    ("question", "passes"),
    [
        ("any courses?", lambda e: e.kind == "course"),
        ("有哪些课程", lambda e: e.kind == "course"),
        ("conferences", lambda e: e.kind == "conference"),
        ("kind:thesis", lambda e: e.kind == "thesis"),
        ("有书吗", lambda e: e.kind == "book"),
        ("papers before 2015", lambda e: e.kind == "paper" and e.year and e.year < 2015),
        ("2018年的论文", lambda e: e.kind == "paper" and e.year == 2018),
        (
            "what has Tencent published?",
            lambda e: _by(e, "Tencent"),
        ),
        ("谷歌的论文", lambda e: e.kind == "paper" and _by(e, "Google")),
    ],
)  # fmt: skip
def test_a_list_question_is_answered_whole(retriever, question, passes):
    """All that pass, and only those."""
    result = retriever.search(question, limit=100)
    assert {hit.entry.id for hit in result.hits} == {e.id for e in entries() if passes(e)}
    assert result.unmet == ()
    assert result.confidence == "sure"


@pytest.mark.parametrize(
    ("question", "unmet"),
    [
        ("thesis in chinese", {"kind", "language"}),
        ("kind:course org:google", {"kind", "organisation"}),
        ("kind:book year:1990", {"year", "kind"}),
        ("gpipe book", {"kind"}),
        ("gpipe in chinese", {"language"}),
        ("gpipe before 2000", {"year"}),
    ],
)
def test_a_filter_that_nothing_passes_is_named(retriever, question, unmet):
    """The nearest are shown all the same: a filter is a preference, not a wall."""
    result = retriever.search(question)
    assert result.hits
    assert result.unmet
    assert set(result.unmet) <= unmet


@pytest.mark.parametrize(
    ("entry", "like"),
    [
        ("gpipe", {"device-placement-rl", "distbelief", "jcf-papers", "hitchhikers-guide"}),
        ("angel-repo", {"angel-vldb", "angel-open-source", "ssp-parameter-server"}),
        ("bottou-optimization", {"ruder-gd-overview", "cocoa", "collobert-thesis", "mairal-hdr"}),
        ("ml-technical-debt", {"google-blood-lessons", "skymind-mlops"}),
    ],
)
def test_similar_entries(retriever, entry, like):
    """Like it by title and keywords, related by the catalog, without the entry itself."""
    hits = retriever.similar(entry)
    found = [hit.entry.id for hit in hits]
    related = next(one.related for one in entries() if one.id == entry)
    assert set(related) <= set(found)
    for hit in hits:
        shares = sum(match.share for match in hit.explanation.matches)
        assert shares + sum(dict(hit.explanation.boosts).values()) == pytest.approx(hit.score)
    assert entry not in found
    assert found[0] in like


def test_every_entry_has_similar_ones(retriever):
    """ "More like this" works anywhere."""
    for entry in entries():
        assert retriever.similar(entry.id, 3), entry.id


@pytest.mark.parametrize("limit", [0, 1, 3, 100])
def test_no_more_than_asked_for(retriever, limit):
    """And what is asked for less is the beginning of what is asked for more."""
    whole = retriever.search("distributed training", limit=100).hits
    assert retriever.search("distributed training", limit=limit).hits == whole[:limit]


def test_searches_do_not_touch_each_other(retriever):
    """The same question has the same answer after a thousand others."""
    before = retriever.search("参数服务器 paper")
    for entry in entries():
        retriever.search(entry.title)
    assert retriever.search("参数服务器 paper") == before


def test_an_address_that_is_not_listed_has_something_near_it(retriever):
    """By the words in it; it is no answer."""
    result = retriever.search("https://www.infoq.cn/article/why-a-parameter-server")
    assert result.confidence == "nothing"
    assert result.hits[0].entry.id in ("ssp-parameter-server", "angel-repo")
    assert result.query.addresses == ("infoq.cn/article/why-a-parameter-server",)
    unread = retriever.search("https://arxiv.org/list/cs.LG/recent")
    assert [hit.score for hit in unread.hits] == [0, 0]  # nothing is near: where to begin


def test_where_nothing_is_near_a_reader_may_begin(retriever):
    """With two works in the question's language that the catalog relates to many others."""
    for question, language in (("zzzqqq", "en"), ("咕噜咕噜", "zh")):
        result = retriever.search(question)
        assert result.confidence == "nothing"
        assert [hit.score for hit in result.hits] == [0, 0]
        for hit in result.hits:
            assert language in {hit.entry.links[0].language, *hit.entry.languages}
            assert len(hit.entry.related) >= 2
