"""Answers in inline mode: `@bot question` in any chat. Results by rank, a page at a time."""

from __future__ import annotations

from typing import Any

from bot import answering, phrases, speaking
from bot.model import Found, Question
from bot.outcome import Context
from bot.phrases import tell
from bot.platforms.telegram.intake import Asked
from bot.platforms.telegram.pieces import address, clean, clipped, plain, seen
from bot.platforms.telegram.render import entry
from bot.platforms.telegram.said import payload
from corpus.language import Script
from retrieval.retriever import Retriever

MOST = 50  # results in all
PAGE = 10
CACHED = 300  # seconds that Telegram may give the same again
_TITLE, _LINE = 120, 160


def answer(asked: Asked, retriever: Retriever, language: str = "") -> dict[str, Any]:
    """What answerInlineQuery takes; in the language that the asker set, where there is one."""
    text = asked.text.strip()
    context = Context(person={"language": language} if language else {})
    script = speaking.script("", asked.spoken, context)
    found: tuple[Found, ...] = ()
    if text:
        script = speaking.script_of(text, Question(text, spoken=asked.spoken), context)
        told = answering.told(retriever.search(text, limit=MOST), script, retriever, MOST)
        found = () if told.confidence == "nothing" else told.found
    first = int(asked.offset) if asked.offset.isascii() and asked.offset.isdecimal() else 0
    page = found[first : first + PAGE]
    more = first + PAGE < len(found)
    return {
        "inline_query_id": asked.id,
        "results": [_result(hit) for hit in page],
        "next_offset": str(first + PAGE) if more else "",
        "cache_time": CACHED,
        "is_personal": True,  # others may have set another language
        "button": _button(text, script, nothing=bool(text) and not found),
    }


def closed(query: str) -> dict[str, Any]:
    """The same for somebody whom the bot does not serve."""
    return {
        "inline_query_id": query,
        "results": [],
        "cache_time": CACHED,
        "is_personal": True,
    }


def _result(found: Found) -> dict[str, Any]:
    identity = found.hit.entry.id
    gist = found.body[0] if found.body else found.snippet
    about = f"{found.brief} · {gist.text}"
    result = {
        "type": "article",
        "id": identity if len(identity.encode()) <= 64 else identity[-64:],
        "title": seen(clipped(plain(found.title.text), _TITLE)),
        "description": seen(clipped(plain(about), _LINE)),
        "input_message_content": {
            "message_text": entry(found),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    }
    if address(found.url):
        result["url"] = address(found.url)
    return result


def _button(text: str, script: Script, nothing: bool) -> dict[str, str]:
    """Leads to a chat with the bot, where the same question is asked."""
    words = phrases.NOTHING_INLINE if nothing else phrases.OPEN_CHAT
    return {"text": clean(tell(words, script)), "start_parameter": payload(text)}
