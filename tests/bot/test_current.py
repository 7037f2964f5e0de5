"""The retriever in force is swapped whole, while questions go on."""

from __future__ import annotations

import shutil

import pytest
from curated import DATA

from bot import phrases
from bot.current import InForce
from bot.phrases import tell
from bot.settings import Settings

NEW = {"gpipe.yaml": ("GPipe: Efficient Training", "GPipe Anew: Efficient Training")}


@pytest.fixture(name="folder")
def _folder(tmp_path):
    """A catalog folder of the operator's own, empty."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    return folder


def test_nothing_is_renewed_where_nothing_has_changed(folder, cache):
    """A look costs a list of files."""
    current = InForce(Settings(catalog=folder, cache=cache))
    before = current.retriever
    assert not current.renew()
    assert current.retriever is before


def test_an_entry_that_changes_is_answered_from_then_on(folder, cache):
    """Who holds the old retriever has it whole; the new one is whole too."""
    current = InForce(Settings(catalog=folder, cache=cache))
    before = current.retriever
    for name, (old, new) in NEW.items():
        text = (DATA / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    assert current.renew()
    assert current.retriever.search("gpipe").hits[0].entry.title.startswith("GPipe Anew")
    assert before.search("gpipe").hits[0].entry.title.startswith("GPipe: Efficient")


def test_a_broken_file_is_a_problem_and_the_rest_is_served(folder, cache):
    """As at a start."""
    current = InForce(Settings(catalog=folder, cache=cache))
    (folder / "bad.yaml").write_text("id: [")
    assert current.renew()
    assert len(current.problems) == 1
    assert len(current.retriever.entries) == 57


def test_a_file_that_cannot_be_read_is_one_problem(folder, tmp_path):
    """That says why, not what it lacks."""
    (folder / "bad.yaml").mkdir()
    current = InForce(Settings(catalog=folder, cache=tmp_path / "cache"))
    (problem,) = current.problems
    assert str(problem) == f"{folder / 'bad.yaml'}:1: cannot be read: Is a directory"
    assert len(current.retriever.entries) == 57


def test_files_that_cannot_be_read_leave_the_one_in_force(folder, tmp_path, cache):
    """The operator moves the folder away for a moment."""
    current = InForce(Settings(catalog=folder, cache=cache))
    shutil.move(folder, tmp_path / "away")
    assert not current.renew() or current.retriever.search("gpipe").hits


@pytest.mark.parametrize("script", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_questions_of_the_greeting_are_answered_sure(retriever, script, number):
    """A first contact that fails would be the last."""
    result = retriever.search(tell(phrases.SAMPLES[number], script))
    assert result.confidence == "sure"


def test_retold_is_the_same_hits(retriever):
    """In the order in which they were shown; what is gone is left out."""
    result = retriever.search("parameter server papers")
    ids = [hit.entry.id for hit in result.hits[:5]]
    again = retriever.retold(["parameter server papers"], [*ids, "gone"])
    assert [hit.entry.id for hit in again.hits] == ids
    assert again.confidence == result.confidence
