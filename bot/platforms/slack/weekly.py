"""The paper of the week as lines of a Slack message: one screen of a phone. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.digest import sentences
from bot.model import Digest
from bot.phrases import tell
from bot.platforms.slack.markup import address, bold, cut, escape, link

Line = tuple[str, str]  # plain, and marked up
SUMMARY = 700  # characters
FACT = 260


def big(digest: Digest) -> Iterator[Line]:
    """What is read."""
    script = digest.script
    for text in (digest.note, digest.heading):
        yield _same(text)
    title = link(digest.url, digest.title)
    yield escape(digest.title), title if "*" in title else f"*{title}*"
    for text in (digest.translation or "", digest.about):
        yield _same(text)
    for summary in digest.summaries:
        yield _same(cut(summary, SUMMARY))
    take = tell(sentences.TAKE, script)
    yield escape(take), bold(take)
    for fact in digest.facts:
        yield _same(f"• {cut(fact, FACT)}")
    for one in digest.addresses:
        words = " · ".join(filter(None, (one.label, one.host)))
        note = f" {escape(one.note)}" if one.note else ""
        yield f"{escape(words)}: {address(one.url)}{note}", f"{link(one.url, words)}{note}"


def small(digest: Digest) -> Iterator[Line]:
    """What leads on, and why this one."""
    heading = escape(tell(sentences.RELATED, digest.script))
    if digest.related:
        plain = " · ".join(f"{escape(title)} {address(url)}" for title, url in digest.related)
        told = " · ".join(link(url, title) for title, url in digest.related)
        yield f"{heading} · {plain}", f"{heading} · {told}"
    for text in (digest.fresh, digest.why):
        yield _same(text)


def _same(text: str) -> Line:
    told = escape(text)
    return told, told
