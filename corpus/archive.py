"""Where an archive has a copy of a page: the Wayback Machine's answer, read. Pure."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

API = "https://archive.org/wayback/available"
_HOST = "web.archive.org"


def question(url: str, api: str = API) -> str:
    """The address that tells of the copies of a page."""
    return f"{api}?url={quote(url, safe='')}"


def answer(text: str) -> str | None:
    """The address of the closest copy; None where there is none, or the answer is none."""
    try:
        told: Any = json.loads(text)
        found = told["archived_snapshots"]["closest"]
        address = str(found["url"]) if found.get("available", True) else ""
        parts = urlsplit(address)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if parts.hostname != _HOST or parts.username or not address.isprintable():
        return None
    return address.replace("http://", "https://", 1)
