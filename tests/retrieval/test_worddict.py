"""The dictionary's file gives back what was written, and is refused when it is anything else."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import worddict
from retrieval.worddict import Origin, WordDictError

ORIGIN = Origin(5071852, ("一本书", "主题"))
LETTERS = [*"abc", *map(chr, range(0x4E00, 0x9000))]
PAIRS = [a + b for a in "abc" for b in string.ascii_letters]
COUNTS = {"一": 9, "一本": 0, "一本书": 3, "主": 1, "主题": 1 << 31, "𠀀": 2, "a": 0, "a\ud800": 5}


@pytest.fixture
def path(tmp_path):
    """The path of a sound dictionary, of some hundred pages."""
    path = tmp_path / "words"
    made = {pair + letter: 7 for pair in PAIRS for letter in string.ascii_letters}
    worddict.write(path, ORIGIN, made | dict.fromkeys(PAIRS, 0) | {a: ord(a) for a in LETTERS}, 1)
    return path


def everything(words, counts):
    """What the file says of every word, and of every word that starts with one."""
    found: dict[str, int] = {}
    for pair in {word[:2] for word in counts}:
        words.load(pair, found)
    return found


def check_refused(path, cause, origin=ORIGIN):
    """The error names the file and says what is wrong with it."""
    with pytest.raises(WordDictError, match=cause) as caught:
        worddict.read(path, origin)
    assert str(path) in str(caught.value)


def test_a_dictionary_reads_as_it_was_written(tmp_path):
    """Every word keeps its count, also 0, beyond the BMP, and with a lone surrogate."""
    worddict.write(tmp_path / "words", ORIGIN, COUNTS, 42)
    words = worddict.read(tmp_path / "words", ORIGIN)
    assert everything(words, COUNTS) == COUNTS
    assert words.total == 42


@given(st.dictionaries(st.text("一丁七𠀀b", min_size=1, max_size=5), st.integers(0, 2**32 - 1)))
def test_any_words_read_as_they_were_written(tmp_path_factory, counts):
    """With the beginnings of every word there, none is lost and none is added."""
    counts |= {word[:end]: 0 for word in counts for end in range(1, len(word))}
    path = tmp_path_factory.getbasetemp() / "any-words"
    worddict.write(path, Origin(0, ()), counts, 0)
    assert everything(worddict.read(path, Origin(0, ())), counts) == counts


def test_a_bucket_holds_no_other_words(tmp_path):
    """One lookup gives the words that begin with two characters, and the first alone."""
    worddict.write(tmp_path / "words", ORIGIN, COUNTS, 42)
    words, found = worddict.read(tmp_path / "words", ORIGIN), {}
    for absent in ("丁", "丁一", "\uffff", "𠀁"):
        words.load(absent, found)
    assert found == {}
    words.load("一丁", found)
    assert found == {"一": 9}
    words.load("主题", found)
    assert found == {"一": 9, "主": 1, "主题": 1 << 31}


def test_every_truncation_is_refused(path):
    """However little of the file is missing, it is refused."""
    whole = path.read_bytes()
    for size in {0, 1, 7, 8, 50, 87, 88, 200, 4096, len(whole) // 2, len(whole) - 1}:
        path.write_bytes(whole[:size])
        check_refused(path, ".")


def test_appended_bytes_are_refused(path):
    """Two files run together are no dictionary."""
    path.write_bytes(path.read_bytes() + b"x")
    check_refused(path, "too many")


def test_every_flipped_byte_is_noticed(path):
    """Damage is found on reading, or by the first word whose page it is in; no count is wrong."""
    whole = path.read_bytes()
    counts = everything(worddict.read(path, ORIGIN), [*LETTERS, *PAIRS])
    for place in range(0, len(whole), 1009):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(WordDictError):
            everything(worddict.read(path, ORIGIN), counts)


def test_damage_waits_for_its_page(path):
    """Reading does not read the whole file: a damaged page is met by who needs it."""
    whole = bytearray(path.read_bytes())
    text = whole.rindex("耀".encode())
    whole[text] ^= 1
    path.write_bytes(whole)
    words, found = worddict.read(path, ORIGIN), {}
    words.load("a", found)
    assert found == {"a": 97}
    with pytest.raises(WordDictError, match=r"page \d+ of it is damaged"):
        words.load("耀", found)


def test_foreign_file_is_refused(path):
    """Any other file is named as such, and so is one in the other byte order."""
    path.write_bytes(b"PK\x03\x04" * 100)
    check_refused(path, "not a dictionary of ours")


def test_missing_file_and_folder_are_refused(tmp_path):
    """No file is the same error: write one."""
    check_refused(tmp_path / "none", "No such file")
    check_refused(tmp_path, ".")


def test_other_version_is_refused(path, monkeypatch):
    """A file of an older or newer format is named with its version."""
    monkeypatch.setattr(worddict, "VERSION", worddict.VERSION + 1)
    check_refused(path, "version 1 of the format, not 2")


@pytest.mark.parametrize(
    "origin", [Origin(1, ORIGIN.words), Origin(ORIGIN.size, ("主题", "一本书")), Origin(0, ())]
)
def test_file_made_of_something_else_is_refused(path, origin):
    """Another dict.txt, other words, or the same words in another order."""
    check_refused(path, "another dict.txt or for other words", origin)


def test_failed_write_leaves_the_old_file(path):
    """A write that fails leaves the file before it, and nothing beside it."""
    before = path.read_bytes()
    path.with_name("folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        worddict.write(path.with_name("folder"), ORIGIN, COUNTS, 42)
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["folder", "words"]


def test_read_dictionary_outlives_its_file(path):
    """A file renamed over or removed does not disturb who has it mapped."""
    words, found = worddict.read(path, ORIGIN), {}
    worddict.write(path, ORIGIN, COUNTS, 42)
    path.unlink()
    words.load("耀", found)
    assert found == {"耀": ord("耀")}
