from __future__ import annotations

import re
from string import Formatter

import pytest

from bot import labels, phrases
from bot.digest import sentences
from corpus import model
from corpus.language import has_han
from corpus.model import Text

SAME = {
    "BETWEEN",
    "ENGLISH",
    "CHINESE",
    "ENGLISH_NOW",
    "CHINESE_NOW",
}  # said in the language that it is about
NAMES = {"PDF", "GitHub"}  # no words of either language


def _table():
    for name, value in (*vars(phrases).items(), *vars(sentences).items()):
        if isinstance(value, Text):
            yield name, value
        elif isinstance(value, tuple):
            yield from ((f"{name}[{place}]", text) for place, text in enumerate(value))
        elif isinstance(value, dict) and not name.startswith("_"):
            yield from ((f"{name}[{key}]", text) for key, text in value.items())


TABLE = {name: value for name, value in _table() if isinstance(value, Text)}


@pytest.mark.parametrize("name", TABLE)
def test_a_phrase_is_said_in_both_languages(name):
    """English and Chinese, with the same blanks to fill."""
    text = TABLE[name]
    assert text.en
    assert text.zh
    assert _blanks(text.en) == _blanks(text.zh)
    if name in SAME or text.en in NAMES or not re.search("[a-z]", _unfilled(text.en)):
        return
    assert has_han(text.zh) or name.startswith("SAMPLES")
    assert not has_han(text.en) or "(" in text.en or name.startswith(("SAMPLES", "GREETING"))


@pytest.mark.parametrize(
    ("words", "table"),
    [
        (model.KINDS, labels.KINDS),
        (model.ROLES, labels.ROLES),
        (model.FORMS, labels.FORMS),
        (model.HEALTHS, labels.HEALTHS),
        (model.SOURCES, labels.SOURCES),
        ((*model.SOURCES, "known", "title"), labels.BASES),
        (("en", "zh", "fr"), labels.LANGUAGES),
    ],
)
def test_every_word_of_the_catalog_has_a_phrase(words, table):
    """A new kind, role or source fails here before a user meets it."""
    assert set(words) == set(table)


def test_a_traditional_asker_gets_traditional_phrases():
    """Made from the Chinese column."""
    assert phrases.tell(phrases.PERHAPS, "zh-Hant") == "可能是："
    assert phrases.tell(labels.KINDS["book"], "zh-Hant") == "書"


def _blanks(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def _unfilled(text: str) -> str:
    return re.sub(r"\{\w+\}", "", text)
