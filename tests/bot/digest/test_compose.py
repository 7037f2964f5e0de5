"""The digest: one screen, in the languages chosen, and nothing that the catalog does not say."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.digest import compose as composing
from bot.digest import pick as picks
from bot.digest import screen, sentences
from bot.digest.compose import Issue, compose
from bot.phrases import traditional
from bot.platforms.slack.render import render as slack
from bot.platforms.telegram.render import render as telegram
from bot.platforms.terminal.look import Look
from bot.platforms.terminal.render import render
from bot.subscription import Filters, Ledger
from corpus.language import has_han
from corpus.record import replace

WEEK = "2026-W48"
REASONS = ("first", "fresh", "balance", "last")
SPOKEN = [("en", "en"), ("zh", "zh-Hans"), ("zh", "zh-Hant"), ("both", "en"), ("both", "zh-Hans")]
SPOKEN += [("both", "zh-Hant")]


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
        assert 2 <= len(digest.facts) <= 3
        assert digest.addresses
        assert len(digest.related) <= 2
        text = render(digest, Look(60))
        assert WEEK in text
        assert len(text) < 1600
        assert all(len(row) <= 3 for row in digest.rows)
        assert len(digest.rows) == 2
        known = {fact.text.en for fact in entry.facts} | {fact.text.zh for fact in entry.facts}
        assert set(digest.facts) <= known | {traditional(fact) for fact in known}


@pytest.mark.parametrize(("language", "spoken"), SPOKEN)
@pytest.mark.parametrize("reasons", [("first",), ("again:2026-W02", "balance"), REASONS])
@pytest.mark.parametrize("fresh", [0, 5, 57])
def test_a_digest_is_one_screen_of_a_phone(entries, language, spoken, reasons, fresh):
    """Thirty lines of 44 columns, whatever else there is to say, on every platform."""
    new = tuple(entries)[:fresh]
    for candidate in picks.pick(entries, WEEK, Filters(), Ledger()).candidates:
        issue = Issue(WEEK, candidate.entry, reasons, new)
        digest = compose(issue, entries, language, spoken)
        seen = unescape(re.sub("<[^>]+>", "", telegram(digest).html))
        assert screen.height(seen.split("\n")) <= screen.LINES
        assert screen.height(shown(slack(digest))) <= screen.LINES
        assert len(seen) <= 1200
        assert len(slack(digest).text) <= 1500  # its addresses with it
        assert render(digest, Look(80)).count("\n") <= 30


def test_a_note_has_room_on_the_screen_too(entries):
    """As where a topic is closed."""
    note = sentences.MOVE_IT.en.replace("{topic}", "papers")
    for candidate in picks.pick(entries, WEEK, Filters(), Ledger()).candidates:
        issue = Issue(WEEK, candidate.entry, ("first",))
        digest = compose(issue, entries, "both", "en", note=note)
        seen = unescape(re.sub("<[^>]+>", "", telegram(digest).html))
        assert seen.startswith(note)
        assert screen.height(seen.split("\n")) <= screen.LINES


def shown(message):
    """The lines of a Slack message, links by their words."""
    for block in message.body()["blocks"]:
        texts = block.get("elements", ()) if block["type"] == "context" else [block.get("text")]
        for text in filter(None, texts):
            told = re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text["text"])
            yield from unescape(told).split("\n")


def test_a_work_of_many_words_has_room_too(entries):
    """Of long facts the first sentences, of titles named beside it the beginnings."""
    entry = next(one for one in entries if one.id == "ali-pai-dl-optimization")
    issues = (Issue(WEEK, entry, REASONS, (entries[0],)), Issue(WEEK, entry, ("first",)))
    told = [compose(issue, entries, "both", "en") for issue in issues]
    facts = {fact for digest in told for fact in digest.facts}
    known = [fact.text.en for fact in entry.facts]
    assert all(any(text.startswith(fact.removesuffix(" …")) for text in known) for fact in facts)
    assert {fact.endswith(". …") for fact in facts} == {True, False}


@pytest.mark.parametrize(
    ("line", "height"),
    [
        ("", 0), ("one", 1), ("x" * 44, 1), ("x" * 45, 2), (f"{'x' * 40} yyyyy", 2),
        ("字" * 22, 1), ("字" * 23, 2), (f"{'x' * 43}字", 2), (f"{'x' * 30} {'y' * 90} z", 4),
    ],
)  # fmt: skip
def test_a_phone_parts_chinese_anywhere_and_latin_between_words(line, height):
    """Each line of a message begins anew."""
    assert screen.height([line]) == height
    assert screen.height([line, line]) == 2 * height


def test_summaries_are_cut_where_a_sentence_ends():
    """And the first in its middle, where it is too long itself; never in a word."""
    english = "One thing is here. Another, by K. Müller et al. in v2.0, is there. The last one."
    assert screen.cut(english, 200) == english
    assert screen.cut(english, 40) == "One thing is here. …"
    assert screen.cut(english, 14) == "One thing…"
    assert screen.cut("讲第一件事。再讲第二件。", 20) == "讲第一件事。…"
    assert screen.cut("讲大规模 PAI 平台中的应用，可能整理自演讲。", 17) == "讲大规模…"
    assert screen.cut("x" * 50, 20) == "x" * 19 + "…"


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
    """Besides the pick itself; of many the first, as far as there is room, and how many more."""
    fresh = tuple(entries)[:6]
    told = compose(issue("gpipe", fresh=fresh), entries, "en", "en").fresh
    assert told.count("“") + int(told.split()[-2]) == 6
    assert told.endswith(" more")
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
