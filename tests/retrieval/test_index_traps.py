"""Each trap that was met with rank_bm25 and its peers, and what the Index does instead."""

from __future__ import annotations

from pathlib import Path

import oracle
import pytest

from bench import texts
from retrieval.index import Index

SAMPLE = [texts.words(line) for line in Path(texts.SAMPLE).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("passages", [[], [[]], [[], [], []]])
def test_nothing_to_find_is_no_error(passages):
    """rank_bm25 divides by zero on an empty corpus, and on one of empty passages."""
    made = Index.build(passages)
    assert made.search({"a": 1.0}, 10) == []
    assert list(made.vocabulary()) == []
    assert len(made) == len(passages)


@pytest.mark.parametrize("passages", [[["a"]], [["a"], ["a", "b"]], [["a"], ["a"], ["a"], ["b"]]])
def test_a_term_of_most_passages_still_counts_for_them(passages):
    """No idf is zero, negative or floored: what shares a term scores above nothing."""
    found = Index.build(passages).search({"a": 1.0}, 10)
    assert len(found) == sum("a" in passage for passage in passages)
    assert all(score > 0 for _, score in found)


def test_a_common_word_never_outweighs_a_rare_one():
    """An idf falls with the number of passages, past the half of them too."""
    passages = [["the", "a"]] * 60 + [["the"]] * 39 + [["the", "rare"]]
    made = Index.build(passages)
    weights = [made.search({term: 1.0}, 1)[0][1] for term in ("rare", "a", "the")]
    assert weights == sorted(weights, reverse=True)


def test_no_shared_term_is_no_hit():
    """rank_bm25's get_top_n fills up with passages that share nothing."""
    assert Index.build([["a"], ["b"]]).search({"c": 1.0}, 10) == []
    assert len(Index.build([["a"], ["b"]]).search({"a": 1.0}, 10)) == 1


def test_a_question_is_terms_not_a_string():
    """A string would be cut into letters; it has no weights, so it is refused."""
    with pytest.raises(AttributeError):
        Index.build([["a"]]).search("a", 10)  # type: ignore[arg-type]


def test_a_repeated_term_is_one_of_double_weight():
    """A term said twice counts twice, as it does there."""
    passages = [["a", "b"], ["a", "a", "c"], ["b"]]
    twice = oracle.BM25Plus(passages, k1=1.2, b=0.75, delta=0).get_scores(["a", "a"])
    found = dict(Index.build(passages).search({"a": 2.0}, 10))
    assert found == {position: score for position, score in enumerate(twice) if score}


def test_asking_for_more_than_there_is():
    """A peer fails where k is above the number of passages; zero or less is none."""
    made = Index.build([["a"], ["a"]])
    assert len(made.search({"a": 1.0}, 1000)) == 2
    assert made.search({"a": 1.0}, 0) == made.search({"a": 1.0}, -1) == []


def test_compiled_search_of_a_mapped_file(tmp_path):
    """numba refuses memory that may not be written; the file is mapped as a private copy."""
    pytest.importorskip("numba")
    made = Index.build(SAMPLE)
    made.save(tmp_path / "index")
    before = (tmp_path / "index").read_bytes()
    loaded = Index.load(tmp_path / "index")
    loaded.accelerate()
    asked = {"the": 1.0, "memory": 1.0, "模型": 2.0}
    assert loaded.search(asked, 10) == oracle.best(SAMPLE, asked, 10)
    assert (tmp_path / "index").read_bytes() == before


def test_real_text_in_two_languages():
    """Every line of the bench's sample, asked for by its own words, as rank_bm25 answers."""
    made = Index.build(SAMPLE)
    for line in SAMPLE:
        terms = dict.fromkeys(line, 1.0)
        assert made.search(terms, 10) == oracle.best(SAMPLE, terms, 10)
