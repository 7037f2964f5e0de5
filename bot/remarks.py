"""What is said around hits: how an answer came about, what else was searched, why there is nothing.
Plain sentences in the asker's language; a platform lays them out.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot import labels, phrases
from bot.model import Answer
from bot.phrases import say, tell
from corpus.pattern import pattern
from retrieval.filters import asked
from retrieval.model import Hit

_KIND = pattern(r"(?:\bonly )?\bkind:(\w+)")  # as a command writes it
QUOTED = 60  # characters of an earlier question that are shown


def how(answer: Answer) -> Iterator[str]:
    """What it goes on from, a slip mended, where the list has it, a filter that none passes."""
    script = answer.script
    for question in answer.follows:
        yield say(phrases.FOLLOWS, script, question=quoted(question))
    for typed, meant in answer.instead:
        yield say(phrases.INSTEAD_OF, script, typed=typed, meant=meant)
    if answer.places:
        yield listed(answer)
    elif answer.query.addresses and answer.first == 1:  # what was found is about the words beside
        yield tell(phrases.NOT_LISTED, script)
    if answer.unmet:
        between = tell(phrases.NAMES_BETWEEN, script)
        names = between.join(tell(labels.FILTERS[name], script) for name in answer.unmet)
        below = any(_passes(found.hit, answer) for found in answer.found[1:])
        yield say(phrases.UNMET_BY_FIRST if below else phrases.UNMET, script, names=names)


def _passes(hit: Hit, answer: Answer) -> bool:
    """Whether a hit passes every filter, and says something of what was asked."""
    told = hit.explanation
    return bool(told.shares) and {*asked(answer.query.filters)} <= {name for name, _ in told.boosts}


def nearest(answer: Answer) -> str:
    """What the hits of a refusal are: near, or only where one may begin."""
    near = any(found.hit.score for found in answer.found)
    return tell(phrases.NEAREST if near else phrases.ENTRANCES, answer.script)


def listed(answer: Answer) -> str:
    """Where the list has the work whose address was asked for; empty where none was."""
    if not answer.places:
        return ""
    places = tell(phrases.NAMES_BETWEEN, answer.script).join(answer.places)
    return say(phrases.IN_LIST, answer.script, places=places)


def closing(answer: Answer) -> Iterator[str]:
    """What else was searched for, and that the answer comes late."""
    script = answer.script
    if answer.also:
        pairs = (f"{typed} → {name}" for typed, name in answer.also)
        yield tell(phrases.ALSO, script) + tell(phrases.ALSO_BETWEEN, script).join(pairs)
    if answer.late:
        yield say(phrases.LATE, script, minutes=answer.late)


def refusal(answer: Answer) -> tuple[str, str]:
    """Why there is nothing, and what leads on: the first sentence, and the rest."""
    script = answer.script
    if answer.intent in ("more", "similar", "open"):  # with nothing that it could refer to
        return tell(phrases.ASK_FIRST, script), ""
    if not answer.question.strip():
        return say(phrases.READS, script, sample=tell(phrases.SAMPLES[0], script)), ""
    if answer.intent == "noise":
        return say(phrases.EMPTY, script, sample=tell(phrases.SAMPLES[0], script)), ""
    first = tell(phrases.NOT_LISTED if answer.query.addresses else phrases.NOTHING, script)
    if answer.coverage is None:
        return first, ""
    covers = answer.coverage
    return first, say(
        phrases.COVERS, script, works=covers.works, first=covers.first, last=covers.last
    )


def is_help(answer: Answer) -> bool:
    """Whether an answer without hits is a word of help, and no refusal."""
    return answer.intent in ("more", "similar", "open", "noise") or not answer.question.strip()


def quoted(text: str) -> str:
    """The beginning of what somebody wrote, on one line."""
    flat = " ".join(_KIND.sub(lambda found: found[1], text).split())
    return flat if len(flat) <= QUOTED else flat[: QUOTED - 1] + "…"
