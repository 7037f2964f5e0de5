"""Who may do what: decided here, for every platform alike. Pure."""

from __future__ import annotations

from collections.abc import Set
from typing import Literal

from bot.command import Command
from bot.model import Channel
from corpus.record import record

Right = Literal["anyone", "asker", "admin"]


@record
class Standing:
    """What a person is in a place, as far as it was asked."""

    admin: bool = False  # of the place, by the platform's word
    curator: bool = False  # keeps the catalog
    asked: bool = True  # the question was theirs


def needed(command: Command, channel: Channel) -> Right:
    """The right that a command takes in a place. Alone with the bot, everything is one's own."""
    if not channel.shared:
        return "anyone"
    if command.verb == "settings" and command.text.startswith("here "):
        return "admin"
    if command.verb in ("more", "remove"):
        return "asker"
    return "anyone"


def allowed(right: Right, standing: Standing) -> bool:
    """Whether a standing is enough. Admins and curators may do what askers may."""
    if right == "anyone":
        return True
    if right == "asker":
        return standing.asked or standing.admin or standing.curator
    return standing.admin


def is_curator(person: str, curators: Set[str]) -> bool:
    """Whether a person keeps the catalog."""
    return person in curators
