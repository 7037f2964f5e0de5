"""An event as text and back, for as long as it waits to be answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.model import Channel, Delete, Edit, Event, Joined, Left, Moved, Press, Question
from corpus.record import fields, replace

_KINDS = {kind.__name__: kind for kind in (Question, Press, Edit, Delete, Joined, Left, Moved)}
_PARTS = {"channel": Channel, "to": Channel, "question": Question}


def dump(event: Event) -> str:
    """An event as JSON."""
    return written({"event": type(event).__name__, **_plain(event)})


def written(values: Mapping[str, Any]) -> str:
    """Values as JSON. Half a surrogate pair is no text: no database takes it, and what came beside
    it would not be written either.
    """
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace").decode()


def load(text: str) -> Event:
    """The event of a JSON text; fields of a version that knew others are left out."""
    values = json.loads(text)
    event: Event = _built(_KINDS[values.pop("event")], values)
    return event


def at(event: Event, place: str) -> Event:
    """The event where it is now: its place may have moved while it waited."""
    if event.channel.id == place:
        return event
    channel = Channel(place, event.channel.shared)
    if isinstance(event, Edit):
        return replace(event, question=replace(event.question, channel=channel))
    return replace(event, channel=channel)


def _plain(value: Any) -> dict[str, Any]:
    return {
        name: _plain(part) if hasattr(part, "__match_args__") else part
        for name, part in fields(value).items()
    }


def _built(kind: type, values: dict[str, Any]) -> Any:
    known = {name: value for name, value in values.items() if name in kind.__match_args__}  # type: ignore[attr-defined]
    for name, part in _PARTS.items():
        if isinstance(known.get(name), dict):
            known[name] = _built(part, known[name])
    return kind(**known)
