"""Terms: the same word however one writes it, names in either language, spans in the text as given.

A name of the lexicon begins with its sign: `=` concept, `@` organisation, `#` kind, `~` noise,
`^` another field.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval import passages
from retrieval.fold import fold
from retrieval.model import Field

SIGNS = "=@#~^"
# Words that the tokenizer has rules for, in every script, among the characters that break rules.
WORDS = st.sampled_from(
    [
        *("all-reduce", "TuX²", "C++", "c#", "ZeRO-3", "v1.5", "GPUs", "behaviour", "optimising"),
        *("参数服务器", "參數伺服器", "分散式", "機器學習平台", "请问有没有", "的", "推荐系统"),
        *(
            " ",
            "-",
            "‑",
            ".",
            "'",
            "/",
            "&",
            "，",
            "\n",
            "\0",
            "\u200f",
            "\u0301",
            "\ud800",
            "🙏🏽",
        ),
    ]
)
ANY = st.lists(st.one_of(WORDS, st.text(max_size=5))).map("".join)


def words(tokenizer, text):
    """The terms that are no names, in order."""
    return [term for term in tokenizer(text) if term[0] not in SIGNS]


@pytest.fixture(name="check")
def _check(tokenizer):
    """A text has some terms, has not others, and all spans lie in it."""

    def check(text, *has, lacks=()):
        found = tokenizer.terms(text)
        terms = {term.text for term in found}
        assert terms.issuperset(has), (text, terms)
        assert terms.isdisjoint(lacks), (text, terms)
        assert all(0 <= term.start < term.end <= len(text) for term in found)

    return check


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("=all-reduce", ["all-reduce", "allreduce", "all reduce", "AllReduce", "ALL‑REDUCE"]),
        ("=parameter server", ["parameter server", "Parameter-Servers", "parameterserver"]),
        ("=parameter server", ["参数服务器", "參數伺服器", "參數服務器", "参 数 服 务 器"]),
        ("=TuX2", ["TuX²", "tux2", "TUX2"]),
        ("=micro-batch", ["micro-batch", "microbatch", "micro batches", "micro–batch"]),
        ("=GPipe", ["GPipe", "ＧＰｉｐｅ", "gpipe", "𝒢𝒫𝒾𝓅𝑒"]),
        ("=distributed machine learning", ["分布式机器学习", "分散式機器學習", "分布式機器學習"]),
        ("=GPU", ["GPU", "gpus", "ＧＰＵｓ"]),
        ("=support vector machine", ["SVM", "SVMs", "support vector machines", "支持向量机"]),
        ("=FlashAttention", ["FlashAttention", "FlashAttention-2", "flash attention"]),
        ("@google", ["Google", "谷歌", "google brain", "谷歌大脑"]),
        ("@facebook", ["facebook", "脸书", "臉書", "FAIR"]),
        ("#paper", ["paper", "Papers", "论文", "論文"]),
    ],
)
def test_every_spelling_has_the_name(check, name, spellings):
    """Hyphens, blanks, case, width, plural, script and language do not hide a name."""
    for spelling in spellings:
        check(spelling, name)
        check(f"about {spelling}, please", name)


@pytest.mark.parametrize(
    "spellings",
    [
        ["optimisation", "optimization"],
        ["parallelised", "parallelized"],
        ["behaviour", "behavior"],
        ["modelling", "modeling"],
        ["centre", "center"],
        ["labelled", "labeled"],
        ["six billion", "6 billion"],
        ["a hundred languages", "100 languages"],
        ["GPUs", "gpu"],
        ["TPUs", "tpu"],
        ["RNNs", "rnn"],
        ["training", "trains", "trained"],
        ["naïve", "naive"],
        ["résumé", "resume", "re\u0301sume\u0301"],
        ["ﬁnetune", "finetune"],
        ["H₂O", "h2o"],
        ["深度學習", "深度学习"],
        ["記憶體", "內存", "内存"],
        ["伺服器", "服務器", "服务器"],
    ],
)
def test_variants_are_one_word(tokenizer, spellings):
    """British and American, plural, accents, script: the terms that stand for them are the same."""
    assert len({tuple(words(tokenizer, spelling)) for spelling in spellings}) == 1
    assert words(tokenizer, spellings[0])


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("C++ API", ["c++", "api"], ["c"]),
        ("C# code", ["c#"], ["c"]),
        ("ZeRO-3", ["zero3", "zero", "3"], []),
        ("FlashAttention-2", ["flashattention2"], []),
        ("ResNet50", ["resnet50"], []),
        ("a cat and the dog", ["cat", "dog"], ["a", "and", "the"]),
        ("这个的训练", ["训练"], ["的", "这个"]),
        ("all-in-one", ["allinon"], []),
        ("class boss", ["class", "boss"], ["clas", "bos"]),
    ],
)
def test_words_are_kept_as_they_are_meant(check, text, has, lacks):
    """Signs of a name stay with it, stop words go, a hyphen joins too, ss is no plural."""
    check(text, *has, lacks=lacks)


def test_an_optimizer_is_no_optimization(tokenizer):
    """By its stem alone it would be what is optimal, too: "a survey of optimizers"."""
    assert words(tokenizer, "optimizers") == words(tokenizer, "an optimiser")
    assert words(tokenizer, "optimizers") != words(tokenizer, "optimization")


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("a fair price for cars", "@facebook"),
        ("meta analysis", "@facebook"),
        ("an ad for cars", "=automatic differentiation"),
        ("reduce all", "=all-reduce"),
        ("parameter. Server", "=parameter server"),
        ("parameter, server", "=parameter server"),
        ("数学习题", "=machine learning"),
    ],
)
def test_names_are_not_seen_where_they_are_not(check, text, lacks):
    """Everyday words, other orders and the ends of sentences make no name."""
    check(text, lacks=[lacks])


@pytest.mark.parametrize(
    ("other", "ours"),
    [
        ("train platforms", "training platforms"),
        ("the train schedule", "the training schedule"),
        ("compute engine", "a graph computing engine"),
        ("small language model", "small languages modelled"),
    ],
)
def test_words_of_other_fields_with_our_stems_count_in_their_own_form(tokenizer, other, ours):
    """Else what is asked of our field is refused: a training platform is no train platform."""
    assert any(term.startswith("^") for term in tokenizer(other))
    assert not any(term.startswith("^") for term in tokenizer(ours))


@pytest.mark.parametrize(
    ("text", "name", "typed"),
    [
        ("about Parameter-Servers, then", "=parameter server", "Parameter-Servers"),
        ("用參數伺服器訓練", "=parameter server", "參數伺服器"),
        ("TuX² 怎么样", "=TuX2", "TuX²"),
        ("by Michael I. Jordan today", "=Michael Jordan", "Michael I. Jordan"),
        ("ask 微軟亞洲研究院 now", "@msra", "微軟亞洲研究院"),
        ("re\u0301sume\u0301", "resum", "re\u0301sume\u0301"),
    ],
)
def test_a_span_is_what_was_typed(tokenizer, text, name, typed):
    """A highlight marks the words of the text as given, whole."""
    spans = {text[term.start : term.end] for term in tokenizer.terms(text) if term.text == name}
    assert spans == {typed}


@pytest.mark.parametrize(
    "text", ["parameter servers", "参数服务器怎么部署", "TuX² 图计算", "ZeRO-3 and All-Reduce"]
)
def test_passages_and_questions_have_the_same_terms(tokenizer, text):
    """One normaliser: what a question says in a passage's words, the passage holds."""
    held = passages.field_terms(Field("summary", _both(text)), tokenizer)
    kept = [term for term in tokenizer(text) if term[0] not in "#~^"]
    assert held == kept


def _both(text):
    from corpus.model import Text

    return Text(text, text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("recommender", "recommend", False),
        ("recommenders", "recommender", True),
        ("news", "new", False),
        ("theses", "thesis", True),
        ("gpus", "gpu", True),
        ("killing", "kills", True),  # one syllable: no British spelling of "kiling"
        ("billed", "bill", True),
        ("modelling", "modeling", True),
    ],
)
def test_a_stem_keeps_words_apart_that_mean_other_things(tokenizer, one, other, same):
    """Who recommends is not to recommend, which is a stop word; news are not new."""
    assert (tokenizer.stem(one) == tokenizer.stem(other)) is same


def test_without_han_the_names_stay(tokenizer):
    """The quick pass that needs no jieba knows every name and English word."""
    text = "用 parameter server 做分布式机器学习"
    whole = {term.text for term in tokenizer.terms(text)}
    quick = {term.text for term in tokenizer.terms(text, han=False)}
    assert quick < whole
    assert {term for term in whole if term[0] in SIGNS or term.isascii()} == quick


@given(ANY)
@example("ſ" * 3)
@example("\u0345")
def test_any_text_has_terms_with_spans_inside_it(tokenizer, text):
    """Never an error; in order of place, never reversed or empty, inside the text."""
    found = tokenizer.terms(text)
    assert all(0 <= term.start < term.end <= len(text) for term in found)
    assert all(term.text for term in found)
    assert [term.start for term in found] == sorted(term.start for term in found)


@given(ANY)
def test_a_folded_text_has_the_same_terms(tokenizer, text):
    """Folding is part of the tokenizer: folded before, nothing changes but names as written."""
    text = text.lower()
    assert words(tokenizer, fold(text).text) == words(tokenizer, text)


@given(ANY)
def test_rarity_is_a_share(tokenizer, text):
    """How rare a word is lies between 0 and 1, for anything that may be typed."""
    assert 0.0 <= tokenizer.rarity(text) <= 1.0


@pytest.mark.parametrize(
    "unit",
    [
        "parameter server ",
        "参数服务器",
        "all-reduce-",
        "a",
        "机",
        "é",
        "\u0301",
        "的 ",
        "C++.",
        "請問有沒有",
    ],
)
def test_a_long_text_takes_its_time_and_no_more(tokenizer, unit):
    """100,000 characters, whatever they are, are read in seconds."""
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    start = time.perf_counter()
    found = tokenizer.terms(text)
    assert time.perf_counter() - start < 20  # seconds; 600 where it grows with the square
    assert all(0 <= term.start < term.end <= len(text) for term in found)
