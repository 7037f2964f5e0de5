"""Follow-ups: transcripts of `conversations/*.yaml` on the shipped catalog."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from retrieval import followup, turns
from retrieval.model import Conversation, Query

FOLDER = Path(__file__).with_name("conversations")
CONVERSATIONS = {
    f"{path.stem}: {name}": turns
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, turns in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
SHOWN = 5  # hits that the asker sees of an answer
KEYS = {"say", "intent", "first", "among", "not", "confidence", "hits", "unmet"}
KEYS |= {"kinds", "organisations", "languages", "years"}
LINES = sorted({turn["say"] for turns in CONVERSATIONS.values() for turn in turns})


@pytest.fixture(name="check")
def _check():
    """A result is as a turn of a transcript says."""

    def check(result, turn):
        ids = [hit.entry.id for hit in result.hits]
        assert set(turn) <= KEYS, turn
        if "first" in turn:
            assert ids, turn
            assert ids[0] in turn["first"], turn
        for name, found in (
            ("intent", result.intent),
            ("confidence", result.confidence),
            ("hits", len(ids)),
            ("years", list(result.query.filters.years or ())),
        ):
            assert turn.get(name, found) == found, turn
        for name in ("kinds", "organisations", "languages"):
            found = getattr(result.query.filters, name)
            assert set(turn.get(name, found)) == found, turn
        assert set(turn.get("among", ())) <= set(ids), turn
        assert set(turn.get("not", ())).isdisjoint(ids[:SHOWN]), turn

    return check


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation_goes_as_written(check, retriever, name):
    """Each line is heard with what the lines before it came to."""
    conversation = None
    for turn in CONVERSATIONS[name]:
        result = retriever.search(turn["say"], conversation)
        check(result, turn)
        conversation = result.conversation(SHOWN)


def test_more_shows_every_entry_once(retriever):
    """Page after page, nothing twice, until nothing is left."""
    result = retriever.search("参数服务器")
    pages = []
    for _ in range(50):
        conversation = result.conversation(SHOWN)
        pages += conversation.shown
        result = retriever.search("more", conversation)
        if not result.hits:
            break
    assert result.hits == ()
    assert len(set(pages)) == len(pages)


def test_a_conversation_does_not_grow_without_end(retriever):
    """Questions that narrow are kept up to a depth."""
    conversation = None
    for turn in ["parameter server", *["only papers", "中文的呢", "any book?"] * 10]:
        conversation = retriever.search(turn, conversation).conversation(SHOWN)
    assert len(conversation.questions) <= 5


@pytest.mark.parametrize("text", ["", "more", "2", "第二个", "那京东的呢", "x" * 10_000])
@pytest.mark.parametrize("continues", [True, False])
def test_a_step_needs_nothing_but_words(text, continues):
    """A pure function: without a subject found, without an index."""
    query = Query(text, "en", {}, {})
    assert followup.step(text, query, continues) == followup.step(text, query, continues)


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=12)), max_size=4))
def test_any_conversation_is_answered(retriever, lines):
    """Whatever is said in whatever order: never an error."""
    conversation = None
    for line in lines:
        result = retriever.search(line, conversation)
        assert result.intent in ("search", "more", "open", "similar", "noise")
        conversation = result.conversation(SHOWN)


def test_a_conversation_about_entries_that_are_gone(retriever):
    """The catalog may have changed since: the ids that are left count."""
    gone = Conversation(("gpipe",), ("no-such-entry",), ("no-such-entry",))
    for line in ("more", "the first one", "similar to 1", "newer", "only papers", "same author"):
        retriever.search(line, gone)


@pytest.mark.parametrize("letter", "哈嗯哦谢謝")
def test_a_row_of_laughter_holds_nobody_up(letter):
    """It is noise by itself; before a question its time doubled with each letter."""
    began = time.process_time()
    assert turns.ENDS.fullmatch(letter * 26)
    assert not turns.ENDS.fullmatch(letter * 26 + "x")
    assert time.process_time() - began < 0.5
