"""A passage of a page, quoted: the sentences that say most of a question, and an address that opens
just there. Pure.

The text is a stranger's: what chats would make a link, a mention or a command of is spelled so
that it looks the same and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from bot import links, phrases
from bot.model import Address, Marked
from bot.phrases import say, tell
from corpus.language import Script, has_han
from corpus.model import Entry, Link
from corpus.pattern import pattern
from retrieval import snippet
from retrieval.model import Inner, Query
from retrieval.reading import Reader, sentences

LONGEST = 320  # characters that are quoted
BRIEF = 80  # up to which more than two sentences are: the cells of a table tell little one by one
MOST = 700  # characters of a page's summary beside the editor's
WORTH = 0.2  # of the question: what a page's summary must say beyond what is told already
_OWN = ("main", "part", "translation", "slides")  # links behind which the work itself is
_WORDS = 8  # of a text fragment: enough to be found once
_SHORT, _LONG = 8, 40  # characters of a fragment in Chinese
_LONGEST_FRAGMENT = 120
_CLAUSE = pattern(r"[，。；：！？、;!?]|[,:](?!\d)")
_DOT = pattern(r"(?<=[\w-])\.(?=[^\W\d_])|(?<=\d)\.(?=\d{1,3}\.\d{1,3}\.\d{1,3}\b)")
_SLASH = pattern(r"(?<!\w)/(?=\w)")
_EMOJI = pattern(r":(?=[\w+'-]+:)")
_EDGE = pattern(r"(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])")  # where it would slant what it stands at
_TAPPED = pattern(r"(?<![\w+$])[+$](?=[\dA-Z])")  # before a number to call, a share to look up
_LIKE = {"+": "＋", "$": "＄"}
_MARKS = str.maketrans({"@": "＠", "#": "＃", "<": "‹", ">": "›", "`": "ˋ", "*": "∗", "~": "∼"})


def quoted(inner: Inner, query: Query, script: Script, reader: Reader) -> tuple[Marked, Address]:
    """The best sentences of a passage, its words marked, and where they stand."""
    best = _best(inner.text, inner.terms or snippet.wanted(query), reader)
    text = harmless(" ".join(best.split()))
    text = text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"
    told = Marked(f"“{text}”", ())
    marked = Marked(told.text, snippet.spans(told.text, query, reader))
    if inner.page is not None:
        label = say(phrases.INSIDE_PAGE, script, page=str(inner.page))
    else:
        label = tell(phrases.INSIDE, script)
    heading = harmless(inner.heading[:80])
    url = place(inner, best)
    return marked, Address(label, links.host(url), url, f" ({heading})" if heading else "")


def summary(entry: Entry, script: Script) -> tuple[str, str] | None:
    """What a page behind an entry says of itself: where that comes from, and the text, harmless.

    Of several, the one in the asker's language, else the first.
    """
    found = [link for link in entry.links if link.said and link.role in _OWN]
    if not found:
        return None
    wanted = "en" if script == "en" else "zh"
    link = min(found, key=lambda link: (_language(link) != wanted, link.role != "main"))
    said = link.said
    assert said is not None
    phrase = phrases.ITS_OWN if said.source == "abstract" else phrases.EXTRACTED
    return say(phrase, script, day=said.read, host=links.host(said.url or link.url)), shortened(
        said.text, MOST
    )


def _language(link: Link) -> str:
    return link.said.language if link.said else ""


def better(
    entry: Entry, told: Iterable[str], query: Query, script: Script, reader: Reader
) -> Marked | None:
    """What a page says of itself, where that says much of a question that is not told already."""
    found = summary(entry, script)
    if found is None:
        return None
    left = snippet.unsaid(told, query, reader)
    most = WORTH * sum(query.terms.values())
    if sum(left.values()) <= most:
        return None
    where, text = found
    best = _best(text, left, reader)
    if snippet.share(best, left, reader) <= most:
        return None
    text = say(phrases.SAID_THERE, script, where=where, text=shortened(best, LONGEST))
    return Marked(text, snippet.spans(text, query, reader))


def shortened(text: str, most: int) -> str:
    """A stranger's text, harmless, on one line, at most so long: up to a sentence's end."""
    text = harmless(" ".join(text.split()))
    if len(text) <= most:
        return text
    ends = [end for _, end in sentences(text) if end <= most]
    return text[: ends[-1]].rstrip() if ends else text[: most - 1].rstrip() + "…"


def harmless(text: str) -> str:
    """A text out of which no chat makes a link, a mention, a tag, a command, or another look."""
    text = _EMOJI.sub("∶", text.translate(_MARKS).replace("://", "∶//"))
    text = _EDGE.sub(lambda found: "＿" * len(found[0]), text)
    text = _TAPPED.sub(lambda found: _LIKE[found[0]], text)
    return _SLASH.sub("∕", _DOT.sub("․", text))


def place(inner: Inner, text: str) -> str:
    """The address that opens a PDF at its page, a page of the web at the words quoted."""
    if inner.instead == "":
        return links.ARCHIVE + inner.url
    base, _, fragment = (inner.instead or inner.url).partition("#")
    if inner.page is not None:
        return f"{base}#page={inner.page}"
    escaped = quote(_beginning(text), safe="").replace("-", "%2D")
    return f"{base}#{fragment.partition(':~:')[0]}:~:text={escaped}"


def _beginning(text: str) -> str:
    """Words that a browser finds: of the first sentence, for none is found across two paragraphs,
    and whole ones. Chinese ends at a mark, for where its words end the browser decides.
    """
    start, end = next(sentences(text), (0, len(text)))
    said = text[start:end].partition("\n")[0]
    if not has_han(said):
        return " ".join(said.split()[:_WORDS])[:_LONGEST_FRAGMENT]
    marks = [mark.start() for mark in _CLAUSE.finditer(said)]
    short = [at for at in marks if _SHORT <= at <= _LONG]
    last = short[-1] if short else next((at for at in marks if at > _LONG), None)
    return said[:last][:_LONGEST_FRAGMENT]


def _told(text: str) -> Iterable[tuple[int, int]]:
    """Where the sentences of each line start and end."""
    at = 0
    for line in text.split("\n"):
        yield from ((at + start, at + end) for start, end in sentences(line))
        at += len(line) + 1


def _best(text: str, weights: Mapping[str, float], reader: Reader) -> str:
    """A sentence or two, those that say most of what was asked. None goes over a line's end."""
    found = list(_told(text))
    if not found:
        return text
    worth = [snippet.share(text[start:end], weights, reader) for start, end in found]
    best = worth.index(max(worth))
    last = best
    brief = BRIEF // 3 if has_han(text[slice(*found[best])]) else BRIEF
    while last + 1 < len(found) and found[last + 1][1] - found[best][0] <= LONGEST:
        if last > best and found[last][1] - found[best][0] >= brief:
            break
        last += 1
    return text[found[best][0] : found[last][1]]
