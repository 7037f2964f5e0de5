"""A hit as lines: the best one in full, a further one in a line, as full as there is room. Pure.

Of further hits the gist gives way first, then the translations, last the ends of titles. What is
left of a title still tells it from every other, and beside it stand kind, organisation and year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

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
TITLES = frozenset(degree.title for degree in (*DEGREES, BARE))


@record
class Lasting:
    """What is the same of a further hit in every answer that has it, and how much of it is seen."""

    titles: Mapping[int, tuple[Line, int]]  # by the most of them
    whole: Line  # kind, organisation, year
    kind: Line
    rest: int  # how much the number and that take
    translation: int  # and how much the translation


@lru_cache(maxsize=1024)
def _lasting(title: str, url: str, brief: str, translation: str) -> Lasting:
    """What lasts of a hit, made once."""
    titles = {most: link(shortened(clean(title), most), url) for most in TITLES}
    return Lasting(
        titles={most: (line, units(seen(line))) for most, line in titles.items()},
        whole=plain(brief),
        kind=plain(brief.partition(BETWEEN)[0]),
        rest=4 + units(brief) + len(BETWEEN),
        translation=min(units(translation), TRANSLATION) + len(BETWEEN) if translation else 0,
    )


def _of(found: Found) -> Lasting:
    """What lasts of a hit."""
    translation = found.translation.text if found.translation else ""
    return _lasting(found.title.text, found.url, found.brief, translation)


def fitting(others: Sequence[Found], room: int) -> Degree | None:
    """The fullest way to tell further hits in so much room; None where there is none.

    Reckoned from lengths alone: to lay them out in every way took as long as the search.
    """
    sizes = [_of(found) for found in others]
    for degree in DEGREES:
        left = room
        for size in sizes:
            left -= size.titles[degree.title][1] + size.rest
            left -= size.translation if degree.translated else 0
        if left >= 0 and (not degree.gist or _fits(others, degree.gist, left)):
            return degree
    return None


def _fits(others: Sequence[Found], most: int, room: int) -> bool:
    """Whether there is room for every gist. One is made when it is asked for: that takes longer
    than all that is told of a hit besides, and of five hits seldom one has room for it.
    """
    for found in others:
        text = found.snippet.text
        room -= min(units(text), most // wide(text)) + len(BETWEEN)
        if room < 0:
            return False
    return True


def opening(found: Found, perhaps: str) -> Line:
    """The title of the best hit, alone on the first line: a locked phone shows no more."""
    return (*plain(perhaps), *clipped(link(found.title.text, found.url, bold=True), TITLE))


def about(found: Found, brief: bool) -> Line:
    """What the best hit is: in the asker's language, who made it, when and where."""
    if brief:
        return joined((clipped(translation(found), BRIEFER), plain(found.brief)), BETWEEN)
    parts = (clipped(translation(found), TRANSLATION + 20), clipped(marked(found.about, 6), ABOUT))
    return joined(parts, BETWEEN)


def line(found: Found, number: int, degree: Degree) -> Line:
    """A further hit, behind its number."""
    lasts = _of(found)
    parts = [
        lasts.titles[degree.title][0],
        clipped(translation(found), TRANSLATION) if degree.translated else (),
        lasts.whole if degree.whole else lasts.kind,
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
    shown = [seen(line) for line in lines if line]
    return units("".join(shown)) + len(shown)


def _gist(found: Found, most: int) -> Line:
    return clipped(marked(found.snippet, 4), most // wide(found.snippet.text))


def _address(address: Address, opened: str) -> Line:
    told = BETWEEN.join(filter(None, (address.label, address.host)))
    here = address.url == opened and not address.warning
    shown = plain(told) if here else link(told, address.url, address.warning)
    return (*shown, *plain(f" {address.note}")) if address.note else shown
