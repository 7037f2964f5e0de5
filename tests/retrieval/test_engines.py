"""The ways to search a large index answer as the small one does: rank_bm25's scores, every bit."""

from __future__ import annotations

import random
import threading
from itertools import accumulate
from pathlib import Path

import numpy as np
import oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import asked, bulk, index, vectors
from retrieval.index import Index
from retrieval.postings import collect

WORDS = [f"w{n}" for n in range(60)]
ODDS = list(accumulate(60 / (n + 1) for n in range(60)))  # few common words, many rare ones
ENGINES = ["plain", "exhaustive", "pruned", "compiled"]


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """Make every index search in one of the ways; None of them is kept for large ones."""
    if request.param == "compiled":
        pytest.importorskip("numba")
    monkeypatch.setattr(index, "LARGE", 1e9 if request.param == "plain" else 0)
    monkeypatch.setattr(index, "SMALL", 1e9)
    monkeypatch.setattr(asked, "LARGE", 0 if request.param == "pruned" else 1 << 18)
    monkeypatch.setattr(vectors, "MANY", 1e-9)  # never give up pruning
    monkeypatch.setattr(vectors, "WIDE", 0 if request.param == "pruned" else 1e9)
    monkeypatch.setattr(vectors, "FEW", 2)
    monkeypatch.setattr(vectors, "BIG", 5)
    monkeypatch.setattr(asked, "SHORT", 9)
    return request.param


def built(passages, engine):
    """An index that searches so."""
    made = Index.build(passages)
    if engine == "compiled":
        made.accelerate()
    return made


def drawn(seed, size, longest=12):
    """Passages of words, by a seed: some empty, many alike, some words in most of them."""
    chance = random.Random(seed)
    lengths = [chance.randrange(longest) for _ in range(size)]
    return [chance.choices(WORDS, cum_weights=ODDS, k=length) for length in lengths]


ASKED = st.dictionaries(
    st.sampled_from([*WORDS[:8], *WORDS[40:44], "unknown"]),
    st.one_of(st.just(1.0), st.floats(0.01, 4), st.sampled_from([1e-8, 1e8])),
    min_size=1,
    max_size=8,
)
CHECKS = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@CHECKS
@given(seed=st.integers(0, 99), size=st.integers(0, 300), terms=ASKED, k=st.integers(0, 30))
def test_every_engine_answers_as_rank_bm25(engine, seed, size, terms, k):
    """The same passages in the same order with the same bits, whatever the weights."""
    passages = drawn(seed, size)
    assert built(passages, engine).search(terms, k) == oracle.best(passages, terms, k)


@CHECKS
@given(seed=st.integers(0, 99), size=st.integers(0, 300), terms=ASKED)
def test_the_scores_are_those_of_a_search_for_all(engine, seed, size, terms):
    """To the bit, whether or not a search came before."""
    made = built(drawn(seed, size), engine)
    assert made.scores(terms) == dict(made.search(terms, max(size, 1))) == made.scores(terms)


@CHECKS
@given(seed=st.integers(0, 99), terms=ASKED, among=st.sets(st.integers(-1, 320)))
def test_every_engine_keeps_to_a_filter(engine, seed, terms, among):
    """A filter, as any collection or prepared as a mask, lets through what it names."""
    passages = drawn(seed, 300)
    made, best = built(passages, engine), oracle.best(passages, terms, 10, among)
    assert made.search(terms, 10, among) == best
    assert made.search(terms, 10, sorted(among)) == best
    assert made.search(terms, 10, made.mask(among)) == best


@CHECKS
@given(
    seed=st.integers(0, 99),
    terms=ASKED,
    part=st.sampled_from([0.0, 0.01, 0.05, 0.2, 0.5, 0.99, 1.0]),
    k=st.integers(1, 40),
)
def test_every_engine_keeps_to_a_filter_of_any_size(engine, seed, terms, part, k):
    """Few passages or nearly all: found by looking deeper, or by scoring only those."""
    passages, chance = drawn(seed, 900), random.Random(seed)
    among = {position for position in range(900) if chance.random() < part}
    made, best = built(passages, engine), oracle.best(passages, terms, k, among)
    assert made.search(terms, k, among) == best
    assert made.search(terms, k, frozenset(among)) == best
    mask = made.mask(among)
    assert made.search(terms, k, mask) == made.search(terms, k, mask) == best


@CHECKS
@given(
    seed=st.integers(0, 99),
    terms=ASKED,
    changes=st.dictionaries(
        st.integers(0, 299), st.none() | st.lists(st.sampled_from(WORDS), max_size=9), max_size=40
    ),
    among=st.none() | st.sets(st.integers(0, 310), min_size=5),
)
def test_every_engine_takes_changes(engine, seed, terms, changes, among):
    """Replaced, withdrawn and appended passages score as in a new build."""
    passages = drawn(seed, 300)
    changes |= {300: ["w0", "w41"], 301: None}
    now = [changes.get(position, old) for position, old in enumerate([*passages, None, None])]
    made = built(passages, engine).replaced(changes)
    assert made.search(terms, 10, among) == oracle.best(now, terms, 10, among)
    assert made.search(terms, 10) == oracle.best(now, terms, 10)


def test_many_passages_are_searched_in_stretches(engine):
    """Across windows and stretches, thin and full ones, with weights, filters and long lists."""
    passages = drawn(23, 12_000, longest=9)
    passages[11_000] = ["w59"] * 3
    made, chance = built(passages, engine), random.Random(2)
    exact = oracle.BM25Plus(passages, k1=1.2, b=0.75, delta=0)
    some = frozenset(range(0, 12_000, 3))
    for turn in range(60):
        words = chance.sample(WORDS, chance.randint(1, 7))
        terms = {word: chance.choice([1.0, 0.3, 2.5]) for word in words}
        totals = sum(weight * exact.get_scores([term]) for term, weight in terms.items())
        k, among = chance.choice([1, 10, 25, 300]), (None, some, made.mask(some))[turn % 3]
        shared = {p: float(totals[p]) for p in among or range(12_000) if totals[p] > 0}
        best = sorted(shared.items(), key=lambda hit: (-hit[1], hit[0]))[:k]
        assert made.search(terms, k, among) == best


def test_a_filter_may_be_an_array(engine):
    """numpy's booleans, one for each passage, or its positions; as they are or as a mask."""
    passages, terms = drawn(8, 400), {"w0": 1.0, "w2": 2.0}
    flags = np.arange(400) % 3 == 0
    made, best = built(passages, engine), oracle.best(passages, terms, 10, range(0, 400, 3))
    for among in (flags, flags.nonzero()[0], range(0, 400, 3), [*range(0, 400, 3)]):
        assert made.search(terms, 10, among) == made.search(terms, 10, made.mask(among)) == best


def test_a_mask_of_a_smaller_index_lets_nothing_else_through(engine):
    """Passages that came after the mask was made are not among its positions."""
    passages = drawn(5, 400)
    mask = Index.build(passages[:50]).mask(range(50))
    best = oracle.best(passages, {"w0": 1.0}, 100, range(50))
    assert built(passages, engine).search({"w0": 1.0}, 100, mask) == best


def test_more_hits_than_folds_or_room(engine):
    """A list as long as the index is complete, and longer asks are answered with it."""
    passages = drawn(5, 3000)
    terms = {"w0": 1.0, "w1": 0.5}
    for k in (700, 5000):
        assert built(passages, engine).search(terms, k) == oracle.best(passages, terms, k)


def test_many_equal_scores_come_by_position(engine):
    """Ties past the k-th go to the lower positions, across the windows of the compiled search."""
    made = built([["x"], *[["a", "b"]] * 5000], engine)
    found = made.search({"a": 1.0, "b": 1.0}, 10)
    assert [position for position, _ in found] == list(range(1, 11))


def test_long_questions_and_many_terms(engine):
    """A question may hold hundreds of terms, more than a table has room for at first."""
    passages = [[f"t{n}", f"t{n + 1}", "all"] for n in range(500)]
    terms = {f"t{n}": 1.0 for n in range(300)} | {"all": 1.0}
    assert built(passages, engine).search(terms, 10) == oracle.best(passages, terms, 10)


def test_a_full_table_of_terms_is_no_error(engine, monkeypatch):
    """Terms for which a server has no room left are searched the usual way."""
    if engine == "compiled":
        monkeypatch.setattr("retrieval.asked.MOST_TERMS", 2)
    passages = drawn(11, 400)
    made = built(passages, engine)
    for n in range(20):
        terms = {f"w{n}": 1.0, f"w{n + 1}": 1.0}
        assert made.search(terms, 10) == oracle.best(passages, terms, 10)


def test_threads_do_not_disturb_each_other(engine):
    """Each thread adds up in memory of its own."""
    passages = drawn(7, 2000)
    made = built(passages, engine)
    questions = [{"w0": 1.0, f"w{n}": 1.0, "w3": 2.0} for n in range(1, 40)]
    alone = [made.search(terms, 10) for terms in questions]
    answers: list[list] = [[] for _ in range(4)]

    def ask(into):
        into.extend(made.search(terms, 10) for terms in questions * 5)

    threads = [threading.Thread(target=ask, args=(into,)) for into in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(into == alone * 5 for into in answers)


def test_weights_that_prove_nothing_still_list_what_shares_a_term(engine):
    """A weight of zero or below is taken as it is: a passage is found for sharing a term."""
    passages = drawn(3, 200)
    for terms in ({"w0": 0.0}, {"w0": -1.0, "w1": 1.0}, {"w1": 1e-300, "w2": 1.0}):
        assert built(passages, engine).search(terms, 10) == oracle.best(passages, terms, 10)


def test_interrupted_search_leaves_nothing_behind(monkeypatch):
    """After an interrupt the next question starts from zero."""
    monkeypatch.setattr(index, "LARGE", 0)
    passages, terms = drawn(1, 300), {"w0": 1.0, "w1": 1.0}
    made = Index.build(passages)
    before = made.search(terms, 10)
    with pytest.raises(KeyboardInterrupt):
        made.search({"w0": 2.0, "w1": Interrupting(3.0)}, 10)
    assert made.search(terms, 10) == before


class Interrupting(float):
    """A weight that Ctrl-C comes in place of: at the worst moment, with half of the sum made."""

    def __mul__(self, _):
        raise KeyboardInterrupt


@given(st.lists(st.none() | st.lists(st.sampled_from("abcdé训"), max_size=9), max_size=30))
def test_bulk_build_makes_the_same_columns(passages):
    """Many passages are gathered by a sort, few by lists; the postings are the same."""
    few, many = collect(passages), bulk.collect(passages)
    assert few.names == many.names
    assert few.starts == many.starts
    assert few.positions == many.positions
    assert few.lengths == many.lengths
    pairs = [[list(p.pairs[2 * c : 2 * c + 2]) for c in p.codes] for p in (few, many)]
    assert pairs[0] == pairs[1]


def test_build_reports_progress():
    """A long build says how far it is."""
    heard: list[int] = []
    Index.build([["a"]] * 25_000, progress=heard.append)
    assert heard == [0, 10_000, 20_000, 25_000]


def test_more_kinds_of_pairs_than_two_bytes_name(monkeypatch):
    """Codes take four bytes where two cannot name every pair of a count and a length."""
    passages = [["a"] * (n + 1) for n in range(70_000 // 100)]
    monkeypatch.setattr("retrieval.postings.TWO_BYTES", 100)
    few, many = collect(passages), bulk.collect(passages)
    assert few.codes.format == many.codes.format == "I"


def test_compiled_code_depends_on_its_own_file_alone():
    """numba keeps compiled code until that file changes: a number from elsewhere would go stale."""
    source = Path(index.__file__).with_name("compiled.py").read_text("utf-8")
    assert "from retrieval" not in source
    assert "import retrieval" not in source
