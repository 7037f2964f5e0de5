"""Confidence: near-misses are refused, verdicts follow the probability, a calibration is kept."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import confidence
from retrieval.confidence import Calibration
from retrieval.model import Clue

ORDER = {"nothing": 0, "maybe": 1, "sure": 2}
NUMBERS = st.floats(-1e6, 1e6)
SHARES = st.floats(0, 1)


@pytest.fixture(name="check")
def _check(retriever):
    """How sure we are of a question's first hit."""

    def check(question, *expected):
        result = retriever.search(question)
        ids = [hit.entry.id for hit in result.hits[:3]]
        assert result.confidence in expected, (question, ids)

    return check


@pytest.mark.parametrize(
    "question",
    [
        "网易云音乐歌单推荐",
        "腾讯视频会员怎么取消自动续费",
        "kubernetes 怎么部署 ingress",
        "water pipeline construction cost",
        "jd.com seller registration",
        "michael jordan rookie card",
        "机器学习工程师薪资",
        "tensorflow 安装报错 dll load failed",
        "rag chunk size",
        "what chunk size for rag",
        "RoPE",
        "RoPE 位置编码怎么外推",
        "ArcFace",
        "arcface loss margin",
        "nginx 反向代理怎么配置",
        "how do i configure nginx as a reverse proxy",
        "zzzqqq",
        "best pizza in town",
        "学习方法",
        "你是谁开发的",
        "算一下 37*48",
        "google jobs",
        "腾讯加班多吗",
        "京东app下载",
        "faster rcnn",
        "今天天气怎么样",
        "微信红包怎么撤回",
        "react useEffect runs twice",
        "kafka consumer group keeps rebalancing",
        "ad campaign budget",
        "rl circuit",
        "TF 卡读不出来",
        "michael jordan shoes size 12",
        "lora adapters for fine tuning a 13b model",
        "kv cache eviction policy",
        "ray serve autoscaling",
        "how does flash attention work",
        "RLHF怎么做",
        "向量检索用哪个库",
        "books about dogs",
        "papers about penguins",
        "courses on wine tasting",
        "摄影课程",
        "训犬 教程",
        "流水账怎么写",
        "k8s ingress 配置",
        "how to configure ingress on kubernetes",
        "nginx 配置",
        "kafka 配置文件怎么写",
        "docker 镜像太大怎么办",
    ],
)
def test_near_misses_are_refused(check, question):
    """A name or a word in common with the catalog is not an answer."""
    check(question, "nothing")


@pytest.mark.parametrize(
    "question",
    [
        "gpipe",
        "parameter server",
        "参数服务器有什么资料",
        "流水线并行",
        "automatic differentiation survey",
        "any courses?",
        "腾讯的机器学习平台",
        "第四范式",
        "jeff dean",
        "https://arxiv.org/abs/1811.06965",
        "technical debt",
        "AD",
        "PS",
        "SSP",
        "RL",
        "NLU",
        "有哪些会议可以关注",
        "how long did the guy need to write caffe",
        "a book i can read on the plane",
        "beginner friendly books",
        "列一下你有的所有课程",
        "参数服务器怎么配置",
        "does jd use ingress for load balancing",
        "配置债是什么",
    ],
)
def test_what_the_catalog_is_about_is_answered(check, question):
    """Names, subjects, organisations, lists and addresses of the catalog."""
    check(question, "sure", "maybe")


@given(st.dictionaries(st.sampled_from("abcd"), NUMBERS), NUMBERS)
def test_a_probability_is_one(weights, value):
    """Between 0 and 1 for any features, unknown ones too."""
    found = Calibration(weights, 0.3, 0.7).probability({"a": value, "z": value})
    assert 0 <= found <= 1


@given(NUMBERS, NUMBERS, SHARES, SHARES)
def test_more_of_what_speaks_for_it_is_never_less_sure(one, other, low, high):
    """The verdict rises with the probability."""
    calibration = Calibration({"a": 1e-5}, min(low, high), max(low, high))
    less, more = sorted((one, other))
    verdicts = [calibration.verdict({"a": value}) for value in (less, more)]
    assert ORDER[verdicts[0]] <= ORDER[verdicts[1]]


@pytest.mark.parametrize(
    ("value", "verdict"), [(-9, "nothing"), (0, "maybe"), (math.log(3), "sure"), (9, "sure")]
)
def test_thresholds_belong_to_the_better_verdict(value, verdict):
    """Even odds are just maybe, three to one is just sure."""
    assert Calibration({"a": 1.0}, 0.5, 0.7499999).verdict({"a": value}) == verdict


def test_a_few_everyday_words_ask_nothing(retriever):
    """They stand somewhere in the catalog, as in any text; but a title of such words is one."""
    assert retriever.search("学习方法").confidence == "nothing"
    assert retriever.search("优化篇 平台篇").confidence == "sure"


@pytest.mark.parametrize(
    "question",
    [
        "what time does the match start",
        "how can I make my own soap",
        "what should i name my startup",
        "how long should interns wait for an offer",
        "tensorflow 下载",
        "who trains the next generation of pilots",
    ],
)
def test_a_few_words_that_a_fact_has_by_chance_answer_nothing(check, question):
    """Everyday words, a thing of one's own, and a tool that is only to be got."""
    check(question, "nothing")


@pytest.mark.parametrize("question", ["partition", "Partition?", "ASP", "serving", "doClassify"])
def test_a_bare_word_of_the_catalog_is_asked_for_itself(check, question):
    """Though it stands in facts only, and is an everyday one."""
    check(question, "sure", "maybe")


def test_a_calibration_is_read_as_it_was_written(tmp_path):
    """To the fourth digit, in any order of names."""
    written = Calibration({"bias": -1.25, "covered": 2.0, "margin": 0.00004}, 0.3613, 0.9)
    path = tmp_path / "confidence.tsv"
    confidence.save(written, path)
    found = confidence.load(path)
    assert (found.maybe, found.sure) == (0.3613, 0.9)
    assert found.weights == pytest.approx(written.weights, abs=1e-4)
    confidence.save(found, path)
    assert confidence.load(path) == found


def test_the_shipped_calibration_knows_every_feature(retriever):
    """No feature without a weight, no weight without a feature; maybe before sure."""
    query = retriever.parse("parameter server")
    features = retriever.features(query, retriever.ranked(query))
    shipped = confidence.load()
    assert set(shipped.weights) == set(features)
    assert 0 < shipped.maybe <= shipped.sure < 1
    assert all(math.isfinite(value) for value in features.values())


@pytest.mark.parametrize(
    ("terms", "share"),
    [({"=x"}, 0.75), ({"=x", "y"}, 1.0), ({"y"}, 0.25), ({"p"}, 0.75 * 0.6 / 2), (set(), 0.0)],
)
def test_coverage_is_the_share_of_the_weight_that_is_found(terms, share):
    """A phrase counts whole, or for less where only words inside it are found."""
    clues = (Clue("p q", ("=x",), ("p", "q"), 3.0), Clue("y", ("y",), (), 1.0))
    assert confidence.coverage(clues, terms) == pytest.approx(share)
    assert confidence.coverage((), terms) == 0.0
    assert confidence.standing(clues, dict.fromkeys(terms, "keyword")) == (share, None, None)


def test_what_stands_in_a_title_or_as_an_author_s_name_is_told_apart():
    """Each clue once, however many of its terms stand there; None where no clue does."""
    clues = (Clue("p q", ("=x", "=z"), (), 3.0), Clue("y", ("y",), (), 1.0))
    fields = {"=x": "title", "=z": "title", "y": "author"}
    assert confidence.standing(clues, fields) == (1.0, 0.75, 0.25)
    assert confidence.standing(clues, {"y": "fact"}) == (0.25, None, None)


def test_to_be_of_the_kind_asked_for_makes_no_subject_surer():
    """It may lift a hit to "maybe"; where nothing but the kind was asked, to "sure"."""
    calibration = Calibration({"covered": 1.0, "of_kind": 3.0}, maybe=0.6, sure=0.8)
    found = {"covered": 0.0, "of_kind": 1.0}
    assert calibration.verdict(found) == "sure"
    assert calibration.verdict(found, about=True) == "maybe"
    assert calibration.verdict({"covered": 2.0, "of_kind": 1.0}, about=True) == "sure"


@pytest.mark.parametrize("question", ["中文", "chinese", "english only", "中文的有吗"])
def test_a_language_alone_is_a_question_for_a_list(retriever, question):
    """It says no word that could be there by chance."""
    assert retriever.search(question).confidence == "sure"
