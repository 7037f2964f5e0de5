"""Lines in, replies out: the loop of a chat and of a batch. It decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from bot import answering, desk
from bot.model import Answer, Notice, Question
from bot.platforms.terminal.look import Look
from bot.platforms.terminal.render import render
from corpus.language import Script
from corpus.model import Language
from retrieval.retriever import Retriever

PROMPT = "> "


def chat(
    lines: Iterable[str],
    output: TextIO,
    look: Look,
    retriever: Retriever,
    talk: desk.Talk,
    interactive: bool,
) -> None:
    """Answer each line until they end or one says to leave."""
    if interactive:
        _say(output, render(desk.greeting(retriever.entries, talk.script), look))
    parted = False
    for line in lines:
        told, talk = _told(line, talk, retriever, look, interactive)
        if talk.over:
            return
        if told:
            gap = "\n" if interactive or parted else ""
            _say(output, gap + told + ("\n" if interactive else ""))
            parted = True


def batch(
    lines: Iterable[str],
    output: TextIO,
    retriever: Retriever,
    language: Language | None,
    tell: Callable[[Answer], str],
    shown: int,
) -> None:
    """Answer each line by itself, in order, each as soon as it is read."""
    for line in lines:
        answer = answering.answer(Question(line, language), retriever, shown)
        _say(output, tell(answer))


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


def _told(
    line: str, talk: desk.Talk, retriever: Retriever, look: Look, hints: bool
) -> tuple[str, desk.Talk]:
    """One reply as it is shown; a fault of ours ends the question, not the chat."""
    try:
        reply, after = desk.handle(line, talk, retriever)
        return ("" if reply is None else render(reply, look, hints)), after
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        print(f"mlinfra: {type(error).__name__}", file=sys.stderr)
        return render(Notice((answering.fault(talk.script),)), look), talk


def _load_readline() -> None:
    try:
        import readline  # noqa: F401  # importing it is what gives input() its editing
    except ImportError:
        return


def _say(output: TextIO, text: str) -> None:
    output.write(text)
    output.flush()


def script_of_locale(locale: str) -> Script:
    """The language to greet in, from a locale such as zh_TW.UTF-8."""
    if not locale.lower().startswith("zh"):
        return "en"
    return "zh-Hant" if locale[3:5].upper() in ("TW", "HK", "MO") else "zh-Hans"
