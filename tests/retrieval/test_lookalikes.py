"""Characters and words that are taken for one another."""

from __future__ import annotations

from retrieval import lookalikes
from retrieval.lexicon import FOLDER


def test_shapes_lead_from_what_is_typed_to_what_is_meant():
    """One way: a character of ours is not a slip of another."""
    found = lookalikes.by_shape(FOLDER / "shapes.tsv")
    assert "微" in found["徽"]
    assert "徽" not in found.get("微", "")


def test_sounds_lead_both_ways():
    """Either may be typed for the other."""
    found = lookalikes.by_sound(FOLDER / "pinyin.tsv")
    assert "式" in found["试"]
    assert "试" in found["式"]


def test_no_table_is_no_slip(tmp_path):
    """Without the tables nothing is mended in Chinese."""
    assert lookalikes.by_shape(tmp_path / "shapes.tsv") == {}
    assert lookalikes.by_sound(tmp_path / "pinyin.tsv") == {}
