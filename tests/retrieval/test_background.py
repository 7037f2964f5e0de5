"""How common a word is: looked up in the table where it lies."""

from __future__ import annotations

import pytest

from retrieval.background import UNKNOWN, English
from retrieval.lexicon import FOLDER


def test_every_word_of_the_table_is_found():
    """The first and the last of a block too, with the value that stands beside it."""
    english = English()
    rows = (FOLDER / "english.tsv").read_text(encoding="utf-8").splitlines()
    wrong = [row for row in rows if english.zipf(row.split("\t")[0]) != float(row.split("\t")[1])]
    assert wrong == []


@pytest.mark.parametrize("word", ["", "\t", "zzzzzzzz", "the\t", "the\n", "a\tb", "th e", "~"])
def test_what_the_table_does_not_list_is_unknown(word):
    """Also what would reach over the end of a cell or a line."""
    assert English().zipf(word) == UNKNOWN
