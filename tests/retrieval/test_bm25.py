"""The drop-in answers what rank_bm25.BM25Plus answers, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from retrieval.bm25 import BM25

WORDS = st.sampled_from(["a", "b", "c", "d", "训练", ""])
CORPORA = st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=12).filter(any)
QUERIES = st.lists(st.one_of(WORDS, st.just("unknown")), max_size=6)


@given(CORPORA, QUERIES, st.sampled_from([0, 0.5, 1]), st.floats(0.1, 3), st.floats(0, 0.99))
def test_scores_are_the_same(corpus, query, delta, k1, b):
    """All scores, those of some documents, and the statistics, whatever the parameters."""
    theirs, ours = (kind(corpus, k1=k1, b=b, delta=delta) for kind in (BM25Plus, BM25))
    assert np.array_equal(ours.get_scores(query), theirs.get_scores(query))
    some = [len(corpus) - 1, 0]
    assert ours.get_batch_scores(query, some) == theirs.get_batch_scores(query, some)
    assert ours.get_batch_scores(query, []) == []
    assert (ours.idf, ours.avgdl, ours.doc_len) == (theirs.idf, theirs.avgdl, theirs.doc_len)


@given(CORPORA, QUERIES)
def test_top_documents_are_the_same(corpus, query):
    """The defaults are the same too, and the order among equal scores."""
    documents = list(range(len(corpus)))
    theirs, ours = BM25Plus(corpus), BM25(corpus)
    assert ours.get_top_n(query, documents, 3) == theirs.get_top_n(query, documents, 3)


def test_strings_are_refused():
    """A string would be cut into letters without a word."""
    with pytest.raises(TypeError, match="not one string"):
        BM25(["abc"])
    with pytest.raises(TypeError, match="not one string"):
        BM25([["abc"]]).get_scores("abc")


def test_documents_out_of_range_are_refused():
    """As there: an assertion."""
    with pytest.raises(AssertionError):
        BM25([["a"]]).get_batch_scores(["a"], [1])


def test_empty_corpus_fails_as_there():
    """rank_bm25 divides by zero on no documents at all."""
    with pytest.raises(ZeroDivisionError):
        BM25([])
