"""Page to Extract, by the first source that knows its kind. Pure; runs in the workers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import ModuleType

from corpus.html import clean, line
from corpus.language import detect, has_han
from corpus.model import Extract, Page, Part
from corpus.record import replace
from corpus.sources import arxiv, feed, github, pdf, web, youtube

SOURCES: tuple[ModuleType, ...] = (pdf, arxiv, github, youtube, feed, web)
MOST_TEXT = 3_000_000  # characters of an extract
_LONGEST_TITLE = 400
_LONGEST_ABSTRACT = 6000
_MOST_PROBLEMS = 20
_SAMPLE = 20_000  # characters by which the language is told
_FRENCH = frozenset("le la les des est une dans pour que qui sur avec pas du au nous".split())
_ENGLISH = frozenset("the of and to in is that for with on are this we by as it".split())
_SCRIPTS = (  # letters that one language is written in, beside Chinese characters or alone
    ("ja", re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
)
_QUOTED = 0.1  # of the characters of a page in Chinese: so many may be of a name in another script
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[a-zàâçéèêëîïôûùüÿœ]+")


def read(page: Page) -> Extract:
    """What a page says, within limits. Never raises over what is in it."""
    source = next(one for one in SOURCES if one.reads(page))
    try:
        found: Extract = source.extract(page)
    except Exception as error:  # a page can be worse than its library thinks
        return Extract(problems=(f"broken: it cannot be read ({type(error).__name__})",))
    if not (found.parts or found.abstract or found.title or found.problems):
        return Extract(problems=("empty: it holds no text",))
    return _bounded(replace(found, language=_language(found)))


def companions(url: str) -> tuple[str, ...]:
    """Other addresses that tell about what an address leads to."""
    asked = (getattr(one, "companion", None) for one in SOURCES)
    return tuple(filter(None, (one(url) for one in asked if one)))


def merged(main: Extract, others: Iterable[Extract]) -> Extract:
    """One extract of a page and its companions, whose word on title and authors counts more.

    One that names nobody is no companion: a wall, or a word that there is none.
    """
    for other in others:
        if other.authors and (other.title or other.abstract):
            main = replace(
                other,
                language=main.language if main.parts else other.language,
                parts=main.parts or other.parts,
                abstract=other.abstract or main.abstract,
                problems=main.problems,
            )
    return main


def _language(found: Extract) -> str:
    """en, zh, ja, ko or fr by the words; else what the page calls it."""
    words = " ".join([found.title, found.abstract, *(part.text for part in found.parts)])[:_SAMPLE]
    if script := _script(words):
        return script
    if has_han(words) and detect(words) != "en":
        return "zh"
    told = found.language.partition("-")[0]
    seen = _WORD.findall(words.lower())
    french = sum(word in _FRENCH for word in seen) > sum(word in _ENGLISH for word in seen)
    if french and told in ("", "fr", "en"):
        return "fr"
    return told if told and told not in ("zh", "en", "fr") and told.isalpha() else "en"


def _script(words: str) -> str:
    """The language that a text's letters tell; empty where they tell none."""
    if words.isascii():
        return ""
    han = len(_HAN.findall(words))
    for language, letters in _SCRIPTS:
        count = len(letters.findall(words))
        if count > _QUOTED * (count + han) and 2 * (count + han) > len(
            _WORD.findall(words.lower())
        ):
            return language
    return ""


def _bounded(found: Extract) -> Extract:
    left, parts = MOST_TEXT, list[Part]()
    for part in found.parts:
        text = clean(part.text)[:left]
        left -= len(text)
        if text:
            parts.append(replace(part, text=text, heading=line(part.heading)[:_LONGEST_TITLE]))
    cut = () if left else ("only its beginning was read",)
    return replace(
        found,
        title=line(found.title)[:_LONGEST_TITLE],
        abstract=clean(found.abstract)[:_LONGEST_ABSTRACT],
        parts=tuple(parts),
        authors=tuple(filter(None, map(line, found.authors)))[:200],
        problems=tuple(dict.fromkeys((*found.problems[:_MOST_PROBLEMS], *cut))),
    )
