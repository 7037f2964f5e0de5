"""The built wheel, alone with what it names as its dependencies, answers a question."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def run(*command: object, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )


def pins(lock: str) -> dict[str, str]:
    """Name to version, of a lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", text, re.MULTILINE))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, ROOT]
    done = run(*build, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A venv with the wheel and copies of the packages that requirements.lock names, no others."""
    folder = tmp_path_factory.mktemp("alone")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", folder=folder)
    (packages,) = (folder / "venv").glob("lib/python3*/site-packages")
    for name in pins("requirements.lock"):
        here = metadata.distribution(name)
        for file in here.files or ():
            if ".." not in file.parts:
                (packages / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(here.locate_file(file)), packages / file)
    pip = [sys.executable, "-m", "pip", "--python", folder / "venv"]
    done = run(*pip, "install", "--no-index", "--no-deps", wheel, folder=folder)
    assert done.returncode == 0, done.stderr
    done = run(*pip, "check", folder=folder)
    assert done.returncode == 0, done.stdout
    return folder / "venv"


def test_wheel_holds_the_packages_and_their_data(wheel: Path) -> None:
    """Code, catalog, lexicon and the table of characters ride along; tests and chores do not."""
    held = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        str(path.relative_to(ROOT))
        for package in ("bot", "retrieval", "corpus")
        for path in (ROOT / package).rglob("*.*")
        if "__pycache__" not in path.parts
    }
    assert ours - held == set()
    assert {name.partition("/")[0] for name in held - ours} == {
        f"mlinfra_bot-{PROJECT['project']['version']}.dist-info"
    }
    assert sum(name.startswith("corpus/data/") for name in held) >= 57
    assert {"corpus/han.txt", "retrieval/lexicon/concepts.tsv"} <= held
    assert {"LICENSE", "NOTICE"} <= {name.rpartition("/")[2] for name in held}


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("parameter server from CMU", "ssp-parameter-server"),
        ("怎么把大模型切成流水线训练", "gpipe"),
    ],
)
def test_wheel_alone_answers(venv: Path, tmp_path: Path, question: str, entry: str) -> None:
    """From an empty folder, in either language, with nothing but its dependencies."""
    done = run(venv / "bin/mlinfra", "ask", "--json", question, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"][0]["id"] == entry
    assert done.stderr == ""


def test_wheel_alone_speaks_and_checks(venv: Path, tmp_path: Path) -> None:
    """`python -m bot` is `mlinfra`; the catalog inside is sound; nothing of ours is elsewhere."""
    python = venv / "bin/python"
    said = run(python, "-m", "bot", "--version", folder=tmp_path)
    assert said.stdout == run(venv / "bin/mlinfra", "--version", folder=tmp_path).stdout
    assert PROJECT["project"]["version"] in said.stdout
    assert run(venv / "bin/mlinfra", "catalog", "check", folder=tmp_path).returncode == 0
    where = run(python, "-c", "import bot; print(bot.__file__)", folder=tmp_path).stdout
    assert Path(where).is_relative_to(venv)


def test_locks_hold_what_the_project_names() -> None:
    """Every dependency is in its lock, and all locks agree on versions."""
    locks = {name: pins(f"requirements{name}.lock") for name in ("", "-build", "-dev")}
    named = {
        "": PROJECT["project"]["dependencies"],
        "-build": PROJECT["dependency-groups"]["build"] + PROJECT["build-system"]["requires"],
        "-dev": [name for name in PROJECT["dependency-groups"]["dev"] if isinstance(name, str)],
    }
    for lock, wanted in named.items():
        assert {re.split(r"[=>\[]", name.lower())[0] for name in wanted} <= locks[lock].keys()
    for lock in ("", "-build"):
        assert locks[lock].items() <= locks["-dev"].items()


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_locks_have_hashes_and_no_address(lock: str) -> None:
    """Every package by digest; where it comes from is the machine's own setting."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    for requirement in re.split(r"\n(?=[a-z0-9])", text):
        assert "--hash=sha256:" in requirement
    assert not re.search(r"://|--index-url|--find-links| @ ", text)
