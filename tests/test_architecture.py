"""The architecture is a test: the contracts of pyproject.toml, and sizes of files and functions."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "retrieval", "corpus")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 50


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """The contracts, checked on the packages of a folder."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_contracts_hold() -> None:
    """Every import points the way that ARCHITECTURE.md says."""
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    for other in ("slack", "telegram"):
        (folder / "bot" / "platforms" / other).mkdir(exist_ok=True)
        (folder / "bot" / "platforms" / other / "__init__.py").touch()
    return folder


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("corpus/model.py", "import retrieval.model", "The bot asks retrieval"),
        ("bot/phrases.py", "import bot.answering", "The layers of bot"),
        ("bot/novelty.py", "", "The layers of bot"),
        ("retrieval/model.py", "import retrieval.rank", "The layers of retrieval"),
        ("corpus/errors.py", "import corpus.catalog", "The layers of corpus"),
        ("bot/platforms/slack/adapter.py", "import bot.platforms.telegram", "Platforms do not"),
        ("retrieval/rank.py", "import corpus.catalog", "Of corpus, retrieval knows"),
        ("retrieval/rank.py", "import os", "Pure modules"),
        ("bot/platforms/terminal/render.py", "import httpx", "Pure modules"),
        ("bot/answering.py", "import bot.settings", "Pure modules"),
        ("retrieval/fold.py", "import jieba", "Every library has its owners"),
        ("bot/cli.py", "import yaml", "Every library has its owners"),
    ],
)
def test_a_wrong_import_is_caught(copy: Path, module: str, line: str, contract: str) -> None:
    """A contract that no import could break would be no contract."""
    path = copy / module
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        done = lint(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
    broken = [told for told in done.stdout.splitlines() if "BROKEN" in told]
    assert any(told.startswith(contract) for told in broken), done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    """No file over 300 lines, no function over 50: one can be read at one sitting."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    assert list(too_long(ast.parse(text))) == []


def too_long(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"
