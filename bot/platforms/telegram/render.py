"""A reply as a message of Telegram: the best hit in full, the others in a line each. Pure.

An answer takes 700 characters at the most, for a phone shows no more at once. What has to give way
does so in order: the gist of further hits, their translations, the body down to two or three lines,
the ends of titles, further addresses, then all that stands around.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot import phrases, remarks
from bot.command import in_latin
from bot.model import Address, Answer, Detail, Digest, Form, Found, Notice, Reply
from bot.phrases import tell
from bot.platforms.telegram import hits, weekly
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
    seen,
    units,
    words,
)
from corpus.pattern import pattern
from corpus.record import record

ANSWER = 700
MESSAGE = 4000  # Telegram takes 4096
ALERT = 200  # what a window over the chat shows
_HAN = pattern(r"(?<![\w/])/([\u4e00-\u9fff]+)")
LEAST = 100  # of a remark, where all must be brief


@record
class Around:
    """How what is not a further hit is told: how many addresses, whether in brief, the least of the
    body.
    """

    addresses: int = hits.ADDRESSES
    brief: bool = False
    body: int = 150


AROUND = (
    Around(),
    Around(addresses=1),
    Around(addresses=1, brief=True),
    Around(addresses=1, brief=True, body=40),
)


@record
class Message:
    """What is sent: text as HTML, as the pieces that this is made of, and the buttons."""

    html: str
    pieces: Line
    keyboard: Keyboard

    @property
    def plain(self) -> str:
        """The text where Telegram cannot read the HTML, with its addresses, cut where it would be
        refused.
        """
        return words(clipped(plain(words(self.pieces)), MESSAGE))


def render(reply: Reply, note: str = "") -> Message:
    """The message of a reply; the note at its end is told in any case."""
    match reply:
        case Answer():
            lines = _answer(reply, note)
        case Detail():
            lines = _detail(reply)
        case Form():
            lines = [bold(_typed(reply.title)), *(_setting(name) for name, _ in reply.rows)]
        case Digest():
            lines = weekly.lines(reply)
        case Notice():
            lines = [plain(_typed(line.strip())) for line in reply.lines]
    if note and not isinstance(reply, Answer):
        lines = [clipped(joined(lines, "\n"), MESSAGE - units(note) - 1), plain(note)]
    text = clipped(joined(lines, "\n"), ANSWER if isinstance(reply, Answer) else MESSAGE)
    return Message(html(text), text, under(reply))


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
    elif isinstance(reply, Detail):
        text = f"{reply.title}\n\n{next((told for _, told in reply.summaries), reply.about)}"
    else:
        text = reply.title
    return words(clipped(plain(text), ALERT))


def entry(found: Found) -> str:
    """A hit by itself, as what somebody posts from inline mode."""
    gist = found.body[0] if found.body else found.snippet
    lines = [
        hits.title(found),
        hits.translation(found),
        plain(found.about.text or found.brief),
        clipped(marked(gist), 400),
        hits.addresses(found),
    ]
    return html(clipped(joined(lines, "\n"), ANSWER))


def _answer(answer: Answer, note: str) -> list[Line]:
    if answer.confidence == "nothing":
        return [*_nothing(answer, units(note) + 1), plain(note)]
    best = answer.found[:1] if answer.first == 1 else ()
    others = answer.found[len(best) :]
    body = joined([marked(text) for found in best for text in found.body], "\n")
    whole, brief = length(body), None
    for around in AROUND:
        if around.brief != brief:
            brief = around.brief
            head, tail = _around(answer, best, brief)
            tail = [*tail, plain(note)]
            taken = hits.height([*head, *tail])
        where = [hits.addresses(found, around.addresses, brief) for found in best]
        wanted = min(around.body, whole) + 1
        degree = hits.fitting(others, ANSWER - taken - hits.height(where) - wanted)
        if degree is not None:
            break
    numbered = enumerate(others, answer.first + len(best))
    lines = [hits.line(found, number, degree or hits.BARE) for number, found in numbered]
    left = ANSWER - taken - hits.height([*where, *lines]) - 1
    caution = "".join(found.caution for found in best)
    return [*head, _cut(body, max(left, 0), caution), *where, *lines, *tail]


def _cut(body: Line, most: int, caution: str) -> Line:
    """A body cut, but for how far we are from the work, where only its end says so."""
    cut = clipped(body, most)
    if cut is body:
        return cut
    if caution.lower() not in seen(body).lower() or caution.lower() in seen(cut).lower():
        return cut
    cut = clipped(body, max(most - len(hits.BETWEEN) - units(caution), 0))
    return joined((cut, plain(caution)), hits.BETWEEN)


def _around(answer: Answer, best: Sequence[Found], brief: bool) -> tuple[list[Line], list[Line]]:
    """What stands over the body of the best hit, and at the end."""
    listed = remarks.listed(answer)
    perhaps = f"{tell(phrases.PERHAPS, answer.script)} " if answer.confidence == "maybe" else ""
    head = [
        part
        for found in best
        for part in (hits.opening(found, perhaps), plain(listed), hits.about(found, brief))
    ]
    tail = [plain(text) for text in remarks.how(answer) if text != listed]
    tail += [plain(text) for text in remarks.closing(answer)]
    return head, [clipped(line, LEAST) for line in tail[:2]] if brief else tail


def _nothing(answer: Answer, besides: int) -> list[Line]:
    first, rest = remarks.refusal(answer)
    if remarks.is_help(answer):
        return [plain(first)]
    lines = [joined((bold(first), plain(rest)), " " if answer.script == "en" else "")]
    if answer.found:
        lines.append(plain(remarks.nearest(answer)))
    lines += [
        joined((clipped(hits.title(found), 150), plain(found.brief)), hits.BETWEEN)
        for found in answer.found
    ]
    return [clipped(joined(lines, "\n"), ANSWER - besides)]


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
    line = joined(
        (plain(address.label), link(address.host or address.url, address.url)), hits.BETWEEN
    )
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
    return plain(f"– {_typed(name)}")


def _typed(text: str) -> str:
    """A text whose commands Telegram takes for such: in a group it shows us no others."""
    return _HAN.sub(lambda found: f"/{in_latin(found[1])}", text)
