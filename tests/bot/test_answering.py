from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import answering, desk, links, notices
from bot.model import Channel, Notice, Press, Question
from bot.outcome import Context
from bot.platforms.terminal.explain import table
from bot.platforms.terminal.jsonline import line
from bot.platforms.terminal.look import Look
from bot.platforms.terminal.render import render
from corpus.record import replace
from retrieval.lexicon import FOLDER

BAD = (
    "",
    " \t ",
    "a" * 100_000,
    "训" * 100_000,
    "\x00\x01\x1b[31mred\x1b[0m\x9b31m\x07",
    "angel \ud800\udfff\udc80",
    "😀😀👩‍👩‍👧",
    "\u200f\u202eangel\u2066",
    "'; DROP TABLE entries; --",
    "<script>alert('angel')</script>",
    "https://arxiv.org/abs/1604.00981",
    "http://[::1",
    "%s %(x)s {0} {x} {",
    "﷽" * 50,
    "\n\n",
)
RESULT_KEYS = {
    "id", "title", "url", "listed", "score", "kind", "language", "year", "links", "matched",
    "snippet", "spans",
}  # fmt: skip


@pytest.fixture(name="check")
def _check(retriever):
    """Ask, hold what every answer promises, and return the answer with its JSON."""

    def check(text, language=None):
        answer = answering.answer(Question(text, language), retriever, 10)
        plain = json.loads(line(answer))
        assert plain["answered"] == (plain["confidence"] != "nothing")
        assert len(plain["results"]) <= 10
        for result in plain["results"]:
            assert set(result) == RESULT_KEYS
            assert re.match(r"https?://\S+$", result["url"])
            assert all(0 <= a < b <= len(result["snippet"]) for a, b in result["spans"])
        for look in (Look(80), Look(40, True, True)):
            text = render(replace(answer, found=answer.found[:5]), look, hints=True)
            held = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\", "", text)
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", held)
            assert look.styled or "\x1b" not in text
        return answer, plain

    return check


@pytest.mark.parametrize("text", BAD, ids=lambda text: ascii(text[:20]))
def test_bad_input_gets_a_clear_answer(check, text):
    """Never a fault, and nothing of the question commands the terminal."""
    check(text)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(st.sampled_from("训练 angel参数server\x1b[]\ud800{}%s\u202e😀/1更多-_"), max_size=40)
)
def test_any_text_gets_an_answer(check, retriever, text):
    """As a question and as a line of a chat."""
    check(text)
    desk.handle(Question(text), Context(), retriever)
    desk.handle(Press(text, "k", Channel("x:1"), "x:2", "3"), Context(), retriever)


@pytest.mark.parametrize("text", ["laee\u202e", "\u202elaee", "gpipe\x1b[2J", "参数server\ud800"])
def test_a_slip_with_a_control_in_it_is_told_without(check, text):
    """What was typed is said back, and commands no terminal."""
    check(text)


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("parameter server papers", None, "en"),
        ("参数服务器", None, "zh-Hans"),
        ("參數伺服器", None, "zh-Hant"),
        ("参数服务器", "en", "en"),
        ("parameter server", "zh", "zh-Hans"),
        ("參數伺服器", "zh", "zh-Hant"),
    ],
)
def test_the_answer_is_in_the_language_of_the_question(check, text, language, script):
    """Unless the asker chose another."""
    answer, _ = check(text, language)
    assert answer.script == script


@pytest.mark.parametrize(
    ("text", "first", "url", "listed"),
    [
        (
            "gpipe",
            "gpipe",
            "https://arxiv.org/pdf/1811.06965.pdf",
            None,
        ),
        (
            "high-interest credit card of technical debt",
            "ml-technical-debt",
            "https://storage.googleapis.com/pub-tools-public-publication-data/pdf/43146.pdf",
            "https://research.google.com/pubs/archive/43146.pdf",
        ),
        (
            "AI Infrastructure & Machine Learning Operations (AIOps or MlOps)",
            "skymind-mlops",
            "http://wiki.pathmind.com/ai-infrastructure-machine-learning-operations-mlops",
            "https://blog.skymind.ai/ai-infrastructure-machine-learning-operations-mlops/",
        ),
        (
            "Distributed Deep Learning, Part 1: An Introduction to Distributed Training",
            "skymind-distributed-dl",
            links.ARCHIVE + "https://blog.skymind.ai/distributed-deep-learning-part-1-"
            "an-introduction-to-distributed-training-of-neural-networks/",
            "https://blog.skymind.ai/distributed-deep-learning-part-1-"
            "an-introduction-to-distributed-training-of-neural-networks/",
        ),
    ],
)
def test_the_title_opens_what_is_alive(check, text, first, url, listed):
    """A dead link is never the title's; the address of the list is told beside another."""
    _, plain = check(text)
    best = plain["results"][0]
    assert (best["id"], best["url"], best["listed"]) == (first, url, listed)


def test_a_dead_or_inferred_address_is_no_title(retriever):
    """Over the whole catalog."""
    for entry in retriever.entries:
        link = links.main(entry)
        assert links.opening(link) != link.inferred
        assert link.health != "dead" or links.opening(link) != link.url


@pytest.mark.parametrize("script", ["en", "zh-Hans", "zh-Hant"])
def test_every_entry_can_be_opened_in_full(retriever, script):
    """With both summaries, each link, each place, each fact, and no markup of the catalog."""
    for entry in retriever.entries:
        detail = answering.detail(entry, script)
        assert len(detail.summaries) == 2
        assert len(detail.places) == len(entry.listings)
        assert sum(len(facts) for _, facts in detail.known) == len(entry.facts)
        assert {link.url for link in entry.links if link.health != "dead"} <= {
            address.url for address in detail.addresses
        }
        for width in (40, 80, 120):
            text = render(detail, Look(width))
            assert entry.title[:10] in text
            assert not re.search(r"\bNone\b|\(\)|（）", text)


def test_what_else_was_searched_is_told_where_no_typed_word_is_visible(retriever):
    """Else the marked words show it."""
    hidden = answering.answer(Question("慢节点", "en"), retriever)
    assert hidden.also
    assert all(typed and other and typed != other for typed, other in hidden.also)
    visible = answering.answer(Question("gpipe pipeline parallelism"), retriever)
    assert visible.also == ()


def test_what_else_was_searched_is_never_what_was_typed(retriever):
    """Of every concept, by its first name in either language."""
    lines = (FOLDER / "concepts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for name in (name for row in lines for name in row.split("\t")[:2]):
        for language in ("en", "zh"):
            for typed, other in answering.answer(Question(name, language), retriever).also:
                assert typed.casefold().removesuffix("s") != other.casefold().removesuffix("s")


def test_the_shares_of_an_explanation_sum_to_the_score(retriever):
    """`--explain` is no other truth than the ranking's."""
    answer = answering.answer(Question("distributed training at tencent"), retriever)
    for found in answer.found:
        explanation = found.hit.explanation
        total = sum(match.share for match in explanation.matches)
        total += sum(amount for _, amount in explanation.boosts)
        assert total == pytest.approx(found.hit.score)
    assert "score" in table(answer)


def test_a_doubt_is_told_before_the_title(retriever):
    """Perhaps: / 可能是："""
    result = retriever.search("gpipe")
    answer = answering.told(replace(result, confidence="maybe"), "en", retriever)
    assert render(answer, Look(80)).startswith("Perhaps:\n1 GPipe")


def test_nothing_names_the_nearest_but_not_as_answers(retriever):
    """And says what the catalog covers."""
    result = replace(retriever.search("pipeline parallelism"), confidence="nothing")
    answer = answering.told(result, "zh-Hans", retriever)
    text = render(answer, Look(80))
    assert text.startswith("目录里没有这方面的内容。")
    assert "2004–2018" in text
    assert "最接近的（并非答案）：" in text
    assert len(answer.found) == 2
    assert json.loads(line(answer))["answered"] is False


def test_a_greeting_is_five_lines_at_most(retriever):
    """In each language."""
    for script in ("en", "zh-Hans", "zh-Hant"):
        greeting = notices.greeting(retriever.entries, Channel("terminal:local"), script)
        assert isinstance(greeting, Notice)
        assert len(render(greeting, Look(80)).splitlines()) <= 5


def test_companies_are_told_by_their_own_names(retriever):
    """A heading of the list is the company, not the part of it that an entry under it is of."""
    said = "\n".join(notices.topics(retriever.entries, "en").lines)
    assert "Alibaba 1" in said
    assert "iFLYTEK 1" in said
    assert "Alibaba Cloud" not in said
    assert "阿里 1" in "\n".join(notices.topics(retriever.entries, "zh-Hans").lines)
