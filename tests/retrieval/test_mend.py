"""Mending: slips are put right, and nothing that somebody may have meant is touched."""

from __future__ import annotations

import pytest
from curated import entries
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lookalikes import distance, plausible
from retrieval.mend import LONG

ANY = st.text(st.one_of(st.characters(), st.sampled_from("分布试训练参数服务其abc -\ud800\u0301²")))
LETTERS = st.text("abcd", max_size=7)


@pytest.fixture(name="check")
def _check(retriever):
    """A text is searched as another; each correction names what was typed and what is meant."""

    def check(text, meant):
        mended, corrections = retriever.mender.mend(text)
        assert mended == meant
        rest, end = "", 0
        for one in corrections:
            assert text[one.start : one.end] == one.typed != one.meant
            rest += text[end : one.start] + one.meant
            end = one.end
        assert rest + text[end:] == mended

    return check


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tensorflo", "tensorflow"),
        ("gradeint descent", "gradient descent"),
        ("pipelien parallelism", "pipeline parallelism"),
        ("distribted trainng", "distributed training"),
        ("asynchronus sgd", "asynchronous sgd"),
        ("gradient compresion", "gradient compression"),
        ("automatc diferentiation survay", "automatic differentiation survey"),
        ("tecent agnel", "tencent angel"),
        ("recomender systms", "recommender systems"),
        ("all-redcue", "all-reduce"),
        ("modle parallel", "model parallel"),
        ("用 tensorflo 训练", "用 tensorflow 训练"),
        ("Tranformer", "transformer"),
        ("Horovodd", "horovod"),
        ("PyTorhc", "pytorch"),
        ("GPiep 和 MXNte", "gpipe 和 mxnet"),
        ("DitsBelief, FBLearnr", "distbelief, fblearner"),
        ("ScalebML", "scaledml"),
    ],
)
def test_english_slips_are_mended(check, text, meant):
    """A letter missing, doubled or wrong, or two swapped; two of them in a long word."""
    check(text, meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("徽软", "微软"),
        ("分布式训炼", "分布式训练"),
        ("棋型并行", "模型并行"),
        ("机器学习框枷", "机器学习框架"),
        ("流水线井行", "流水线并行"),
        ("阿里巳巴", "阿里巴巴"),
        ("技木债", "技术债"),
        ("第四范武", "第四范式"),
    ],
)
def test_characters_that_look_alike_are_mended(check, text, meant):
    """Where they make a name of the field, and no word of the language stands there."""
    check(text, meant)


@pytest.mark.parametrize(
    "text", ["徽州", "末来", "棋牌", "沈阳", "里的", "治金", "土木工程", "练功"]
)
def test_words_that_look_like_ours_are_left_alone(check, text):
    """They are meant as they are typed."""
    check(text, text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("paramter sever", "parameter server"),
        ("parameter sever", "parameter server"),
        ("paramter servr design", "parameter server design"),
        ("how does a paramter sever work", "how does a parameter server work"),
        ("sever the ties", "sever the ties"),
    ],
)
def test_a_real_word_gives_way_only_to_a_phrase(check, text, meant):
    """ "sever" is meant, but beside "parameter"; a neighbour that is mended helps."""
    check(text, meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("分布试训练", "分布式训练"),
        ("流水线并形", "流水线并行"),
        ("参数服务其", "参数服务器"),
        ("我想学习分布是训练", "我想学习分布式训练"),
        ("自动为分", "自动微分"),
        ("梯度压所", "梯度压缩"),
        ("第四泛式", "第四范式"),
        ("微软亚州研究院", "微软亚洲研究院"),
        ("贾杨清的演讲", "贾扬清的演讲"),
        ("機器學席平台", "机器学习平台"),
        ("TensorFlow 的参数服务其怎么用", "TensorFlow 的参数服务器怎么用"),
    ],
)
def test_wrong_homophones_are_mended(check, text, meant):
    """A character of the same sound that no word fills, in either script."""
    check(text, meant)


@pytest.mark.parametrize(
    "text",
    [
        "curation collinear backstop coasting",
        "pgvector kubernetes grafana zookeeper airflow",
        "macbook and ranker",
        "rebalancing",
        "the lowest interest",
        "severe delays",
        "modal logic",
        "angle of attack",
        "before 2015",
        "neovim",
        "jira systemd starlink replika qubit",
        "mask rcnn and crnn",
    ],
)
def test_a_correct_rare_word_is_never_replaced(check, text):
    """Not a word of English, not a name that only looks like one of ours."""
    check(text, text)


@pytest.mark.parametrize(
    "text",
    [
        "TensorRT LightGBM",
        "FlaskAPI",
        "LeNet and BytePS",
        "LLMOps DeepSeek LoRA",
        "teh",
        "gp",
        "adn",
        "ssp bps",
        "x1y2",
        "",
    ],
)
def test_names_and_short_words_stay(check, text):
    """A capital inside says that it is meant; in three letters a slip cannot be told."""
    check(text, text)


@pytest.mark.parametrize(
    "text",
    [
        "几千台普通机器",
        "这两个工作有中文笔记吗",
        "优化技术在平台中的应用",
        "数据并行和模型并行",
        "概述和机器学习基础",
        "代码在哪",
        "那份数据",
        "服务其实很好",
        "训练是否收敛",
        "联邦学习",
        "参数服务",
    ],
)
def test_everyday_characters_beside_a_word_are_meant(check, text):
    """在, 和, 份 sound like parts of phrases, and stand there by right."""
    check(text, text)


def test_a_text_of_known_words_is_never_changed(retriever):
    """Not a sentence of the catalog, in either language."""
    changed = []
    for entry in entries():
        texts = [entry.title, *(fact.text.zh for fact in entry.facts), entry.summary.zh]
        texts += [entry.titles.en, *(fact.text.en for fact in entry.facts), entry.summary.en]
        changed += [one for text in texts for one in retriever.mender.mend(text)[1]]
    assert changed == []


@given(st.data())
def test_known_words_in_any_order_are_never_changed(retriever, data):
    """What is known stays, whatever stands beside it."""
    known = st.sampled_from(sorted(retriever.derived.words))
    text = " ".join(data.draw(st.lists(known, max_size=8)))
    assert retriever.mender.mend(text) == (text, ())


@given(ANY)
def test_any_text_can_be_mended(retriever, text):
    """Never an error; corrections stand in order, apart, inside the text."""
    _, corrections = retriever.mender.mend(text)
    end = 0
    for one in corrections:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.typed
        end = one.end


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("server", "server", 0),
        ("sever", "server", 1),
        ("servre", "server", 1),
        ("serverr", "server", 1),
        ("survar", "server", 2),
        ("", "ab", 2),
        ("abc", "xyz", 3),
    ],
)
def test_a_swap_is_one_slip(one, other, slips):
    """Letters more, fewer, other or swapped count one each."""
    assert distance(one, other, 3) == slips


def test_a_slip_is_looked_up_as_if_every_word_were_tried(retriever):
    """By its first letter, by the others, or by which they are: nothing near is passed over."""
    mender, known = retriever.mender, retriever.derived.words
    words = sorted(filter(known.get, known))  # those of other fields stand there with 0
    for word in words[::40]:
        for typed in (word[1:], word[1:2] + word[:1] + word[2:], word[:-1] + "qz", "q" + word[1:]):
            if not typed:
                continue
            limit = 1 if len(typed) < LONG else 2
            near = {w for w in words if abs(len(w) - len(typed)) <= limit and plausible(typed, w)}
            tried = {w for w in near if distance(typed, w, limit) <= limit}
            order = {w: (distance(typed, w, limit), typed[0] != w[0], -known[w], w) for w in tried}
            assert mender._nearest(typed) == min(tried, key=order.__getitem__, default=None)


@given(LETTERS, LETTERS, st.integers(0, 8))
def test_distance_is_symmetric_and_stops_at_its_limit(one, other, limit):
    """Beyond the limit it says just that."""
    exact = distance(one, other, 99)
    assert distance(other, one, 99) == exact
    assert abs(len(one) - len(other)) <= exact <= max(len(one), len(other))
    assert distance(one, other, limit) == (exact if exact <= limit else limit + 1)
