"""A reply as a Slack message: blocks, and the same as plain text in reading order. Pure.

Screen readers and notifications have the text alone, so it says everything. Of both, the first line
is the title of the best hit: a lock screen shows no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot import buttons, phrases, remarks
from bot.buttons import Rows
from bot.model import Answer, Choice, Detail, Digest, Form, Marked, Notice, Reply
from bot.phrases import tell
from bot.platforms.slack import blocks, hits, weekly
from bot.platforms.slack.blocks import Block
from bot.platforms.slack.hits import Line
from bot.platforms.slack.markup import bold, clean, cut, escape, link
from bot.platforms.slack.names import COMMAND
from corpus.language import Script
from corpus.pattern import pattern
from corpus.record import record

LONGEST = 3900  # characters of the text: an edit is refused over 4,000
ROWS = 2  # of buttons, at the most, under an answer
_SLASH = pattern(r"(?<![\w/.:<])/(?=[a-z\u4e00-\u9fff])")


@record
class Message:
    """What is sent: the whole as plain text, and the blocks."""

    text: str
    blocks: tuple[Block, ...]

    def body(self) -> dict[str, Any]:
        """As the arguments of a call."""
        return {"text": self.text, "blocks": list(self.blocks)}


@record
class Drawn:
    """A reply as it is for everybody: its text and blocks, its buttons and what these hold."""

    text: str
    blocks: tuple[Block, ...]
    rows: Rows = ()
    question: str = ""
    menu: str = ""
    share: Choice | None = None  # what shows it to everyone, where it can be shown

    def to(self, asker: str, share: bool = False) -> Message:
        """The message to somebody; `share` adds the button that shows it to everyone."""
        rows = [[*row] for row in self.rows]
        if share and self.share:
            rows = [*rows[:-1], [*(rows[-1] if rows else ()), self.share]]
        held = (self.question, asker, self.menu)
        under = (blocks.actions(f"row{at}", row, *held) for at, row in enumerate(rows) if row)
        return Message(self.text, tuple(blocks.fitted([*self.blocks, *under])))


def render(reply: Reply, share: bool = False, asker: str = "") -> Message:
    """The message of a reply to somebody."""
    return drawn(reply).to(asker, share)


def drawn(reply: Reply) -> Drawn:
    """A reply, before anybody is to have it."""
    match reply:
        case Answer():
            share = _share(reply.script) if reply.found and _stands_alone(reply) else None
            rows = buttons.under(reply)[:ROWS]
            return _drawn(*_answer(reply), rows, reply.question, _menu(reply), share)
        case Detail():
            share = _share(reply.script)
            asked = f"/open {reply.entry}"
            return _drawn(_fitting(_detail(reply)), [], (), asked, reply.script, share)
        case Form():
            return _form(reply)
        case Digest():
            lines_ = [line for line in weekly.big(reply) if line[0]]
            beside = [line for line in weekly.small(reply) if line[0]]
            return _drawn(lines_, beside, buttons.under(reply))
        case Notice():
            return _drawn(list(_notice(reply)), [], _gathered(buttons.under(reply)))


def _drawn(
    big: Sequence[Line],
    small: Sequence[Line],
    rows: Rows,
    question: str = "",
    menu: str = "",
    share: Choice | None = None,
) -> Drawn:
    found = (
        *blocks.sections([line for _, line in big if line.strip()]),
        *blocks.context([line for _, line in small]),
    )
    return Drawn(_plain([*big, *small]), found, rows, question, menu, share)


def _plain(lines: Sequence[Line]) -> str:
    return cut("\n".join(plain for plain, _ in lines if plain.strip()), LONGEST) or "…"


def _fitting(lines: Iterable[Line]) -> list[Line]:
    """As many lines as the text has room for, so that blocks and text say the same."""
    kept: list[Line] = []
    room = LONGEST - 2
    for line in lines:
        room -= len(line[0]) + 1
        if room < 0:
            return [*kept, _same("…")]
        kept.append(line)
    return kept


def _same(text: str) -> Line:
    told = escape(text)
    return told, told


def _answer(answer: Answer) -> tuple[list[Line], list[Line]]:
    if answer.confidence == "nothing":
        return list(_nothing(answer)), []
    maybe = answer.confidence == "maybe" and answer.first == 1
    perhaps = f"{tell(phrases.PERHAPS, answer.script)} " if maybe else ""
    after = [*remarks.how(answer), *remarks.closing(answer)]
    besides = len(perhaps) + sum(len(text) + 1 for text in after)
    found = hits.told(answer.found, answer.first, answer.script, besides)
    if perhaps and found:  # on the title's own line: a lock screen shows no more
        found[0] = (perhaps + found[0][0], perhaps + found[0][1])
    return found, [_same(text) for text in after]


def _nothing(answer: Answer) -> Iterator[Line]:
    script = answer.script
    first, rest = remarks.refusal(answer)
    if remarks.is_help(answer):
        yield _same(first)
        return
    gap = " " if script == "en" and rest else ""
    yield escape(first + gap + rest), bold(first) + gap + escape(rest)
    if not answer.found:
        sample = tell(phrases.TRY, script) + tell(phrases.SAMPLES[0], script)
        yield _same(sample)
        return
    nearest = remarks.nearest(answer)
    gap = " " if script == "en" else ""
    plain = [f"{escape(found.title.text)} ({escape(found.brief)})" for found in answer.found]
    told = [
        f"{link(found.url, found.title.text)} ({escape(found.brief)})" for found in answer.found
    ]
    yield escape(nearest) + gap + " · ".join(plain), escape(nearest) + gap + " · ".join(told)


def _detail(detail: Detail) -> Iterator[Line]:
    script = detail.script
    yield hits.title(Marked(detail.title), detail.url)
    for text in (detail.translation, detail.about):
        if text:
            yield _same(text)
    if detail.authors and detail.authors not in detail.about:
        yield _same(detail.authors)
    for language, summary in detail.summaries:
        yield from _section(language, (summary,))
    yield from _section(tell(phrases.LINKS, script), ())
    for one in detail.addresses:
        plain, told = hits.addresses((one,), script)
        yield f"• {plain}", f"• {told}"
    yield from _section(tell(phrases.PLACES, script), detail.places)
    yield from _section(tell(phrases.HOW_KNOWN, script), ())
    for how, facts in detail.known:
        told = escape(how)
        yield told, f"_{told}_"
        yield from (_same(f"• {fact}") for fact in facts)
    if detail.gap:
        yield from _section(tell(phrases.NOT_KNOWN, script), (detail.gap,))


def _section(heading: str, texts: Sequence[str]) -> Iterator[Line]:
    yield escape(heading), bold(heading)
    yield from (_same(text) for text in texts)


def _notice(notice: Notice) -> Iterator[Line]:
    return (_same(line) for line in lines(notice))


def lines(notice: Notice) -> Iterator[str]:
    """The lines of a notice, its commands as they are typed here."""
    for line in notice.lines:
        yield _typed(line)


def _typed(text: str) -> str:
    """A text with its commands as they are typed here."""
    return _SLASH.sub(f"{COMMAND} ", clean(text).strip())


def _form(form: Form) -> Drawn:
    found = list(form_blocks(form))
    plain = [_same(_typed(form.title))]
    for name, choices in form.rows:
        now = ", ".join(choice.label for choice in choices if choice.chosen)
        plain.append(_same(f"{_typed(name)}: {now}"))
    return Drawn(_plain(plain), tuple(found))


def form_blocks(form: Form) -> Iterator[Block]:
    """Settings, a row of buttons each under its name."""
    title = _typed(form.title)
    if len(title) <= blocks.HEADER:
        yield blocks.header(title)
    else:
        yield from blocks.sections([bold(title)])
    for number, (name, choices) in enumerate(form.rows):
        yield from blocks.sections([bold(_typed(name))])
        spoken = [
            Choice(choice.label, choice.line, choice.chosen, _spoken(_typed(name), choice.label))
            for choice in choices
        ]
        yield blocks.actions(f"set{number}", spoken)


def _spoken(name: str, label: str) -> str:
    """A choice as it is read out: behind its setting, before it where only one of them fits."""
    told = f"{name}: {label}"
    return told if len(told) <= blocks.LABEL else f"{label}: {name}"


def _stands_alone(answer: Answer) -> bool:
    """Whether its question asked once more gives it again: one that goes on would go on further."""
    return answer.first == 1 and answer.intent == "search" and not answer.follows


def _share(script: Script) -> Choice:
    return Choice(tell(phrases.SHARE, script), "share")


def _gathered(rows: Rows) -> Rows:
    """Buttons that stand one under the other, in as few rows as they fit."""
    found = [choice for row in rows for choice in row]
    return [found[at : at + blocks.ROW] for at in range(0, len(found), blocks.ROW)][:ROWS]


def _menu(answer: Answer) -> str:
    """What the menu of an answer is made of: its language, its first number and entry."""
    if not answer.found:
        return ""
    return f"{answer.script} {answer.first} {answer.found[0].hit.entry.id}"
