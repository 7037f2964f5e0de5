"""What is denied in plain words of both languages, and what only looks like it."""

from __future__ import annotations

import pytest
from curated import entries
from hypothesis import given
from hypothesis import strategies as st

from retrieval import negation
from retrieval.model import Filters

KINDS = {entry.id: entry.kind for entry in entries()}
PIECES = st.sampled_from(
    ["not ", "no ", "英文", "除了", "chinese", "以外", "-", "google", "或", " "]
)
ANY = st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("parameter server but not google", {"@google"}),
        ("distributed training, not from tencent", {"@tencent"}),
        ("platforms not google or facebook", {"@google", "@facebook"}),
        ("anything except papers on autodiff", {"#paper"}),
        ("no papers please, gradient descent", {"#paper"}),
        ("not papers, distributed training", {"#paper"}),
        ("no papers, no books, distributed training", {"#paper", "#book"}),
        ("i don't want papers on sgd", {"#paper"}),
        ("something about serving that isn't a book", {"#book"}),
        ("parameter server -papers", {"#paper"}),
        ("除了论文还有什么自动微分的资料", {"#paper"}),
        ("除谷歌以外的机器学习平台", {"@google"}),
        ("谷歌以外的机器学习平台", {"@google"}),
        ("参数服务器 不要腾讯的", {"@tencent"}),
        ("參數伺服器 別給我論文", {"#paper"}),
        ("梯度下降 不是论文的", {"#paper"}),
        ("机器学习平台 不要谷歌和腾讯的", {"@google", "@tencent"}),
        ("distributed training by any company but google", {"@google"}),
        ("facebook ml, leaving out the papers", {"#paper"}),
        ("parameter server, nothing by tencent", {"@tencent"}),
        ("参数服务器，腾讯的都不要", {"@tencent"}),
        ("large scale thesis not by collobert", {"=Ronan Collobert"}),
        ("google papers but nothing by jeff dean", {"=Jeff Dean"}),
        ("第四范式的，但不是陈迪豪的", {"=Chen Dihao"}),
        ("large scale ml but not deep learning", {"=deep learning"}),
        ("谷歌的论文 别给我技术债那篇", {"=technical debt"}),
        ("除了参数服务器还有什么同步方式", {"=parameter server"}),
        ("google 的论文 不要 jeff dean 的", {"=Jeff Dean"}),
        ("google papers without jeff dean", {"=Jeff Dean"}),
        ("机器学习平台 不看陈迪豪的", {"=Chen Dihao"}),
        ("distributed training, never by google", {"@google"}),
        ("机器学习平台 别是谷歌的", {"@google"}),
        ("optimization papers not by martin takac", {"martin takac"}),
        ("training without a parameter server", set()),
        ("all-reduce instead of a parameter server", set()),
        ("是不是参数服务器", set()),
        ("这不是参数服务器吗", set()),
        ("AI 不是大数据问题", set()),
        ("非凸优化", set()),
        ("not looking for papers, just videos on ml platforms", {"#paper"}),
        ("not only papers on sgd", set()),
        ("why not google", set()),
        ("这是不是论文", set()),
        ("删除论文", set()),
        ("papers on parameter servers", set()),
        ("google 的机器学习", set()),
    ],
)
def test_kinds_and_organisations_that_are_not_wanted(retriever, question, without):
    """They are no filter, and are not searched for."""
    query = retriever.parse(question)
    assert query.filters.without == without
    assert not without & {f"#{kind}" for kind in query.filters.kinds}
    assert not without & {f"@{name}" for name in query.filters.organisations}
    assert not without & set(query.terms)


@pytest.mark.parametrize(
    ("question", "languages"),
    [
        ("ml platforms, not in english", {"zh"}),
        ("articles that are not chinese", {"en"}),
        ("non-chinese articles", {"en"}),
        ("机器学习平台 不要中文的", {"en"}),
        ("不要英文的", {"zh"}),
        ("papers in english", {"en"}),
    ],
)
def test_not_one_language_is_the_other(retriever, question, languages):
    """There are two."""
    assert retriever.parse(question).filters.languages == languages


def test_what_is_not_wanted_is_not_shown(retriever):
    """As long as there is anything else."""
    hits = retriever.search("除了论文还有什么分布式训练的资料", limit=100).hits
    assert hits
    assert "paper" not in {KINDS[hit.entry.id] for hit in hits}


@pytest.mark.parametrize(
    "said", ["{} not by {}", "{} without {}", "{} except from {}", "{} (no {})"]
)
@pytest.mark.parametrize(("who", "name"), [("Google", "google"), ("Tencent", "tencent")])
def test_whoever_is_not_wanted_is_not_among_the_hits(retriever, said, who, name):
    """However it is said, and whatever it is about."""
    places = {entry.id: at for at, entry in enumerate(retriever.entries)}
    for subject in ("parameter servers", "machine learning platforms"):
        hits = retriever.search(said.format(subject, who)).hits
        assert hits
        traits = [retriever.derived.traits[places[hit.entry.id]] for hit in hits]
        assert not any(name in of.organisations for of in traits)


def test_a_denial_alone_lists_the_rest(retriever):
    """All but those."""
    hits = retriever.search("no papers", limit=5).hits
    assert len(hits) > 5
    assert "paper" not in {KINDS[hit.entry.id] for hit in hits}


def test_what_comes_later_holds():
    """Papers are wanted after all, or no longer."""
    papers, none = Filters(kinds=frozenset({"paper"})), Filters(without=frozenset({"#paper"}))
    assert papers.over(none) == papers
    assert none.over(papers) == none


@given(ANY)
def test_any_text_is_read(text):
    """Nothing makes it fail, and what it finds lies in the text."""
    for _, (start, end) in negation.languages(text):
        assert 0 <= start < end <= len(text)
