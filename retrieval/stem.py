"""English words to their stems. Passages and questions are treated alike, so no rule does harm."""

from __future__ import annotations

import re
from collections.abc import Container

import Stemmer

from retrieval import numerals

_PLURAL = re.compile(r"[^s]s$")
_AGENT = re.compile(r"([a-z]{4,}(?:er|or))s?")
# A thing of ours: what is optimal, or an optimization, has nothing of it.
_OPTIMIZER = ("optimizer", "optimizers")
# A number is the same in letters and in figures: six billion, 6 billion.
_NUMBERS = {
    **{
        word: str(number) for number, word in enumerate(numerals.ENGLISH[1:], 2)
    },  # one is no figure
    **{word: str(number) for word, number in numerals.TENS.items()},
    "hundred": "100",
}
# British to American, so that one spelling finds the other.
_SPELLING = (
    ("is", re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"), "iz"),
    ("our", re.compile(r"(?<=[a-z]{3})our(?=s?$|al$|ally$|ed$|ing$)"), "or"),
    # travelled and modelling; but killed is of kill, and has one syllable before
    ("ll", re.compile(r"^([a-z]*[aeiouy][a-z]*[^aeiou][aeiou])ll(?=(?:ed|ing|er|ers)$)"), r"\1l"),
    ("tre", re.compile(r"(?<=[a-z]{3})tre(?=s?$)"), "ter"),
    ("theses", re.compile(r"^(hypo|syn)?theses$"), r"\1thesis"),  # else its stem is that of "these"
)
LONGEST = 40  # letters of a word of English: a pattern takes the square of a longer one's time


class Stems:
    """Snowball's stems, with our spelling and a few exceptions."""

    def __init__(self, stop: Container[str]) -> None:
        """`stop` are the words without a subject: who does what one of them says is not one."""
        self._stop = stop
        self._stemmer = Stemmer.Stemmer("english")

    def __call__(self, word: str) -> str:
        """The stem of a folded word."""
        for part, british, spelling in _SPELLING:
            if part in word and len(word) <= LONGEST:
                word = british.sub(spelling, word)
        if word in _OPTIMIZER:
            return _OPTIMIZER[0]
        if word in _NUMBERS:
            return _NUMBERS[word]
        stem = str(self._stemmer.stemWord(word))
        if stem in self._stop and (agent := _AGENT.fullmatch(word)):
            return agent[1]  # a recommender is more than to recommend
        # Snowball leaves the plural of an acronym alone: gpus, svms, tpus; but news is not new
        plural = stem == word != "news" and len(word) > 3 and _PLURAL.search(word) is not None
        return stem[:-1] if plural else stem
