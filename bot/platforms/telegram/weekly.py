"""The paper of the week as lines of a Telegram message: one screen of a phone. Pure."""

from __future__ import annotations

from bot.digest import sentences
from bot.model import Address, Digest
from bot.phrases import tell
from bot.platforms.telegram.pieces import Line, Piece, bold, clipped, joined, link, plain

SUMMARY = 700  # characters of a summary
FACT = 260
BETWEEN = " ｜ "


def lines(digest: Digest) -> list[Line]:
    """Everything that a digest says."""
    related = [link(title, url) for title, url in digest.related]
    heading = tell(sentences.RELATED, digest.script)
    return [
        plain(digest.note),
        plain(digest.heading),
        (Piece(digest.title, link("", digest.url)[0].url, True),),
        plain(digest.translation or ""),
        plain(digest.about),
        *(clipped(plain(summary), SUMMARY) for summary in digest.summaries),
        bold(tell(sentences.TAKE, digest.script)),
        *(clipped(plain(f"– {fact}"), FACT) for fact in digest.facts),
        joined([_address(address) for address in digest.addresses], BETWEEN),
        joined([plain(heading), *related], BETWEEN) if related else (),
        plain(digest.fresh),
        plain(digest.why),
    ]


def _address(address: Address) -> Line:
    told = " · ".join(filter(None, (address.label, address.host)))
    return (*link(told, address.url), *plain(f" {address.note}" if address.note else ""))
