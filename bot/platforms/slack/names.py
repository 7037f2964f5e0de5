"""Ids as we write them, and what Slack wants of an answer beside its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.command import DIGEST, parse
from bot.model import Channel
from corpus.pattern import pattern

COMMAND = "/mlinfra"
SHORTCUT = "find_in_catalog"  # the message shortcut's callback_id
# A channel behind a command: marked up where Slack knows it, else by its name or id.
_PLACED = pattern(
    r"\s*/?(\w+)\s+(?:<#(\w+)(?:\|[^>]*)?>|(#[^\s<>#|]+)|([CG](?=[A-Z]*[0-9])[A-Z0-9]{8,})"
    r"|(slack:\S+))(?:\s+(.*))?",
    re.DOTALL,
)


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


def placed(text: str, team: str) -> str:
    """A command for another channel with that channel's name as we write it; else the text."""
    found = _PLACED.fullmatch(text)
    command = parse(f"/{found[1]}") if found else None
    if found is None or command is None or command.verb not in DIGEST:
        return text
    named = found[5] or f"slack:{team}:{found[2] or found[3] or found[4]}"
    return f"/{found[1]} {named} {found[6] or ''}".rstrip()


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
