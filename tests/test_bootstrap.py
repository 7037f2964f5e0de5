"""`make chat` on a bare machine: the quick tests fake interpreters, the slow one installs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = (
    "sh",
    "make",
    "dirname",
    "cat",
    "cksum",
    "tr",
    "rm",
    "mkdir",
    "touch",
    "sed",
    "tail",
    "grep",
)
NO_NETWORK = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_RETRIES": "0",
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What git has of this folder, as a clone of it would have."""
    folder = tmp_path / "a clone"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with the standard tools and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


def fake(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def make(
    folder: Path, *arguments: str, said: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    # Under `make test` we are a make inside a make, which has other words.
    ours = ("ARGS", "PYTHON", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={**kept, **environ},
        input=said,
        capture_output=True,
        encoding="utf-8",
    )


def sentences(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was said on standard error, without make's own last line."""
    return [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]


OLD = 'echo "3.8"'
SHIM = 'echo "pyenv: python: command not found" >&2; exit 127'
BARE = f'case "$*" in *ensurepip*) exit 1 ;; esac; exec "{sys.executable}" "$@"'


@pytest.mark.parametrize(
    ("interpreters", "named", "says"),
    [
        ({}, "", "no Python was found: install Python 3.11 or newer"),
        ({"python3": OLD}, "", "Python 3.8 is too old: install Python 3.11 or newer"),
        ({"python3": SHIM}, "", "no Python was found"),
        ({"python": 'echo "2.7"'}, "", "Python 2.7 is too old"),
        ({"python3": OLD}, "python3", "PYTHON=python3 is Python 3.8, which is too old"),
        ({"python3": OLD}, "/nowhere/python", "PYTHON=/nowhere/python does not start"),
        (
            {"python3": BARE},
            "",
            "has no venv module: install it (on Debian and Ubuntu: apt install",
        ),
    ],
)
def test_a_missing_python_is_said_in_one_sentence(
    clone: Path, tools: Path, interpreters: dict[str, str], named: str, says: str
) -> None:
    """What is wrong and how to mend it, in one line; nothing is left behind."""
    for name, script in interpreters.items():
        fake(tools, name, script)
    done = make(clone, "chat", PATH=str(tools), **({"PYTHON": named} if named else {}))
    assert done.returncode != 0
    assert done.stdout == ""
    (sentence,) = sentences(done)
    assert sentence.startswith("mlinfra: ")
    assert says in sentence
    assert not (clone / ".venv").exists()


def test_no_network_is_said_with_the_mend(clone: Path) -> None:
    """Pip's own words, then one sentence; the half-made .venv does not count as made."""
    done = make(clone, "chat", PYTHON=sys.executable, **NO_NETWORK)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "check the network, or name a mirror (PIP_INDEX_URL" in sentences(done)[-1]
    assert not list((clone / ".venv").glob(".ready-*"))


def test_help_names_every_chore() -> None:
    """`make` alone lists each target with what it does."""
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets
    told = dict(line.split(maxsplit=2)[1:] for line in make(ROOT).stdout.splitlines())
    assert told.keys() == set(targets[1].split())
    assert all(told.values())


def test_ci_runs_the_same_chores() -> None:
    """What lands is checked by the words a developer uses: make check and make test, no more."""
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]
    assert "set -euo pipefail" in lines


@pytest.mark.slow
def test_make_chat_answers_heals_and_works_offline(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off by the network, then killed, then let through; from then on without a network."""
    monkeypatch.setenv("MLINFRA_DATA_DIR", str(tmp_path / "data"))  # nobody was greeted here
    question = "参数服务器有什么资料\n"
    assert make(clone, "chat", said=question, **NO_NETWORK).returncode != 0
    cut = subprocess.Popen(
        ["make", "chat"],
        cwd=clone,
        env={name: value for name, value in os.environ.items() if name != "MAKEFLAGS"},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(4)
    os.killpg(cut.pid, signal.SIGKILL)
    cut.wait()
    first = make(clone, "chat", said=question)
    assert first.returncode == 0, first.stderr
    assert "http" in first.stdout
    assert "mlinfra: " not in first.stdout
    assert "making .venv" in first.stderr
    began = time.monotonic()
    second = make(clone, "chat", said=question, **NO_NETWORK)
    assert second.stderr == ""
    assert "http" in second.stdout
    assert first.stdout.endswith(second.stdout)  # behind the greeting, which comes once
    assert time.monotonic() - began < 10
    (clone / ".venv/bin/python").unlink()
    assert make(clone, "chat", said=question).stdout == second.stdout
