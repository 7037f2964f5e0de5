"""Parsing: a question becomes weighted terms, clues and filters, and chat falls away."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.query import LONGEST

ANY = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "请问有没有大佬推荐",
                    "parameter sever",
                    "参数服务其",
                    "@bot ",
                    "<@U1> ",
                    "谷歌",
                    " ",
                ),
                *(
                    "https://arxiv.org/abs/1811.06965v2",
                    "kind:paper",
                    "TuX²",
                    "\ud800",
                    "\0",
                    "🙏🏽",
                ),
                *("<script>alert(1)</script>", "'; DROP TABLE entries; --", "\u202eabc\u202c"),
            ]
        ),
        st.text(max_size=5),
    )
).map("".join)


@pytest.fixture(name="check")
def _check(retriever):
    """The words of a question that carry its subject, in order of place."""

    def check(question, *subjects):
        query = retriever.parse(question)
        assert [clue.typed for clue in query.clues] == list(subjects)
        return query

    return check


@pytest.mark.parametrize(
    "question",
    [
        "请问有没有大佬推荐一下",
        "谢谢大家！",
        "在吗在吗",
        "hello everyone, can anyone point me to",
        "thanks a lot 🙏",
        "good morning team",
        "@mlbot",
        "<@U12345>",
        "🙏🙏🙏",
        "？！。。。",
        "   ",
        "",
        "\0\x1b",
        "\u202e\u202c",
        "the of and",
    ],
)
def test_noise_scores_nothing(check, retriever, question):
    """Greetings, politeness, mentions, emoji, punctuation: no terms, no hits."""
    assert check(question).terms == {}
    assert retriever.search(question).hits == ()
    assert retriever.search(question).intent == "noise"


@pytest.mark.parametrize(
    ("question", "subjects"),
    [
        ("请问有没有大佬推荐推荐系统的论文", ["推荐系统"]),
        ("有没有推荐系统的论文", ["推荐系统"]),
        ("hi all, can anyone point me to papers on gpipe please?", ["gpipe"]),
        ("@mlbot gpipe", ["gpipe"]),
        ("<@U12345> gpipe <#C1|general>", ["gpipe"]),
        ("谁有 GPipe 的中文解读，谢谢🙏", ["GPipe", "中文解读"]),
        ("https://example.com/parameter-server gpipe", ["gpipe"]),
        ("in english: gpipe", ["gpipe"]),
        ("GPipe 2015年以前", ["GPipe"]),
    ],
)
def test_noise_falls_away_from_a_subject(check, question, subjects):
    """But never out of a word that it is part of: 推荐 in 推荐系统 is meant."""
    check(question, *subjects)


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("what is https://arxiv.org/pdf/1811.06965v3.pdf about?", "arxiv:1811.06965"),
        ("1811.06965", "arxiv:1811.06965"),
        ("看看https://youtu.be/zEgrSvdU9LI。", "youtube:zEgrSvdU9LI"),
    ],
)
def test_an_address_is_no_word(retriever, question, address):
    """It is kept apart, in its canonical form, once."""
    query = retriever.parse(question + " " + question)
    assert query.addresses == (address,)
    assert not {"arxiv", "https", "youtu", "pdf"} & query.terms.keys()


@pytest.mark.parametrize(
    ("question", "expansion"),
    [
        ("parameter server", "=parameter server"),
        ("参数服务器", "=parameter server"),
        ("GPipe", "=GPipe"),
        ("allreduce", "=all-reduce"),
    ],
)
def test_expansion_weighs_less_than_what_was_typed(retriever, question, expansion):
    """What stands for the words finds the other language, and does not outweigh them."""
    query = retriever.parse(question)
    words = sum(weight for term, weight in query.terms.items() if term[0] != "=")
    assert 0 < query.terms[expansion] < words
    assert query.typed[expansion] == question


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("qwertyzxcv engine", "qwertyzxcv"),
        ("吃饭训练", "吃饭"),
        ("bulgarian training", "bulgarian"),
    ],
)
def test_unknown_words_are_clues(retriever, question, unknown):
    """No passage has them, so they are not searched; that they are there is a sign of nothing."""
    query = retriever.parse(question)
    assert unknown not in query.terms
    clue = next(clue for clue in query.clues if clue.typed == unknown)
    assert not clue.known
    assert clue.weight > 0


def test_a_word_of_another_field_does_not_end_inside_a_name(retriever):
    """ "spark参数" is of another field, "参数平均" is not, and both want the same characters."""
    assert any(clue.elsewhere for clue in retriever.parse("Spark 参数").clues)
    query = retriever.parse("DL4J Spark 参数平均")
    assert "参数平均" in [clue.typed for clue in query.clues]
    assert not any(clue.elsewhere for clue in query.clues)


def test_small_talk_weighs_less_than_the_question(retriever):
    """In a clause that names nothing, beside one that does; alone it weighs what it says."""
    chat = retriever.parse("my laptop is broken again, where is the gpipe paper")
    alone = retriever.parse("my laptop is broken again")
    weight = {clue.typed: clue.weight for clue in chat.clues}
    assert weight["broken"] < next(c.weight for c in alone.clues if c.typed == "broken")
    assert weight["gpipe"] == next(c.weight for c in retriever.parse("gpipe").clues)


def test_a_short_number_is_searched_but_says_nothing(retriever):
    """It finds the fact that holds it; it is no clue that could be missed."""
    query = retriever.parse("how many parameters on 81 machines")
    assert "81" in query.terms
    assert "81" not in [clue.typed for clue in query.clues]
    first = retriever.search("how many parameters on 81 machines").hits[0]
    assert first.entry.id == "distbelief"


def test_a_rare_word_weighs_more(retriever):
    """Beside the words of every other sentence, the name decides."""
    terms = retriever.parse("training with gpipe").terms
    assert terms["gpipe"] > terms["train"]


@pytest.mark.parametrize(
    ("question", "corrections"),
    [
        ("paramter sever", (("paramter", "parameter"), ("sever", "server"))),
        ("参数服务其", (("参数服务其", "参数服务器"),)),
        ("parameter server", ()),
    ],
)
def test_corrections_are_named(retriever, question, corrections):
    """What was typed, and what was searched in its place."""
    query = retriever.parse(question)
    assert query.corrections == corrections
    assert query.text == question


@pytest.mark.parametrize(
    ("question", "script"),
    [
        ("parameter server", "en"),
        ("参数服务器", "zh-Hans"),
        ("參數伺服器", "zh-Hant"),
        ("GPipe 是什么", "zh-Hans"),
        ("", "en"),
    ],
)
def test_the_script_is_the_question_s(retriever, question, script):
    """The language to answer in."""
    assert retriever.parse(question).script == script


def test_the_end_of_a_paste_is_not_read(retriever):
    """A question of 100,000 characters is read as far as a question may go, in no time."""
    start = time.perf_counter()
    query = retriever.parse("gpipe " + "机器学习" * 25_000)
    assert time.perf_counter() - start < 2
    assert "gpipe" in query.terms
    assert retriever.parse("的" * LONGEST + "gpipe").terms == {}


@given(ANY)
def test_any_question_is_parsed(retriever, question):
    """Never an error; every term is in the index, has a weight, and stands for typed words."""
    query = retriever.parse(question)
    assert query.text == question
    for term, weight in query.terms.items():
        assert 0 < weight <= 1
        assert query.typed[term]
        assert retriever.engine.document_frequency(term)
    for clue in query.clues:
        assert clue.typed
        assert 0 <= clue.weight <= 1


@given(ANY)
def test_any_question_is_answered(retriever, question):
    """Never an error, and the same answer again."""
    result = retriever.search(question)
    assert retriever.search(question) == result
