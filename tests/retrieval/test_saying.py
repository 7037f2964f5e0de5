"""What a page says of a question asked in other words than its own."""

from __future__ import annotations

import pytest

from corpus.model import Extract, Part
from retrieval import inside
from retrieval.cutting import cut

GPIPE = "https://arxiv.org/pdf/1811.06965.pdf"
PDS = "https://arxiv.org/pdf/1810.11787.pdf"  # the hitchhiker's guide
FILLER = (
    "Each accelerator holds a partition of the layers and works on its share of every mini batch. "
    "The remaining time is spent on communication between neighbouring partitions of the model. "
)
SAID = {
    2: "Every job dumps its optimizer to the attic bucket each 25 minutes. Old copies are erased.",
    3: "The thermostat of the aisle failed, and overheated machines lowered their clock by half.",
    4: "Rows of the embedding table that nobody has read for two weeks are evicted to disk.",
    5: "An inverted index of 26 million pictures is rebuilt each Sunday.",
    6: "The forecast of demand by Quorblatt is retrained when planners override it too often.",
    7: "Ablations: without residual scaling the loss exploded after 900 iterations.",
    8: "标注员之间意见不一致时由组长裁决，每周大约四百次。",
}


@pytest.fixture(scope="module", name="read")
def _read(retriever, tmp_path_factory):
    """The shipped catalog with two papers behind its links, one of them nothing but filler."""
    parts = tuple(Part(f"{FILLER * 3}{SAID.get(at, '')} {FILLER * 3}", at) for at in range(1, 9))
    folder = tmp_path_factory.mktemp("saying")
    found = [(GPIPE, piece) for piece in cut(Extract(parts=parts), retriever.tokenizer)]
    other = cut(Extract(parts=(Part(FILLER * 20, 1),)), retriever.tokenizer)
    inside.save(folder, "here 1", [*found, *((PDS, piece) for piece in other)])
    return retriever.with_pages(
        inside.load(folder, retriever.derived.addresses).inside, retriever.entries
    )


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("how often are old dumps deleted from the attic", 2),
        ("why did overheating machines slow their clock", 3),
        ("when are rows removed from the embedding table and moved to disk", 4),
        ("what inverted index of images is rebuilt", 5),  # a word of another field, and no phrase
        ("how often do planners override the demand forecast", 6),
        ("what did Quorblatt cost", 6),  # a name that only the page has: less is enough beside it
        ("what did the ablation on page 7 show", 7),
        ("what happened on p. 7 after 900 iterations", 7),
        ("第7页的 ablation 是什么", 7),
        ("what does the ablation on page seven show", 7),
        ("第七页的 ablation", 7),
        ("嵌入表的行多久以后被淘汰到磁盘", 4),
        ("标注员意见不同怎么办", 8),
    ],
)
def test_a_question_in_other_words_finds_the_page(read, question, page):
    """In words alike, of either language; words that only ask need not stand there."""
    found = read.search(question)
    assert found.confidence == "maybe"
    assert found.hits[0].entry.id == "gpipe"
    assert found.hits[0].inner.page == page
    assert found.query.text == question


@pytest.mark.parametrize(
    ("question", "page"),
    [("how often does GPipe dump its optimizer", 2), ("GPipe 嵌入表 淘汰", 4)],
)
def test_the_name_of_an_entry_stands_for_itself_on_its_pages(read, question, page):
    """No page repeats its title; who names it means the page that says the rest."""
    found = read.search(question)
    assert (found.hits[0].entry.id, found.hits[0].inner.page) == ("gpipe", page)


def test_a_page_that_says_too_little_is_told_as_the_nearest(retriever, read):
    """Where the catalog says nothing: no answer, but what comes closest."""
    question = "why did the thermostat in the sauna fail"
    assert retriever.search(question).confidence == "nothing"
    found = read.search(question)
    assert found.confidence == "nothing"
    assert (found.hits[0].entry.id, found.hits[0].inner.page) == ("gpipe", 3)


@pytest.mark.parametrize(
    "question",
    [
        "how often should I water the flowers",
        "weather forecast for Sunday",
        "why is my laptop slow and hot",
        "学习英语的方法",
        "怎么淘汰旧家具",
        "when does the store close on Sundays",
        "how do I save pictures to my disk",
    ],
)
def test_words_alike_bring_no_page_up_alone(retriever, read, question):
    """Two common words of a sentence are no answer."""
    assert read.search(question).confidence == retriever.search(question).confidence


@pytest.mark.parametrize(
    ("question", "page"),
    [("what is on page 3 of GPipe", 3), ("GPipe 第五页讲了什么", 5), ("GPipe page 99", None)],
)
def test_a_page_of_an_entry_is_shown_whatever_it_says(read, question, page):
    """Where it has such a page."""
    found = read.search(question)
    assert found.hits[0].entry.id == "gpipe"
    assert (found.hits[0].inner.page if found.hits[0].inner else None) == page


def test_a_page_asked_for_by_number_stands_before_what_says_as_much(read):
    """Though another page says it, too."""
    found = read.search("the mini batch of every accelerator on page 5")
    assert found.hits[0].inner.page == 5
