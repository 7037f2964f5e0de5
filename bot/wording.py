"""An entry in words: what it is, who made it, and how well we know it, in the asker's language.

Names and titles of the original stay as they are; what is ours is converted for Traditional.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot import labels, phrases
from bot.phrases import say, tell
from corpus.language import Script
from corpus.model import Entry, Fact, Language, Text
from corpus.pattern import pattern

# The beginning that tells a title from every other, to the end of a word that is not too long.
_TELLING = pattern(r"(?:\s*\S){1,40}[A-Za-z]{0,12}")
AUTHORS = 4  # names that are all told; of more, the first and how many others


def language_of(script: Script) -> Language:
    """The column of a Text for a script."""
    return "en" if script == "en" else "zh"


def translation(entry: Entry, script: Script) -> str | None:
    """The title in the asker's language, where the original is in another."""
    language = language_of(script)
    title = entry.titles[language]
    if title == entry.title:
        return None
    if language not in entry.ours:
        return title
    return tell(entry.titles, script) + tell(phrases.OURS, script)


def about(entry: Entry, script: Script, told: str = "") -> str:
    """Kind, organisation, when and where, language, authors, caution; not what `told` says."""
    parts = [
        tell(labels.KINDS[entry.kind], script),
        organisations(entry, script, besides=entry.published.en),
        published(entry, script),
        languages(entry, script),
        authors(entry, script, AUTHORS),
        caution(entry, script),
    ]
    if parts[-1] and parts[-1].lower() in told.lower():
        parts.pop()
    return " · ".join(filter(None, parts))


def brief(entry: Entry, script: Script) -> str:
    """The same for one line: kind, organisation, year, language where it is another, caution."""
    other = "" if language_of(script) in entry.languages else languages(entry, script)
    parts = (
        tell(labels.KINDS[entry.kind], script),
        organisations(entry, script, most=1),
        year(entry, script),
        other,
        caution(entry, script),
    )
    return " · ".join(filter(None, parts))


def organisations(entry: Entry, script: Script, most: int = 3, besides: str = "") -> str:
    """Who stands behind it besides those that `besides` names; probable where we know no better."""
    unsure = "organisations" in entry.unsure
    names = [tell(name, script) for name in entry.organisations if name.en not in besides]
    if unsure:
        return _probably(tell(phrases.OR, script).join(names), script)
    return tell(phrases.NAMES_BETWEEN, script).join(names[:most])


def authors(entry: Entry, script: Script, most: int) -> str:
    """The authors in their own spelling; of many, the first and the number of the others."""
    names = [name[language_of(script)] for name in entry.authors]
    if len(names) > most:
        told = say(phrases.OTHERS, script, name=names[0], count=_others(len(names), script))
    else:
        told = tell(phrases.NAMES_BETWEEN, script).join(names)
    return _probably(told, script) if "authors" in entry.unsure else told


def published(entry: Entry, script: Script) -> str:
    """When and where, as one reads it out."""
    told = tell(entry.published, script)
    head, comma, rest = told.partition("，" if "，" in told else ", ")
    # "2018, HPCA 2018" says the year twice
    return rest if comma and head.isdecimal() and rest.endswith(head) else told


def year(entry: Entry, script: Script) -> str:
    """The year alone, as near as we know it."""
    if entry.year is None:
        return ""
    if "year" in entry.unsure:
        return say(phrases.ABOUT_YEAR, script, year=entry.year)
    return str(entry.year)


def languages(entry: Entry, script: Script) -> str:
    """The languages of the work."""
    names = [
        phrases.SIMPLIFIED
        if script == "zh-Hant" and language == "zh"
        else labels.LANGUAGES[language]
        for language in entry.languages
    ]
    return tell(phrases.NAMES_BETWEEN, script).join(tell(name, script) for name in names)


def caution(entry: Entry, script: Script) -> str:
    """How far we are from the work itself; nothing where we know it well."""
    if entry.level == "title":
        return tell(labels.TITLE_ONLY, script)
    if entry.level == "related":
        return tell(labels.OTHER_REPORTS, script)
    if entry.level == "part":
        source, _ = Counter(fact.source for fact in entry.facts).most_common(1)[0]
        return tell(labels.SOURCES[source], script) if source else ""
    return ""


def known(facts: Sequence[Fact], script: Script) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The facts under the words for how each is known, in the order of the catalog."""
    groups: dict[str, list[str]] = {}
    for fact in facts:
        how = fact.source if fact.basis == "read" and fact.source else fact.basis
        phrase = labels.BASES.get(how, labels.BASES["original"])
        groups.setdefault(tell(phrase, script), []).append(tell(fact.text, script))
    return tuple((how, tuple(texts)) for how, texts in groups.items())


def _others(count: int, script: Script) -> int:
    """English counts the others; Chinese counts all."""
    return count - 1 if script == "en" else count


def _probably(what: str, script: Script) -> str:
    return say(phrases.PROBABLY, script, what=what) if what else ""


def places(entry: Entry, script: Script) -> tuple[str, ...]:
    """The places of the list that have it, names as they stand there."""
    return tuple(
        say(phrases.PLACE, script, section=" › ".join(listing.section), title=listing.title)
        for listing in entry.listings
    )


def both(text: Text, script: Script) -> tuple[tuple[str, str], ...]:
    """(language in words, text) in both languages, the asker's first."""
    chinese: Script = "zh-Hant" if script == "zh-Hant" else "zh-Hans"
    pairs = (("English", text.en), ("中文", tell(text, chinese)))
    return pairs if script == "en" else pairs[::-1]


def wide(text: str) -> int:
    """2 for a text that is mostly Chinese, for a phone shows half as much of it on a line."""
    return 2 if len(text.encode("utf-8", "replace")) > 2 * len(text) else 1


def shortened(title: str, most: int) -> str:
    """A title cut after a word, but never so short that it could be another's."""
    if len(title) <= most + 1:
        return title
    telling = _TELLING.match(title)
    end = max(title.rfind(" ", 0, most), telling.end() if telling else most)
    return title if end >= len(title) - 1 else f"{title[:end].rstrip()}…"
