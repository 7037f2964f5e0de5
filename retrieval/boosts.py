"""What lifts an entry beyond its words: filters, coverage, its title, its address, the order asked.

Each boost is a share of the best score without any, and is kept by its name, so that an explanation
can say what a score is made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from retrieval import confidence, filters, titles, years
from retrieval.derived import Derived
from retrieval.model import GENRE_SHARE, Query
from retrieval.rank import SCORE, Scored

FILTER = 0.3
ON_PURPOSE = ("year", "language")  # said to be heard; a kind is often said loosely
PURPOSED = 0.6
NARROWED = 1.0  # a filter's worth where a question, or a follow-up, asks for nothing else
FEW = {"book", "course", "conference", "collection", "thesis"}  # kinds of few works: meant
SOME = 0.25  # the share of the subject that one of these must say
FIRM = FEW | {"paper"}  # kinds that are meant where they are named: a talk is said loosely
BARE = frozenset(("kind", "year", "language", "coverage", "readable"))  # no subject's part
AS_MUCH = 0.95  # of what the first says of the subject: who says so much and passes leads
NEAR = 0.5  # of what a year is worth that passes: the year before or after it, less for others
IN_ORDER = 0.3  # of the best score: what is about it and fits so well is put in the order asked
APART = 0.8  # the same for what only mentions it
COVERAGE = 0.8
AUTHOR = 0.4
SUBJECT = 0.15  # the title is about it, in whichever words
READABLE = 0.07  # of two that fit alike, the one in the language of the question
TITLE, EXACT_TITLE = 1.0, 3.0
ADDRESS = 10.0
CONTENDERS = 12  # entries, by score, whose coverage is worth measuring
SHOWN = 5  # hits of an answer that are seen first: where nothing is asked, not all of one kind
VARIED = 0.6  # of the last of them: what another kind must score to take its place
TINY = 1e-6
BESIDE = 0.5  # what "older than this" most likely means, where it is related and passes
RELATED = 0.25  # of the first: what the catalog relates to it stands before a chance match
NO_MATCH = 1.0  # stands for the best score where no term matched

_own = attrgetter("own")
Found = dict[int, Scored]  # entry -> its score in its parts


def lift(scored: Found, query: Query, derived: Derived) -> None:
    """Add every boost that a question gives."""
    if query.filters.without and not scored:  # all but those are asked for
        scored |= {position: Scored(position) for position in range(len(derived.traits))}
    best = sorted(scored.values(), key=_own, reverse=True)
    top = (best[0].own if best else 0.0) or NO_MATCH
    if query.beside is not None:
        _beside(scored, query, query.beside, derived, top)
    if query.filters:
        _filtered(scored, query, derived, top)
        best = _best_first(scored)
    _covering(best[:CONTENDERS], query, derived, top)
    _named(scored, query, derived, top)
    if query.order:
        _in_order(scored, query, derived)
    elif scored:
        if query.filters:
            _preferred(_best_first(scored), query, derived)
        best, asked = _best_first(scored), query.filters
        if not (asked.kinds or asked.organisations or asked.authors):
            _varied(best, derived)
        _related(scored, best[0], query, derived)


def unmet(query: Query, one: Scored, derived: Derived) -> tuple[str, ...]:
    """The filters that an entry does not pass."""
    if not query.filters:
        return ()
    passed = filters.passed(query.filters, derived.traits[one.entry])
    return tuple([name for name in filters.asked(query.filters) if name not in passed])


def kept(query: Query, best: list[Scored], derived: Derived) -> list[Scored]:
    """Those that are to be shown: what is shut out is, where there is anything else."""
    asked = query.filters
    if asked.without:  # "not google" means it
        traits, fields = derived.traits, derived.fields
        best = [
            one for one in best if not filters.barred(asked, traits[one.entry], fields[one.entry])
        ] or best
    if query.lists:
        return listed(query, best, derived) or best
    for name in query.walls:  # "only papers", "only Chinese" mean it, where there are any
        best = _passing(name, query, best, derived) or best
    if query.narrowed and asked.kinds and query.subjects:  # of a kind, yet not of the subject
        return [one for one in best if _says(one)] or best
    return best


def _says(one: Scored) -> bool:
    """Whether more speaks for an entry than that it is of a kind, a year, a language."""
    return bool(one.curated or one.fact or any(v for k, v in one.boosts.items() if k not in BARE))


def _passing(name: str, query: Query, best: list[Scored], derived: Derived) -> list[Scored]:
    if name == "kind":
        return of_kind(query, best, derived)
    return [one for one in best if name not in unmet(query, one, derived)]


def listed(query: Query, best: Sequence[Scored], derived: Derived) -> list[Scored]:
    """Those that pass every filter: by their own year, where any do, else by a journal's."""
    passing = of_kind(query, [one for one in best if not unmet(query, one, derived)], derived)
    first, last = query.filters.years or (0, years.LAST)
    own = [one for one in passing if first <= (derived.traits[one.entry].year or 0) <= last]
    return own or passing


def of_kind(query: Query, best: Sequence[Scored], derived: Derived) -> list[Scored]:
    """Those of the kind asked for. Theses are among papers only where there are no others."""
    passing = [one for one in best if "kind" not in unmet(query, one, derived)]
    kinds = query.filters.kinds
    if "paper" in kinds:
        return [one for one in passing if derived.traits[one.entry].kind in kinds] or passing
    return passing


def at(scored: Found, position: int) -> Scored:
    """The score of an entry, which may match no word."""
    return scored.get(position) or scored.setdefault(position, Scored(position))


def _best_first(scored: Found) -> list[Scored]:
    return sorted(scored.values(), key=SCORE, reverse=True)


def _named(scored: Found, query: Query, derived: Derived, top: float) -> None:
    """Lift what the question names by its title or its address."""
    for position, share in titles.asked(query, derived.titles).items():
        if share:
            worth = EXACT_TITLE if share == 1.0 else TITLE * share
            boosts = at(scored, position).boosts
            boosts["title"] = max(0.0, worth * top - boosts.get("wording", 0.0))
    for address in query.addresses:
        if address in derived.addresses:
            at(scored, derived.addresses[address]).boosts["address"] = ADDRESS * top


def _beside(scored: Found, query: Query, shown: int, derived: Derived, top: float) -> None:
    """Where "older" compares with what was shown, lift what the catalog relates to that."""
    for position in derived.related[shown]:
        if not unmet(query, one := at(scored, position), derived):
            one.boosts["beside"] = BESIDE * top


def _filtered(scored: Found, query: Query, derived: Derived, top: float) -> None:
    worth = _worth(query)
    purposed = max(worth, PURPOSED)
    for position, of in enumerate(derived.traits):
        for name, share in filters.passed(query.filters, of).items():
            of_this = purposed if name in ON_PURPOSE else worth
            at(scored, position).boosts[name] = of_this * share * top
    if query.filters.years and all(unmet(query, one, derived) for one in scored.values()):
        _near(scored, query.filters.years, derived, purposed * top)


def _preferred(best: Sequence[Scored], query: Query, derived: Derived) -> None:
    """Where the first fails what was asked, let the best lead that passes and says as much.

    Of a kind of few works one leads that says only some of it: "any book on distributed training",
    where papers say more.
    """
    first, asked = best[0], query.filters.kinds
    missed = unmet(query, first, derived)
    of_few = asked <= FEW and "kind" in missed
    firm = asked <= FIRM and {*missed} <= {"kind", *ON_PURPOSE}
    named = "title" in first.boosts or "address" in first.boosts  # stays first, whatever it is
    if not missed or not (of_few or firm) or named:
        return
    subjects = [clue for clue in query.subjects if not clue.genre]  # "books for beginners": any
    said = confidence.coverage(subjects, derived.fields[first.entry])
    least = min(SOME, said) if of_few else max(SOME, AS_MUCH * said)
    for one in best:
        fields = derived.fields[one.entry]
        if confidence.coverage(subjects, fields) >= least and not unmet(query, one, derived):
            one.boosts[missed[0]] += (1 + TINY) * first.score - one.score
            return


def _near(scored: Found, asked: tuple[int, int], derived: Derived, worth: float) -> None:
    """Where nothing passes every filter, lift what is nearest to the years asked for."""
    first, last = asked
    for position, of in enumerate(derived.traits):
        if of.year and not first <= of.year <= last:
            away = max(first - of.year, of.year - last)
            at(scored, position).boosts["near"] = worth * NEAR / (1 + away)


def _covering(contenders: Sequence[Scored], query: Query, derived: Derived, top: float) -> None:
    """Lift the contenders by how much of the question they cover, and where."""
    language = _language(query)
    asked: set[str] = set()
    for one in contenders:
        share, on, by = confidence.standing(query.clues, derived.fields[one.entry])
        one.boosts["coverage"] = COVERAGE * top * share * share
        if on is not None:
            one.boosts["subject"] = SUBJECT * top * on
            if on >= titles.SAME:  # less cannot be a title
                asked = asked or {word for clue in query.clues for word in titles.spoken(clue)}
                other = query.filters.kinds and "kind" not in one.boosts
                least = titles.LONG if other else titles.WORDS
                if same := titles.alike(query.clues, asked, derived.worded[one.entry], least):
                    one.boosts["wording"] = TITLE * top * same
        if language in derived.traits[one.entry].languages:
            one.boosts["readable"] = READABLE * top * share
        if by is not None or "author" in one.boosts:  # a title may name its author too
            one.boosts["byline"] = AUTHOR * top * (by or on or 0.0)


def _in_order(scored: Found, query: Query, derived: Derived) -> None:
    """Lift what fits a question that asks for the newest or the oldest, by year."""
    if not scored:
        scored |= {position: Scored(position) for position in range(len(derived.traits))}
    best = max(one.score for one in scored.values())
    about = _about(scored, query, derived)
    missed = {one.entry: len(unmet(query, one, derived)) for one in scored.values()}
    fewest = min(missed.values())
    dated = [
        (year, one)
        for one in scored.values()
        if one.score >= (IN_ORDER if one.entry in about else APART) * best
        and missed[one.entry] == fewest
        and (year := derived.traits[one.entry].year)
    ]
    steps = sorted({year for year, _ in dated}, reverse=query.order == "oldest")
    for year, one in dated:
        one.boosts["order"] = (best or NO_MATCH) * (steps.index(year) + 1)


def _about(scored: Found, query: Query, derived: Derived) -> set[int]:
    """The entries whose title or keywords name as much of the question as any entry's do."""
    subjects = query.subjects
    words = [term for clue in subjects for term in clue.terms]
    strong = {}
    for position in scored:
        fields = derived.fields[position]
        held = {term for term in words if fields.get(term) in confidence.STRONG_FIELDS}
        strong[position] = confidence.coverage(subjects, held)
    most = max(strong.values(), default=0.0)
    return {position for position, share in strong.items() if share >= most}


def _related(scored: Found, first: Scored, query: Query, derived: Derived) -> None:
    """Lift what the catalog relates to the first, never past it nor past a filter it passes."""
    related = derived.related[first.entry]
    if not related:
        return
    top = first.score
    missed = unmet(query, first, derived) if query.filters else ()
    for position in related:
        one = at(scored, position)
        if not query.filters or set(unmet(query, one, derived)) <= set(missed):
            room = (1 - TINY) * top - one.score
            one.boosts["related"] = max(0.0, min(RELATED * top, room))


def _varied(best: Sequence[Scored], derived: Derived) -> None:
    """Where those first shown are all of one kind, let the best of another kind be the last."""
    if len(best) <= SHOWN:
        return
    kinds = {derived.traits[one.entry].kind for one in best[:SHOWN]}
    last = best[SHOWN - 1].score
    for one in best[SHOWN:] if len(kinds) == 1 else ():
        if one.score >= VARIED * last and derived.traits[one.entry].kind not in kinds:
            one.boosts["variety"] = (last - one.score) + TINY * last
            return


def _worth(query: Query) -> float:
    """What passing a filter is worth: more, the less else a question says."""
    if query.narrowed:
        return NARROWED
    names = {
        word
        for name in query.filters.authors | query.filters.venues
        for word in (name, *name.split(" "))
    }
    said = sum(
        clue.weight / (GENRE_SHARE if clue.genre else 1.0)  # "surveys": the kind is said by the way
        for clue in query.clues
        if not (clue.is_organisation or names & {*clue.terms})
    )
    return FILTER + (NARROWED - FILTER) * max(0.0, 1 - said)


def _language(query: Query) -> str | None:
    """The language that all of a question is in; English words in Chinese tell nothing."""
    mixed = query.script != "en" and any(clue.typed.isascii() for clue in query.clues)
    return None if mixed else query.script[:2]
