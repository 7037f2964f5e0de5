"""rjieba, which is jieba in Rust, told our words: the same cuts, ten times as fast. An extra.

It knows jieba's dictionary by itself, and takes a word with its count. Two things would make it cut
otherwise, and a test over 20,000 runs holds that they do not: where jieba adds the count of a word
of ours to its sum, rjieba takes off what the word counted before; and it parts other characters
than Chinese ones in its own way, so that it is given none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from corpus.pattern import pattern

Cut = Callable[[str], list[tuple[str, int, int]]]

CUTS = pattern("[\u4e00-\u9fd5]+")  # what both take for Chinese
_NOWHERE = "\ue000\ue001"  # a word for private use, whose count only evens out the sums


def cutter(counts: Mapping[str, int], dictionary: Path) -> Cut:
    """What cuts a run that CUTS matches as jieba's search mode does, without HMM.

    `counts` are our words with the counts that jieba gave them, `dictionary` is jieba's dict.txt.
    ImportError where the extra is not installed. It takes a third of a second.
    """
    import rjieba

    jieba = rjieba.Jieba()
    for word, count in counts.items():
        jieba.add_word(word, count, None)
    with dictionary.open(encoding="utf-8") as lines:
        jieba.add_word(_NOWHERE, sum(_replaced(lines, counts)), None)
    return lambda run: jieba.tokenize(run, "search", False)


def _replaced(lines: Iterable[str], counts: Mapping[str, int]) -> Iterable[int]:
    """The counts that our words had in a dictionary of lines like `word count tag`."""
    for line in lines:
        word, count, _ = line.split(" ")
        if word in counts:
            yield int(count)
