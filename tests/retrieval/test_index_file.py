"""A file that is not a whole, sound index of this version is refused, by name and cause."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrieval import index_file
from retrieval.index import Index, IndexFileError

PASSAGES = [[f"w{n % 97}", f"w{n % 13}", "the"] * 5 for n in range(700)]


@pytest.fixture
def saved(tmp_path):
    """The path of a sound index."""
    path = tmp_path / "index"
    Index.build(PASSAGES).save(path)
    return path


@contextmanager
def no_file_over(size):
    """A disk that is full for a file after so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def check_refused(path: Path, cause: str) -> None:
    """The error names the file and says what is wrong with it."""
    with pytest.raises(IndexFileError, match=cause) as caught:
        Index.load(path)
    assert str(path) in str(caught.value)


def test_every_truncation_is_refused(saved):
    """However little of the file is missing, it is refused."""
    whole = saved.read_bytes()
    for size in {0, 1, 7, 8, 50, 200, len(whole) // 2, len(whole) - 1}:
        saved.write_bytes(whole[:size])
        check_refused(saved, ".")


def test_every_flipped_byte_is_refused(saved):
    """A page, a checksum or the header that was damaged on the disk is noticed."""
    whole = saved.read_bytes()
    for place in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        saved.write_bytes(damaged)
        check_refused(saved, ".")


def test_appended_bytes_are_refused(saved):
    """Two files run together are no index."""
    saved.write_bytes(saved.read_bytes() + b"x")
    check_refused(saved, "too many")


def test_foreign_file_is_refused(saved):
    """Any other file is named as such."""
    saved.write_bytes(b"PK\x03\x04" * 100)
    check_refused(saved, "not an index of ours")


def test_missing_file_is_refused(tmp_path):
    """No file is the same error: build one."""
    check_refused(tmp_path / "none", "No such file")


def test_other_version_is_refused(saved, monkeypatch):
    """A file of an older or newer format is named with its version."""
    monkeypatch.setattr(index_file, "VERSION", index_file.VERSION + 1)
    check_refused(saved, "version 1 of the format, not 2")


def test_damaged_page_of_a_large_file_is_found_when_read(tmp_path, monkeypatch):
    """A large file loads unread; its damage stops the first question that meets it."""
    monkeypatch.setattr(index_file, "CHECKED_WHOLE", 0)
    monkeypatch.setattr(index_file, "PAGE", 256)
    saved = tmp_path / "index"
    Index.build(PASSAGES).save(saved)
    damaged = bytearray(saved.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    saved.write_bytes(damaged)
    index = Index.load(saved)
    with pytest.raises(IndexFileError, match=r"page .* of it is damaged"):
        index.search(dict.fromkeys(index.vocabulary(), 1.0), 3)


def test_damage_of_a_large_file_never_answers(tmp_path, monkeypatch):
    """Wherever a byte is damaged, loading or searching says so, or never reads the page."""
    monkeypatch.setattr(index_file, "CHECKED_WHOLE", 0)
    monkeypatch.setattr(index_file, "PAGE", 256)
    path = tmp_path / "index"
    Index.build(PASSAGES).save(path)
    whole, asked = path.read_bytes(), [{f"w{n}": 1.0, "the": 0.5} for n in range(0, 97, 9)]
    answers = [Index.load(path).search(terms, 5) for terms in asked]
    noticed = 0
    for place in range(0, len(whole), 101):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        path.write_bytes(damaged)
        try:
            index = Index.load(path)
            assert [index.search(terms, 5) for terms in asked] == answers
        except IndexFileError:
            noticed += 1
    assert noticed > len(whole) / 101 / 2


def test_failed_save_leaves_the_old_file(saved):
    """A write that fails midway leaves the file before it, and nothing beside it."""
    before = saved.read_bytes()
    large = Index.build([[f"word{number}" for number in range(5000)]])
    with no_file_over(20_000), pytest.raises(OSError, match="File too large"):
        large.save(saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_loaded_index_outlives_its_file(saved):
    """A file renamed over or removed does not disturb who has it open."""
    index = Index.load(saved)
    Index.build([["b"]]).save(saved)
    assert "the" in index
    assert "the" not in Index.load(saved)
