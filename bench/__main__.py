"""`python -m bench`: how long an answer takes, from the question's text to what is printed, as a
multiple of jieba's cut; then our index and its peers, side by side on text from this machine.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from bench import answers, report, texts
from bench.engines import ENGINES
from bench.measure import Row, measured

HERE = Path(__file__).parent
SEED = 20261123
SIZES = (400, 10_000, 100_000, 1_000_000)
QUICK = (400, 10_000)
QUESTIONS = 1000
MARKS = re.compile(r"(?<=<!-- bench -->\n).*?(?=<!-- /bench -->)", re.DOTALL)


def main() -> None:
    """Measure, print the tables, write the results and the pictures."""
    options = parsed()
    random.seed(SEED)
    cache: Path = options.cache
    cache.mkdir(parents=True, exist_ok=True)
    print("\n".join(answers.warm(cache)), flush=True)
    source, real = passages(options.corpus, cache)
    held_out, real = real[: len(real) // 50 + 20], real[len(real) // 50 + 20 :]
    asked = texts.questions(held_out, 200 if options.quick else QUESTIONS, SEED)
    print(f"\n{source}: {len(real):,} passages, {len(asked):,} questions\n")
    results: dict[int, dict[str, Row]] = {}
    for size in options.sizes or (QUICK if options.quick else SIZES):
        corpus = texts.sized(real, size, SEED)
        words = sum(map(len, corpus)) / size
        slow, starts = (1.0, 1) if options.quick else (8.0, 3)
        results[size] = measured(corpus, asked, options.engines, cache, slow, starts)
        title = f"{size:,} passages of {words:.0f} words, {max(size - len(real), 0):,} of them made"
        print(report.table(title, results[size]), flush=True)
        write(results, source, options.out)  # after each size: the largest takes minutes
    print(report.ratios(results))
    print(json.dumps(report.machine()))
    for name in ENGINES:
        shutil.rmtree(cache / name, ignore_errors=True)


def passages(corpus: Path | None, cache: Path) -> tuple[str, list[list[str]]]:
    """The passages of the best source at hand, shuffled by the seed, and its name."""
    sources: dict[str, Callable[[], list[list[str]]]] = {
        f"{corpus}": lambda: texts.passages(texts.from_jsonl(corpus)) if corpus else [],
        "Debian's package descriptions": lambda: texts.passages(texts.from_debian(cache)),
        "the shipped sample": lambda: texts.passages(texts.from_sample()),
    }
    for name, read in sources.items():
        if found := read():
            random.Random(SEED).shuffle(found)
            return name, found
    raise SystemExit("no text")


def write(results: dict[int, dict[str, Row]], source: str, out: Path | None) -> None:
    """results.json, a picture of each percentile, and the tables of docs/speed.md.

    All but the tables go to the folder out where one is named.
    """
    machine, docs = report.machine(), HERE.parent / "docs"
    whole = {"machine": machine, "source": source, "seed": SEED, "sizes": results}
    (out or HERE).mkdir(parents=True, exist_ok=True)
    ((out or HERE) / "results.json").write_text(json.dumps(whole, indent=1) + "\n")
    for key, title in {"p50_us": "median search", "p99_us": "slowest hundredth"}.items():
        picture = report.picture(results, key, title)
        ((out or docs) / f"speed-{key[:3]}.svg").write_text(picture)
    if out is None:
        page = docs / "speed.md"
        text = page.read_text(encoding="utf-8")
        told = report.told(results, machine, source)
        page.write_text(MARKS.sub(lambda _: told, text), encoding="utf-8")


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two small sizes, in a minute")
    parser.add_argument("--corpus", type=Path, help="passages of your own, a JSON object a line")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of passages")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--out", type=Path, help="folder for results and pictures, not the docs")
    parser.add_argument("--cache", type=Path, default=HERE / "cache", help="folder for indexes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
