"""Docs that cannot drift: commands are run, outputs held, paths looked up, addresses checked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from retrieval import evaluate

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
DOCS = sorted(path.name for path in ROOT.glob("*.md"))
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
PACKAGES = ("bot", "retrieval", "corpus")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)  # indented too
INHERITED = ("ARGS", "COLUMNS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # of `make test` itself
GAP = "…"  # alone on a line of an output: any lines


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def examples(name: str) -> Iterator[tuple[str, str | None]]:
    """(command, output) of a README: a `sh` block, and the `text` block after it, if any."""
    blocks = BLOCK.findall(read(name))
    for (kind, body), (next_kind, next_body) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "sh":
            yield body.strip(), next_body if next_kind == "text" else None


def pattern(output: str) -> str:
    """An expression for an output, whose `…` lines stand for any lines."""
    parts = [re.escape(part) for part in re.split(rf"^{GAP}\n", output, flags=re.MULTILINE)]
    return r"(?:.*\n)*?".join(parts)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This folder as a clone whose .venv is the one that runs the tests: nothing is installed."""
    folder = tmp_path_factory.mktemp("docs") / "mlinfra"
    (folder / "deploy").mkdir(parents=True)
    (folder / "deploy" / "bootstrap.sh").write_text("exit 0\n", encoding="utf-8")
    for name in (*PACKAGES, "Makefile", "tests", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.mark.parametrize(
    ("command", "output"),
    [pytest.param(*example, id=example[0]) for example in examples(READMES[0])],
)
def test_readme_commands_do_what_they_show(clone: Path, command: str, output: str | None) -> None:
    """Every command of the README runs, and says what the README says that it says."""
    kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=clone,
        env=kept
        | {"MLINFRA_CACHE_DIR": str(clone / "cache"), "MLINFRA_DATA_DIR": str(clone / "data")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    if output is not None:
        assert re.fullmatch(pattern(output), done.stdout), done.stdout


def test_both_readmes_show_the_same_commands() -> None:
    """A reader of one language misses nothing."""
    english, chinese = (list(examples(name)) for name in READMES)
    assert english == chinese
    assert len(english) >= 5


@pytest.mark.parametrize("name", READMES)
def test_a_readme_tells_how_many_questions_are_held_out(name: str) -> None:
    """All of `hold`, and those without an answer."""
    told = re.search(r"`hold`\D*(\d+)\D*(\d+)", read(name))
    held = evaluate.load(ROOT / "tests/retrieval/judgments", "hold-")
    assert told
    assert (int(told[1]), int(told[2])) == (len(held), sum(not one.grades for one in held))


@pytest.mark.parametrize("doc", DOCS)
def test_paths_in_docs_exist(doc: str) -> None:
    """What a doc names is there: `folder/file`, links to files, and the chores of make."""
    text = BLOCK.sub("", read(doc))
    named = {
        path for path in re.findall(r"`([\w.-]+/[\w./-]*)`", text) if not path.startswith(".venv")
    }
    named |= {path for path in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in path}
    folders = [
        ROOT,
        *(ROOT / package for package in PACKAGES),
    ]  # the code map leaves out whose it is
    assert {path for path in named if not any((at / path).exists() for at in folders)} == set()
    targets = set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", read(doc))) <= targets


def test_modules_in_the_code_map_exist() -> None:
    """ARCHITECTURE.md names files by their last part; each is in one of the packages."""
    known = {path.name for package in PACKAGES for path in (ROOT / package).rglob("*.*")}
    named = set(re.findall(r"`(\w+\.(?:py|txt|tsv))`", read("ARCHITECTURE.md")))
    assert named - known == set()


def test_every_module_is_on_the_code_map() -> None:
    """A reader finds each module of the corpus and of retrieval, and each one of bot, by name."""
    text = read("ARCHITECTURE.md")
    modules = {
        path.stem
        for package in PACKAGES
        for path in (ROOT / package).glob("*.py")
        if not path.stem.startswith("__")
    }
    assert {module for module in modules if not re.search(rf"\b{module}\b", text)} == set()


@pytest.mark.parametrize("name", [*DOCS, *LOCKS, "NOTICE", "Makefile", "pyproject.toml"])
def test_no_registry_and_no_machine_is_named(name: str) -> None:
    """Where packages come from and where a folder lies is each machine's own affair."""
    text = read(name)
    assert not re.search(r"index-url|/simple\b|(?<![\w.])/(?:root|home|work|tmp)/[a-z]", text)
    catalog = "".join(path.read_text("utf-8") for path in (ROOT / "corpus/data").glob("*.yaml"))
    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[^\s)>\"'`]+", text)}
    assert {host for host in hosts if host not in catalog} == set()


@pytest.mark.parametrize(
    "page", sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("docs/*.md")])
)
def test_what_a_page_tells_to_type_is_there(page: str) -> None:
    """`make` alone lists its targets and makes nothing; a verb of mlinfra exists."""
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    verbs = {path.stem for path in (ROOT / "bot/commands").glob("*.py")}
    for line in (line for found in BLOCKS.findall(read(page)) for line in found.splitlines()):
        said = line.partition("#")[0]
        if re.match(r"\s*make\b", said):
            assert {*re.findall(r"make\s+([a-z-]+)", said), ""} & targets, line
        for verb in re.findall(r"(?:^|[\s/])mlinfra ([a-z]+)", said):
            assert verb in verbs, line
