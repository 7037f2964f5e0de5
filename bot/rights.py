"""Who may do what: decided here, for every platform alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Literal

from bot.command import DIGEST, Command
from bot.model import Channel
from corpus.record import record, replace

Right = Literal["anyone", "asker", "admin", "curator"]
_TELLS = ("subscriptions", "paper", "status")  # and changes nothing


@record
class Standing:
    """What a person is in a place, as far as it was asked."""

    admin: bool = False  # of the place, by the platform's word
    curator: bool = False  # keeps the catalog
    operator: bool = False  # runs the bot: is in the operator's own channel
    asked: bool = True  # the question was theirs


def needed(command: Command, channel: Channel, place: Mapping[str, str], thread: str = "") -> Right:
    """The right that a command takes in a place, by what was set there. Alone with the bot,
    everything is one's own, but what all get. A page that is asked for in a `thread` takes nobody's
    answer away.
    """
    if command.verb == "edition":
        return "curator"
    if not channel.shared:
        return "anyone"
    if command.verb in DIGEST and command.verb not in _TELLS:
        return "anyone" if place.get("digest") == "all" else "admin"
    if command.verb == "settings" and command.text.startswith("here "):
        return "admin"
    if command.verb == "remove" or (command.verb == "more" and not thread):
        return "asker"
    return "anyone"


def allowed(right: Right, standing: Standing) -> bool:
    """Whether a standing is enough. Admins and curators may do what askers may; operators all."""
    if right == "anyone" or standing.operator:
        return True
    if right == "asker":
        return standing.asked or standing.admin or standing.curator
    return standing.curator if right == "curator" else standing.admin


def known(
    standing: Standing, person: str, channel: Channel, curators: Set[str], operator: str | None
) -> Standing:
    """The same with what is known without asking the platform: who keeps the catalog, by name or in
    the curators' own place, and who runs the bot.
    """
    return replace(
        standing,
        curator=person in curators or channel.id in curators,
        operator=operator is not None and operator in (channel.id, channel.within),
    )
