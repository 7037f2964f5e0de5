"""What a question wants to see only: kinds, organisations, years, languages; and who passes.

From plain words and from prefixes (`kind:paper org:tencent year:2018 lang:zh`). A prefix and a
plain word mean the same: a strong preference, not a wall.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from corpus.model import KINDS, Entry, Text
from corpus.pattern import Rare
from corpus.record import record, replace
from retrieval import years
from retrieval.model import Filters, Query, Term
from retrieval.tokenize import Tokenizer

_HEAD = re.compile(r"(?:^|, |\b(?:at|and|from) )$")  # before the name of a venue
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_READING = (
    r"(?:ones?|only|version|language|articles?|papers?|posts?|books?|texts?"
    r"|talks?|videos?|courses?|lectures?|slides|news|blogs?|material|sources?|commentar(?:y|ies)"
    r"|expla(?:nations?|iners?)|notes|summar(?:y|ies)|reviews?|tutorials?|introductions?"
    r"|translations?|editions?|interviews?|discussions?|walkthroughs?|write-?ups?)"
)
_ALONE = "(?:only|just|any(?:thing)?|some(?:thing)?|the|and|or|but|(?:what|how) about|ok,|thanks,)"
_LANGUAGE = tuple(
    (
        name,
        Rare(
            (english, *chinese.split("|")),
            rf"\b(?:(?:written )?in|prefer|read|speak) {english}\b|\b{english} {_READING}\b"
            rf"|^\W*(?:{_ALONE} )*{english}(?:,? (?:please|pls|instead|too|thanks))*\W*$"
            rf"|用?(?:{chinese})写?",
            re.IGNORECASE,
        ),
    )
    for name, english, chinese in (
        ("zh", "chinese", "中文|汉语|国内写的"),
        ("en", "english", "英文|英语|外文"),
    )
)
# A prefix, and what it asks for, in both languages.
_PREFIXES = {
    word: name
    for name, words in (
        ("kind", "kind|type|类型|類型"),
        ("org", "org|机构|機構|公司"),
        ("year", "year|年份"),
        ("lang", "lang|语言|語言"),
        ("author", "author|作者"),
        ("venue", "venue|会议|會議|期刊"),
    )
    for word in words.split("|")
}
_PREFIX = Rare(":：", rf"(?i)\b({'|'.join(_PREFIXES)})[:：]\s*(\"[^\"]*\"|[^\s,，;；]+)")
_SIGNS = {"kind": "#", "org": "@"}
PAPERS = "Papers"  # a section of the list
DOUBTED = 0.7  # what an organisation counts that is only probable
BY_JOURNAL = 0.7  # what the year of a later printing counts beside that of the work
BY_LINK = 0.7  # what passing by a further link counts beside being of the kind itself
Spoken = Sequence[tuple[str, tuple[int, int]]]  # languages, and where each is named


def find(
    terms: Sequence[Term],
    denied: Sequence[Term] = (),
    spoken: Spoken = (),
    unread: Collection[str] = (),
    when: years.Range | None = None,
) -> Filters:
    """The filters that a question names by terms, languages and years; what of them it denies."""
    if not (terms or denied or spoken or unread or when):
        return Filters()  # as most questions
    languages = {"en", "zh"}.difference(unread) if unread else {name for name, _ in spoken}
    return Filters(
        kinds=frozenset(_meant(terms, "#")),
        organisations=frozenset(_meant(terms, "@")),
        languages=frozenset(languages),
        years=when,
        without=frozenset(term.text for term in denied),
    )


def _meant(terms: Sequence[Term], sign: str) -> list[str]:
    """The names of a sign, without those inside a longer one: Microsoft in its Research Asia."""
    named = [term for term in terms if term.text[0] == sign]
    return [
        one.text[1:]
        for one in named
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in named
        )
    ]


def prefixed(text: str, tokenizer: Tokenizer) -> tuple[Filters, str]:
    """The filters typed as `kind:paper org:tencent year:2018 lang:zh`, and the text without them.

    The values of `author:` and `venue:` stay in the text, as does one that names nothing: they are
    searched for as words, and `with_names` makes filters of those that the catalog knows.
    """
    found: dict[str, list[str]] = {}

    def take(match: re.Match[str]) -> str:
        name, value = _PREFIXES[match[1].lower()], match[2].strip('"')
        sign = _SIGNS.get(name)
        if sign:
            values = _kind(value) if sign == "#" else []
            values = values or _meant(tokenizer.terms(value), sign)
        elif name == "lang":
            short = value.lower()[:2]
            values = [short] if short in ("en", "zh") else [one for one, _ in languages(value)]
        elif name in ("author", "venue"):
            found.setdefault(name, []).append(name_key(value, tokenizer))
            values = []
        else:
            values = [value] if name == "year" and years.typed(value) else []
        found.setdefault(name, []).extend(values)
        return " " * len(match[0]) if values else match[0].replace(match[1], " " * len(match[1]), 1)

    text = _PREFIX.sub(take, text)
    return Filters(
        kinds=frozenset(found.get("kind", ())),
        organisations=frozenset(found.get("org", ())),
        languages=frozenset(found.get("lang", ())),
        years=years.typed(" ".join(found.get("year", ()))),
        authors=frozenset(found.get("author", ())),
        venues=frozenset(found.get("venue", ())),
    ), text


def _kind(value: str) -> list[str]:
    """A kind by its own name, which need not be a word that people use for it."""
    return [kind for kind in KINDS if value.lower() in (kind, f"{kind}s")]


def name_key(name: str, tokenizer: Tokenizer) -> str:
    """What a person or a venue is known by: its name in the lexicon, or first and last word."""
    terms = [term for term in tokenizer.terms(name) if term.text[0] not in "@#~^"]
    first, last = min((t.start for t in terms), default=0), max((t.end for t in terms), default=0)
    for term in terms:
        if term.text[0] == "=" and (term.start, term.end) == (first, last):
            return term.text
    words = [term.text for term in terms if term.text[0] != "="]
    return " ".join(dict.fromkeys((*words[:1], *words[-1:])))


def with_names(query: Query, known: Mapping[str, str]) -> Query:
    """A query whose plain words may name authors and venues: `known` says which are which.

    A name that was typed as a filter and is not known is no filter, only words.
    """
    pairs = [
        " ".join((a.terms[0], b.terms[0])) for a, b in pairwise(query.clues) if a.terms and b.terms
    ]
    names = [*(term for clue in query.clues for term in clue.terms if term[0] == "="), *pairs]
    asked = query.filters
    names = [name for name in names if name in known]
    if not (names or asked.authors or asked.venues):
        return query
    plain = Filters(
        authors=frozenset(name for name in names if known[name] == "author"),
        venues=frozenset(name for name in names if known[name] == "venue"),
    )
    authors, venues = asked.authors.intersection(known), asked.venues.intersection(known)
    typed = replace(asked, authors=authors, venues=venues)
    return replace(query, filters=typed.over(plain))


def languages(text: str) -> Spoken:
    """The languages to read in that a question names, each with where it does."""
    return [(name, match.span()) for name, words in _LANGUAGE for match in words.finditer(text)]


def asked(filters: Filters) -> list[str]:
    """The names of the filters that are set."""
    named = {
        "kind": filters.kinds,
        "organisation": filters.organisations,
        "language": filters.languages,
        "year": filters.years,
        "author": filters.authors,
        "venue": filters.venues,
    }
    return [name for name, value in named.items() if value]


@record
class Traits:
    """What the filters ask of an entry, worked out once."""

    kind: str
    kinds: frozenset[str]  # those of its further links too
    organisations: frozenset[str]
    languages: frozenset[str]
    year: int | None
    published: frozenset[int]  # the years of its journal or conference
    authors: frozenset[str]  # their names' keys, and each word of them
    venues: frozenset[str]
    doubted: bool  # its organisation is only probable


def traits(entry: Entry, tokenizer: Tokenizer) -> Traits:
    """The traits of an entry.

    Those of its further links too: a paper with a video passes as a talk. What the list has among
    its papers passes as one, though it is a thesis.
    """
    kinds = {entry.kind}
    kinds |= {"talk" for link in entry.links if link.form == "video" or link.role == "video"}
    kinds |= {"paper" for one in entry.listings if PAPERS in one.section}
    kinds |= {"slides" for link in entry.links if link.role == "slides" or link.form == "slides"}
    names = [name for org in entry.organisations for name in (org.en, org.zh)]
    names += [name for listing in entry.listings for name in listing.section]
    names += [entry.titles.en, entry.titles.zh, entry.venue or ""]
    return Traits(
        kind=entry.kind,
        kinds=frozenset(kinds),
        organisations=frozenset(_organisations(names, tokenizer)),
        languages=frozenset((*entry.languages, *(link.language for link in entry.links))),
        year=entry.year,
        published=frozenset(map(int, _YEARS.findall(f"{entry.venue} {entry.published.en}"))),
        authors=frozenset(key for author in entry.authors for key in _keys(author, tokenizer)),
        venues=frozenset(_venues(entry.venue or "", tokenizer)),
        doubted="organisations" in entry.unsure,
    )


def barred(filters: Filters, of: Traits, fields: Mapping[str, str]) -> bool:
    """Whether an entry is what was said not to be wanted: its subject is what its title names."""
    held = {f"#{of.kind}", *(f"@{name}" for name in of.organisations), *of.authors}
    return not held.isdisjoint(filters.without) or any(
        term[0] == "=" and fields.get(term) == "title" for term in filters.without
    )


def passed(filters: Filters, of: Traits) -> dict[str, float]:
    """The filters that an entry passes, with how well: 1 where it is all that was asked."""
    found: dict[str, float] = {}  # only what is asked for is measured: this runs for every entry
    if filters.kinds and not filters.kinds.isdisjoint(of.kinds):
        of_kind = 1.0 if of.kind in filters.kinds else BY_LINK
        found["kind"] = _share(filters.kinds, of.kinds) * of_kind
    if filters.organisations and not filters.organisations.isdisjoint(of.organisations):
        sure = DOUBTED if of.doubted else 1.0
        found["organisation"] = _share(filters.organisations, of.organisations) * sure
    if filters.languages and not filters.languages.isdisjoint(of.languages):
        found["language"] = _share(filters.languages, of.languages)
    if filters.years and (share := _of_years(filters.years, of)):
        found["year"] = share
    if filters.authors and not filters.authors.isdisjoint(of.authors):
        found["author"] = _share(filters.authors, of.authors)
    if filters.venues and not filters.venues.isdisjoint(of.venues):
        found["venue"] = _share(filters.venues, of.venues)
    return found


def _of_years(asked: tuple[int, int], of: Traits) -> float:
    """1 by the year of the work, less by that of a later printing where just that year is asked."""
    first, last = asked
    if of.year is not None and first <= of.year <= last:
        return 1.0
    return BY_JOURNAL if first == last and first in of.published else 0.0


def names(known: Iterable[Traits]) -> dict[str, str]:
    """Every author and venue that a filter can ask for; a person is not a venue."""
    found: dict[str, str] = {}
    for of in known:
        found |= dict.fromkeys(of.venues, "venue") | dict.fromkeys(of.authors, "author")
    return found


def _venues(text: str, tokenizer: Tokenizer) -> Iterable[str]:
    """The proper names in a venue: a "personal web page" has none."""
    for term in tokenizer.terms(text):
        heads = term.text[0] != "=" or _HEAD.search(text[: term.start])
        if heads and text[term.start].isupper() and term.text[0] not in "@#~^":
            yield term.text


def _keys(name: Text, tokenizer: Tokenizer) -> Iterable[str]:
    """The key of a name, and the words in it."""
    for written in {name.en, name.zh}:
        yield name_key(written, tokenizer)
        yield from (term for term in tokenizer(written) if term[0] not in "=@#~^")


def _share(asked: frozenset[str], has: frozenset[str]) -> float:
    return len(asked & has) / len(asked)


def _organisations(names: Iterable[str], tokenizer: Tokenizer) -> Iterable[str]:
    terms = (term.text for name in names for term in tokenizer.terms(name))
    return (text[1:] for text in terms if text[0] == "@")
