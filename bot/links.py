"""The addresses of an entry, in the order and with the words in which one should try them.

The title opens the main link. A dead link is never the title's: its substitute is, or else the
search of an archive for a copy. An inferred address stands second and says that it is inferred.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from bot import labels, phrases
from bot.model import Address
from bot.phrases import say, tell
from corpus.language import Script
from corpus.model import Entry, Link, Text
from corpus.record import replace

NOTE = 24  # characters of what is said of an address, where there is little room
ARCHIVE = "https://web.archive.org/web/*/"


def opening(link: Link) -> str:
    """The address to open for a link."""
    if link.health != "dead":
        return link.url
    return link.substitute or link.archived or ARCHIVE + link.url


def listed(link: Link) -> str | None:
    """The address as in the list, where it is not the one to open."""
    address = link.listed or link.url
    return None if address == opening(link) else address


def main(entry: Entry) -> Link:
    """The link that the title stands for."""
    return _ordered(entry)[0]


def alive(entry: Entry) -> bool:
    """Whether the work can be opened, or what serves instead of it."""
    link = main(entry)
    return link.health != "dead" or link.substitute is not None


def instead(entry: Entry, script: Script) -> Address:
    """A work to read in place of one that cannot be opened."""
    label = say(phrases.ALIVE, script, title=entry.title)
    return Address(label, host(opening(main(entry))), opening(main(entry)), needed=True)


def standing(found: Sequence[Address], most: int, brief: bool) -> list[Address]:
    """The first so many addresses, and those that are needed however little room there is; in
    brief without what takes long to say of them.
    """
    kept = [one for number, one in enumerate(found) if number < most or one.needed]
    if not brief:
        return kept
    return [replace(one, note="") if len(one.note) > NOTE else one for one in kept]


def addresses(entry: Entry, script: Script, state: bool = False) -> tuple[Address, ...]:
    """Every address of an entry, best first; with its state where that is asked for."""
    found = [
        address for link in _ordered(entry) for address in _addresses(entry, link, script, state)
    ]
    return tuple(found)


def _ordered(entry: Entry) -> list[Link]:
    return sorted(entry.links, key=lambda link: link.role != "main")


def _addresses(entry: Entry, link: Link, script: Script, state: bool) -> Iterator[Address]:
    if link.health == "dead":
        yield from _dead(link, script)
    else:
        yield Address(
            _label(entry, link, script), host(link.url), link.url, _note(link, script, state)
        )
        yield from _second(link, script)
    if link.abstract:
        yield _address(phrases.ABSTRACT_PAGE, link.abstract, script)


def _dead(link: Link, script: Script) -> Iterator[Address]:
    note = tell(link.note, script) if link.note and not link.substitute else ""
    why = say(phrases.WHY, script, note=note) if note else ""
    label = say(phrases.DEAD, script, why=why)
    copy = link.archived or ARCHIVE + link.url
    yield Address(label, host(ARCHIVE), copy, warning=True, needed=True)
    if link.substitute:
        note = _said(link.note, script)
        yield _address(phrases.INSTEAD_DEAD, link.substitute, script, note, needed=True)


def _second(link: Link, script: Script) -> Iterator[Address]:
    """What to try where the link does not open."""
    if link.inferred:
        moved = link.health == "moved"
        label = phrases.INFERRED if moved else phrases.INFERRED_ELSE
        note = _said(link.note, script)
        yield Address(tell(label, script), host(link.inferred), link.inferred, note, needed=True)
    elif link.substitute:
        live, note = link.health == "live", _said(link.note, script)
        label = phrases.BESIDE if live else phrases.INSTEAD
        yield _address(label, link.substitute, script, note, needed=not live)


def _address(
    label: Text, url: str, script: Script, note: str = "", needed: bool = False
) -> Address:
    return Address(tell(label, script), host(url), url, note, needed=needed)


def _label(entry: Entry, link: Link, script: Script) -> str:
    form = tell(labels.FORMS[link.form], script)
    if link.role == "main":
        return form
    role = tell(labels.ROLES[link.role], script)
    parts = [role, form] if form != role else [role]
    if link.language != entry.languages[0]:
        parts.append(tell(labels.LANGUAGES[link.language], script))
    return " · ".join(parts)


def _note(link: Link, script: Script, state: bool) -> str:
    notes = []
    if link.listed and _bare(link.listed) != _bare(link.url):
        notes.append(say(phrases.MOVED_FROM, script, url=_bare(link.listed)))
    if link.health == "at-risk":
        notes.append(tell(phrases.AT_RISK, script))
    elif state and not link.inferred:
        notes.append(tell(labels.HEALTHS[link.health], script))
    if link.note and not (link.inferred or link.substitute):
        notes.append(tell(link.note, script))
    return _parenthesis(tell(phrases.NAMES_BETWEEN, script).join(notes), script)


def _said(note: Text | None, script: Script) -> str:
    return _parenthesis(tell(note, script), script) if note else ""


def _parenthesis(text: str, script: Script) -> str:
    return say(phrases.NOTED, script, note=text) if text else ""


@lru_cache(maxsize=1024)
def host(url: str) -> str:
    """The host of an address, as one reads it."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # a bracket out of place
        return ""


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.")
