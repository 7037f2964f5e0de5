"""The pick: reproducible, papers first, nothing twice before all was once."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from bot.digest import hearing, schedule
from bot.digest import pick as picks
from bot.digest.pick import pick
from bot.subscription import Filters, Ledger, Past, Ruling, Terms
from corpus.record import replace

WEEK = "2026-W48"
ALL = Filters()


@pytest.fixture(name="entries")
def _entries(retriever):
    return retriever.entries


@pytest.fixture(name="run")
def _run(entries):
    """The picks of so many weeks, each with the history of those before it."""

    def run(weeks, filters=ALL, entries=entries, rulings=(), arrived=(), past=()):
        past = list(past)
        found = []
        for number in range(weeks):
            week = schedule.later(WEEK, number)
            one = pick(entries, week, filters, Ledger(tuple(past), rulings, arrived))
            found.append(one)
            if one.entry:
                past.append(Past(week, one.entry.id))
        return found

    return run


def test_the_same_values_give_the_same_pick(entries):
    """In whatever order the catalog is read."""
    shuffled = list(entries)
    random.Random(7).shuffle(shuffled)
    first, second = (pick(some, WEEK, Filters(), Ledger()) for some in (entries, shuffled))
    assert first == second
    assert first.revision == picks.revision(shuffled)
    changed = [replace(entries[0], venue="elsewhere"), *list(entries)[1:]]
    assert picks.revision(changed) != first.revision


def test_papers_first_then_the_other_kinds_in_their_order(run):
    """Until every one has come, none comes again."""
    found = run(60)
    kinds = [one.entry.kind for one in found]
    pool = len(found[0].candidates)
    turns = [picks.KINDS.index(kind) for kind in kinds[:pool]]
    assert turns == sorted(turns)
    assert kinds[:15] == ["paper"] * 15
    ids = [one.entry.id for one in found]
    assert len(set(ids[:pool])) == pool
    assert all(len(set(ids[start : start + pool])) == pool for start in range(60 - pool))
    assert found[0].reasons[0] == "first"
    assert found[pool].reasons[0] == f"again:{WEEK}"


def test_enough_is_known_of_every_pick(run):
    """Three facts that the title does not tell."""
    for one in run(45):
        assert sum(fact.basis != "title" for fact in one.entry.facts) >= 3


def test_filters_narrow_the_edition(run):
    """By kind, topic and organisation, named in either language."""
    assert {one.entry.kind for one in run(8, Filters(kinds=("book", "course")))} <= {
        "book",
        "course",
    }
    assert {one.entry.kind for one in run(5, Filters(kinds=("news",)))} == {"news"}
    for topic in ("梯度下降", "深度學習", "deep LEARNING"):
        for one in run(3, Filters(topics=(topic,))):
            assert any(
                word in str((one.entry.keywords, one.entry.titles)).lower()
                for word in ("gradient", "deep")
            )
    for name in ("谷歌", "google"):
        for one in run(3, Filters(organisations=(name,))):
            assert "Google" in str((one.entry.organisations, one.entry.listings))
    nothing = run(1, Filters(topics=("quantum cooking",)))[0]
    assert (nothing.entry, nothing.candidates) == (None, ())


def test_each_edition_has_an_order_of_its_own(run):
    """And a history of its own: another's does not count."""
    orders = {
        tuple(one.entry.id for one in run(6, Filters(kinds=("paper",), topics=topics)))
        for topics in ((), ("learning",), ("distributed",))
    }
    assert len(orders) == 3


def test_new_entries_come_sooner(entries, run):
    """Next, among those of its kind; after eight weeks it is as old as the others."""
    new = replace(next(e for e in entries if e.id == "mlbase"), id="new-one", added="2026-12-01")
    found = run(4, entries=[*entries, new])
    assert [one.entry.id for one in found].index("new-one") == 1
    assert "fresh" in found[1].reasons
    old = replace(new, added="2026-09-01")
    assert "fresh" not in {
        reason for one in run(15, entries=[*entries, old]) for reason in one.reasons
    }


def test_what_was_not_seen_before_is_new(entries, run):
    """Where the catalog does not say when an entry came."""
    new = replace(next(e for e in entries if e.id == "mlbase"), id="new-one")
    known = tuple((entry.id, "") for entry in entries)
    first = run(1, entries=[*entries, new], arrived=known)[0]
    assert first.entry.id == "new-one"
    assert run(1, entries=entries, arrived=known)[0].reasons == run(1)[0].reasons


def test_sections_and_languages_take_turns(run):
    """At any time each has had about its share."""
    found = run(16, Filters(kinds=("article", "book")))
    pool = [candidate.entry for candidate in found[0].candidates]
    share = Counter(entry.languages[0] for entry in pool)["zh"] / len(pool)
    seen = Counter(one.entry.languages[0] for one in found[: len(pool) // 2])["zh"]
    assert abs(seen - share * (len(pool) // 2)) <= 2
    sections = [one.entry.listings[0].section for one in found[:5]]
    assert len(set(sections)) == 5


def test_rulings_of_curators(run):
    """A pin stands over everything, a skip takes out, a hold stops the week."""
    usual = run(1)[0].entry.id
    assert run(1, rulings=(Ruling("skip", entry=usual),))[0].entry.id != usual
    assert run(1, rulings=(Ruling("skip", "2026-W01", entry=usual),))[0].entry.id == usual
    pinned = run(2, rulings=(Ruling("pin", WEEK, entry="iflytek-cloud"),))
    assert pinned[0].entry.id == "iflytek-cloud"
    assert pinned[0].reasons == ("pinned",)
    assert pinned[1].entry.id == usual
    always = run(2, rulings=(Ruling("pin", entry="iflytek-cloud"),))
    assert [one.entry.id for one in always] == ["iflytek-cloud", usual]
    held = run(1, rulings=(Ruling("hold", WEEK),))[0]
    assert held.held
    assert held.entry is None
    other = Ruling("hold", WEEK, edition="kind:book")
    assert not run(1, rulings=(other,))[0].held
    assert run(1, Filters(("book",)), rulings=(other,))[0].held


def test_the_future_does_not_count(run, entries):
    """A pick of a past week is the same after weeks that came later."""
    found = run(5)
    past = tuple(Past(one.week, one.entry.id) for one in found)
    assert pick(entries, found[2].week, Filters(), Ledger(past)).entry == found[2].entry


@pytest.mark.parametrize(
    ("topic", "entry", "found"),
    [
        ("rl", "distbelief", False),  # no part of "world" or "early"
        ("rl", "device-placement-rl", True),
        ("parameter servers", "ssp-parameter-server", True),
        ("Parameter-Server", "ssp-parameter-server", True),
        ("参数", "ssp-parameter-server", True),
        ("pipelin", "gpipe", True),
    ],
)
def test_a_topic_is_words_or_their_beginnings(entries, topic, entry, found):
    """In either language, of one or of many."""
    one = next(one for one in entries if one.id == entry)
    assert picks.passes(one, Filters(topics=(topic,))) is found


def test_every_topic_and_organisation_can_be_said(entries):
    """As the catalog has it: it is heard whole, and finds its entry."""
    for entry in entries:
        if not picks.passes(entry, Filters()):
            continue
        for field, words in (("topics", entry.keywords), ("organisations", entry.organisations)):
            for word in {text for one in words for text in (one.en, one.zh)}:
                heard = hearing.hear(f"{field} {word}", Terms())
                assert (heard.terms.filters, heard.unknown) == (Filters(**{field: (word,)}), ())
                assert picks.passes(entry, heard.terms.filters)
