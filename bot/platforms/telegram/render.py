"""A reply as a message of Telegram: the best hit in full, the others in a line each. Pure.

An answer takes 700 characters at the most, for a phone shows no more at once. What has to give way
does so in order: the gist of further hits, their translations, the ends of titles, the body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import phrases, remarks
from bot.model import Address, Answer, Detail, Digest, Form, Found, Notice, Reply
from bot.phrases import tell
from bot.platforms.telegram import weekly
from bot.platforms.telegram.keyboard import Keyboard, under
from bot.platforms.telegram.pieces import (
    Line,
    Piece,
    bold,
    clipped,
    html,
    joined,
    length,
    link,
    marked,
    plain,
    units,
    words,
)
from corpus.record import record, replace

ANSWER = 700
MESSAGE = 4000  # Telegram takes 4096
ALERT = 200  # what a window over the chat shows
ROOM = 150  # of the body, before anything else gives way further
ADDRESSES = 3  # beside the best hit; all of them stand in its details
ABOUT = 130
SHORT = 50  # of the title of a further hit, where all must be brief
# How further hits are told, ever shorter: most of the gist, whether with a translation, most of
# the title.
Degree = tuple[int, bool, int]
DEGREES: Sequence[Degree] = (
    (123, True, 200),
    (63, True, 200),
    (0, True, 200),
    (0, False, 200),
    (0, False, 120),
    (0, False, 80),
    (0, False, SHORT),
)
BETWEEN = " · "


@record
class Message:
    """What is sent: HTML, the same as plain text, and the buttons."""

    html: str
    plain: str
    keyboard: Keyboard


def render(reply: Reply) -> Message:
    """The message of a reply."""
    match reply:
        case Answer():
            lines = _answer(reply)
        case Detail():
            lines = _detail(reply)
        case Form():
            lines = [bold(reply.title), *(_setting(name) for name, _ in reply.rows)]
        case Digest():
            lines = weekly.lines(reply)
        case Notice():
            lines = [plain(line.strip()) for line in reply.lines]
    text = clipped(joined(lines, "\n"), ANSWER if isinstance(reply, Answer) else MESSAGE)
    return Message(html(text), _short(words(text)), under(reply))


def alert(reply: Reply) -> str:
    """The same for a window that only the presser sees: the best title, and what it is about."""
    if isinstance(reply, Answer) and reply.found and reply.confidence != "nothing":
        best = reply.found[0]
        title = best.translation or best.title
        gist = best.body[-1] if best.body else best.snippet
        text = f"{title.text}\n\n{gist.text}"
    elif isinstance(reply, Answer):
        text = " ".join(remarks.refusal(reply)).strip()
    elif isinstance(reply, Notice):
        text = "\n".join(reply.lines)
    else:
        text = reply.title
    return words(clipped(plain(text), ALERT))


def entry(found: Found) -> str:
    """A hit by itself, as what somebody posts from inline mode."""
    gist = found.body[0] if found.body else found.snippet
    lines = [
        _title(found),
        _translation(found),
        plain(found.about or found.brief),
        clipped(marked(gist), 400),
        _addresses(found),
    ]
    return html(clipped(joined(lines, "\n"), ANSWER))


def _answer(answer: Answer) -> list[Line]:
    if answer.confidence == "nothing":
        return _nothing(answer)
    tail = [plain(text) for text in (*remarks.how(answer), *remarks.closing(answer))]
    best, others = answer.found[:1], answer.found[1:]
    if answer.first > 1:
        best, others = (), answer.found
    head = [part for found in best for part in _head(answer, found)]
    body = joined([marked(text) for found in best for text in found.body], "\n")
    where = [_addresses(found) for found in best]
    wanted = min(ROOM, length(body))
    degree = _degree(others, ANSWER - _height([*head, *where, *tail]) - wanted - 1)
    if degree is None:  # all else gives way first
        tail, where = [clipped(line, 100) for line in tail[:2]], [clipped(w, 120) for w in where]
        degree = DEGREES[-1]
    lines = [
        _line(found, number, degree)
        for number, found in enumerate(others, answer.first + len(best))
    ]
    left = ANSWER - _height([*head, *where, *lines, *tail]) - 1
    return [*head, clipped(body, max(left, 0)), *where, *lines, *tail]


def _height(lines: Sequence[Line]) -> int:
    """How much lines take, each with the break before it."""
    return sum(length(line) + 1 for line in lines if line)


def _degree(others: Sequence[Found], room: int) -> Degree | None:
    """The fullest way to tell further hits that fits; None where none does.

    Reckoned from lengths alone: to lay them out in every way took as long as the search.
    """
    sizes = [
        (
            units(found.title.text),
            units(found.translation.text) + 3 if found.translation else 0,
            units(found.brief) + 3,
            units(found.brief.split(BETWEEN)[0]) + 3,
            units(found.snippet.text) + 3,
        )
        for found in others
    ]
    for degree in DEGREES:
        gist, translated, most = degree
        used = 0
        for title, translation, brief, kind, snippet in sizes:
            used += 4 + min(title, most) + (kind if most <= SHORT else brief)
            used += (min(translation, 103) if translated else 0) + min(snippet, gist)
        if used <= room:
            return degree
    return None


def _head(answer: Answer, found: Found) -> Iterator[Line]:
    """The first line is the title: on a locked phone it is all that is seen."""
    perhaps = answer.confidence == "maybe" and answer.first == 1
    before = (Piece(tell(phrases.PERHAPS, answer.script) + " "),) if perhaps else ()
    title = Piece(_title(found)[0].text, found.url, True)
    yield (*before, *clipped((replace(title, url=link("", found.url)[0].url),), 200))
    yield joined((clipped(_translation(found), 120), clipped(plain(found.about), ABOUT)), BETWEEN)


def _line(found: Found, number: int, degree: Degree) -> Line:
    gist, translated, title = degree
    parts = [
        clipped(_title(found), title),
        clipped(_translation(found), 100) if translated else (),
        plain(found.brief if title > SHORT else found.brief.split(BETWEEN)[0]),
        clipped(marked(found.snippet, 4), gist - 3) if gist else (),
    ]
    return (Piece(f"{number} "), *joined(parts, BETWEEN))


def _title(found: Found) -> Line:
    return link(found.title.text, found.url)


def _translation(found: Found) -> Line:
    return marked(found.translation, 6) if found.translation else ()


def _addresses(found: Found) -> Line:
    """Form and host of what the title opens, then where else one can go."""
    kept = found.addresses[:ADDRESSES]
    return joined([_address(address, found.url) for address in kept], " ｜ ")


def _address(address: Address, opened: str) -> Line:
    told = BETWEEN.join(filter(None, (address.label, address.host)))
    shown = plain(told) if address.url == opened and not address.warning else _led(told, address)
    return (*shown, *plain(f" {address.note}")) if address.note else shown


def _led(told: str, address: Address) -> Line:
    return (replace(link(told, address.url)[0], bold=address.warning),)


def _nothing(answer: Answer) -> list[Line]:
    first, rest = remarks.refusal(answer)
    if remarks.is_help(answer):
        return [plain(first)]
    lines = [joined((bold(first), plain(rest)), " " if answer.script == "en" else "")]
    if answer.found:
        lines.append(plain(tell(phrases.NEAREST, answer.script)))
    lines += [
        joined((clipped(_title(found), 150), plain(found.brief)), BETWEEN) for found in answer.found
    ]
    return [clipped(joined(lines, "\n"), ANSWER)]


def _detail(detail: Detail) -> list[Line]:
    script = detail.script
    head: list[Line] = [
        (Piece(link(detail.title, detail.url)[0].text, link("", detail.url)[0].url, True),),
        plain(detail.translation or ""),
        plain(detail.about),
        plain(detail.authors if detail.authors not in detail.about else ""),
    ]
    for language, summary in detail.summaries:
        head += [bold(language), plain(summary)]
    head += [bold(tell(phrases.LINKS, script)), *map(_full, detail.addresses)]
    tail = [bold(tell(phrases.PLACES, script)), *map(plain, detail.places)]
    if detail.gap:
        tail += [bold(tell(phrases.NOT_KNOWN, script)), plain(detail.gap)]
    left = MESSAGE - length(joined([*head, *tail], "\n"))
    return [*head, *_known(detail, left), *tail]


def _full(address: Address) -> Line:
    line = joined((plain(address.label), link(address.host or address.url, address.url)), BETWEEN)
    return (*line, *plain(f" {address.note}")) if address.note else line


def _known(detail: Detail, left: int) -> list[Line]:
    """The facts, as many as there is room for."""
    lines = [bold(tell(phrases.HOW_KNOWN, detail.script))]
    for how, facts in detail.known:
        lines += [(Piece(f"{how}"),), *(plain(f"– {fact}") for fact in facts)]
    kept, used = [], 0
    for line in lines:
        used += length(line) + 1
        if used > left:
            break
        kept.append(line)
    return kept if len(kept) > 2 else []


def _setting(name: str) -> Line:
    return plain(f"– {name}")


def _short(text: str) -> str:
    """Plain text with its addresses, cut where Telegram would refuse it."""
    return words(clipped((Piece(text),), MESSAGE))
