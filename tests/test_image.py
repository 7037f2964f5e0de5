"""The Dockerfile: linted, held against the settings, and its steps run as a script.

No container engine is asked: `docker build` itself is not tested here.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from web_server import WebServer

from bot.variables import VARIABLES

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
HADOLINT = Path(sys.executable).with_name("hadolint")
OTHERS = {  # what is read by Python, pip, the shell and the build
    "BASE",
    "PATH",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_INDEX_URL",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INPUT",
    "PIP_ROOT_USER_ACTION",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
    "REVISION",
}
ASK = ("ask", "--json", "parameter server from CMU")
INSIDE = ("/opt", "/src", "/var/lib/mlinfra", "/var/cache/mlinfra")  # folders of the image


def steps() -> Iterator[tuple[str, str]]:
    """(instruction, the rest) of each step, with its lines joined."""
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def last(instruction: str) -> str:
    """The rest of the last step of a kind."""
    return [rest for word, rest in steps() if word == instruction][-1]


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    command = [HADOLINT, "--no-color", "--failure-threshold", "style", path]
    return subprocess.run(command, capture_output=True, encoding="utf-8")


def test_the_dockerfile_is_sound(tmp_path):
    """hadolint has nothing to say, and would have."""
    done = lint(DOCKERFILE)
    assert (done.returncode, done.stdout) == (0, "")
    wrong = tmp_path / "Dockerfile"
    wrong.write_text(DOCKERFILE.read_text("utf-8").replace("BASE=python:3.13-slim", "BASE=x"))
    wrong.write_text(wrong.read_text("utf-8") + "RUN cd /tmp && sudo true\n")
    assert "DL3004" in lint(wrong).stdout


def test_the_dockerfile_names_only_variables_that_are_read():
    """By us, or by what we stand on."""
    named = set()
    for word, rest in steps():
        if word in ("ARG", "ENV"):
            named |= {pair.partition("=")[0] for pair in shlex.split(rest)}
    assert named - set(VARIABLES) == OTHERS


def test_the_image_is_nobody_in_particular_and_stops_when_told():
    """A fixed user without rights, the two folders that are written as volumes, labels."""
    assert last("USER") == "10001:10001"
    assert json.loads(last("VOLUME")) == ["/var/lib/mlinfra", "/var/cache/mlinfra"]
    assert (last("STOPSIGNAL"), last("ENTRYPOINT"), last("CMD")) == (
        "SIGTERM",
        '["mlinfra"]',
        '["serve"]',
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    labels = dict(pair.split("=", 1) for pair in shlex.split(last("LABEL")))
    told = {name.rpartition(".")[2]: value for name, value in labels.items()}
    assert told["version"] == project["version"]
    assert told["licenses"] == project["license"]


async def test_the_health_check_asks_the_bot_itself():
    """Healthy is a 200 of /healthz on the port that is set, whatever proxy is set beside it."""
    command = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    environ = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}

    async def check(port: int) -> int:
        told = environ | {"HTTP_PORT": str(port)}
        done = await create_subprocess_exec(
            sys.executable, *command[1:], env=told, stdout=DEVNULL, stderr=DEVNULL
        )
        return await done.wait()

    async with WebServer() as server:
        assert await check(server.address[1]) == 0
        assert server.asked == ["GET /healthz"]
    assert await check(server.address[1]) != 0
    async with WebServer(status=503) as server:
        assert await check(server.address[1]) != 0


def test_the_builder_is_sent_what_the_image_is_made_of():
    """And nothing else: no secret, no .venv, no history."""
    copied = {name for word, rest in steps() if word == "COPY" for name in rest.split()[:-1]}
    allowed = {rule.removeprefix("!") for rule in ignored() if rule.startswith("!")}
    assert {name for name in copied if not name.startswith("--")} - {"/opt/mlinfra"} == allowed
    assert ignored()[0] == "*"


def ignored() -> list[str]:
    """The rules of .dockerignore."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def context(folder: Path) -> Path:
    """What reaches the builder: the files that .dockerignore lets through."""
    for name in (rule.removeprefix("!") for rule in ignored() if rule.startswith("!")):
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


class Build:
    """Carries the steps out in a folder that stands for the image's root."""

    def __init__(self, root: Path, context: Path, tools: Path) -> None:
        self.root, self.context, self.tools = root, context, tools
        self.folder = root
        self.environ: dict[str, str] = {}

    def inside(self, text: str) -> str:
        """The paths of the image as those of its stand-in."""
        places = "|".join(INSIDE)
        return re.sub(rf"(?<![\w./-])(?:{places})\b", lambda at: f"{self.root}{at[0]}", text)

    def run(self) -> None:
        for word, rest in steps():
            getattr(self, f"_{word.lower()}", lambda _: None)(rest)

    def _from(self, _: str) -> None:
        kept = {
            name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))
        }
        self.environ = {**kept, "PATH": f"{self.tools}:/usr/bin:/bin", "HOME": str(self.root)}

    def _env(self, rest: str) -> None:
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            self.environ[name] = self.inside(value).replace("$PATH", self.environ["PATH"])

    def _workdir(self, rest: str) -> None:
        self.folder = Path(self.inside(rest))
        self.folder.mkdir(parents=True, exist_ok=True)

    def _copy(self, rest: str) -> None:
        if rest.startswith("--from="):
            return  # both stages lie in the same folder
        *names, place = rest.split()
        for name in names:
            source, target = self.context / name, self.folder / place
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)

    def _run(self, rest: str) -> None:
        done = subprocess.run(
            ["sh", "-eu", "-c", self.inside(rest)],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, f"{rest}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def image():
    """The Dockerfile's steps, done in a folder. No user is made: the tools for that are fakes."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as made:
        folder = Path(made)
        for name in ("root", "context", "tools"):
            (folder / name).mkdir()
        fakes = {
            "python": f'exec "{sys.executable}" "$@"',
            "groupadd": "exit 0",
            "useradd": "exit 0",
            "install": 'for at; do case $at in /*) mkdir -p "$at" ;; esac; done',
        }
        for name, script in fakes.items():
            (folder / "tools" / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / "tools" / name).chmod(0o755)
        build = Build(folder / "root", context(folder / "context"), folder / "tools")
        build.run()
        yield build


def mlinfra(build: Build, *arguments: str, before: Sequence[str] = ()) -> str:
    """What the built image says, with the arguments of a `docker run`."""
    done = subprocess.run(
        [*before, *json.loads(last("ENTRYPOINT")), *arguments],
        cwd=build.folder,
        env=build.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def answers(line: str) -> bool:
    return json.loads(line)["results"][0]["id"] == "ssp-parameter-server"


@pytest.mark.slow
def test_the_steps_of_the_dockerfile_make_a_bot_that_answers(image):
    """From the locks, without build tools in what is shipped; its dictionary is ready."""
    packages = next((image.root / "opt/mlinfra").glob("lib/python3*/site-packages"))
    names = {path.name.partition("-")[0].lower() for path in packages.glob("*.dist-info")}
    assert {"mlinfra_bot", "jieba", "sqlalchemy"} <= names
    assert not {"pip", "setuptools", "hatchling", "pytest"} & names
    cache = image.root / "var/cache/mlinfra"
    assert [path.name.partition("-")[0] for path in cache.iterdir()] == ["words"]
    assert answers(mlinfra(image, *ASK))


@pytest.mark.slow
def test_the_image_works_from_a_read_only_root_without_any_capability(image):
    """Only the two volumes and /tmp are written to. The user is still root here."""
    writable = "".join(
        f"mount --bind {image.root}{at} {image.root}{at} && "
        for at in ("/var/lib/mlinfra", "/var/cache/mlinfra")
    )
    closed = (
        f"{writable} mount -t tmpfs none /tmp && mount -o remount,ro,bind / && "
        f"! touch {image.root}/opt/here 2>/dev/null && exec setpriv --no-new-privs "
        '--bounding-set=-all --inh-caps=-all "$@"'
    )
    apart = ["unshare", "--mount", "sh", "-euc", closed, "sh"]
    if subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("needs root and util-linux")
    assert answers(mlinfra(image, *ASK, before=apart))
    assert "database" in mlinfra(image, "db", "upgrade", before=apart)
    assert (image.root / "var/lib/mlinfra/mlinfra.db").is_file()
