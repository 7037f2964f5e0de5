"""The buttons under a reply, in rows, each a line of the grammar. Pure; a platform draws them.

What opens the menu says `menu`. That changes what is shown and nothing else, so a platform does it
by itself: its choices are those of `menu`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot import labels, phrases
from bot.model import Answer, Choice, Detail, Digest, Form, Notice, Reply
from bot.phrases import say, tell
from corpus.language import Script

Rows = Sequence[Sequence[Choice]]

MOST = 5  # entries that have a button
ABREAST = 3  # with the whole word; of five a phone would cut it
KINDS = ("paper", "book", "course", "talk", "article")  # that the menu can narrow to


def under(reply: Reply) -> Rows:
    """The rows under a reply: two at the most under an answer."""
    match reply:
        case Answer():
            return _under_answer(reply)
        case Detail():
            return ()
        case Form():
            return [choices for _, choices in reply.rows]
        case Digest():
            return reply.rows
        case Notice():
            return [(choice,) for choice in reply.choices]


def menu(script: Script, number: int, entry: str) -> Rows:
    """What leads on from an answer, given the number and the id of its first entry."""
    only = [
        Choice(
            say(phrases.MENU_ONLY, script, kind=tell(labels.KINDS[kind], script)), f"only {kind}"
        )
        for kind in KINDS
    ]
    return (
        (
            Choice(tell(phrases.MENU_MORE, script), "more"),
            Choice(say(phrases.MENU_SIMILAR, script, number=number), f"similar {entry}"),
        ),
        only,
        (
            Choice(tell(phrases.MENU_ENGLISH, script), "ask only in English"),
            Choice(tell(phrases.MENU_CHINESE, script), "ask 只看中文的"),
        ),
        (
            Choice(tell(phrases.MENU_GOOD, script), "good"),
            Choice(tell(phrases.MENU_BAD, script), "bad"),
            Choice(tell(phrases.MENU_REMOVE, script), "remove"),
        ),
    )


def _under_answer(answer: Answer) -> Rows:
    script = answer.script
    if answer.confidence == "nothing":
        return [[Choice(tell(phrases.MENU_TOPICS, script), "topics")]]
    abreast = len(answer.found) <= ABREAST
    details = [
        _details(script, number, found.hit.entry.id, found.title.text, abreast)
        for number, found in enumerate(answer.found[:MOST], answer.first)
    ]
    return [details, _leading_on(script, answer.found[0].title.text)]


# The same under every answer that has the entry, and kept: with the words for who hears them only,
# to write them took as long as the rest of a message's lines.
@lru_cache(maxsize=1024)
def _details(script: Script, number: int, entry: str, title: str, abreast: bool) -> Choice:
    """What opens an entry."""
    words = phrases.DETAILS if abreast else phrases.DETAILS_BRIEF
    return Choice(
        say(words, script, number=number),
        f"open {entry}",
        about=say(phrases.DETAILS_OF, script, number=number, title=title),
    )


@lru_cache(maxsize=1024)
def _leading_on(script: Script, title: str) -> tuple[Choice, Choice]:
    """What tells an answer in the other language, and what opens its menu."""
    other = "zh" if script == "en" else "en"
    switch = say(phrases.OTHER_LANGUAGE_OF, script, title=title)
    more = say(phrases.MENU_OF, script, title=title)
    return (
        Choice(tell(phrases.OTHER_LANGUAGE, script), other, about=switch),
        Choice(tell(phrases.MENU, script), "menu", about=more),
    )
