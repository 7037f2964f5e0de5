"""What a terminal can show, read off what it says of itself. Pure: the environment is handed in."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.pattern import pattern
from corpus.record import record

NARROWEST, WIDEST, USUAL = 20, 120, 80

# Terminals that make a link of OSC 8; the others print nothing of it, but one cannot click there.
_CLICKABLE = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"})
_CLICKABLE_TERM = pattern(r"xterm-kitty|xterm-ghostty|foot.*|alacritty.*|wezterm|contour.*")


@record
class Look:
    """The width of a line, whether there is bold, and whether a link can be clicked."""

    width: int = USUAL
    styled: bool = False
    clickable: bool = False

    @classmethod
    def of(
        cls, environ: Mapping[str, str], is_terminal: bool, columns: int | None, plain: bool = False
    ) -> Look:
        """The look of an output: `columns` is the terminal's own size, where it has one."""
        styled = (
            is_terminal
            and not plain
            and not environ.get("NO_COLOR")
            and environ.get("TERM", "dumb") != "dumb"
        )
        return cls(_width(environ, columns), styled, styled and _clickable(environ))


def _width(environ: Mapping[str, str], columns: int | None) -> int:
    told = environ.get("COLUMNS", "")
    width = int(told) if told.isdecimal() and len(told) < 6 else 0
    return min(max(width or columns or USUAL, NARROWEST), WIDEST)


def _clickable(environ: Mapping[str, str]) -> bool:
    vte = environ.get("VTE_VERSION", "")
    return bool(
        environ.get("TERM_PROGRAM") in _CLICKABLE
        or _CLICKABLE_TERM.fullmatch(environ.get("TERM", ""))
        or environ.get("WT_SESSION")
        or environ.get("KONSOLE_VERSION")
        or (vte.isdecimal() and int(vte) >= 5000)
    )
