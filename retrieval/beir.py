"""Score the Index on a collection in BEIR's form, with rank_bm25 on the same terms beside it.

A folder holds corpus.jsonl (_id, title, text), queries.jsonl (_id, text), and qrels.tsv or
qrels/test.tsv: a header line, then query-id, corpus-id, score. Files are read a line at a time.
Real collections have gaps: a passage without a word, judgments of what is not there. They are
counted and told; a file of another form is an error. Gains are the grades themselves, as BEIR has
them, not 2^grade - 1 as for our judged questions.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

import numpy as np

from corpus.record import replace
from retrieval import lexicon
from retrieval.bm25 import BM25, BM25Plus
from retrieval.index import Index
from retrieval.passages import BORDER
from retrieval.tokenize import EVERYDAY, Tokenizer
from retrieval.weighting import K1, B

NDCG, RECALL = 10, 100  # how deep each figure looks
# The first that is there.
JUDGED = ("qrels.tsv", "qrels/test.tsv", "qrels/dev.tsv", "qrels/train.tsv")
PATIENCE = 60_000  # passages up to which rank_bm25 itself is asked; it takes 0.1 s a question there
EVERY = 10_000  # steps between two plain lines of progress

Terms = Callable[[str], list[str]]
Grades = Mapping[str, Mapping[str, float]]  # question -> passage -> grade above 0
Search = Callable[[Sequence[str]], list[int]]
T = TypeVar("T")


class CollectionError(Exception):
    """A file of the collection that cannot be used; line 0 means the file as a whole."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        """Name the file, the line and what is wrong with it."""
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages as terms, and the judged questions with their grades."""

    ids: Sequence[str]
    passages: Sequence[Sequence[str]]
    questions: Mapping[str, Sequence[str]]
    grades: Grades


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the questions."""

    ndcg: float
    recall: float


def of_any_field(tokenizer: Tokenizer) -> Terms:
    """Terms for text that need not be of our field: no names of the lexicon, few stop words.

    A name would count a word twice ("react" is one of ours), and what says nothing here may be a
    subject elsewhere: vitamin D, T cells. Only the commonest words of a language stay out.
    """
    ours = lexicon.load()
    stop = frozenset(word for word in ours.stop if tokenizer.zipf(word) >= EVERYDAY)
    names: Mapping[str, Any] = {"concepts": {}, "organisations": {}, "kinds": {}, "elsewhere": {}}
    return Tokenizer(replace(ours, stop=stop, **names))


def load(folder: Path, terms: Terms) -> Collection:
    """Read a folder; raise CollectionError where it is not what it should be."""
    grades = judgments(folder)
    asked = {
        one: terms(text) for one, text in texts(folder / "queries.jsonl", "text") if one in grades
    }
    tell(len(grades.keys() - asked.keys()), "judged questions are not among the queries: left out")
    grades = {question: held for question, held in grades.items() if question in asked}
    if not grades:
        raise CollectionError(folder / "queries.jsonl", 0, "none of the judged questions")
    ids, passages = [], []
    for passage, text in told("passages", texts(folder / "corpus.jsonl", "title", "text")):
        ids.append(passage)
        passages.append([sys.intern(term) for term in terms(text)])
    if not any(passages):
        raise CollectionError(folder / "corpus.jsonl", 0, "no passages")
    tell(sum(not passage for passage in passages), "passages have no words")
    absent = {passage for held in grades.values() for passage in held}.difference(ids)
    tell(len(absent), "judged passages are not in the corpus, and count as not found")
    return Collection(ids, passages, asked, grades)


def texts(path: Path, *fields: str) -> Iterator[tuple[str, str]]:
    """(_id, text) of each line; a field may be missing or null."""
    seen: set[str] = set()
    for number, line in lines(path):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise CollectionError(path, number, f"no JSON: {error}") from None
        if not isinstance(entry, dict):
            raise CollectionError(path, number, "not a JSON object")
        one = entry.get("_id")
        if isinstance(one, bool) or not isinstance(one, str | int):
            raise CollectionError(path, number, "no _id")
        if str(one) in seen:
            raise CollectionError(path, number, f"_id {str(one)!r} stands a second time")
        seen.add(str(one))
        found = [entry.get(field) or "" for field in fields]
        if not all(isinstance(text, str) for text in found):
            raise CollectionError(path, number, f"no text in {' or '.join(fields)}")
        yield str(one), BORDER.join(filter(None, found))


def judgments(folder: Path) -> Grades:
    """The grades above 0 of each question that has one. Of two grades the later counts."""
    path = next((path for name in JUDGED if (path := folder / name).exists()), folder / JUDGED[0])
    grades: dict[str, dict[str, float]] = {}
    header = True
    for number, line in lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) != 3:
            wanted = "query-id, corpus-id, score"
            raise CollectionError(
                path, number, f"three columns wanted ({wanted}), not {len(cells)}"
            )
        question, passage, score = map(str.strip, cells)
        grade = graded(score)
        if header and grade is not None:
            raise CollectionError(path, number, "no header line: query-id corpus-id score")
        if not header and grade is None:
            raise CollectionError(path, number, f"the score {score!r} is no number")
        header = False
        if grade is not None:
            grades.setdefault(question, {})[passage] = grade
    relevant = {
        question: {passage: grade for passage, grade in held.items() if grade}
        for question, held in grades.items()
    }
    if not any(relevant.values()):
        raise CollectionError(path, 0, "no passage is judged relevant")
    return {question: held for question, held in relevant.items() if held}


def graded(score: str) -> float | None:
    """A score as a grade, 0 where it is below; None where it is no number."""
    try:
        grade = float(score)
    except ValueError:
        return None
    return max(grade, 0.0) if math.isfinite(grade) else None


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number, text) of each line that is not blank."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
                if text.strip():
                    yield number, text
    except UnicodeDecodeError:
        raise CollectionError(path, number, "not UTF-8") from None
    except OSError as error:
        raise CollectionError(path, 0, error.strerror or "cannot be read") from None


def ours(passages: Sequence[Sequence[str]]) -> Search:
    """Our Index."""
    index = Index.build(passages, K1, B, lambda done: say(f"{done:,} indexed") if done else None)

    def search(terms: Sequence[str]) -> list[int]:
        weights = {term: float(times) for term, times in Counter(terms).items()}
        return [position for position, _ in index.search(weights, RECALL)]

    return search


def theirs(passages: Sequence[Sequence[str]]) -> Search:
    """rank_bm25, or for many passages its drop-in, which tests hold to the same scores."""
    kind = BM25Plus if len(passages) <= PATIENCE else BM25
    bm25 = kind(passages, k1=K1, b=B, delta=0)

    def search(terms: Sequence[str]) -> list[int]:
        scores = bm25.get_scores(terms)
        shared = np.flatnonzero(scores > 0)
        best = shared[np.argsort(-scores[shared], kind="stable")[:RECALL]]
        return [int(position) for position in best]

    return search


def score(collection: Collection, search: Search, name: str) -> Figures:
    """Ask every judged question."""
    ndcgs, recalls = [], []
    for question, grades in told(f"questions to {name}", collection.grades.items()):
        found = [collection.ids[at] for at in search(collection.questions[question])]
        ndcgs.append(ndcg(found, grades))
        recalls.append(recall(found, grades))
    return Figures(fmean(ndcgs), fmean(recalls))


def ndcg(found: Sequence[str], grades: Mapping[str, float]) -> float:
    """nDCG@10 with the grades as gains."""
    ideal = sorted(grades.values(), reverse=True)
    return _gain([grades.get(passage, 0.0) for passage in found]) / _gain(ideal)


def _gain(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades[:NDCG]))


def recall(found: Sequence[str], grades: Mapping[str, float]) -> float:
    """Recall@100: the share of the relevant passages that were found."""
    return len(grades.keys() & set(found[:RECALL])) / len(grades)


def report(folder: Path, tokenizer: Tokenizer) -> Iterator[str]:
    """The lines of the table, as they come to be known."""
    collection = load(folder, of_any_field(tokenizer))
    sizes = f"{len(collection.ids):,} passages, {len(collection.grades):,} judged questions"
    yield f"{folder.resolve().name}: {sizes}"
    yield f"{'':<24}{'nDCG@10':>10}{'Recall@100':>12}"
    beside = "rank_bm25" if len(collection.ids) <= PATIENCE else "rank_bm25 (drop-in)"
    for name, engine in {"ours": ours, beside: theirs}.items():
        figures = score(collection, engine(collection.passages), name)
        yield f"{name:<24}{figures.ndcg:>10.4f}{figures.recall:>12.4f}"


def told(what: str, steps: Iterable[T]) -> Iterator[T]:
    """The steps, with progress on standard error: rich's bar where there is one, else lines."""
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        yield from _counted(what, steps)
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from _counted(what, steps)
        return
    yield from track(steps, what, console=console, transient=True)


def _counted(what: str, steps: Iterable[T]) -> Iterator[T]:
    done = 0
    for done, step in enumerate(steps, 1):
        yield step
        if done % EVERY == 0:
            say(f"{done:,} {what}")
    say(f"{done:,} {what}")


def tell(count: int, what: str) -> None:
    """How many of something there are, if any."""
    if count:
        say(f"{count} {what}")


def say(text: str) -> None:
    """A line for whoever waits."""
    print(text, file=sys.stderr, flush=True)
