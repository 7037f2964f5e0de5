"""Lines of a terminal or a pipe, and questions answered line by line. No event loop: a program that
answers one question and ends has no time for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from bot.model import Answer
from corpus.language import Script

PROMPT = "> "


def batch(
    lines: Iterable[str],
    output: TextIO,
    answer: Callable[[str], Answer],
    show: Callable[[Answer], str],
) -> None:
    """Answer each line by itself, in order, each as soon as it is read."""
    for line in lines:
        put(output, show(answer(line)))


def typed(prompt: str = PROMPT, editing: bool = True) -> Iterator[str]:
    """The lines that someone types, with editing and history where there is readline."""
    if editing:
        _load_readline()
    while True:
        try:
            yield input(prompt)
        except EOFError:
            print()
            return


def piped(source: TextIO) -> Iterator[str]:
    """The lines of a pipe, without their ends."""
    for line in source:
        yield line.rstrip("\r\n")


def _load_readline() -> None:
    try:
        import readline  # noqa: F401  # importing it is what gives input() its editing
    except ImportError:
        return


def put(output: TextIO, text: str) -> None:
    """Print a text at once."""
    output.write(text)
    output.flush()


def script_of_locale(locale: str) -> Script:
    """The language to greet in, from a locale such as zh_TW.UTF-8."""
    if not locale.lower().startswith("zh"):
        return "en"
    return "zh-Hant" if locale[3:5].upper() in ("TW", "HK", "MO") else "zh-Hans"
