"""A folder of bot/platforms is a platform, and each keeps the promises of all."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.platforms

FOLDERS = sorted(
    path.name
    for path in Path(bot.platforms.__path__[0]).iterdir()
    if (path / "__init__.py").exists()
)


def test_the_terminal_is_a_platform():
    assert "terminal" in FOLDERS


@pytest.mark.parametrize("name", FOLDERS)
def test_a_platform_is_held_to_the_promises(name):
    """The day its folder appears."""
    test = Path(__file__).parent / name / "test_conformance.py"
    assert "(Conformance)" in test.read_text(encoding="utf-8")
