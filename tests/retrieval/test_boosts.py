"""Boosts: the order asked for, the nearest years, the asker's language, names as filters."""

from __future__ import annotations

import pytest
from curated import entries

YEARS = {entry.id: entry.year for entry in entries()}


@pytest.fixture(name="found")
def _found(retriever):
    """The hits of a question, by id."""

    def found(question, limit=100):
        return [hit.entry.id for hit in retriever.search(question, limit=limit).hits]

    return found


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("oldest papers", False),
        ("最早的论文", False),
        ("latest papers", True),
        ("最新的新闻", True),
        ("腾讯最新的文章", True),
        ("newest google papers", True),
        ("what is the oldest thing you have", False),
        ("oldest work you have", False),
    ],
)
def test_a_list_stands_in_the_order_asked_for(found, question, newest):
    """By year, and only by year, where a question asks for nothing but filters and an order."""
    years = [YEARS[one] for one in found(question) if YEARS[one]]
    assert years == sorted(years, reverse=newest)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("newest paper about pipeline parallelism", "gpipe"),
        ("latest survey of distributed training", "hitchhikers-guide"),
        ("谷歌最早的论文", "distbelief"),
        ("最早讲参数服务器的论文", "distbelief"),
        ("oldest paper on large scale machine learning", "collobert-thesis"),
        ("the most recent thing about optimizers", "optimizers-platform"),
    ],
)
def test_the_newest_must_fit(found, question, first):
    """An order moves only what answers the question nearly as well as the best."""
    assert found(question)[0] == first


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("deep networks distributed at large scale", "distbelief"),
        ("Large Scale Distributed Deep Networks 论文解读", "distbelief-jiedu"),
        ("distributed synchronous sgd revisited", "revisiting-sync-sgd"),
        ("book: applied machine learning at facebook, a datacenter view", "fb-applied-ml"),
        ("phd theses on large scale learning", "mairal-hdr"),
    ],
)
def test_a_title_is_known_by_its_words_in_another_order(found, question, first):
    """A long one against another kind of work; a short one of common words is no title."""
    assert found(question)[0] == first


def test_a_list_of_papers_has_no_theses_but_one_thesis_is_better_than_nothing(found):
    """The list has them among its papers."""
    assert "collobert-thesis" not in found("any papers?")
    assert found("papers before 2010")[0] == "collobert-thesis"


def test_the_nearest_years_are_shown_where_none_passes(retriever):
    """And the year is named as what was not met."""
    result = retriever.search("google papers before 2010")
    assert result.hits[0].entry.id == "distbelief"  # of 2012
    assert result.unmet == ("year",)


def test_a_list_that_nothing_passes_is_cut(retriever):
    """All that pass are shown; of what is only near, no more than asked for."""
    assert len(retriever.search("google papers before 2010", limit=5).hits) == 5


@pytest.mark.parametrize(
    ("question", "works"),
    [
        ("what has Jeff Dean published", {"distbelief", "jeff-dean-yc", "device-placement-rl"}),
        ("papers by Michael Jordan", {"mlbase", "cocoa"}),
        ("author:mairal", {"mairal-hdr"}),
        ("作者：陈薇", {"msra-distributed-dl", "book-distributed-ml"}),
        ("kim hazelwood", {"fb-applied-ml"}),
        ("venue:icml", {"device-placement-rl"}),
        ("NIPS papers", {"distbelief", "ssp-parameter-server", "gpipe", "ml-technical-debt"}),
        ("知乎上的文章", {"growingio-platform-trend", "four-realms", "distbelief-jiedu"}),
    ],
)
def test_works_of_an_author_and_of_a_venue_come_first(found, question, works):
    """By plain words, by a prefix, in either language."""
    assert works <= set(found(question)[: max(len(works), 5)])


@pytest.mark.parametrize(
    ("question", "unmet"),
    [("author:mairal year:2001", "year"), ("venue:icml kind:book", "kind")],
)
def test_a_name_and_a_filter_that_it_misses(retriever, question, unmet):
    """The works are shown, and what they miss is said."""
    assert unmet in retriever.search(question).unmet


def test_of_two_that_fit_alike_the_readable_one_is_first(found):
    """An English question of the paper, a Chinese one of the Chinese post about it."""
    assert found("technical debt in machine learning")[0] == "ml-technical-debt"
    assert found("机器学习系统的技术债，维护难")[0] == "google-blood-lessons"


def test_a_year_of_a_journal_counts_in_a_question_of_one_year(found):
    """A preprint of 2016, printed in 2018, is of 2018 too, behind those that are of it alone."""
    assert "bottou-optimization" in found("2018 papers on large scale optimization")[:3]
    assert "bottou-optimization" not in found("2018年的论文")


KINDS = {entry.id: entry.kind for entry in entries()}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("any courses on ml systems?", "course-scalable-ml"),
        ("any book on distributed training", "book-distributed-ml"),
        ("有没有讲优化算法的书", "book-distributed-ml"),
        ("any book on gpipe", "gpipe"),
        ("papers on recommender systems", "wuliang-100b"),
    ],
)
def test_one_of_few_of_a_kind_leads_where_it_says_some_of_it(found, question, first):
    """Of two books one is on distributed training; neither is on GPipe. Papers are many."""
    assert found(question)[0] == first


def test_what_is_shown_first_is_not_all_of_one_kind(found):
    """Where no kind, organisation or author is asked for, and another kind is near."""
    assert {KINDS[one] for one in found("自动微分综述")[:5]} > {"paper"}
    assert {KINDS[one] for one in found("自动微分的论文")[:5]} == {"paper"}


def test_variety_never_moves_the_first_ones(retriever):
    """It takes the last place of those shown, and says so."""
    hits = retriever.search("随机梯度下降综述").hits
    assert [dict(hit.explanation.boosts).get("variety", 0) > 0 for hit in hits[:5]] == [
        *[False] * 4,
        True,
    ]


def test_what_the_catalog_relates_to_the_first_comes_behind_it(found):
    """Before works that share a word by chance, and never past the first."""
    assert found("gpipe pipeline parallelism")[0] == "gpipe"
    assert {"jcf-papers", "device-placement-rl"} == set(found("gpipe pipeline parallelism")[1:3])


def test_what_is_related_does_not_pass_what_a_filter_asks_for(retriever):
    """Papers were asked for: nothing else is lifted for being related to one."""
    hits = retriever.search("papers on parameter servers").hits
    lifted = [KINDS[hit.entry.id] for hit in hits if "related" in dict(hit.explanation.boosts)]
    assert set(lifted) == {"paper"}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("which papers cover stale gradients", "revisiting-sync-sgd"),
        ("distributed training papers before 2014", "distbelief"),
        ("distributed training before 2014", "distbelief"),
        ("机器学习系统方向的学术会议", "sysml"),
        ("beginner friendly books", "book-distributed-ml"),
        ("chinese walkthrough of the distbelief paper", "distbelief-jiedu"),
        ("conference in the bay area on scaled machine learning", "scaledml"),
        ("collections of papers on distributed training", "jcf-papers"),
    ],
)
def test_what_passes_and_says_as_much_leads(found, question, first):
    """A filter is a strong preference: what fails it leads only where it says more."""
    assert found(question)[0] == first


def test_a_title_that_names_its_author_is_a_byline(found):
    """A speaker's own page stands before an article that is probably theirs."""
    assert found("tobegit3hub")[0] == "chen-dihao-videos"


def test_what_says_more_leads_though_it_fails_a_filter(retriever):
    """And that it fails is told."""
    result = retriever.search("面向机器学习的分布式图系统 论文")
    assert (result.hits[0].entry.id, result.unmet) == ("tux2", ("kind",))


def test_a_title_leads_whatever_kind_is_asked_for(found):
    """An exact title is always first."""
    assert found("talks like TensorFlow分布式训练加速之梯度压缩")[0] == "tf-gradient-compression"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("A Hitchhiker’s Guide On Distri", "hitchhikers-guide"),
        ("A Comparison of Distributed Mac", "comparison-dist-ml-platforms"),
        ("Distributed Deep Learning, Part 1", "skymind-distributed-dl"),
    ],
)
def test_a_title_cut_off_names_its_work(retriever, question, first):
    """As a preview or a narrow screen shows it: so long a beginning is no other's."""
    result = retriever.search(question)
    assert (result.hits[0].entry.id, result.confidence != "nothing") == (first, True)
