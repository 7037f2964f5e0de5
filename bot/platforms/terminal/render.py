"""A reply as the text of a terminal: the best hit in full, the others in a few lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import phrases, remarks
from bot.digest import sentences
from bot.model import Address, Answer, Detail, Digest, Form, Found, Marked, Notice, Reply
from bot.phrases import say, tell
from bot.platforms.terminal.layout import Style, cells, clean, clip, paint, wrap
from bot.platforms.terminal.look import Look
from corpus.language import Script

BOLD, DIM, MARK, TITLE_MARK, WARN = "1", "2", "1;4", "4", "1;31"
GIST = 150  # cells of a line about a further hit: two lines of a usual terminal


def render(reply: Reply, look: Look, hints: bool = False) -> str:
    """The text of a reply, ending in a line break; `hints` tells which commands lead on."""
    if isinstance(reply, Answer):
        lines = list(_answer(reply, look, hints))
    elif isinstance(reply, Detail):
        lines = list(_detail(reply, look))
    elif isinstance(reply, Form):
        lines = list(_form(reply, look))
    elif isinstance(reply, Digest):
        lines = list(_digest(reply, look, hints))
    else:
        lines = list(_notice(reply, look))
    return "\n".join(lines) + "\n"


def _answer(answer: Answer, look: Look, hints: bool) -> Iterator[str]:
    if answer.confidence == "nothing":
        yield from _nothing(answer, look)
        return
    if answer.confidence == "maybe" and answer.first == 1:
        yield tell(phrases.PERHAPS, answer.script)
    for number, found in enumerate(answer.found, answer.first):
        if number > answer.first:
            yield ""
        yield from (_best if number == 1 else _line)(found, number, look, answer.script)
    closing = [*_how(answer, look), *_closing(answer, look, hints)]
    if closing:
        yield ""
        yield from closing


def _best(found: Found, number: int, look: Look, script: Script) -> Iterator[str]:
    yield from _title(found, number, look)
    indent = _indent(number)
    if found.translation:
        yield from _marked(found.translation, look, indent)
    yield from _text(found.about.text, look, indent)
    for paragraph in found.body:
        yield from _marked(paragraph, look, indent)
    for address in found.addresses:
        yield from _address(address, look, indent, script)


def _how(answer: Answer, look: Look) -> Iterator[str]:
    """How the answer came about; what it stands on is dim, what it says of the list is not."""
    dim = len(answer.follows) + len(answer.instead)
    for place, text in enumerate(remarks.how(answer)):
        styles = _styles(look, 0, len(text), DIM) if place < dim else []
        yield from _text(text, look, "", styles)


def _line(found: Found, number: int, look: Look, script: Script) -> Iterator[str]:
    yield from _title(found, number, look)
    indent = _indent(number)
    if found.translation:
        yield from _marked(found.translation, look, indent)
    yield from _gist(found, look, indent)
    if not look.clickable:
        yield indent + clean(found.url)
    elif found.addresses:
        yield from _address(found.addresses[0], look, indent, script, noted=False)


def _nothing(answer: Answer, look: Look) -> Iterator[str]:
    script = answer.script
    first, rest = remarks.refusal(answer)
    if remarks.is_help(answer):
        yield from _text(first, look, "")
        return
    sentence = (first + " " + rest if script == "en" else first + rest).rstrip()
    yield from _text(sentence, look, "", _styles(look, 0, len(first), BOLD))
    if answer.found:
        yield ""
        yield remarks.nearest(answer)
    else:
        yield from _text(tell(phrases.TRY, script) + tell(phrases.SAMPLES[0], script), look, "")
    for number, found in enumerate(answer.found, 1):
        yield from _title(found, number, look)
        indent = _indent(number)
        if found.translation:
            yield from _marked(found.translation, look, indent)
        yield from _text(found.brief, look, indent)
        yield indent + _link(found.url, found.url, look)
    yield ""
    yield from _text(tell(phrases.LEADS_ON, script), look, "", _styles(look, 0, 200, DIM))


def _closing(answer: Answer, look: Look, hints: bool) -> Iterator[str]:
    script = answer.script
    for text in remarks.closing(answer):
        yield from _text(text, look, "")
    if hints and answer.found:
        last = answer.first + len(answer.found) - 1
        numbers = f"{answer.first}-{last}" if last > answer.first else str(last)
        parts = [
            say(phrases.HINT_OPEN, script, range=numbers),
            tell(phrases.HINT_OTHER, script),
        ]
        if answer.left:
            parts.append(tell(phrases.HINT_MORE, script))
        text = tell(phrases.BETWEEN, script).join(parts)
        yield from _text(text, look, "", _styles(look, 0, len(text), DIM))


def _detail(detail: Detail, look: Look) -> Iterator[str]:
    script = detail.script
    title = _styles(look, 0, len(detail.title), BOLD, detail.url)
    yield from _text(detail.title, look, "", title)
    if detail.translation:
        yield from _text(detail.translation, look, "")
    yield from _text(detail.about, look, "")
    if detail.authors and detail.authors not in detail.about:
        yield from _text(detail.authors, look, "")
    for language, summary in detail.summaries:
        yield from _section(language, (summary,), look)
    yield from _section(tell(phrases.LINKS, script), (), look)
    for address in detail.addresses:
        yield from _address(address, look, "  ", script, alone=True)
    yield from _section(tell(phrases.PLACES, script), detail.places, look)
    yield from _section(tell(phrases.HOW_KNOWN, script), (), look)
    for how, facts in detail.known:
        yield from _text(how, look, "  ", _styles(look, 0, len(how), "4"))
        for fact in facts:
            yield from _bullet(fact, look)
    if detail.gap:
        yield from _section(tell(phrases.NOT_KNOWN, script), (detail.gap,), look)


def _digest(digest: Digest, look: Look, hints: bool) -> Iterator[str]:
    script = digest.script
    for text in filter(None, (digest.note, digest.heading)):
        yield from _text(text, look, "", _styles(look, 0, len(text), DIM))
    title = _styles(look, 0, len(digest.title), BOLD, digest.url)
    yield from _text(digest.title, look, "", title)
    for text in filter(None, (digest.translation, digest.about, *digest.summaries)):
        yield from _text(text, look, "")
    yield from _text(tell(sentences.TAKE, script), look, "")
    for fact in digest.facts:
        yield from _bullet(fact, look)
    for address in digest.addresses:
        yield from _address(address, look, "", script)
    for title_, url in digest.related:
        near = Address(f"{tell(sentences.RELATED, script)} · {title_}", "", url)
        yield from _address(near, look, "", script)
    for text in filter(None, (digest.fresh, digest.why)):
        yield from _text(text, look, "", _styles(look, 0, len(text), DIM))
    if hints:
        told = [f"{choice.label} /{choice.line}" for row in digest.rows for choice in row]
        yield from _text(tell(phrases.BETWEEN, script).join(told), look, "")


def _section(heading: str, texts: Sequence[str], look: Look) -> Iterator[str]:
    yield ""
    yield from _text(heading, look, "", _styles(look, 0, len(heading), BOLD))
    for text in texts:
        yield from _text(text, look, "  ")


def _bullet(text: str, look: Look) -> Iterator[str]:
    lines = list(_text(text, look, "    "))
    yield "  - " + lines[0].removeprefix("    ")
    yield from lines[1:]


def _form(form: Form, look: Look) -> Iterator[str]:
    """Each setting with its choices, what holds now marked, and the line that chooses."""
    yield from _text(form.title, look, "", _styles(look, 0, len(form.title), BOLD))
    for name, choices in form.rows:
        yield from _text(name, look, "  ")
        for choice in choices:
            mark = "●" if choice.chosen else "○"
            yield from _text(f"{mark} {choice.label}  /{choice.line}", look, "    ")


def _notice(notice: Notice, look: Look) -> Iterator[str]:
    for line in notice.lines:
        blank = len(line) - len(line.lstrip())
        yield from _text(line[blank:], look, " " * blank)


def _title(found: Found, number: int, look: Look) -> Iterator[str]:
    title, indent = clean(found.title.text), _indent(number)
    styles: list[Style] = []
    if look.styled:
        styles = [*_styles(look, 0, len(title), BOLD, found.url)]
        styles += [Style(start, end, TITLE_MARK) for start, end in found.title.spans]
    lines = paint(title, wrap(title, look.width - len(indent)), styles)
    yield f"{number} " + lines[0]
    yield from (indent + line for line in lines[1:])


def _marked(marked: Marked, look: Look, indent: str) -> Iterator[str]:
    styles = [Style(start, end, MARK) for start, end in marked.spans] if look.styled else []
    yield from _text(marked.text, look, indent, styles)


def _gist(found: Found, look: Look, indent: str) -> Iterator[str]:
    """What it is and what it says of the question, cut to two lines of a usual terminal."""
    head = found.brief + " · "
    text = clip(head + found.snippet.text, look.width - len(indent), GIST)
    shift, kept = len(head), len(text.rstrip("…"))
    spans = [(start + shift, min(end + shift, kept)) for start, end in found.snippet.spans]
    styles = [Style(start, end, MARK) for start, end in spans if start < end]
    yield from _text(text, look, indent, styles if look.styled else ())


def _address(
    address: Address,
    look: Look,
    indent: str,
    script: Script,
    alone: bool = False,
    noted: bool = True,
) -> Iterator[str]:
    """A label and its address: on one line where that fits, else the address on its own."""
    url = clean(address.url)
    code = WARN if address.warning else ""
    colon = ": " if script == "en" else "："
    label = address.label + colon
    styles = _styles(look, 0, len(address.label), code) if code else []
    if look.clickable and not alone and cells(indent + label + url) > look.width:
        yield from _hidden(address, address.note if noted else "", look, indent)
        return
    if cells(indent + label + url) <= look.width:
        painted = paint(label, ((0, len(label)),), styles)[0]
        yield indent + painted + _link(url, url, look)
    else:
        yield from _text(label.rstrip(), look, indent, styles)
        yield indent + _link(url, url, look)
    if noted and address.note:
        yield from _text(address.note, look, indent, _styles(look, 0, len(address.note), DIM))


def _hidden(address: Address, note: str, look: Look, indent: str) -> Iterator[str]:
    """A long address behind its label and host, which can be clicked."""
    told = " · ".join(filter(None, (address.label, address.host)))
    text = f"{told} {note}".rstrip()
    styles = [Style(0, len(told), WARN if address.warning else "4", clean(address.url))]
    yield from _text(text, look, indent, styles)


def _text(text: str, look: Look, indent: str, styles: Sequence[Style] = ()) -> Iterator[str]:
    said = clean(text)
    if len(said) != len(text):  # what is painted as a whole still is; where words stand has changed
        whole = [style for style in styles if (style.start, style.end) == (0, len(text))]
        styles = [Style(0, len(said), style.code, style.url) for style in whole]
    for line in paint(said, wrap(said, look.width - cells(indent)), styles):
        yield indent + line


def _link(text: str, url: str, look: Look) -> str:
    text, url = clean(text), clean(url)
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if look.clickable else text


def _styles(look: Look, start: int, end: int, code: str, url: str = "") -> list[Style]:
    if not look.styled:
        return []
    return [Style(start, end, code, clean(url) if look.clickable else "")]


def _indent(number: int) -> str:
    return " " * (len(str(number)) + 1)
