from __future__ import annotations

import pytest

from corpus.model import Entry, Fact, Text
from retrieval import lexicon, snippet
from retrieval.model import Filters, Passage, Query
from retrieval.reading import Reader, sentences
from retrieval.tokenize import Tokenizer

SUMMARY = Text(
    "Cuts a network into pieces on several accelerators. Recomputing activations saves memory. "
    "For those whose model no longer fits.",
    "把网络切成几段，放到多块加速器上。反向时重算激活，省内存。适合模型大到放不下的人。",
)
FACT = Text("GPipe runs on TPUs and GPUs.", "GPipe 可在 TPU 和 GPU 上运行。")


@pytest.fixture(name="tokenizer", scope="module")
def _tokenizer():
    return Tokenizer(lexicon.load())


@pytest.fixture(name="reader", scope="module")
def _reader(tokenizer):
    return Reader(tokenizer, {})


@pytest.fixture(name="check")
def _check(tokenizer, reader):
    """The snippet of one entry for a question, as (text, marked words)."""

    def check(question, language="en", fact=None):
        terms = {term.text: 1.0 for term in tokenizer.terms(question)}
        query = Query(question, "en", terms, dict.fromkeys(terms, ""), filters=Filters())
        found = snippet.snippet(_entry(), Passage(0, (), fact), query, language, reader)
        return found.text, [found.text[start:end] for start, end in found.spans]

    return check


@pytest.mark.parametrize(
    ("question", "language", "fact", "starts", "marked"),
    [
        ("save memory", "en", None, "Recomputing activations saves memory.", ["saves", "memory"]),
        ("accelerators", "en", None, "Cuts a network into pieces", ["accelerators"]),
        ("加速器", "zh", None, "把网络切成几段，放到多块加速器上。", ["加速器"]),
        ("gpipe tpus", "en", 0, "GPipe runs on TPUs", ["GPipe", "TPUs"]),
        ("zzz", "en", None, "Cuts a network", []),
        ("", "en", None, "Cuts a network", []),
    ],
)
def test_the_sentences_that_cover_the_question_are_shown(
    check, question, language, fact, starts, marked
):
    """From the summary and the matched fact, in the asker's language."""
    text, words = check(question, language, fact)
    assert text.startswith(starts)
    assert all(any(word in mark for mark in words) for word in marked)
    assert bool(words) == bool(marked)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("D. Sculley and others, e.g. Google. A second.", 2),
        ("Version 1.0.0 came. In 2017.", 2),
        ("一句。两句！“三句。”", 3),
        ("没有句号", 1),
        ("", 0),
    ],
)
def test_sentences_end_at_full_stops(text, count):
    """Not at initials, abbreviations or versions."""
    assert len(list(sentences(text))) == count


def test_marks_are_whole_words_that_do_not_overlap(tokenizer, reader):
    """A word and the words inside it are one mark."""
    terms = {term.text: 1.0 for term in tokenizer.terms("流水线并行")}
    query = Query("", "zh-Hans", terms, {})
    text = "用流水线并行训练"
    marks = [text[start:end] for start, end in snippet.spans(text, query, reader)]
    assert len(marks) == 1
    assert marks[0].startswith("流水线并行")


def _entry() -> Entry:
    return Entry(
        id="gpipe", kind="paper", title="GPipe", titles=Text("GPipe", "GPipe"), ours=(),
        languages=("en",), authors=(), organisations=(), year=2018, venue=None,
        published=Text("2018", "2018"), arxiv=None, level="known", unsure=(), gap=None,
        keywords=(), summary=SUMMARY, facts=(Fact(FACT, "known"),), links=(), listings=(),
        related=(),
    )  # fmt: skip
