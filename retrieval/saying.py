"""How much of a question a passage of a page says, in its words or in words alike.

An entry's name stands for itself on each of its pages: who asks "how often does Harbor write
checkpoints" means page 4 of that paper, where no Harbor is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set

from corpus.record import record, replace
from retrieval.model import Clue, Engine, Query
from retrieval.tokenize import Tokenizer

ALIKE = 0.8  # what a word counts for that says much the same
ACROSS = 0.9  # and one of the other language: no page has the word itself
NAMED = 0.9  # and one that stands in the entry's name
LEAD = 0.7  # and one that stands where its page begins: what all of it is about
ALL, SOME = 0.9, 0.6  # and a phrase of which every word is found, or some
ASKING = 0.3  # of a word that only asks, what is missed where a page has it not
WIDER = 0.5  # the weight of a word alike in a search
COMMON, FEW = 12, 2_000  # a word in one passage of so many tells little, and takes long to search
FIGURE = 0.4  # the weight of a short number
FOUND = 0.6  # from which on a clue is found
TELLING = 0.1  # and the weight from which it counts as one
HOW_MANY = 2  # characters
UNITS = ("几小时", "几分钟", "几秒钟", "几个月", "几个人", "几星期", "几年前", "几千瓦")
WHICH = tuple("年月天周次台块张页层组种类步轮")
NAMES = ("title", "keyword", "organisation")
_NAME_SIGNS = "=@^#"


@record
class Want:
    """A clue of a question as pages are searched for it."""

    clue: Clue
    alike: frozenset[str]
    words: tuple[tuple[str, frozenset[str]], ...]  # of a phrase, each with those alike
    asks: bool = False  # only how
    across: frozenset[str] = frozenset()  # of all those alike, the ones of the other language


@record
class Sought:
    """A question as pages are searched for it; its query has the words alike, too."""

    query: Query
    wants: tuple[Want, ...]
    page: int | None = None  # the one that is asked about

    @property
    def clues(self) -> tuple[Clue, ...]:
        """The clues of the question."""
        return tuple([want.clue for want in self.wants])

    def asks_for(self, page: int | None) -> bool:
        """Whether it names a page by its number: "on page 7"."""
        return page is not None and page == self.page


@record
class Said:
    """What a passage says of a question; weights are those of clues."""

    covered: float  # how much of it, 0 to 1, its entry's name included
    own: float  # what the words found in the passage weigh
    named: float  # the same, with the entry's name
    proper: float  # what of that is a name that no concept has: "Harbor", not "Kubernetes"
    familiar: bool  # the words of other fields, too, that the question has are found

    @property
    def strength(self) -> float:
        """How sure it is that the passage is meant: much of the question, and much at all."""
        return self.covered * (self.own + self.named + self.proper) / 2

    @property
    def certain(self) -> float:
        """What is said for sure: a concept in its entry's name says little of the passage."""
        return self.own + self.proper


def sought(
    query: Query, tokenizer: Tokenizer, engine: Engine, figures: Iterable[str], page: int | None
) -> Sought:
    """A question as pages are searched for it; `figures` are the short numbers in it."""
    alike = tokenizer.alike
    wants = [_want(clue, tokenizer) for clue in query.clues]
    wants += [
        Want(Clue(figure, (figure,), (), FIGURE), frozenset(), ())
        for figure in sorted(set(figures))
    ]
    wider: dict[str, float] = {}
    most = max(len(engine), FEW) / COMMON
    for clue in query.clues:
        for term in (*clue.terms, *clue.parts):  # a word that no page has, too
            for other in alike.of(term):
                if other not in query.terms and 0 < engine.document_frequency(other) <= most:
                    wider[other] = max(wider.get(other, 0.0), WIDER * query.terms.get(term, 1.0))
    typed = dict.fromkeys(wider, "") | dict(query.typed)
    return Sought(replace(query, terms={**query.terms, **wider}, typed=typed), tuple(wants), page)


def _want(clue: Clue, tokenizer: Tokenizer) -> Want:
    alike = tokenizer.alike
    whole = [term for term in clue.terms if term[0] not in _NAME_SIGNS]
    words = [part for part in clue.parts if part[0] not in _NAME_SIGNS]
    found = frozenset(other for term in whole for other in alike.of(term))
    is_name = len(whole) < len(clue.terms)
    is_asking = alike.asks(whole) or alike.asks(whole + words)  # 多少钱, though 钱 alone asks not
    asks = (not is_name and is_asking) or _counts(clue.typed)
    parts = tuple([(one, frozenset(alike.of(one))) for one in words])
    others = found.union(*[of for _, of in parts])
    across = frozenset([one for one in others if one.isascii() != clue.typed.isascii()])
    return Want(clue, found, parts, asks, across)


def literal(want: Want) -> Want:
    """The same without words alike, as an entry says it that has both languages."""
    words = tuple([(word, frozenset[str]()) for word, _ in want.words])
    return replace(want, alike=frozenset(), words=words, across=frozenset())


def _counts(typed: str) -> bool:
    """Whether a word asks for a number or a time: 几份, 哪一年; 几百 is one."""
    if typed[:1] == "几" and typed[1:]:
        return typed in UNITS or (len(typed) == HOW_MANY and typed[1] not in "十百千万亿")
    return typed.removeprefix("哪").removeprefix("一") in WHICH and typed[0] == "哪"


def said(
    wants: Iterable[Want],
    has: Collection[str],
    names: Set[str] = frozenset(),
    lead: Collection[str] = (),
) -> Said:
    """What a passage says that has some terms, of an entry whose name has some; `lead` are those
    of the first passage of the same page.
    """
    total = own = named = proper = 0.0
    familiar = True
    for want in wants:
        weight = want.clue.weight
        share = alone = _found(want, has, ())
        if names and share < NAMED:
            share = _found(want, has, names)
            if share > alone and _is_proper(want, names):
                proper += weight * (share - alone)
        if lead and share < LEAD:
            share = max(share, LEAD * _found(want, lead, ()))
        total += weight * (max(share, ASKING) if want.asks else 1.0)
        own += weight * alone
        named += weight * share
        if want.clue.elsewhere and not want.asks and not share:
            familiar = False
    return Said(named / total if total else 0.0, own, named, proper, familiar)


def _is_proper(want: Want, names: Set[str]) -> bool:
    """Whether a clue itself stands in a name, and is no concept."""
    terms = want.clue.terms
    is_there = not names.isdisjoint((*terms, *want.clue.parts))
    return is_there and not any(term[0] in _NAME_SIGNS for term in terms)


def names(wants: Iterable[Want], fields: Mapping[str, str]) -> Set[str]:
    """The terms of a question, and those alike, that stand in the name of an entry, by its fields:
    "语音模型" means a paper on speech models.
    """
    terms = [term for want in wants for term in (*want.clue.terms, *want.clue.parts, *want.across)]
    return {term for term in terms if fields.get(term) in NAMES}


def count(wants: Iterable[Want], has: Collection[str], names: Set[str]) -> int:
    """How many different things of a question are found.

    "MySQL 慢查询" names one concept twice: a page on SQLite says one thing of it, not two.
    """
    things = set()
    for want in wants:
        clue = want.clue
        if clue.weight > TELLING and _found(want, has, names) >= FOUND:
            things.add(next((t for t in clue.terms if t in has or t in names), clue.typed))
    return len(things)


def _found(want: Want, has: Collection[str], names: Collection[str]) -> float:
    """How much of a clue is found, 0 to 1."""
    best = 0.0
    for term in want.clue.terms:
        if term in has:
            if not want.asks:
                return 1.0
            best = ASKING  # "too often" tells nobody how often; "every" does
        if term in names:
            best = NAMED
    if best < ACROSS and want.alike:
        best = max(best, _near(want.alike, want.across, has))
        if names:
            best = max(best, _near(want.alike, (), names))
    if not want.words or best >= ALL:
        return best
    shares = [
        1.0
        if word in has
        else NAMED
        if word in names
        else max(_near(alike, want.across, has), _near(alike, (), names))
        for word, alike in want.words
    ]
    whole = min(shares) > 0 and len(shares) > 1
    return max(best, sum(shares) / len(shares) * (ALL if whole else SOME))


def _near(alike: Set[str], across: Collection[str], has: Collection[str]) -> float:
    """What words alike count for, where some are found."""
    if alike.isdisjoint(has):
        return 0.0
    return ACROSS if any(one in across for one in alike if one in has) else ALIKE
