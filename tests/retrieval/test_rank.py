"""Ranking: an entry's score is the sum of named parts, and the order never depends on chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import evaluate, rank
from retrieval.index import Index
from retrieval.rank import FACT, Scored

JUDGED = evaluate.load(Path(__file__).with_name("judgments"))
# Two entries with a curated passage and facts, one with a curated passage alone.
PLACES = [(0, None), (0, 0), (0, 1), (1, None), (1, 0), (2, None)]  # entry, fact
WORDS = [["a", "b"], ["a", "a"], ["a"], ["b"], ["c"], ["b"]]


@pytest.fixture(scope="module", name="engine")
def _engine():
    return Index.build(WORDS)


def test_passages_are_grouped_by_entry(engine):
    """The curated passage and the best fact; an entry that shares no term is not there."""
    found = rank.group(engine, PLACES, {"a": 1.0})
    assert set(found) == {0}
    scores = dict(engine.search({"a": 1.0}, 9))
    assert found[0].curated == scores[0]
    assert found[0].fact_position == 1
    assert found[0].score == scores[0] + FACT * scores[1]


def test_equal_scores_stand_in_the_catalog_s_order():
    """Whatever the order in which they were found."""
    found = {at: Scored(at, curated=1.0) for at in (3, 0, 2, 1)}
    found[2].boosts["title"] = 1.0
    assert [one.entry for one in rank.ordered(found)] == [2, 0, 1, 3]


@pytest.mark.parametrize("terms", [{"a": 1.0}, {"b": 0.5}, {"a": 0.3, "b": 1.0, "c": 2.0}])
def test_the_shares_of_the_terms_sum_to_the_score(engine, terms):
    """Over curated passage and fact; with no boost that is all of it."""
    for scored in rank.group(engine, PLACES, terms).values():
        curated = PLACES.index((scored.entry, None))
        shares = rank.Shares(engine, curated, scored.fact_position, terms)
        assert sum(shares.values()) == pytest.approx(scored.score)


def test_every_judged_question_s_hits_are_explained_whole(retriever):
    """Matches and boosts of each hit sum to its score; the hits stand by score."""
    for judgment in JUDGED:
        hits = retriever.search(judgment.question).hits
        for hit in hits:
            parts = [match.share for match in hit.explanation.matches]
            parts += [worth for _, worth in hit.explanation.boosts]
            assert sum(parts) == pytest.approx(hit.score), (judgment.question, hit.entry.id)
            assert all(match.typed and match.share >= 0 for match in hit.explanation.matches)
        assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)


def test_an_entry_stands_once(retriever):
    """However many of its passages match."""
    for judgment in JUDGED:
        ids = [hit.entry.id for hit in retriever.search(judgment.question).hits]
        assert len(set(ids)) == len(ids), judgment.question
