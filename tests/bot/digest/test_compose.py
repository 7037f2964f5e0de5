"""The digest: one screen, in the languages chosen, and nothing that the catalog does not say."""

from __future__ import annotations

import pytest

from bot.digest import compose as composing
from bot.digest import pick as picks
from bot.digest.compose import Issue, compose
from bot.phrases import traditional
from bot.platforms.terminal.look import Look
from bot.platforms.terminal.render import render
from bot.subscription import Filters, Ledger
from corpus.language import has_han
from corpus.record import replace

WEEK = "2026-W48"


@pytest.fixture(name="entries")
def _entries(retriever):
    return retriever.entries


@pytest.fixture(name="issue")
def _issue(entries):
    def issue(entry, reasons=("first",), fresh=()):
        found = next(one for one in entries if one.id == entry)
        return Issue(WEEK, found, reasons, fresh)

    return issue


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("spoken", ["en", "zh-Hans", "zh-Hant"])
def test_every_work_makes_a_digest_of_a_screen(entries, language, spoken):
    """Of all that can be picked: title, authors, year, summary, facts, links."""
    pool = picks.pick(entries, WEEK, Filters(), Ledger()).candidates
    for candidate in pool:
        entry = candidate.entry
        digest = compose(Issue(WEEK, entry, ("first",)), entries, language, spoken)
        assert digest.title == entry.title
        assert len(digest.summaries) == (2 if language == "both" else 1)
        assert 1 <= len(digest.facts) <= 3
        assert digest.addresses
        assert len(digest.related) <= 2
        text = render(digest, Look(60))
        assert WEEK in text
        assert len(text) < (2600 if language == "both" else 2000)
        assert all(len(row) <= 3 for row in digest.rows)
        assert len(digest.rows) == 2
        known = {fact.text.en for fact in entry.facts} | {fact.text.zh for fact in entry.facts}
        assert set(digest.facts) <= known | {traditional(fact) for fact in known}


def test_it_speaks_the_language_chosen(entries, issue):
    """For both, the headings are in that of the place."""
    english = compose(issue("gpipe"), entries, "en", "zh-Hans")
    assert not has_han(english.heading + "".join(english.summaries) + english.why)
    chinese = compose(issue("gpipe"), entries, "zh", "zh-Hant")
    assert chinese.heading == "本週論文 · 2026-W48" or "本周論文" in chinese.heading
    both = compose(issue("gpipe"), entries, "both", "en")
    assert [has_han(text) for text in both.summaries] == [False, True]
    both = compose(issue("gpipe"), entries, "both", "zh-Hans")
    assert [has_han(text) for text in both.summaries] == [True, False]


def test_it_says_why_this_one(entries, issue):
    """Every reason in words."""
    told = compose(issue("gpipe", ("again:2026-W02", "balance")), entries, "en", "en").why
    assert told.startswith(
        "Why this one: everything else has had its turn since it came in 2026-W02"
    )
    for reason in ("pinned", "first", "fresh", "last"):
        for script in ("en", "zh-Hans"):
            assert composing.why((reason,), script)


def test_what_is_new_this_week_is_named(entries, issue):
    """Besides the pick itself; of many the first three."""
    fresh = tuple(entries)[:6]
    told = compose(issue("gpipe", fresh=fresh), entries, "en", "en").fresh
    assert "and 3 more" in told
    only = compose(issue("gpipe", fresh=(issue("gpipe").entry,)), entries, "en", "en")
    assert only.fresh == ""


def test_a_dead_link_is_not_the_first_thing_to_open(entries):
    """Nor is a related work that cannot be opened named."""
    for entry in entries:
        digest = compose(Issue(WEEK, entry, ()), entries, "en", "en")
        dead = {link.url for link in entry.links if link.health == "dead"}
        assert digest.url not in dead


def test_kinds_other_than_papers_are_called_what_they_are(entries, issue):
    """A book is no paper."""
    assert compose(issue("book-serving-ml-models"), entries, "en", "en").heading.startswith(
        "Book of"
    )


def test_who_is_not_subscribed_is_offered_it(entries, issue):
    """Under /paper."""
    rows = compose(issue("gpipe"), entries, "en", "en", subscribed=False).rows
    assert rows[1][0].line == "subscribe"


def test_without_a_layout_it_is_plain_lines(entries, issue):
    """Everything is said, and the buttons stay."""
    digest = replace(compose(issue("gpipe"), entries, "en", "en"), note="A note.")
    notice = composing.notice(digest)
    text = "\n".join(notice.lines)
    assert text.startswith("A note.\nPaper of the week")
    assert digest.url in text
    assert [choice.line for choice in notice.choices] == [
        choice.line for row in digest.rows for choice in row
    ]
