"""Transcripts of `conversations/*.yaml`, on the real catalog, through the whole service: what is
said and what is shown.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from talking import Talk

from bot.platforms.terminal.look import Look

FOLDER = Path(__file__).with_name("conversations")
CONVERSATIONS = {
    f"{path.stem}: {name}": turns
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, turns in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}


@pytest.mark.parametrize("name", CONVERSATIONS)
@pytest.mark.parametrize("look", [Look(80), Look(40, styled=True, clickable=True)])
def test_a_conversation_goes_as_written(name, look, current, tmp_path):
    """The plain look is held to the words; a styled one must lay out the same without a fault."""
    turns = CONVERSATIONS[name]
    replies = Talk(current, tmp_path, look).say(*(turn["say"] for turn in turns))
    for turn, text in zip(turns, replies, strict=True):
        assert "went wrong on our side" not in text
        if look.styled:
            continue
        flat = " ".join(text.split())
        for shown in turn["shows"]:
            assert _flat(shown) in flat.replace(" ", ""), f"{shown!r} is not in\n{text}"
        for hidden in turn.get("hides", ()):
            assert hidden not in "\n" + text, f"{hidden!r} is in\n{text}"


def _flat(text: str) -> str:
    """Without blanks: where a line breaks is another test's matter."""
    return "".join(text.split())
