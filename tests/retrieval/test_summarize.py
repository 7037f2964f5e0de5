"""Summaries of made pages, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Extract, Part
from retrieval import lexicon
from retrieval.reading import sentences
from retrieval.summarize import summarize
from retrieval.tokenize import Tokenizer

EN = """Parameter servers keep the weights of a model on a few machines.
Workers pull the weights and push gradients to the servers. We describe how bounded staleness keeps
slow workers from holding up the fast ones. Each server owns a range of keys and answers requests
for weights in that range. Workers wait for servers when the staleness bound is reached. The weather
was nice that day. Lunch was served at noon. Click here to subscribe."""
ZH = (
    "参数服务器把模型的参数放在若干台机器上。工作节点从服务器拉取参数，算出梯度以后再推送给服务器。"
    "我们说明有界的过期怎样让快的工作节点不必等慢的工作节点。每台服务器管一段参数，回答对这段参数的请求。"
    "过期达到上限时，工作节点就等服务器更新参数。那天天气很好，大家都出去散步了。中午吃的是饺子和面条。"
)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    return Tokenizer(lexicon.load(), tmp_path_factory.mktemp("cache"))


def extract(text, **more):
    return Extract(parts=(Part(" ".join(text.split()) if text.isascii() else text),), **more)


@pytest.mark.parametrize(
    ("text", "title", "language", "about", "beside"),
    [
        (EN, "Parameter servers", "en", "servers", ("Lunch", "Click", "weather")),
        (ZH, "参数服务器", "zh", "服务器", ("饺子", "散步")),
    ],
)
def test_the_sentences_that_the_rest_is_like_are_taken(
    tokenizer, text, title, language, about, beside
):
    """Two to four, in the page's order, word for word; none that is beside the point."""
    found = summarize(extract(text, title=title, language=language), tokenizer)
    assert (found.language, found.source) == (language, "extracted")
    told = [found.text[start:end] for start, end in sentences(found.text)]
    assert 2 <= len(told) <= 4
    whole = " ".join(text.split()) if language == "en" else text
    places = [whole.index(one) for one in told]
    assert places == sorted(places)
    assert about in found.text
    assert not any(word in found.text for word in beside)


def test_the_authors_own_words_come_first(tokenizer):
    """Whole where they are short, up to a sentence's end where they are long."""
    own = "We keep the weights of a model on a few machines, and measure what it costs."
    found = summarize(extract(EN, abstract=own), tokenizer)
    assert (found.text, found.source) == (own, "abstract")
    long = summarize(extract(EN, abstract=f"{own} " * 40), tokenizer)
    assert len(long.text) <= 1600
    assert long.text.endswith("costs.")


def test_a_description_that_says_nothing_does_not_serve(tokenizer):
    """'Home' is no abstract."""
    assert summarize(extract(EN, abstract="My blog"), tokenizer).source == "extracted"


@pytest.mark.parametrize("text", ["", "Home\nAbout\nContact", "x" * 5000, "短。"])
def test_where_nothing_is_said_there_is_no_summary(tokenizer, text):
    assert summarize(extract(text), tokenizer) is None


def test_what_is_said_twice_is_told_once(tokenizer):
    twice = "Workers push their gradients to the parameter servers after each batch. " * 5
    nearly = "Workers push all their gradients to the parameter servers after each batch."
    found = summarize(extract(twice + nearly + " " + EN.replace("\n", " ")), tokenizer)
    assert found.text.count("after each batch") == 1


@given(st.lists(st.text(max_size=80), max_size=10))
@settings(max_examples=50, deadline=None)
def test_no_text_is_too_strange(tokenizer, texts):
    found = summarize(Extract(parts=tuple(map(Part, texts))), tokenizer)
    assert found is None or found.text


def test_a_short_description_serves_where_it_is_the_works_own_or_all_there_is(tokenizer):
    """Of a repository it is; a site's slogan gives way to what a page says."""
    short = "Trains models fast."
    own = summarize(extract(EN, abstract=short, is_own=True), tokenizer)
    assert (own.text, own.source) == (short, "abstract")
    assert summarize(extract(EN, abstract=short), tokenizer).source == "extracted"
    alone = summarize(Extract(abstract=short), tokenizer)
    assert (alone.text, alone.source) == (short, "abstract")
    assert summarize(Extract(abstract="..."), tokenizer) is None


def test_points_of_a_list_are_sentences_by_themselves(tokenizer):
    """Without the marks before them, and no more of them than of sentences."""
    said = [sentence.strip() + "." for sentence in " ".join(EN.split()).split(".")[:5]]
    found = summarize(extract(" ".join(f"• {one}" for one in said)), tokenizer)
    assert "•" not in found.text
    assert 2 <= sum(one in found.text for one in said) <= 4
