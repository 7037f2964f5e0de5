"""Our answers beside those of plain rank-bm25, on the published questions and on those held out.

`python -m bench.evaluation` prints Markdown; `--write` puts it between the marks of the READMEs.
Plain rank-bm25 is BM25Okapi as it comes, over the titles as the list has them, cut by jieba and
stemmed by Snowball. It sees each question alone and cannot refuse: some title is always the best.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import jieba
import Stemmer
from rank_bm25 import BM25Okapi

from bot.commands import opening
from corpus.model import Entry
from retrieval import evaluate
from retrieval.evaluate import DEPTH, Judgment, Outcome

COMMAND = "make bench-evaluation"
MARKS = re.compile(r"(?<=<!-- evaluation -->\n).*?(?=<!-- /evaluation -->)", re.DOTALL)
WORD = re.compile(r"\w")
RANKING, REFUSING = ("s@1", "ndcg"), ("answered", "refused")  # plain rank-bm25 cannot refuse

WORDS = {
    "README.md": {
        "head": "| questions | n | success@1: plain | ours | nDCG@10: plain | ours "
        "| false answers | false refusals |",
        "all": "all",
        "told": f"By `{COMMAND}` on {{date}}. *Plain* is rank-bm25 over the titles, cut by jieba "
        "and\nstemmed; it answers every question, so the last two columns are ours alone.",
    },
    "README.zh.md": {
        "head": "| 问题 | 数量 | success@1：基线 | 本项目 | nDCG@10：基线 | 本项目 | 误答 | 误拒 |",
        "all": "全部",
        "told": f"{{date}} 由 `{COMMAND}` 测得。*基线*直接用 rank-bm25 搜标题，"
        "jieba 分词，英文取词干；\n它什么问题都答，所以最后两列只有本项目的数字。",
    },
}


def plain(entries: Sequence[Entry]) -> Callable[[Iterable[Judgment]], list[Outcome]]:
    """Ask rank-bm25 as one would who has just installed it."""
    stem = Stemmer.Stemmer("english").stemWord
    jieba.setLogLevel(logging.WARNING)

    def terms(text: str) -> list[str]:
        return [stem(word) for word in jieba.cut_for_search(text.lower()) if WORD.search(word)]

    titles = [(entry.id, listing.title) for entry in entries for listing in entry.listings]
    engine = BM25Okapi([terms(title) for _, title in titles])

    def asked(judgment: Judgment) -> Outcome:
        scores = engine.get_scores(terms(judgment.question))
        order = sorted(range(len(titles)), key=lambda at: (-scores[at], at))
        ids = tuple(dict.fromkeys(titles[at][0] for at in order))[:DEPTH]
        return Outcome(judgment, True, "sure", ids)

    return lambda judgments: [asked(judgment) for judgment in judgments]


def row(name: str, before: Sequence[Outcome], ours: Sequence[Outcome]) -> str:
    """One line of the table: some questions, asked of both."""
    was, now = evaluate.summary(before), evaluate.summary(ours)
    cells = [name, str(len(ours))]
    for figure in RANKING:
        cells += [cell(was.get(figure)), cell(now.get(figure), strong=True)]
    cells += [cell(now.get(figure)) for figure in REFUSING]
    return f"| {' | '.join(cells)} |"


def cell(value: float | None, strong: bool = False) -> str:
    """A figure, or that there is none."""
    if value is None:
        return "–"
    return f"**{value:.3f}**" if strong else f"{value:.3f}"


def table(
    found: dict[str, tuple[list[Outcome], list[Outcome]]], words: dict[str, str], every: bool
) -> str:
    """Published by language and by type, then hold: its sum, or all of it too."""
    lines = [words["head"], "|---" * (words["head"].count("|") - 1) + "|"]
    for split, (before, ours) in found.items():
        was, now = evaluate.groups(before), evaluate.groups(ours)
        for name, outcomes in now.items():
            if name == "all":
                lines.append(row(f"**{split}, {words['all']}**", was[name], outcomes))
            elif every or split == "published":
                lines.append(row(name, was[name], outcomes))
    told = words["told"].format(date=f"{datetime.now(UTC):%Y-%m-%d}")
    return "\n".join([told, "", *lines, ""])


def main() -> None:
    """Ask, print, and write where that is wished."""
    parser = argparse.ArgumentParser(prog="python -m bench.evaluation", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into the READMEs as well")
    options = parser.parse_args()
    retriever = opening.retriever(os.environ)
    baseline = plain(retriever.entries)
    found = {}
    for split in ("published", "hold"):
        judgments = evaluate.load(evaluate.FOLDER, split)
        ours = evaluate.run(judgments, evaluate.conversed(retriever))
        found[split] = (baseline(judgments), ours)
    print(table(found, WORDS["README.md"], every=True))
    for name, words in WORDS.items() if options.write else ():
        text = Path(name).read_text(encoding="utf-8")
        filled = MARKS.sub(lambda _, words=words: table(found, words, every=False), text)
        Path(name).write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    main()
