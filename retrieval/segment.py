"""Cut a run of Chinese characters into words: jieba's search mode over its dictionary and ours.

Loading jieba's dictionary takes 0.8 s. So it is kept in a file (retrieval.worddict), of which a run
reads the few words that could stand in it. Only this module and lean_jieba know jieba. Where the
extra `han` is installed, rjieba takes over once so much was cut that loading it pays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from math import inf, log
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from retrieval import background, lean_jieba, rust_jieba, worddict
from retrieval.worddict import Origin, WordDict, WordDictError

PAYS = 10_000  # runs, which took as long to cut as rjieba takes to load
HELD = 1 << 16  # words and beginnings kept at hand, some 10 MiB; more are read again


DICTIONARY = "dict.txt"


class _Counts(Protocol):
    """How often words occur."""

    total: int
    held: dict[str, int]  # what jieba looks up; one object for life

    def need(self, text: str) -> None:
        """See to it that every part of the text that is a word is held, with its beginnings."""
        ...


class _Whole:
    """The dictionary in memory, some 80 MiB."""

    def __init__(self, origin: Origin) -> None:
        jieba = lean_jieba.module()
        tokenizer = jieba.Tokenizer()
        # not initialize(): it trusts and leaves a file in the temporary folder that all share
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True
        for word in origin.words:
            tokenizer.add_word(word)
        self.total: int = tokenizer.total
        self.held: dict[str, int] = tokenizer.FREQ

    def need(self, text: str) -> None:
        pass


class _Mapped:
    """The dictionary in a file.

    jieba only ever looks up parts of the run that it cuts. A part begins with two characters that
    are neighbours in the run, or is one character: with the buckets of these at hand, jieba runs
    on a plain dict, at its own speed.
    """

    def __init__(self, words: WordDict) -> None:
        self.total = words.total
        self.held: dict[str, int] = {}
        self._words = words
        self._pairs: set[str] = set()  # whose words are held

    def need(self, text: str) -> None:
        pairs = {text[at : at + 2] for at in range(len(text))}
        if pairs <= self._pairs:
            return
        if len(self._pairs) + len(self.held) > HELD:
            self.held.clear()
            self._pairs.clear()
        for pair in pairs - self._pairs:
            self._words.load(pair, self.held)
        self._pairs |= pairs


class Segmenter:
    """Cuts runs, and knows how often words occur. Threads may share one.

    Nothing is read before the first use, and jieba is not imported before the first run.
    """

    def __init__(self, words: Iterable[str], dictionary: Path | None = None) -> None:
        """Words to keep whole, as jieba's add_word would, in this order.

        `dictionary` is the file to use, written when it is missing, damaged or out of date. Without
        one, or where it cannot be written, jieba's dictionary is loaded into memory.
        """
        self._words = _checked(words)
        self._path = dictionary
        self._lock = Lock()
        self._counts: _Counts | None = None
        self._jieba: Any = None
        self._rust: rust_jieba.Cut | None = None
        self._until = PAYS  # so many runs until rjieba is looked for

    def __call__(self, run: str) -> Iterable[tuple[str, int, int]]:
        """(word, start, end) of every word, the words inside a long word too.

        Without jieba's guess at unknown words (HMM): it depends on the neighbours, so that a name
        would be cut one way in a passage and another way in a question.
        """
        with self._lock:
            self._until -= 1
            if not self._until:
                with suppress(ImportError):  # it is an extra
                    self._accelerate()
            plain = rust_jieba.CUTS.fullmatch(run)
            if plain and self._rust:
                return self._rust(run)
            counts = self._with(run)
            if plain:
                return _cut(run, counts.held.get, counts.total)
            if self._jieba is None:
                self._jieba = lean_jieba.module().Tokenizer()
                self._jieba.initialized = True
            self._jieba.FREQ, self._jieba.total = counts.held, counts.total
            return list(self._jieba.tokenize(run, mode="search", HMM=False))

    def accelerate(self) -> None:
        """Cut by rjieba from now on; ImportError where the extra is not installed.

        It takes a third of a second: who answers for long calls it before the first question. It
        comes by itself once PAYS runs have been cut.
        """
        with self._lock:
            self._accelerate()

    def _accelerate(self) -> None:
        counts = {word: self._with(word[:2]).held[word] for word in self._words}
        self._rust = rust_jieba.cutter(counts, lean_jieba.folder() / DICTIONARY)

    def frequency(self, word: str) -> int:
        """How often a word occurs in what jieba counted, 0 where it is not a word."""
        with self._lock:
            return self._with(word[:2]).held.get(word, 0)

    @property
    def total(self) -> int:
        """The sum of all frequencies."""
        with self._lock:
            return self._with("").total

    def zipf(self, word: str) -> float:
        """The Zipf value of a word by jieba's counts."""
        with self._lock:
            counts = self._with(word[:2])
            return background.zipf(counts.held.get(word, 0), counts.total)

    def _with(self, text: str) -> _Counts:
        """The counts, with what the text needs."""
        if self._counts is None:
            self._counts = self._open()
        try:
            self._counts.need(text)
        except WordDictError as error:  # damage in a page that was not met before
            self._counts = self._written(error)
        return self._counts

    def _open(self) -> _Counts:
        if self._path is None:
            return _Whole(_origin(self._words))
        try:
            return _Mapped(worddict.read(self._path, _origin(self._words)))
        except WordDictError as error:
            whole = self._written(error)
        try:  # rather than keep the whole in memory
            return _Mapped(worddict.read(self._path, _origin(self._words)))
        except WordDictError:
            return whole

    def _written(self, error: WordDictError) -> _Whole:
        """The whole dictionary, from which the file has been written if that was possible."""
        import logging  # costs a start 7 ms

        log = logging.getLogger(__name__)
        whole = _Whole(_origin(self._words))
        try:
            if error.path.exists():  # an error too, where one may not even look
                log.warning("%s; writing it again", error)
            _write(error.path, self._words, whole)
        except OSError as cause:
            log.warning("%s cannot be written, so starts stay slow: %s", error.path, cause)
        return whole


def _cut(run: str, count: Callable[[str], int | None], total: int) -> list[tuple[str, int, int]]:
    """What jieba's search mode gives for a run of Chinese characters, without HMM, bit by bit.

    It goes by way of a regular expression and four generators, which takes three times as long. A
    test holds one against the other on 20,000 runs.
    """
    end, whole = len(run), log(total)
    best, stops = [0.0] * (end + 1), [0] * end  # from a place on: the likeliest way, its first word
    for start in range(end - 1, -1, -1):
        likeliest, at, stop = -inf, start + 1, start + 1
        known = count(run[start:stop])
        while known is not None:  # a word, or with 0 the beginning of one
            if known and (way := log(known) - whole + best[stop]) >= likeliest:
                likeliest, at = way, stop
            if stop == end:
                break
            stop += 1
            known = count(run[start:stop])
        if likeliest == -inf:  # no word begins here
            likeliest = log(1) - whole + best[at]
        best[start], stops[start] = likeliest, at
    return list(_with_inner(run, stops, count))


def _with_inner(
    run: str, stops: Sequence[int], count: Callable[[str], int | None]
) -> Iterator[tuple[str, int, int]]:
    """The words of a run, each with the words of two and three characters inside it before it."""
    start = 0
    while start < len(run):
        stop = stops[start]
        for size in (2, 3):
            for at in range(start, stop - size + 1) if stop - start > size else ():
                if count(word := run[at : at + size]):
                    yield word, at, at + size
        yield run[start:stop], start, stop
        start = stop


def write_dictionary(path: Path, words: Iterable[str] = ()) -> None:
    """Write the file that a Segmenter of these words uses, in place of any file there.

    The folder is made. Any number of processes may do this at once: the last one's file stays.
    """
    checked = _checked(words)
    _write(path, checked, _Whole(_origin(checked)))


def _write(path: Path, words: tuple[str, ...], whole: _Whole) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    worddict.write(path, _origin(words), whole.held, whole.total)


def _origin(words: tuple[str, ...]) -> Origin:
    return Origin((lean_jieba.folder() / DICTIONARY).stat().st_size, words)


def _checked(words: Iterable[str]) -> tuple[str, ...]:
    checked = tuple(words)
    for word in checked:
        if not word or "\n" in word or "\0" in word:
            raise ValueError(f"not a word that jieba could find: {word!r}")
    return checked
