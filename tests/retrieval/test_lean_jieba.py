"""jieba is imported late, lean and privately: our start is short and others' jieba is whole."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import corpus
from retrieval import lean_jieba
from retrieval.segment import Segmenter, write_dictionary

ROOT = Path(corpus.__file__).parent.parent
WORDS = ("机器学习", "参数服务器")


@pytest.fixture(scope="module")
def dictionary(tmp_path_factory):
    """A dictionary file with our words."""
    path = tmp_path_factory.mktemp("dictionary") / "words"
    write_dictionary(path, WORDS)
    return path


def python(*arguments, **environ):
    """What a new process prints."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environ, text=True, stdout=-1, check=True).stdout.split()


COLD = """
import sys, tracemalloc
from pathlib import Path
from retrieval.segment import Segmenter
segmenter = Segmenter(sys.argv[2:], Path(sys.argv[1]))
before = set(sys.modules)
tracemalloc.start()
words = list(segmenter("机器学习平台的参数服务器怎么选"))
print(tracemalloc.get_traced_memory()[1], *(set(sys.modules) - before))
"""


def test_first_cut_loads_little(dictionary):
    """No pkg_resources, no public jieba, none of its tables, and under 1 MiB of memory."""
    memory, *imported = python("-c", COLD, str(dictionary), *WORDS)
    assert not {name for name in imported if re.match("pkg_resources|jieba|logging|tempfile", name)}
    assert int(memory) < 1 << 20


OTHERS = """
import sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
if sys.argv[2] == "before":
    import jieba
held = dict(sys.modules)
from retrieval.segment import Segmenter
list(Segmenter(sys.argv[3:], Path(sys.argv[1]))("机器学习"))
assert all(sys.modules[name] is module for name, module in held.items())
import jieba, logging
assert len(logging.getLogger("jieba").handlers) == 1
assert type(jieba.finalseg).__name__ == type(jieba.tempfile).__name__ == "module"
assert "__import__" not in vars(jieba) and jieba.__builtins__["__import__"] is __import__
print(*jieba.finalseg.cut("杭研"))
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_jieba_stays_whole_for_others(dictionary, when):
    """Who imports jieba, before us or after, gets all of it: it still guesses at unknown words."""
    found = python("-c", OTHERS, str(dictionary), when, *WORDS)
    assert found == ["杭研"]


def test_uncompiled_jieba_does_not_warn(dictionary, tmp_path):
    """Some installers do not compile, and jieba's patterns have escapes that Python warns of."""
    environ = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONWARNINGS": "error"}
    assert int(python("-c", COLD, str(dictionary), *WORDS, **environ)[0])


def test_another_jieba_is_refused(monkeypatch):
    """Its internals are relied upon, so another version is an error and no other words."""
    monkeypatch.setattr(lean_jieba, "VERSION", "0.43")
    with pytest.raises(ImportError, match=r"jieba 0\.43 is needed, not 0\.42\.1"):
        Segmenter([])("机器")


def test_what_jieba_is_not_given_fails_aloud():
    """A stand-in module gives itself for anything named, but no words."""
    with pytest.raises(TypeError):
        list(lean_jieba.module().finalseg.cut("杭研"))
    assert logging.getLogger("jieba.finalseg").handlers == []
