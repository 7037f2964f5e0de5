"""The tables of the lexicon: well-formed, sorted, without contradictions, and found in a text.

A phrase that means two things, a stop word that is a concept, a variant that spoils another word:
none of these shows in an answer until somebody asks just so. Here they show at once.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest

from corpus import catalog
from corpus.entries import build
from corpus.model import Entry
from retrieval import phrasebook
from retrieval.fold import fold
from retrieval.lexicon import FOLDER, load
from retrieval.tokenize import Tokenizer

# Phrases that honestly mean two things; neighbours and corpus statistics decide.
AMBIGUOUS = {
    "lr": {"learning rate", "logistic regression"},
    "lecture": {"course", "talk"},
    "lectures": {"course", "talk"},
}
WIDTHS = {
    "alike": 2,
    "concepts": 4,
    "elsewhere": 2,
    "organisations": 4,
    "kinds": 2,
    "variants": 2,
    "pinyin": 2,
    "shapes": 2,
}
HAN = re.compile(r"[\u3400-\u9fff]")
LEXICON = load()


def rows(name: str) -> list[list[str]]:
    """The rows of a table below its header, every cell."""
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def tokenizer() -> Tokenizer:
    return Tokenizer(LEXICON)


@cache
def entries() -> list[Entry]:
    files = sorted((Path(catalog.__file__).parent / "data").glob("*.yaml"))
    parsed = catalog.parse((path.name, path.read_text(encoding="utf-8")) for path in files)
    return [build(entry) for entry in parsed.entries]


def bare(phrase: str) -> str:
    """A phrase as it is matched: folded, without the sign for "as written"."""
    return fold(phrase.removeprefix(phrasebook.AS_WRITTEN)).text


def twice(words: list[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]


def meanings(*tables: str) -> dict[str, set[str]]:
    """Every phrase of some tables, folded, and what it stands for."""
    found = defaultdict(set)
    for table in tables:
        for name, phrases in getattr(LEXICON, table).items():
            for phrase in phrases:
                found[bare(phrase)].add(name)
    return found


@pytest.mark.parametrize(("name", "width"), WIDTHS.items())
def test_every_line_is_well_formed(name, width):
    """Of the table's width, no blanks at the ends of a cell, no empty word in it."""
    for row in rows(name):
        assert len(row) == width, row
        for cell in row:
            words = cell.split("|")
            assert all(word == word.strip() for word in words), row
            assert cell == "" or all(words), row


@pytest.mark.parametrize("name", WIDTHS)
def test_tables_are_sorted(name):
    """So that a change shows as one line; concepts by their category first."""
    keys = [(row[3], row[0]) if name == "concepts" else (row[0],) for row in rows(name)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_a_concept_has_both_languages():
    """An English name of its own, a Chinese one, and a category."""
    names = [row[0] for row in rows("concepts")]
    assert twice(names) == []
    for en, zh, _, category in rows("concepts"):
        assert all((en, zh, category))
        assert not HAN.search(en) or zh == en, en


def test_no_phrase_twice_in_a_line():
    """Folded: AllReduce and allreduce are one phrase, 臉書 and 脸书 too."""
    for table in (LEXICON.concepts, LEXICON.organisations, LEXICON.kinds):
        for name, phrases in table.items():  # a name that is the same in both languages counts once
            assert twice([bare(phrase) for phrase in phrases]) == [], name


@pytest.mark.parametrize("table", ["concepts", "organisations", "kinds"])
def test_a_phrase_means_one_thing(table):
    """But for the few that are known to mean two."""
    found = {phrase: names for phrase, names in meanings(table).items() if len(names) > 1}
    assert found == {phrase: names for phrase, names in AMBIGUOUS.items() if phrase in found}


def test_english_phrases_are_distinct_as_stems():
    """Cluster and clustering are one word to the tokenizer: two concepts cannot part them."""
    found = defaultdict(set)
    for name, phrases in LEXICON.concepts.items():
        for phrase in phrases:
            if bare(phrase) not in AMBIGUOUS:
                stems = tuple(term.text for term in stemmed(bare(phrase)))
                found[stems].add(name)
    assert {stems: names for stems, names in found.items() if stems and len(names) > 1} == {}


def stemmed(phrase: str):
    """The words of an English phrase as stems; nothing for a Chinese one or a stop word in it."""
    if not phrase.isascii():
        return []
    terms = [term for term in tokenizer().terms(phrase) if term.text[0] not in "=@#~"]
    whole = sum(term.end - term.start for term in terms) >= len(re.sub(r"\W", "", phrase))
    return terms if whole else []


def test_what_carries_a_subject_is_no_stop_word():
    """No stop word and no noise phrase is a phrase of a concept or a name."""
    phrases = meanings("concepts", "organisations")
    assert [word for word in LEXICON.stop if fold(word).text in phrases] == []
    assert [phrase for phrase in LEXICON.noise if fold(phrase).text in phrases] == []
    assert [phrase for phrase in LEXICON.noise if fold(phrase).text in meanings("kinds")] == []


@pytest.mark.parametrize("name", ["stop.txt", "noise.txt"])
def test_no_word_is_listed_twice(name):
    """Folded: a Traditional one matches as its Simplified form."""
    assert twice([fold(line).text for line in lines(name)]) == []


def test_words_that_ask_are_sorted():
    """And no stop word, which is not searched anyhow."""
    words = lines("asking.txt")
    assert words == sorted(words)
    assert LEXICON.stop.isdisjoint(words)


def test_stop_words_are_sorted():
    """English before Chinese, as code points sort them."""
    assert lines("stop.txt") == sorted(lines("stop.txt"))


@pytest.mark.parametrize(
    "word", ["learning", "learn", "understanding", "system", "training", "operations", "推荐系统"]
)
def test_words_of_the_field_leave_a_term(word):
    """A stop word takes every word with its stem along: learn would take learning."""
    assert tokenizer()(word)


def test_every_phrase_is_found_in_a_sentence():
    """Between other words of its language, a phrase gives the name it stands for."""
    tables = {"=": LEXICON.concepts, "@": LEXICON.organisations, "#": LEXICON.kinds}
    missed = [
        (name, sentence)
        for sign, table in tables.items()
        for name, phrases in table.items()
        for phrase in phrases
        for sentence in sentences(phrase.removeprefix(phrasebook.AS_WRITTEN))
        if sign + name not in tokenizer()(sentence)
    ]
    assert missed == []


def sentences(typed: str) -> tuple[str, ...]:
    return f"which {typed} then", f"这个 {typed} 吗", f"关于{typed}的"


def test_as_written_phrases_are_not_found_in_lower_case():
    """!AD is automatic differentiation, an ad is not."""
    assert "=automatic differentiation" in tokenizer()("AD in ML")
    assert "=automatic differentiation" not in tokenizer()("an ad for ml")


def test_variants_end_at_a_word_of_the_mainland():
    """One step leads there: what a line gives, no other line changes; no line says nothing."""
    for word, canonical in rows("variants"):
        assert fold(word).text != fold(canonical).text, word
        assert tokenizer().fold(word).text == fold(canonical).text, word
        assert tokenizer().fold(canonical).text == fold(canonical).text, word


@pytest.mark.parametrize(
    "word",
    [
        "吞吐量",
        "微批次",
        "流水线上",
        "离线上传",
        "资料",
        "资料整理",
        "资讯",
        "批次",
        "云端",
        "使用者",
        "装置",
        "档案",
        "无线上网",
    ],
)
def test_variants_leave_the_mainland_s_words_alone(word):
    """Folding comes first, so a line for a Taiwan word sees every mainland text too."""
    assert tokenizer().fold(word).text == word


@pytest.mark.parametrize(
    ("taiwan", "name"),
    [
        ("分散式訓練", "=distributed training"),
        ("管線平行", "=pipeline parallelism"),
        ("資料平行", "=data parallelism"),
        ("參數伺服器", "=parameter server"),
        ("顯卡記憶體", "=GPU memory"),
        ("最佳化演算法", "=optimization algorithm"),
        ("技術負債", "=technical debt"),
        ("類神經網路", "=neural network"),
        ("強化式學習", "=reinforcement learning"),
        ("語音辨識", "=speech recognition"),
        ("投影片", "#slides"),
        ("影片", "#talk"),
        ("臉書", "@facebook"),
    ],
)
def test_taiwan_s_words_meet_the_concept(taiwan, name):
    """A question from Taiwan finds what the mainland wrote."""
    assert name in tokenizer()(taiwan)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("of these two", "#thesis"),  # theses has the stem of these
        ("what it contains", "=containerization"),
        ("at present", "#talk"),
        ("collected data", "#collection"),
        ("regular expressions", "=regularization term"),
        ("recommend me a paper", "=recommender system"),
        ("https 证书", "#book"),
        ("这个课题", "#course"),
        ("general purpose", "=estimation error"),
        ("this platform", "=move to platforms"),
        ("用了很多机器", "=distributed training"),
        ("完整理论", "=survey"),
    ],
)
def test_everyday_words_are_no_phrase(text, name):
    """Words that share a stem or a character with one."""
    assert name not in tokenizer()(text)


def test_every_organisation_of_the_catalog_has_a_name():
    """Each of them is known by its id; one written in two languages by the same."""
    for entry in entries():
        for organisation in entry.organisations:
            found = [
                {term for term in tokenizer()(name) if term.startswith("@")}
                for name in (organisation.en, organisation.zh)
            ]
            assert found[0] == found[1] != set(), organisation


def test_neighbours_of_the_catalog_stand_in_no_entry():
    """`outside` says: the field knows it, the catalog has nothing on it."""
    outside = {"=" + row[0] for row in rows("concepts") if row[3] == "outside"}
    assert len(outside) > 40
    for entry in entries():
        texts = [entry.titles, entry.summary, *entry.keywords, *(fact.text for fact in entry.facts)]
        for text in texts:
            assert outside.isdisjoint(tokenizer()(text.en) + tokenizer()(text.zh)), entry.id


def test_words_of_other_fields_are_none_of_ours():
    """No phrase of a concept of the catalog, an organisation or a kind; no title or keyword."""
    outside = {row[0] for row in rows("concepts") if row[3] == "outside"}
    phrases = {
        phrase: names
        for phrase, names in meanings("concepts", "organisations", "kinds").items()
        if not names <= outside
    }
    listed = {
        bare(text)
        for entry in entries()
        for field in (entry.titles, *entry.keywords)
        for text in (field.en, field.zh)
    }
    words = [word for _, cell in rows("elsewhere") for word in cell.split("|")]
    assert [word for word in words if bare(word) in phrases or bare(word) in listed] == []


def test_no_word_of_other_fields_has_the_stem_of_one_of_ours():
    """`restful` would speak against every "rest", `parallels` against parallelism."""
    texts = (text for entry in entries() for text in (entry.titles.en, entry.summary.en))
    ours = {unit for text in texts for unit in tokenizer()._units(fold(text).text)}
    ours |= {tokenizer().stem(word) for word in LEXICON.stop if word.isascii()}
    words = (word for _, cell in rows("elsewhere") for word in cell.split("|"))
    paths = ((word, path) for word in words for path in _paths(word))
    assert [word for word, path in paths if len(path) == 1 and path[0] in ours] == []


def _paths(phrase: str) -> Iterable[Sequence[str]]:
    """The ways in which a phrase is planted."""
    return phrasebook._paths(fold(phrase).text, tokenizer()._units)


def test_no_word_of_other_fields_twice_in_a_line():
    for topic, cell in rows("elsewhere"):
        assert twice([bare(word) for word in cell.split("|")]) == [], topic


def test_shapes_are_of_characters_that_names_have():
    """Simplified, once, never itself; what no name holds need not be mended."""
    names = {
        letter
        for table in (LEXICON.concepts, LEXICON.organisations)
        for name in (name for found in table.values() for name in found)
        for letter in fold(name).text
    }
    table = rows("shapes")
    assert twice([meant for meant, _ in table]) == []
    for meant, letters in table:
        assert meant in names, meant
        assert meant not in letters, meant
        assert twice(list(letters)) == [], meant
        assert HAN.fullmatch(meant), meant


def test_genres_are_concepts_of_any_field():
    """They say how something is told; nothing that the catalog is about is one."""
    genres = LEXICON.genres
    assert {"survey", "introduction", "comparison", "lessons learned"} <= genres
    assert genres.isdisjoint({"parameter server", "technical debt", "machine learning platform"})
    assert tokenizer().is_genre(["=survey", "综述"])
    assert not tokenizer().is_genre(["=survey", "@google"])


@pytest.mark.parametrize("name", ["alike.tsv", "asking.txt"])
def test_what_pages_are_searched_by_is_folded(name):
    """No word of Taiwan, no capital: each would be met by nothing."""
    for word in re.split(r"[\t|\n]", "\n".join(lines(name))):
        assert tokenizer().fold(word).text == word


def test_words_alike_come_in_both_languages():
    """English before Chinese; none alone, and none twice in a line."""
    for english, chinese in rows("alike"):
        assert not HAN.search(english), english
        assert all(map(HAN.search, chinese.split("|"))), chinese
        assert twice([*english.split("|"), *chinese.split("|")]) == []


def test_pinyin_is_folded():
    """Toneless, no zh, ch, sh, no final ng; polyphones under each reading, once."""
    table = dict(rows("pinyin"))
    for syllable, characters in table.items():
        assert re.fullmatch(r"(?!zh|ch|sh)[a-z]+(?<!ng)", syllable), syllable
        assert twice(list(characters)) == [], syllable
    assert {"式", "试"} <= set(table["si"])
    assert "重" in set(table["zon"]) & set(table["con"])
    assert "吕" in table["lv"]
    assert len(set("".join(table.values()))) == 6763  # GB2312, levels 1 and 2
