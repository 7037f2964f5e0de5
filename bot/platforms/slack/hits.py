"""A hit as lines: the best one in full, a further one in a line, as full as a phone has room. Pure.

A phone shows 700 characters. Where an answer would take more, hits give way in order: further
addresses, the translations' ends, what is said of addresses, authors, the ends of titles. What is
left of a title tells it from every other, and the way where a link is closed always stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot import links, wording
from bot.model import Address, Found, Marked
from bot.platforms.slack.markup import address, cut, escape, link, marked
from corpus.language import Script
from corpus.record import record

PHONE = 695  # characters that a phone shows, but for a few
BODY = 420  # of the paragraphs of the best hit, at the most
PARAGRAPH = 80  # the least that a second one is begun for
BRIEFER = 80  # of the best hit's translation there
BETWEEN = " · "

Line = tuple[str, str]  # plain, and marked up


@record
class Degree:
    """How full hits are told."""

    title: int  # the most of a further one's
    translation: int
    addresses: int  # of the best one, besides those that are needed
    noted: bool = True  # with all that is said of them
    brief: bool = False  # of the best one kind, organisation and year alone
    body: int = 160  # the least of it; of Chinese, which is twice as wide, half


DEGREES = (
    Degree(80, 50, 9),
    Degree(80, 50, 2),
    Degree(80, 32, 2, noted=False),
    Degree(80, 32, 1, noted=False),
    Degree(70, 24, 1, noted=False, body=120),
    Degree(70, 24, 1, noted=False, brief=True, body=120),
    Degree(60, 0, 1, noted=False, brief=True, body=120),
    Degree(0, 0, 1, noted=False, brief=True, body=80),
    Degree(0, 0, 1, noted=False, brief=True, body=0),
)


def told(found: Sequence[Found], first: int, script: Script, besides: int) -> list[Line]:
    """The hits of an answer whose other lines take so many characters."""
    best, others = (found[:1], found[1:]) if first == 1 else ((), found)
    body = "\n".join(part.text for one in best for part in one.body)
    share = wording.wide(body)
    degree, room = DEGREES[-1], 0
    for degree in DEGREES:
        room = PHONE - besides - sum([_best_size(one, degree) for one in best])
        room -= sum([_further(one, degree)[2] for one in others])
        if room >= min(len(body), degree.body // share):
            break
    lines = [line for one in best for line in _best(one, script, degree, min(room, BODY))]
    numbered = enumerate(others, first + len(best))
    return [*lines, *[_line(one, number, degree) for number, one in numbered]]


def title(title: Marked, url: str) -> Line:
    """A title that opens the work, alone on its line."""
    told = link(url, title.text)
    plain = escape(" ".join(title.text.split()))
    return plain, f"*{told}*" if "*" not in told else told


def addresses(addresses: Sequence[Address], script: Script) -> Line:
    """Where it can be opened, one after the other: form and host stand before the tap."""
    colon = ": " if script == "en" else "："
    plain, told = [], []
    for one in addresses:
        words = BETWEEN.join(filter(None, (one.label, one.host)))
        note = f" {escape(one.note)}" if one.note else ""
        plain.append(f"{escape(words)}{colon}{address(one.url)}{note}")
        told.append(f"{':warning: ' if one.warning else ''}{link(one.url, words)}{note}")
    return "\n".join(plain), " ｜ ".join(told)


def _best(found: Found, script: Script, degree: Degree, room: int) -> Iterator[Line]:
    """The best hit in full: of what it says, as much as there is room for."""
    yield title(found.title, found.url)
    about, caution = _about(found, degree), _cut_off(found, room)
    if caution and caution.lower() not in about.lower():
        about, room = about + BETWEEN + caution, room - len(BETWEEN + caution)
    yield _same(about)
    for number, paragraph in enumerate(found.body):
        if paragraph.text and room > (PARAGRAPH if number else 1):
            yield _paragraph(paragraph, room)
        room -= len(paragraph.text) + 1
    yield addresses(links.standing(found.addresses, degree.addresses, not degree.noted), script)


def _cut_off(found: Found, room: int) -> str:
    """How far we are from the work, where the body says so past what there is room for."""
    caution = found.caution
    if not caution:
        return ""
    body = "\n".join(part.text for part in found.body)
    told = body.lower().rfind(caution.lower())
    return caution if told + len(caution) > room - 1 and told >= 0 else ""


def _about(found: Found, degree: Degree) -> str:
    translation = found.translation.text if found.translation else ""
    if degree.brief:
        return BETWEEN.join(filter(None, (cut(translation, BRIEFER), found.brief)))
    return BETWEEN.join(filter(None, (translation, found.about.text)))


def _best_size(found: Found, degree: Degree) -> int:
    kept = links.standing(found.addresses, degree.addresses, not degree.noted)
    around = sum(len(one.label) + len(one.host) + len(one.note) + 8 for one in kept)
    return len(found.title.text) + len(_about(found, degree)) + around + 4


def _paragraph(paragraph: Marked, room: int) -> Line:
    text = cut(paragraph.text, room)
    spans = [span for span in paragraph.spans if span[1] < len(text)]
    return escape(text), marked(text, spans)


def _line(found: Found, number: int, degree: Degree) -> Line:
    """A further hit, behind its number."""
    plain, told, _ = _further(found, degree)
    return f"{number} {plain}", f"{number} {told}"


def _further(found: Found, degree: Degree) -> tuple[str, str, int]:
    """What stands behind the number, plain and marked up, and how much of a phone both take."""
    translation = found.translation.text if found.translation and degree.translation else ""
    return _lasting(
        found.title.text,
        found.url,
        translation,
        found.brief,
        _warned(found),
        degree.title,
        degree.translation,
    )


@lru_cache(maxsize=2048)  # the same in every answer that has the entry
def _lasting(
    title: str, url: str, translation: str, brief: str, warned: str, most: int, translated: int
) -> tuple[str, str, int]:
    words = wording.shortened(" ".join(title.split()), most)
    said = cut(translation, translated)
    rest = "".join([f"{BETWEEN}{escape(part)}" for part in (said, brief) if part])
    size = len(words) + len(brief) + len(warned) + 7
    size += min(len(translation), translated) + 3 if translated else 0
    plain = f"{escape(words)}{rest}{escape(warned)}{BETWEEN}{address(url)}"
    return plain, f"{link(url, words)}{rest}{escape(warned)}", size


def _warned(found: Found) -> str:
    """That its link is dead; where to look for a copy stands in its details."""
    label = next((one.label for one in found.addresses if one.warning), "")
    return BETWEEN + label.replace("；", ";").partition(";")[0] if label else ""


def _same(text: str) -> Line:
    told = escape(text)
    return told, told
