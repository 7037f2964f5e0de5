"""What a line commands, if it is a command and not a question. Pure grammar."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from corpus.language import simplify
from corpus.pattern import pattern
from corpus.record import record

Verb = Literal["open", "zh", "en", "more", "help", "topics", "quit", "unknown"]

LONGEST = 40  # characters: what is longer is a question
MOST = 10  # entries that a number can name

_VERBS: dict[str, Verb] = {
    "zh": "zh",
    "en": "en",
    "more": "more",
    "help": "help",
    "topics": "topics",
    "quit": "quit",
    "exit": "quit",
    "q": "quit",
    "?": "help",
}
_WORDS: dict[str, Verb] = {
    "更多": "more",
    "帮助": "help",
    "退出": "quit",
    "中文": "zh",
    "英文": "en",
    "主题": "topics",
    "more": "more",
    "help": "help",
    "topics": "topics",
    "quit": "quit",
    "exit": "quit",
}
_NUMBER = pattern(r"[/#]?(\d{1,2})[.)、]?|第(\d{1,2})[条个]")


@record
class Command:
    """What to do, with the number of an entry or the word that is no command."""

    verb: Verb
    number: int = 0
    word: str = ""


def parse(text: str) -> Command | None:
    """The command of a line, None where it is a question."""
    if len(text) > LONGEST:
        return None
    line = simplify(unicodedata.normalize("NFKC", text)).strip().lower()
    if found := _NUMBER.fullmatch(line):
        return _opened(int(found[1] or found[2]), line)
    if line in _WORDS:
        return Command(_WORDS[line])
    if not line.startswith("/"):
        return None
    word = line[1:]
    if verb := _VERBS.get(word) or _WORDS.get(word):
        return Command(verb)
    return Command("unknown", word=line) if re.fullmatch(r"\w{1,12}", word) else None


def _opened(number: int, line: str) -> Command | None:
    if 1 <= number <= MOST:
        return Command("open", number)
    return Command("unknown", word=line) if line.startswith("/") else None
