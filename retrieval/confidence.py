"""How sure the first hit is: a logistic regression over what of the question the hit covers.

The weights are fitted on the judged questions by `retrieval.calibrate` and kept in
`lexicon/confidence.tsv`; docs/confidence.md shows what they come to. No raw score is among the
features: a score is comparable within one answer only.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence, Set
from pathlib import Path

from corpus.pattern import pattern
from corpus.record import record
from retrieval.lexicon import FOLDER
from retrieval.model import Clue, Confidence, Engine, Query
from retrieval.rank import Scored

PART = 0.6  # what a phrase counts for of which only words inside are found
DISTINCT = 0.65  # and from which an unknown one is what the question is about
TELLING = 0.25  # the weight from which a clue says something
NAMED = 0.55  # the share of a score from which a title alone says enough: all exact ones have it
SLIGHT = 0.5  # the weight of a whole question below which nothing is asked of any field
TOLD = ("title", "wording", "kind", "year", "organisation", "author", "order")  # for their own sake
MANY = 8  # clues, at which a question is long
SHORT = 3  # letters: PS, AD and SSP mean other things elsewhere
FAINT = 0.8  # the weight of everyday words that a fact may have by chance
OWN = 1.0  # and of any, where somebody asks after a thing of one's own
MISSED = 0.15  # the weight of what is missed that is not little beside so few words
BARE = " ?？.。!！"  # what a bare word may stand in
_MINE = pattern(r"\bmy(?:self)?\b|我[家的们]")
# Where a term says what an entry is about.
STRONG_FIELDS = ("title", "keyword", "organisation", "author", "venue")


@record
class Calibration:
    """A weight for each feature and the probabilities from which an answer is maybe, and sure."""

    weights: Mapping[str, float]
    maybe: float
    sure: float

    def probability(self, features: Mapping[str, float]) -> float:
        """That the first hit answers the question."""
        weight = self.weights.get
        total = sum([weight(name, 0.0) * value for name, value in features.items() if value])
        return 1 / (1 + math.exp(-max(min(total, 50.0), -50.0)))

    def verdict(self, features: Mapping[str, float], about: bool = False) -> Confidence:
        """In words. To be of the kind asked for makes no hit surer `about` a subject."""
        if features.get("slight"):
            return "nothing"
        if features.get("named", 0.0) > NAMED:
            return "sure"
        probability = self.probability(features)
        alone = probability
        if about and features.get("of_kind") and probability >= self.sure:
            alone = self.probability({**features, "of_kind": 0.0})
        if alone >= self.sure:
            return "sure"
        return "maybe" if probability >= self.maybe else "nothing"


def load(path: Path = FOLDER / "confidence.tsv") -> Calibration:
    """Read a calibration: a row a weight, and the rows `maybe` and `sure`."""
    rows = dict(line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    numbers = {name: float(value) for name, value in rows.items()}
    return Calibration(maybe=numbers.pop("maybe"), sure=numbers.pop("sure"), weights=numbers)


def save(calibration: Calibration, path: Path = FOLDER / "confidence.tsv") -> None:
    """Write a calibration."""
    rows = {**calibration.weights, "maybe": calibration.maybe, "sure": calibration.sure}
    lines = [f"{name}\t{value:.4f}\n" for name, value in rows.items()]
    path.write_text("".join(lines), encoding="utf-8")


def features(
    query: Query, best: Sequence[Scored], engine: Engine, curated: int, fields: Mapping[str, str]
) -> dict[str, float]:
    """What speaks for the first of the scored entries, and against it.

    `curated` is the position of its curated passage, `fields` its terms and where they stand.
    """
    clues, first = query.clues, best[0]
    words = [term for clue in clues for term in (*clue.terms, *clue.parts)]
    held = {term: fields[term] for term in words if term in fields}
    strong = {term for term, field in held.items() if field in STRONG_FIELDS}
    passages = [at for at in (curated, first.fact_position) if at is not None]
    places = (held, strong, *[engine.contributions(at, query.terms) for at in passages])
    shares = [coverage(clues, place) for place in places]
    found = [clue for clue in clues if not held.keys().isdisjoint(clue.terms)]
    about = [clue for clue in found if not clue.is_organisation]
    subject_shares = _of_subject(clues, places, shares)
    named = [clue for clue in found if _is_named(clue)]
    absent = [clue for clue in clues if not clue.known and clue not in found]
    total, matched, score = _weight(clues), _weight(found), first.score or 1.0
    return {
        "bias": 1.0,
        "covered": shares[0],
        "together": max(shares[2:]),
        "strong": shares[1],
        "strong_weight": min(shares[1] * total, 3.0),
        "missed": min(total - matched, 3.0),
        "absent": min(_weight(absent), 3.0),
        "absent_concepts": float(min(sum(map(_is_named, absent)), 2)),
        **_elsewhere(clues),
        "matched": min(matched, 4.0),
        "subject": subject_shares[0],
        "subject_strong": subject_shares[1],
        "subject_together": max(subject_shares[2:]),
        "subject_matched": min(_weight(about), 3.0),
        "concepts": min(_weight(named), 3.0),
        "concept_any": float(bool(named)),
        "concepts_strong": min(_weight([c for c in named if _stands_in(strong, c)]), 2.0),
        "long": max(map(_units, named), default=0.0),
        "margin": (score - best[1].score) / score if len(best) > 1 else 1.0,
        "listed": float(query.lists and bool(first.boosts)),
        **_of_kind(first, absent, shares[0]),
        "in_parts": float(shares[0] > 0 and not found),
        "named": first.boosts.get("title", 0.0) / score,
        **_counted(clues, found, about, total, matched),
        **_unheard(found, absent, held),
        "slight": _slight(query, first, strong, total)
        or _by_chance(query, first, shares[1], total, matched),
    }


def _of_subject(
    clues: Sequence[Clue], places: Sequence[Container[str]], shares: Sequence[float]
) -> Sequence[float]:
    """The shares of a question without the organisations that it names; all, if nothing is left."""
    subject = [clue for clue in clues if not clue.is_organisation]
    if not subject:
        return [1.0] * len(places)
    same = len(subject) == len(clues)
    return shares if same else [coverage(subject, place) for place in places]


def _slight(query: Query, first: Scored, strong: Set[str], total: float) -> float:
    """Whether all that is asked are a few everyday words, which any field has: 学习方法.

    One alone that titles and keywords have is a subject: 平台.
    """
    clues = query.clues
    if total >= SLIGHT or not clues or query.filters:
        return 0.0
    named = any(clue.is_named for clue in clues)
    subject = named or (len(clues) == 1 and not strong.isdisjoint(clues[0].terms))
    return float(not subject and first.boosts.keys().isdisjoint(("title", "wording")))


def _by_chance(query: Query, first: Scored, share: float, total: float, matched: float) -> float:
    """Whether all that is found are a few everyday words, which mean something else there; `share`
    is how much of a question titles and keywords have, `matched` what is found of its `total`.

    "What time does the match start", "how can I make my own soap". A bare word is asked for itself.
    A title or keyword has one by chance, too, where the rest is missed: "who trains the national
    team".
    """
    if matched >= (SLIGHT if share else OWN) or (share and total - matched < MISSED):
        return 0.0
    clues = query.clues
    if not clues or not first.boosts.keys().isdisjoint(TOLD):
        return 0.0
    if not share and _MINE.search(query.text.lower()):
        return 1.0
    bare = query.text.strip(BARE)
    ours = any(c.strange or _is_named(c) or c.typed == bare for c in clues)
    return float(matched < FAINT and not ours)


def _elsewhere(clues: Sequence[Clue]) -> dict[str, float]:
    """How much of a question is of other fields."""
    found = [clue for clue in clues if clue.elsewhere]
    return {"elsewhere": min(_weight(found), 2.0), "elsewhere_any": float(bool(found))}


def _of_kind(first: Scored, absent: Sequence[Clue], covered: float) -> dict[str, float]:
    """Whether it is of the kind asked for, and no more than that: "books about dogs"."""
    passes = float("kind" in first.boosts)
    only = passes and not covered and any(clue.weight > DISTINCT for clue in absent)
    return {"of_kind": passes, "of_kind_only": passes if only else 0.0}


def _unheard(
    found: Sequence[Clue], absent: Sequence[Clue], fields: Mapping[str, str]
) -> dict[str, float]:
    """Whether something is asked that neither catalog nor lexicon knows, of a name or of more."""
    if not absent:
        return {"unheard": 0.0, "names_only": 0.0}
    names = [c for c in found if c.is_organisation or "author" in map(fields.get, c.terms)]
    only = bool(found) and len(names) == len(found) and _weight(absent) >= TELLING
    return {
        "unheard": float(any(clue.weight >= TELLING for clue in absent)),
        "names_only": float(only),
    }


def _counted(
    clues: Sequence[Clue],
    found: Sequence[Clue],
    about: Sequence[Clue],
    total: float,
    matched: float,
) -> dict[str, float]:
    """How many clues are found. One alone among others proves little, a short one least of all."""
    weights = [clue.weight for clue in found]
    short = 0.0
    if len(found) < len(clues):
        brief = [clue for clue in found if len(clue.typed) <= SHORT and clue.typed.isascii()]
        short = _weight(brief) / (total or 1.0)
    return {
        "clues": float(min(len(clues), MANY)),
        "found": float(min(len([1 for one in weights if one > TELLING]), 4)),
        "best_found": max(weights, default=0.0),
        "alone": float(len(about) == 1 and total - matched >= TELLING),
        "short": short,
    }


def _units(clue: Clue) -> float:
    """How long a name is: in words, two Chinese characters for one."""
    typed = clue.typed
    return min(float(typed.count(" ") + 1) if typed.isascii() else len(typed) / 2, 4.0)


def _is_named(clue: Clue) -> bool:
    """Whether it is a subject that the lexicon has a name for."""
    return not clue.genre and clue.is_named


def _weight(clues: Iterable[Clue]) -> float:
    return sum([clue.weight for clue in clues])


def coverage(clues: Sequence[Clue], terms: Container[str]) -> float:
    """How much of what a question says is found, 0 to 1."""
    total = found = 0.0
    for clue in clues:  # asked of a dozen entries a question
        weight = clue.weight
        total += weight
        for term in clue.terms:
            if term in terms:
                found += weight
                break
        else:
            if parts := clue.parts:
                found += weight * (PART * sum(map(terms.__contains__, parts)) / len(parts))
    return found / total if total else 0.0


def standing(
    clues: Sequence[Clue], fields: Mapping[str, str]
) -> tuple[float, float | None, float | None]:
    """How much of what a question says an entry's terms have; how much of it stands in the title,
    and as the author's name, None where nothing does.
    """
    total = found = 0.0
    title = author = None
    for clue in clues:
        weight = clue.weight
        total += weight
        there = in_title = by_author = False
        for term in clue.terms:  # asked of a dozen entries a question: nothing is made
            if term in fields:
                there = True
                in_title |= fields[term] == "title"
                by_author |= fields[term] == "author"
        if there:
            found += weight
            if in_title:
                title = (title or 0.0) + weight
            if by_author:
                author = (author or 0.0) + weight
        elif parts := clue.parts:
            found += weight * (PART * sum(map(fields.__contains__, parts)) / len(parts))
    share = total or 1.0  # where it is 0, nothing weighs
    return found / share, title and title / share, author and author / share


def _stands_in(terms: Set[str], clue: Clue) -> bool:
    """Whether a clue or a word inside it is among some terms."""
    return not (terms.isdisjoint(clue.terms) and terms.isdisjoint(clue.parts))
