"""A hit as lines: the best one in full, a further one in a line, as full as there is room. Pure.

Of further hits the gist gives way first, then the translations, last the ends of titles. What is
left of a title still tells it from every other, and beside it stand kind, organisation and year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot import links
from bot.model import Address, Found
from bot.platforms.telegram.pieces import (
    Line,
    Piece,
    clean,
    clipped,
    joined,
    link,
    marked,
    plain,
    seen,
    units,
)
from bot.wording import shortened, wide
from corpus.record import record

BETWEEN = " · "
# Of a further hit: its title, and how much the rest of the line, the translation and the gist take;
# last, how wide a character of the gist is.
Size = tuple[str, int, int, int, int]
ADDRESSES = 3  # beside the best hit; all of them stand in its details
TITLE, TRANSLATION, ABOUT = 200, 100, 130  # the most of each
BRIEFER = 80  # of a translation where all must be brief
LEAST = 100  # of an address there


@record
class Degree:
    """How further hits are told."""

    gist: int = 0  # the most of it; of Chinese, which is twice as wide, half
    translated: bool = False
    title: int = TITLE
    whole: bool = True  # with organisation and year, not the kind alone


DEGREES: Sequence[Degree] = (
    Degree(84, translated=True),
    Degree(54, translated=True),
    Degree(translated=True),
    Degree(),
    Degree(title=100),
    Degree(title=70),
    Degree(title=0),
)
BARE = Degree(title=0, whole=False)


def measured(others: Sequence[Found]) -> Sequence[Size]:
    """What the parts of further hits take."""
    return [(clean(found.title.text), units(found.brief) + 3, *_more(found)) for found in others]


def fitting(sizes: Sequence[Size], room: int) -> Degree | None:
    """The fullest way to tell further hits in so much room; None where there is none.

    Reckoned from lengths alone: to lay them out in every way took as long as the search.
    """
    for degree in DEGREES:
        used = 0
        for title, brief, translation, gist, share in sizes:
            used += 4 + units(shortened(title, degree.title)) + brief
            used += min(gist, degree.gist // share + 3) if degree.gist else 0
            used += translation if degree.translated else 0
        if used <= room:
            return degree
    return None


def _more(found: Found) -> tuple[int, int, int]:
    """How much the translation and the gist take, and how wide a character of the gist is."""
    translation = found.translation
    told = min(units(translation.text), TRANSLATION) + 3 if translation else 0
    return told, units(found.snippet.text) + 3, wide(found.snippet.text)


def opening(found: Found, perhaps: str) -> Line:
    """The title of the best hit, alone on the first line: a locked phone shows no more."""
    title = Piece(clean(found.title.text), link("", found.url)[0].url, True)
    return (*plain(perhaps), *clipped((title,), TITLE))


def about(found: Found, brief: bool) -> Line:
    """What the best hit is: in the asker's language, who made it, when and where."""
    if brief:
        return joined((clipped(translation(found), BRIEFER), plain(found.brief)), BETWEEN)
    parts = (clipped(translation(found), TRANSLATION + 20), clipped(marked(found.about, 6), ABOUT))
    return joined(parts, BETWEEN)


def line(found: Found, number: int, degree: Degree) -> Line:
    """A further hit, behind its number."""
    whole = clean(found.title.text)
    shown = shortened(whole, degree.title)
    parts = [
        link(shown, found.url),
        clipped(translation(found), TRANSLATION) if degree.translated else (),
        plain(found.brief if degree.whole else found.brief.partition(BETWEEN)[0]),
        _gist(found, degree.gist) if degree.gist else (),
    ]
    return (Piece(f"{number} "), *joined(parts, BETWEEN))


def title(found: Found) -> Line:
    """The title, which opens the work."""
    return link(found.title.text, found.url)


def translation(found: Found) -> Line:
    """The title in the asker's language, where it has one."""
    return marked(found.translation, 6) if found.translation else ()


def addresses(found: Found, most: int = ADDRESSES, brief: bool = False) -> Line:
    """Form and host of what the title opens, then where else one can go. The way where another is
    closed stands in any case.
    """
    kept = links.standing(found.addresses, most, brief)
    told = [_address(address, found.url) for address in kept]
    return joined([clipped(one, LEAST) for one in told] if brief else told, " ｜ ")


def height(lines: Iterable[Line]) -> int:
    """How much lines take, each with the break before it."""
    return sum(units(seen(line)) + 1 for line in lines if line)


def _gist(found: Found, most: int) -> Line:
    return clipped(marked(found.snippet, 4), most // wide(found.snippet.text))


def _address(address: Address, opened: str) -> Line:
    told = BETWEEN.join(filter(None, (address.label, address.host)))
    shown = plain(told) if address.url == opened and not address.warning else _led(told, address)
    return (*shown, *plain(f" {address.note}")) if address.note else shown


def _led(told: str, address: Address) -> Line:
    return (link(told, address.url)[0]._replace(bold=address.warning),)
