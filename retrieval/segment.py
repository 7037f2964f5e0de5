"""Cut a run of Chinese characters into words. Only this module knows jieba."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from retrieval.background import zipf


class Segmenter:
    """jieba's search mode over its own dictionary and our words; loaded at the first Chinese run."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._jieba: Any = None

    def __call__(self, run: str) -> Iterator[tuple[str, int, int]]:
        """(word, start, end) of every word, the words inside a long word too.

        Without jieba's guess at unknown words (HMM): it depends on the neighbours, so that a name
        would be cut one way in a passage and another way in a question.
        """
        if self._jieba is None:
            self._jieba = self._load()
        yield from self._jieba.tokenize(run, mode="search", HMM=False)

    def zipf(self, word: str) -> float:
        """The Zipf value of a word by jieba's counts."""
        if self._jieba is None:
            self._jieba = self._load()
        return zipf(self._jieba.FREQ.get(word, 0), self._jieba.total)

    def _load(self) -> Any:
        # jieba asks pkg_resources for one file name, and imports it for 60 ms; without it, it
        # falls back to the path beside its own code.
        held = sys.modules.get("pkg_resources")
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
        try:
            import jieba
        finally:
            if held is None:
                del sys.modules["pkg_resources"]
            else:
                sys.modules["pkg_resources"] = held
        jieba.setLogLevel("ERROR")
        tokenizer = jieba.Tokenizer()
        for word in self._words:
            tokenizer.add_word(word)
        return tokenizer
