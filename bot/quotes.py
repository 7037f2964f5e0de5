"""A passage of a page, quoted: the sentences that say most of a question, and an address that opens
just there. Pure.

The text is a stranger's: what chats would make a link, a mention or a command of is spelled so
that it looks the same and does nothing.
"""

from __future__ import annotations

from urllib.parse import quote

from bot import links, phrases
from bot.model import Address, Marked
from bot.phrases import say, tell
from corpus.language import Script
from corpus.pattern import pattern
from retrieval import snippet
from retrieval.model import Inner, Query
from retrieval.reading import Reader, sentences

LONGEST = 320  # characters that are quoted
_WORDS = 8  # of a text fragment: enough to be found once
_DOT = pattern(r"(?<=[\w-])\.(?=[A-Za-z])")
_SLASH = pattern(r"(?<!\w)/(?=\w)")
_MARKS = str.maketrans({"@": "＠", "#": "＃", "<": "‹", ">": "›", "`": "ˋ"})


def quoted(inner: Inner, query: Query, script: Script, reader: Reader) -> tuple[Marked, Address]:
    """The best sentences of a passage, its words marked, and where they stand."""
    best = _best(inner.text, query, reader)
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


def harmless(text: str) -> str:
    """A text out of which no chat makes a link, a mention, a tag or a command."""
    text = text.translate(_MARKS).replace("://", "∶//")
    return _SLASH.sub("∕", _DOT.sub("․", text))


def place(inner: Inner, text: str) -> str:
    """The address that opens a PDF at its page, a page of the web at the words quoted."""
    base, _, fragment = inner.url.partition("#")
    if inner.page is not None:
        return f"{base}#page={inner.page}"
    words = text.split()
    start = " ".join(words[:_WORDS]) if len(words) > 3 else text[:40]
    escaped = quote(start, safe="").replace("-", "%2D")
    return f"{base}#{fragment}:~:text={escaped}"


def _best(text: str, query: Query, reader: Reader) -> str:
    """One or two sentences, those that say most of what was asked."""
    found = list(sentences(text))
    if not found:
        return text
    worth = [snippet.coverage(text[start:end], query, reader) for start, end in found]
    best = worth.index(max(worth))
    last = best
    if best + 1 < len(found) and found[best + 1][1] - found[best][0] <= LONGEST:
        last = best + 1
    return text[found[best][0] : found[last][1]]
