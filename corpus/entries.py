"""An entry out of its plain values, as a catalog file or a snapshot holds them. Needs no YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.model import Entry, Fact, Link, Listing, Text

Plain = dict[str, Any]


def build(entry: Plain) -> Entry:
    """An entry from its plain values, which `parse` has found sound."""
    return Entry(
        id=entry["id"],
        kind=entry["kind"],
        title=entry["title"],
        titles=_text(entry["titles"]),
        ours=tuple(entry["ours"]),
        languages=tuple(entry["languages"]),
        authors=tuple(map(_text, entry["authors"])),
        organisations=tuple(map(_text, entry["organisations"])),
        year=int(entry["year"]) if _known(entry["year"]) else None,
        venue=entry["venue"] if _known(entry["venue"]) else None,
        published=_text(entry["published"]),
        arxiv=entry.get("arxiv"),
        level=entry["level"],
        unsure=tuple(entry.get("unsure", ())),
        gap=_optional_text(entry.get("gap")),
        keywords=tuple(map(_text, entry["keywords"])),
        summary=_text(entry["summary"]),
        facts=tuple(
            Fact(_text(fact), fact["basis"], fact.get("source")) for fact in entry["facts"]
        ),
        links=tuple(map(_link, entry["links"])),
        listings=tuple(map(_listing, entry["listings"])),
        related=tuple(entry.get("related", ())),
        added=entry.get("added"),
    )


def _known(value: str) -> bool:
    return value.lower() not in ("", "~", "null")


def _text(value: str | Mapping[str, str]) -> Text:
    return Text(value, value) if isinstance(value, str) else Text(value["en"], value["zh"])


def _optional_text(value: Mapping[str, str] | None) -> Text | None:
    return None if value is None else _text(value)


def _link(link: Plain) -> Link:
    return Link(
        url=link["url"],
        role=link["role"],
        language=link["language"],
        form=link["form"],
        health=link["health"],
        title=_optional_text(link.get("title")),
        listed=link.get("listed"),
        abstract=link.get("abstract"),
        inferred=link.get("inferred"),
        substitute=link.get("substitute"),
        note=_optional_text(link.get("note")),
    )


def _listing(listing: Plain) -> Listing:
    return Listing(
        section=tuple(listing["section"]),
        title=listing["title"],
        url=listing["url"],
        also=tuple((label, url) for label, url in listing.get("also", ())),
    )
