"""How good the answers are: success@1, success@3, MRR@10, nDCG@10, false answers, false refusals.

Over judged questions: YAML files of {q, lang, type, gold: {entry: grade}, after: [questions]}.
Grade 3 is the exact thing asked for, 2 clearly useful, 1 related; no gold: nothing is right.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from corpus.record import record
from retrieval import confidence
from retrieval.calibrate import Sample, fit
from retrieval.model import Result
from retrieval.retriever import Retriever
from retrieval.tokenize import Tokenizer

DEPTH = 10
EXACT, USEFUL = 3, 2
SHOWN = 5  # hits of an answer that an asker sees, and may refer to
FOLDER = Path("tests/retrieval/judgments")
Search = Callable[[Sequence[str]], Result]  # a conversation's questions; the last one is asked


@record
class Judgment:
    """A question and the grades of its right answers; none where nothing is right."""

    question: str
    language: str
    type: str
    grades: Mapping[str, int]
    after: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What names it in a saved run."""
        return " / ".join((*self.after, self.question))


@record
class Outcome:
    """What came of one question."""

    judgment: Judgment
    answered: bool
    confidence: str
    ids: tuple[str, ...]

    @property
    def grades(self) -> list[int]:
        """The grades of the answers, in order."""
        return [self.judgment.grades.get(entry, 0) for entry in self.ids[:DEPTH]]


def load(folder: Path, prefix: str = "") -> list[Judgment]:
    """The judged questions of a folder's files whose names begin so."""
    return [
        Judgment(
            question=str(row["q"]),
            language=row["lang"],
            type=row["type"],
            grades=row["gold"],
            after=tuple(map(str, row.get("after", ()))),
        )
        for path in sorted(folder.glob(f"{prefix}*.yaml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def run(judgments: Iterable[Judgment], search: Search) -> list[Outcome]:
    """Ask every question."""
    outcomes = []
    for judgment in judgments:
        result = search((*judgment.after, judgment.question))
        ids = tuple(hit.entry.id for hit in result.hits)
        outcomes.append(Outcome(judgment, result.confidence != "nothing", result.confidence, ids))
    return outcomes


def success(outcome: Outcome, within: int) -> float:
    """1 where the exact thing is among the first."""
    return float(EXACT in outcome.grades[:within])


def reciprocal_rank(outcome: Outcome) -> float:
    """1 / the place of the first exact answer, 0 where there is none."""
    grades = outcome.grades
    return 1 / (grades.index(EXACT) + 1) if EXACT in grades else 0.0


def ndcg(outcome: Outcome) -> float:
    """nDCG@10 with gain 2^grade - 1."""
    ideal = sorted(outcome.judgment.grades.values(), reverse=True)[:DEPTH]
    return _gain(outcome.grades) / _gain(ideal)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The figures of some outcomes; a figure about no question is left out."""
    answerable = [one for one in outcomes if one.judgment.grades]
    rest = [one for one in outcomes if not one.judgment.grades]
    figures = {"n": float(len(outcomes))}
    if answerable:
        figures |= {
            "s@1": fmean(success(one, 1) for one in answerable),
            "s@3": fmean(success(one, 3) for one in answerable),
            "mrr": fmean(map(reciprocal_rank, answerable)),
            "ndcg": fmean(map(ndcg, answerable)),
            "refused": fmean(not one.answered for one in answerable),
        }
    if rest:
        figures["answered"] = fmean(one.answered for one in rest)
    return figures


def groups(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """All outcomes, then by language, then by type."""
    found: dict[str, list[Outcome]] = {"all": list(outcomes)}
    by_type: dict[str, list[Outcome]] = defaultdict(list)
    for one in sorted(outcomes, key=lambda one: (one.judgment.language, one.judgment.type)):
        found.setdefault(one.judgment.language, []).append(one)
        by_type[one.judgment.type].append(one)
    return found | dict(sorted(by_type.items()))


COLUMNS = ("n", "s@1", "s@3", "mrr", "ndcg", "refused", "answered")
HEADINGS = ("n", "S@1", "S@3", "MRR@10", "nDCG@10", "false refusals", "false answers")


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures by language and type, for a terminal."""
    lines = ["{:<14}".format("") + "".join(f"{heading:>16}" for heading in HEADINGS)]
    for name, group in groups(outcomes).items():
        figures = summary(group)
        cells = [_cell(column, figures.get(column)) for column in COLUMNS]
        lines.append(f"{name:<14}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def _cell(column: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if column == "n" else f"{value:.3f}"


def changes(outcomes: Sequence[Outcome], before: Mapping[str, Any]) -> list[str]:
    """The questions whose first answer is not what it was."""
    lines = []
    for one in outcomes:
        was = before.get(one.judgment.key)
        now = _first(one.answered, one.ids)
        if was is not None and was["first"] != now:
            lines.append(f"{one.judgment.key}: {was['first']} -> {now}")
    return lines


def _first(answered: bool, ids: Sequence[str]) -> str:
    return ids[0] if answered and ids else "nothing"


def conversed(retriever: Retriever) -> Search:
    """A search that goes through the earlier questions first, as their asker did."""

    def search(questions: Sequence[str]) -> Result:
        conversation = None
        for question in questions:
            result = retriever.search(question, conversation)
            conversation = result.conversation(SHOWN)
        return result

    return search


def samples(judgments: Iterable[Judgment], retriever: Retriever) -> Iterator[Sample]:
    """What the confidence is fitted on: the first hit of every question that stands alone."""
    for judgment in judgments:
        query = retriever.parse(judgment.question)
        best = retriever.ranked(query)
        if best and not judgment.after:
            grade = judgment.grades.get(retriever.entries[best[0].entry].id, 0)
            yield Sample(retriever.features(query, best), bool(judgment.grades), grade >= USEFUL)


def main(arguments: Sequence[str], retriever: Retriever) -> int:
    """`mlinfra evaluate`: print the figures; 1 where --against finds changed first answers."""
    options = _options(arguments)
    if options.beir:
        return _beir(options.beir, retriever.tokenizer)
    judgments = load(options.judgments, options.split)
    if not judgments:
        print(f"no judged questions in {options.judgments}")
        return 1
    if options.fit:
        confidence.save(fit(list(samples(judgments, retriever))), options.fit)
        return 0
    outcomes = run(judgments, conversed(retriever))
    print(table(outcomes))
    if options.misses:
        print("\n".join(map(_miss, filter(_wrong, outcomes))))
    if options.save:
        saved = {one.judgment.key: {"first": _first(one.answered, one.ids)} for one in outcomes}
        options.save.write_text(json.dumps(saved, ensure_ascii=False, indent=0), encoding="utf-8")
    if options.against:
        lines = changes(outcomes, json.loads(options.against.read_text(encoding="utf-8")))
        print("\n".join([f"{len(lines)} first answers changed", *lines]))
        return int(bool(lines))
    return 0


def _beir(folder: Path, tokenizer: Tokenizer) -> int:
    """The figures of a collection in BEIR's form; 1 where it cannot be read."""
    from retrieval import beir  # imports numpy and rank_bm25

    try:
        for line in beir.report(folder, tokenizer):
            print(line, flush=True)
    except beir.CollectionError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mlinfra evaluate", description="How good the answers are."
    )
    add = parser.add_argument
    add("--judgments", type=Path, default=FOLDER, help="a folder of judged questions")
    add("--split", default="", help="only files whose names begin so: tune, hold")
    add("--save", type=Path, help="write the first answers to a file")
    add("--against", type=Path, help="print the questions whose first answer changed")
    add("--misses", action="store_true", help="print the questions that went wrong")
    add("--fit", type=Path, help="fit the confidence and write it to a file")
    add("--beir", type=Path, metavar="DIR", help="score the index on a collection in BEIR's form")
    return parser.parse_args(arguments)


def _wrong(outcome: Outcome) -> bool:
    if not outcome.judgment.grades:
        return outcome.answered
    return not outcome.answered or success(outcome, 1) == 0


def _miss(outcome: Outcome) -> str:
    judgment = outcome.judgment
    return (
        f"{judgment.type} | {judgment.key} | {outcome.confidence} {list(outcome.ids[:3])}"
        f" | gold {dict(judgment.grades)}"
    )
