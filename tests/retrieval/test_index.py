"""The Index answers exactly as rank_bm25 would, whatever the passages and the question."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index import Index

# Few words, so that passages repeat them, resemble each other and share terms by the half.
WORDS = st.sampled_from(["a", "b", "c", "d", "e", "训练", "\x00", "", "ÿ", "\ud800"])
PASSAGES = st.lists(st.lists(WORDS, max_size=8), max_size=12)
WEIGHTS = st.one_of(st.just(1.0), st.floats(0.1, 4))
TERMS = st.dictionaries(WORDS, WEIGHTS, max_size=6)
POSITIONS = st.none() | st.sets(st.integers(0, 12))
CHANGES = st.dictionaries(st.integers(0, 11), st.none() | st.lists(WORDS, max_size=8))


@given(PASSAGES, TERMS, st.integers(0, 13), POSITIONS)
def test_scores_and_order_are_those_of_rank_bm25(passages, terms, k, among):
    """Same passages, same order, the same bits: for any weights and any filter."""
    found = Index.build(passages).search(terms, k, among)
    assert found == oracle.best(passages, terms, k, among)


@given(PASSAGES, TERMS, st.floats(0.01, 3), st.floats(0, 0.99))
def test_parameters_are_those_of_rank_bm25(passages, terms, k1, b):
    """k1 and b mean what they mean there (which divides 0 by 0 for an empty passage at b = 1)."""
    found = Index.build(passages, k1, b).search(terms, 20)
    assert found == oracle.best(passages, terms, 20, k1=k1, b=b)


@given(PASSAGES, TERMS)
def test_contributions_add_up_to_the_score(passages, terms):
    """What each term gives, summed in the question's order, is the score; no share is absent."""
    index = Index.build(passages)
    for position, score in index.search(terms, 20):
        shares = index.contributions(position, terms)
        assert sum(shares.values()) == pytest.approx(score, rel=1e-12)
        assert shares.keys() == terms.keys() & set(passages[position])


@given(PASSAGES)
def test_index_knows_its_terms(passages):
    """The vocabulary holds each term once, with the number of passages that hold it."""
    index = Index.build(passages)
    held = {term for passage in passages for term in passage}
    assert sorted(index.vocabulary()) == sorted(held)
    assert all(term in index for term in held)
    assert all(index.document_frequency(t) == sum(t in p for p in passages) for t in held)
    assert "nowhere" not in index
    assert index.document_frequency("nowhere") == 0
    assert len(index) == len(passages)


@given(PASSAGES, st.lists(CHANGES, max_size=3), TERMS, POSITIONS)
def test_replaced_passages_score_as_if_built_so(passages, rounds, terms, among):
    """Replace, append and withdraw, several times over: the answers of a new build."""
    index, now = Index.build(passages), list[list[str] | None](passages)
    for changes in rounds:
        for position in range(len(now), max(changes, default=-1) + 1):
            changes.setdefault(position, ["a"])
        index = index.replaced(changes)
        now += [None] * (max(changes, default=-1) + 1 - len(now))
        for position, passage in changes.items():
            now[position] = passage
    assert index.search(terms, 20, among) == oracle.best(now, terms, 20, among)
    assert len(index) == len(now)
    held = {term for passage in now for term in passage or ()}
    assert sorted(index.vocabulary()) == sorted(held)
    assert index.compacted().search(terms, 20, among) == index.search(terms, 20, among)


def test_replacing_leaves_the_old_index_as_it_was():
    """An Index never changes: whoever still holds the old one gets the old answers."""
    old = Index.build([["a"], ["b"]])
    before = old.search({"a": 1.0}, 5)
    new = old.replaced({0: ["b"], 2: ["a"]})
    assert old.search({"a": 1.0}, 5) == before
    assert [position for position, _ in new.search({"a": 1.0}, 5)] == [2]


def test_changes_with_a_gap_are_refused():
    """Appended passages follow the last one; a position below 0 is a mistake."""
    index = Index.build([["a"]])
    for changes in ({2: ["b"]}, {-1: ["b"]}):
        with pytest.raises(ValueError, match="without a gap"):
            index.replaced(changes)


def test_a_string_is_no_passage():
    """A string would be cut into letters without a word; it is refused."""
    with pytest.raises(TypeError, match="not one string"):
        Index.build(["ab"])


def test_equal_scores_come_by_position():
    """Passages alike have the same score; the first of them comes first."""
    found = Index.build([["x"], *[["a", "b"]] * 30]).search({"b": 1.0, "a": 1.0}, 10)
    assert [position for position, _ in found] == list(range(1, 11))


@settings(deadline=None, max_examples=30)
@given(PASSAGES, CHANGES, TERMS)
def test_saved_index_answers_the_same(tmp_path_factory, passages, changes, terms):
    """What was saved is what is loaded, worked-in changes and withdrawn passages included."""
    for position in range(len(passages), max(changes, default=-1) + 1):
        changes.setdefault(position, None)
    index = Index.build(passages).replaced(changes)
    path = tmp_path_factory.mktemp("saved") / "index"
    index.save(path)
    loaded = Index.load(path)
    assert loaded.search(terms, 20) == index.search(terms, 20)
    assert len(loaded) == len(index)
    assert sorted(loaded.vocabulary()) == sorted(index.vocabulary())


def test_small_index_needs_the_standard_library_only(tmp_path: Path):
    """A first answer must come at once: building, saving, loading, asking import no numpy."""
    program = """
import sys
from pathlib import Path
from retrieval.index import Index
passages = [[f"w{n % 97}", f"w{n % 13}", "the"] * 5 for n in range(700)]
path = Path(sys.argv[1])
Index.build(passages).save(path)
index = Index.load(path)
assert index.replaced({3: ["new"]}).search({"new": 1.0, "the": 1.0}, 10)[0][0] == 3
assert not {"numpy", "rank_bm25", "numba", "json"} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "index")], check=True)
