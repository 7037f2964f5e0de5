"""Ids as we write them, and what Slack wants of an answer beside its place. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import Channel

COMMAND = "/mlinfra"
SHORTCUT = "find_in_catalog"  # the message shortcut's callback_id


def place(team: str, channel: str, shared: bool = True) -> Channel:
    """A channel, or a direct message, which is not shared."""
    return Channel(f"slack:{team}:{channel}", shared)


def person(team: str, user: str) -> str:
    """A user, by the workspace that we met them in."""
    return f"slack:{team}:{user}"


def parts(name: str) -> tuple[str, str]:
    """The workspace and the id in it, of a channel or a person."""
    _, team, rest = name.split(":", 2)
    return team, rest


def via(**ways: str) -> str:
    """How an answer is wanted, as an event keeps it: `hook=https://… ephemeral=1`.

    hook: a response_url. ephemeral: what was pressed is seen by one person only. share: the answer
    goes to all, and what was pressed goes away. home: the answer is the home tab. view: a modal
    that shows what came of it, in the script. trigger: what may open a modal for three seconds.
    """
    return " ".join(f"{name}={value}" for name, value in ways.items() if value)


def ways(text: str) -> Mapping[str, str]:
    """The same, read."""
    pairs = (part.partition("=") for part in text.split())
    return {name: value for name, _, value in pairs}
