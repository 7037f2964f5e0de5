"""What the entries say: both languages, sentence by sentence, in the form that answers need."""

from __future__ import annotations

import re
from collections.abc import Iterator

import curated
import pytest

from corpus.language import has_han, is_traditional
from corpus.model import Entry, Text

ENTRIES = pytest.mark.parametrize("entry", curated.entries(), ids=lambda entry: entry.id)

# An initial or an abbreviation ends no sentence: its full stop is followed by more of the name.
_ENGLISH_END = re.compile(r"(?<!\b[A-Z])(?<!\bvs)(?<!\be\.g)(?<!\bDr)[.!?][”’)\"]*(?= |$)")
_CHINESE_END = re.compile(r"[。！？]")
_REMARK = re.compile(r" ?[(（][^()（）]+[)）]$")  # on where it is from, at the end
_LATIN_COMMA = re.compile(r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]")


def sentences(entry: Entry) -> Iterator[Text]:
    """Everything that is read as sentences."""
    yield entry.summary
    yield from (fact.text for fact in entry.facts)
    if entry.gap:
        yield entry.gap


def texts(entry: Entry) -> Iterator[Text]:
    """Everything of ours that is read, names and remarks as well."""
    yield from sentences(entry)
    yield from (entry.titles, entry.published, *entry.keywords, *entry.authors)
    yield from entry.organisations
    yield from (text for link in entry.links for text in (link.title, link.note) if text)


@ENTRIES
def test_summary_has_two_to_four_sentences(entry):
    """Enough to learn something before the click, short enough for a phone."""
    english, chinese = _REMARK.sub("", entry.summary.en), _REMARK.sub("", entry.summary.zh)
    assert 2 <= len(_ENGLISH_END.findall(english)) <= 4, english
    assert 2 <= len(_CHINESE_END.findall(chinese)) <= 4, chinese
    assert len(english.split()) <= 80
    assert len(chinese) <= 200


@ENTRIES
def test_sentences_end_as_sentences_do(entry):
    """A full stop of their language, before a remark in brackets on where it is from."""
    for text in sentences(entry):
        assert text.en[-1] in ".!?)”", text.en
        assert re.search(r"[。！？]”?(（[^）]+）)?$", text.zh), text.zh


@ENTRIES
def test_both_languages_are_written(entry):
    """English is without Han but in names and quoted titles; Chinese has Han; they differ."""
    for text in sentences(entry):
        assert has_han(text.zh), text.zh
        assert not re.search(r"[。，；！？]", text.en), text.en
        han = len(re.findall(r"[\u4e00-\u9fff]", text.en))
        assert han * 2 < len(text.en), text.en


@ENTRIES
def test_chinese_is_simplified_and_punctuated_so(entry):
    """Traditional is made from it, never stored; punctuation between Han is full-width."""
    for text in texts(entry):
        # 昇腾 is so written in Simplified, too; OpenCC takes the first letter for Traditional.
        assert not is_traditional(text.zh.replace("昇", "")), text.zh
    for text in sentences(entry):
        assert not _LATIN_COMMA.search(text.zh), text.zh
        assert not re.search(r"[，。；：、！？（）] | [，。；：、！？（）]", text.zh), text.zh


@ENTRIES
def test_nothing_is_left_of_the_making(entry):
    """No quotes of the notes, no blank to fill, no double or outer space."""
    for text in texts(entry):
        for words in (text.en, text.zh):
            assert not re.search(r"[«»\n\t]|FILL|TODO|  ", words), words
            assert words == words.strip()


@ENTRIES
def test_facts_are_known_by_something(entry):
    """What was read names its source; what is known, or seen in a title, has none to name."""
    assert entry.facts
    for fact in entry.facts:
        assert (fact.source is not None) == (fact.basis == "read"), fact.text.en


@ENTRIES
def test_facts_are_told_once(entry):
    """No two facts of an entry are the same sentence."""
    for language in ("en", "zh"):
        told = [fact.text[language] for fact in entry.facts]
        assert len(set(told)) == len(told)


@ENTRIES
def test_title_in_a_language_is_the_listed_one_or_a_translation(entry):
    """Where both titles are ours the list's own is still what we show as the title."""
    assert entry.title == entry.listings[0].title
    assert has_han(entry.titles.zh) or entry.titles.zh == entry.titles.en
    assert set(entry.ours) <= {"en", "zh"}


@ENTRIES
def test_what_is_known_by_its_title_only_is_said_so(entry):
    """The reader must not take a title for a reading."""
    if entry.level == "title":
        told = entry.summary.en + (entry.gap.en if entry.gap else "")
        assert re.search(r"title|not (seen|read|watched)", told), told
        assert "标题" in entry.summary.zh, entry.summary.zh


@ENTRIES
def test_publication_names_its_year(entry):
    """`published` is read out; the year sorts: they agree."""
    for words in (entry.published.en, entry.published.zh):
        assert (str(entry.year) in words) if entry.year else not re.search(r"\d{4}", words), words
    if "year" in entry.unsure and entry.year:
        assert re.search(r"about|probably", entry.published.en)
        assert re.search(r"约|可能", entry.published.zh)


@ENTRIES
def test_keywords_are_words(entry):
    """A handful to 16 pairs, none twice, without brackets or sentences."""
    pairs = [(word.en.lower(), word.zh.lower()) for word in entry.keywords]
    assert len(set(pairs)) == len(pairs)
    assert 4 <= len(pairs) <= 16
    assert not [pair for pair in pairs if re.search(r"[()（）。;；]", "".join(pair))]


def test_an_organisation_is_spelt_in_one_way():
    """Same name in one language, same in the other, over all entries."""
    for here, there in (("en", "zh"), ("zh", "en")):
        spelt: dict[str, str] = {}
        for entry in curated.entries():
            for name in entry.organisations:
                assert spelt.setdefault(name[here], name[there]) == name[there], entry.id


def test_a_person_is_spelt_in_one_way():
    """An author who has a Chinese name has it everywhere."""
    spelt: dict[str, str] = {}
    for entry in curated.entries():
        for author in entry.authors:
            assert spelt.setdefault(author.en, author.zh) == author.zh, entry.id
