"""What is told of an entry whatever was asked: made once for each script, as one writes a card.

Five hits of an answer asked for a hundred words and addresses that are the same in every answer,
which took as long as the search.
"""

from __future__ import annotations

from bot import links, wording
from bot.model import Address
from bot.phrases import tell
from corpus.language import Script
from corpus.model import Entry
from corpus.record import record
from retrieval.memory import Memory


@record
class Card:
    """What is told of an entry in one script."""

    translation: str | None
    title: str  # the part of the translation that a question may name: what follows it is ours
    summary: str
    about: str
    brief: str
    caution: str
    url: str  # what the title opens
    addresses: tuple[Address, ...]
    alive: bool  # whether it can be opened, or what serves instead of it


def of(entry: Entry, script: Script, memory: Memory) -> Card:
    """The card of an entry, out of the memory of the retriever that has it."""
    return memory.recall(("card", entry.id, script), lambda: made(entry, script))


def made(entry: Entry, script: Script) -> Card:
    """A card, written."""
    translation = wording.translation(entry, script)
    title = entry.titles[wording.language_of(script)]
    summary = tell(entry.summary, script)
    return Card(
        translation=translation,
        title=title if translation and translation.startswith(title) else translation or "",
        summary=summary,
        about=wording.about(entry, script, told=summary),
        brief=wording.brief(entry, script),
        caution=wording.caution(entry, script),
        url=links.opening(links.main(entry)),
        addresses=links.addresses(entry, script),
        alive=links.alive(entry),
    )
