"""Addresses as they are asked for: read once, by the library that will also connect to them."""

from __future__ import annotations

import re

import httpx

from corpus.errors import Refused

LONGEST = 8000
_BLANK = re.compile(r"[\s%<>\\]")


def read(url: str) -> httpx.URL:
    """An address that may be asked for. Refused where it is none."""
    if len(url) > LONGEST:
        raise Refused("address", "the address is too long")
    try:
        found = httpx.URL(url).copy_with(fragment=None)
        found.host  # noqa: B018  # reading it is what checks how it is spelled
        sound = 0 < port(found) < 65536 and not _BLANK.search(host(found))
    except (httpx.InvalidURL, ValueError, TypeError):
        sound = False
    if not sound:
        raise Refused("address", "it is no address")
    if found.scheme not in ("http", "https"):
        raise Refused("address", "only http and https are fetched")
    if found.userinfo:
        raise Refused("address", "the address holds a user or a password")
    if not found.raw_host:
        raise Refused("address", "the address names no host")
    return found


def joined(target: httpx.URL, location: str) -> str:
    """Where a redirect leads."""
    try:
        return str(target.join(location))
    except (httpx.InvalidURL, ValueError, TypeError):
        raise Refused("redirects", "it redirects to no address") from None


def host(target: httpx.URL) -> str:
    """The host as it is connected to: in ASCII, an IPv6 address without brackets."""
    return target.raw_host.decode("ascii").lower()


def port(target: httpx.URL) -> int:
    """The port that is connected to."""
    return target.port or (443 if target.scheme == "https" else 80)


def origin(target: httpx.URL) -> str:
    """Scheme, host and port, as robots.txt counts."""
    return f"{target.scheme}://{target.netloc.decode('ascii')}"
