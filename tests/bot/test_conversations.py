"""Transcripts of `conversations/*.yaml`, on the real catalog: what is said and what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.desk import Talk, handle
from bot.platforms.terminal.look import Look
from bot.platforms.terminal.render import render

FOLDER = Path(__file__).with_name("conversations")
CONVERSATIONS = {
    f"{path.stem}: {name}": turns
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, turns in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}


@pytest.mark.parametrize("name", CONVERSATIONS)
@pytest.mark.parametrize("look", [Look(80), Look(40, styled=True, clickable=True)])
def test_a_conversation_goes_as_written(name, look, retriever):
    """The plain look is held to the words; a styled one must lay out the same without a fault."""
    talk = Talk()
    for turn in CONVERSATIONS[name]:
        reply, talk = handle(turn["say"], talk, retriever)
        text = "" if reply is None else render(reply, look)
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
