"""Our segmenter cuts as stock jieba does, from a file, at a fraction of the start."""

from __future__ import annotations

import importlib.util
import math
import os
import random
import re
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus
from retrieval import lexicon, segment, worddict
from retrieval.segment import Segmenter, write_dictionary
from retrieval.tokenize import _HAN, _han_words
from retrieval.worddict import Origin

ROOT = Path(corpus.__file__).parent.parent
# Not sorted: each word is weighed against those before it.
WORDS = (*reversed(_han_words(lexicon.load())), "中国", "参数服务器", "𠀀𠀁", "参数服务器组")


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """jieba as anyone would use it, with our words added."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # uncompiled, jieba warns of its escapes
        import jieba
    jieba.setLogLevel("ERROR")
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    for word in WORDS:
        tokenizer.add_word(word)
    return tokenizer


@pytest.fixture(scope="module")
def dictionary(tmp_path_factory):
    """A dictionary file with our words. Do not write to it."""
    path = tmp_path_factory.mktemp("dictionary") / "words"
    write_dictionary(path, WORDS)
    return path


@pytest.fixture(scope="module")
def ours(dictionary):
    """A segmenter over the dictionary file."""
    return Segmenter(WORDS, dictionary)


def cut(tokenizer, run):
    return list(tokenizer.tokenize(run, mode="search", HMM=False))


def runs(stock, number):
    """Dictionary words at random, one to six together, some with a character out of place."""
    chance = random.Random(7)
    han = re.compile(f"[{_HAN}]+")
    words = [word for word, count in stock.FREQ.items() if count and han.fullmatch(word)]
    for _ in range(number):
        run = "".join(chance.choices(words, k=chance.randint(1, 6)))
        if chance.random() < 0.3:
            at = chance.randrange(len(run))
            run = run[:at] + chr(chance.randrange(0x4E00, 0x9FFF)) + run[at + 1 :]
        yield run


def texts():
    """Every Chinese run of the catalog, the lexicon and the judged questions."""
    for folder in ("corpus/data", "retrieval/lexicon", "tests/retrieval/judgments"):
        for path in sorted((ROOT / folder).iterdir()):
            if path.suffix in (".yaml", ".tsv", ".txt"):
                yield from re.findall(f"[{_HAN}]+", path.read_text(encoding="utf-8"))


def test_the_file_is_jiebas_dictionary(stock, dictionary):
    """Every word and beginning has the count that jieba's add_word left it; so has the sum."""
    words, found = worddict.read(dictionary, segment._origin(WORDS)), {}
    for pair in {word[:2] for word in stock.FREQ}:
        words.load(pair, found)
    assert found == stock.FREQ
    assert words.total == stock.total


def test_runs_are_cut_as_jieba_cuts_them(stock, ours):
    """On words of the dictionary at random, and on every Chinese text we have."""
    tried = [*runs(stock, 20_000), *texts()]
    assert len(tried) > 24_000
    assert [run for run in tried if list(ours(run)) != cut(stock, run)] == []


def test_rjieba_cuts_the_same(stock, dictionary):
    """The extra `han`: on 20,000 runs and every Chinese text we have, the words of jieba."""
    pytest.importorskip("rjieba", reason="the extra han is not installed")
    fast = Segmenter(WORDS, dictionary)
    fast.accelerate()
    tried = [*runs(stock, 20_000), *texts(), "", "二〇一八年", "\ud800", "𠀀𠀁", "a-b"]
    assert [run for run in tried if list(fast(run)) != cut(stock, run)] == []
    assert fast.frequency("中国") == stock.FREQ["中国"]


def test_rjieba_takes_over_once_it_pays(dictionary, monkeypatch):
    """A short run never loads it; a long one finds out by itself, and does without it too."""
    monkeypatch.setattr(segment, "PAYS", 3)
    ours = Segmenter(WORDS, dictionary)
    taken = []
    for _ in range(4):
        taken.append(ours._rust is not None)
        assert list(ours("参数服务器")) == list(Segmenter(WORDS, dictionary)("参数服务器"))
    installed = importlib.util.find_spec("rjieba") is not None
    assert [*taken, ours._rust is not None] == [False, False, False, installed, installed]


@given(
    st.text("".join(WORDS[:60]) + "的一是了我不")
    | st.text(st.characters(min_codepoint=0x3400))
    | st.text()
)
def test_any_text_is_cut_as_jieba_cuts_it(stock, ours, run):
    """Also where it is no Chinese, or no word."""
    assert list(ours(run)) == cut(stock, run)


def test_the_dictionary_in_memory_cuts_the_same(stock):
    """Without a file, the same words; nothing is written."""
    whole = Segmenter(iter(WORDS))
    assert [list(whole(run)) for run in runs(stock, 500)] == [
        cut(stock, run) for run in runs(stock, 500)
    ]


def test_frequencies_are_jiebas(stock, ours):
    """0 for what is no word, or only the beginning of one."""
    for word in ("中国", "机器学习", "中", *WORDS, "AT&T", "丁卯战", "没有这个词的", "", "\ud800"):
        assert ours.frequency(word) == stock.FREQ.get(word, 0)
    assert ours.total == stock.total
    assert ours.zipf("没有这个词的") == 0
    assert ours.zipf("中国") == pytest.approx(9 + math.log10(stock.FREQ["中国"] / stock.total))


@pytest.mark.parametrize("words", [[""], ["一\n二"], ["一\0"]])
def test_what_jieba_could_never_find_is_no_word(words):
    """Such a word would only distort the frequencies of the others."""
    with pytest.raises(ValueError, match="not a word that jieba could find"):
        Segmenter(words)


def test_little_is_kept_in_memory(stock, dictionary, monkeypatch):
    """Past a bound, what was read is dropped and read again: the same words."""
    monkeypatch.setattr(segment, "HELD", 500)
    ours = Segmenter(WORDS, dictionary)
    for run in runs(stock, 2_000):
        assert list(ours(run)) == cut(stock, run)
        assert len(ours._counts.held) < 500 + 5_000  # the bound, and what one run can need


def test_threads_share_a_segmenter(stock, dictionary, monkeypatch):
    """Neither the first use nor dropped words disturb another thread's cut."""
    monkeypatch.setattr(segment, "HELD", 500)
    ours, tried = Segmenter(WORDS, dictionary), list(runs(stock, 2_000))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda run: list(ours(run)), tried))
    assert found == [cut(stock, run) for run in tried]


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-99]), "are not all of it"),
        (lambda path: worddict.write(path, Origin(1, WORDS), {}, 0), "made of another dict.txt"),
    ],
)
def test_spoilt_file_is_named_and_written_again(stock, dictionary, tmp_path, caplog, spoil, cause):
    """The first run finds out, says so and cuts right; the next start finds a sound file.

    What is refused, and why, is test_worddict's.
    """
    path = tmp_path / "words"
    path.write_bytes(dictionary.read_bytes())
    spoil(path)
    run = "机器学习平台的参数服务器"
    assert list(Segmenter(WORDS, path)(run)) == cut(stock, run)
    (message,) = caplog.messages
    assert str(path) in message
    assert cause in message
    assert path.read_bytes() == dictionary.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_damage_met_in_use_is_mended(stock, dictionary, tmp_path, caplog):
    """A page that went bad stops no question: the dictionary is loaded and written again."""
    path = tmp_path / "words"
    damaged = bytearray(dictionary.read_bytes())
    damaged[damaged.index("\n机器学习\n".encode(), len(damaged) // 2) + 2] ^= 1
    path.write_bytes(damaged)
    ours = Segmenter(WORDS, path)
    assert list(ours("中国")) == cut(stock, "中国")
    assert caplog.messages == []
    assert list(ours("机器学习")) == cut(stock, "机器学习")
    assert "is damaged; writing it again" in caplog.text
    assert path.read_bytes() == dictionary.read_bytes()


def test_first_use_makes_the_folder_and_the_file(dictionary, tmp_path, caplog):
    """Nothing is written before; a missing file is no trouble to tell of."""
    path = tmp_path / "cache" / "mlinfra" / "words"
    ours = Segmenter(WORDS, path)
    assert not path.parent.exists()
    assert ours.frequency("中国")
    assert path.read_bytes() == dictionary.read_bytes()
    assert isinstance(ours._counts, segment._Mapped)  # and the 80 MiB are let go
    assert caplog.messages == []


def check_without_writing(stock, path, caplog):
    run = "机器学习平台的参数服务器"
    assert list(Segmenter(WORDS, path)(run)) == cut(stock, run)
    assert f"{path} cannot be written" in caplog.text
    with pytest.raises(OSError, match=re.escape(path.parent.name)):
        write_dictionary(path)


def test_folder_that_is_none_means_memory(stock, tmp_path, caplog):
    """Where nothing can be written, words are cut all the same, and the log says why it is slow."""
    (tmp_path / "file").touch()
    check_without_writing(stock, tmp_path / "file" / "words", caplog)


def test_read_only_folder_means_memory(stock, tmp_path, caplog):
    """The same for a folder that may be read only."""
    (tmp_path / "folder").mkdir(mode=0o555)
    if os.access(tmp_path / "folder", os.W_OK):
        pytest.skip("this user writes anywhere")
    check_without_writing(stock, tmp_path / "folder" / "words", caplog)


def test_sound_file_is_never_written(dictionary, caplog):
    """A file made with the package serves a read-only installation: it is only read."""
    before = dictionary.stat()
    assert Segmenter(WORDS, dictionary).total
    assert dictionary.stat().st_mtime_ns == before.st_mtime_ns
    assert caplog.messages == []


@pytest.mark.slow
def test_concurrent_writers_end_in_one_right_file(tmp_path):
    """While several write, a reader finds no file or a right one; in the end one stands alone."""
    path, origin = tmp_path / "words", segment._origin(())
    script = "import sys, pathlib; from retrieval.segment import Segmenter\n"
    script += "print(Segmenter([], pathlib.Path(sys.argv[1])).frequency('中国'))"
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, str(path)]
    writers = [subprocess.Popen(command, env=environ, stdout=-1, text=True) for _ in range(3)]
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            assert worddict.read(path, origin).total
        time.sleep(0.005)
    assert len({writer.communicate()[0] for writer in writers}) == 1
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert worddict.read(path, origin).total
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_read_before_the_first_run(tmp_path):
    """A segmenter costs nothing to those who ask in English."""
    Segmenter(WORDS, tmp_path / "words")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_even_be_looked_at(stock, tmp_path, caplog):
    """As a folder of somebody else's; here a name that no disk takes."""
    check_without_writing(stock, tmp_path / ("x" * 300), caplog)
