"""Extracts as JSON and back: between a worker and us, and in the database. Pure."""

from __future__ import annotations

import json
from typing import Any

from corpus.model import Extract, Part
from corpus.record import fields


def to_json(extract: Extract) -> str:
    """One line."""
    plain = fields(extract) | {"parts": [fields(part) for part in extract.parts]}
    return json.dumps(plain, ensure_ascii=False)


def from_json(text: str) -> Extract:
    """The extract again. ValueError where it is none, as from a worker gone wrong."""
    plain: Any = json.loads(text)
    try:
        parts = tuple(Part(**part) for part in plain.pop("parts"))
        links = tuple((str(title), str(url)) for title, url in plain.pop("links"))
        lists: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in plain.items()
        }
        return Extract(parts=parts, links=links, **lists)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("it is no extract") from error
