"""What was asked before is not worked out again, and is forgotten in time."""

from __future__ import annotations

import pytest

from retrieval import years
from retrieval.memory import HALF, Memory


def test_a_known_key_is_not_worked_out_again():
    """And another key is."""
    memory = Memory()
    assert memory.recall("a", lambda: 1) == 1
    assert memory.recall("a", lambda: 2) == 1
    assert memory.recall("b", lambda: 3) == 3


def test_what_is_asked_for_again_and_again_stays():
    """Others go: never are more than two halves kept."""
    memory = Memory()
    for number in range(HALF):  # each of a few characters
        memory.recall("often", lambda number=number: number)
        memory.recall(number, lambda number=number: number)
    assert memory.recall("often", lambda: "anew") == 0
    assert memory.recall(0, lambda: "anew") == "anew"


def test_of_long_questions_few_are_remembered():
    """Of 2,000 characters each keeps megabytes: who sends a thousand must not fill the memory."""
    memory = Memory()
    for number in range(1000):
        memory.recall(("é" * 2000, number), lambda number=number: number)
    assert memory.recall(("é" * 2000, 999), lambda: -1) == 999
    assert memory.recall(("é" * 2000, 800), lambda: -1) == -1


def test_the_same_question_gets_the_same_answer(retriever):
    """Asked alone, or after another one; and with more hits where more are wanted."""
    found = retriever.search("parameter server")
    assert retriever.search("parameter server") == found
    assert retriever.search("parameter server", limit=3).hits == found.hits[:3]
    after = retriever.search("parameter server", retriever.search("XGBoost").conversation(5))
    assert after.hits == found.hits


def test_another_retriever_remembers_for_itself(retriever):
    """The pages of one are not those of the other."""
    found = retriever.search("parameter server")
    assert retriever.with_pages(None, retriever.entries).search("parameter server") is not found


@pytest.mark.parametrize("question", ["papers from last year", "去年的论文"])
def test_years_count_from_the_year_in_which_they_are_asked(retriever, question, monkeypatch):
    """A bot that runs over New Year's Eve does not go on answering with the year before."""
    this = retriever.parse(question).filters.years
    monkeypatch.setattr(years.time, "localtime", lambda: years.time.gmtime(4102444800 + 86400))
    assert retriever.parse(question).filters.years == (2099, 2099) != this


def test_what_goes_on_from_the_same_questions_is_worked_out_once(retriever):
    """From other ones it is another question, and by itself another again."""
    servers = retriever.search("parameter server").conversation(5)
    boosting = retriever.search("XGBoost").conversation(5)
    found = retriever.search("only papers", servers)
    assert retriever.search("only papers", servers) is found
    assert retriever.search("only papers", boosting).questions == ("XGBoost", "only papers")
    assert retriever.search("only papers").questions == ("only papers",)
