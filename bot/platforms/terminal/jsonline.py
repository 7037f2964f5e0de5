"""An answer as one line of JSON, with the keys settled in DESIGN.md. Keys are only ever added."""

from __future__ import annotations

import json
from typing import Any

from bot import links
from bot.model import Answer, Found
from corpus.pattern import pattern

# JSON escapes the lower controls by itself; these would still command or confuse a terminal, and
# a lone surrogate is not text at all.
_UNSAFE = pattern("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = pattern("[\ud800-\udfff]")


def line(answer: Answer) -> str:
    """The line, without its line break."""
    plain = {
        "question": _SURROGATE.sub("\ufffd", answer.question),
        "answered": answer.confidence != "nothing",
        "confidence": answer.confidence,
        "results": [_result(found) for found in answer.found],
    }
    text = json.dumps(plain, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _result(found: Found) -> dict[str, Any]:
    entry = found.hit.entry
    return {
        "id": entry.id,
        "title": entry.title,
        "url": found.url,
        "listed": links.listed(links.main(entry)),
        "score": round(found.hit.score, 6),
        "kind": entry.kind,
        "language": entry.languages[0],
        "year": entry.year,
        "links": [
            {"url": links.opening(link), "role": link.role, "listed": links.listed(link)}
            for link in entry.links
        ],
        "matched": [
            {
                "term": match.term.lstrip("=@"),
                "typed": _SURROGATE.sub("\ufffd", match.typed),
                "field": match.field,
            }
            for match in found.hit.explanation.matches
        ],
        "snippet": found.snippet.text,
        "spans": [list(span) for span in found.snippet.spans],
        **_inside(found),
    }


def _inside(found: Found) -> dict[str, Any]:
    """The passage of a page that says what was asked, and the address that opens it there."""
    inner = found.hit.inner
    if inner is None:
        return {}
    told = {"page": inner.page, "heading": inner.heading, "text": inner.text}
    return {"inside": {"url": found.addresses[0].url, **told}}
