"""What deploy/ says to Compose, systemd and operators: linted, and held against the settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from compose_spec import PyOptions

from bot.settings import Settings
from bot.variables import VARIABLES, example

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "mlinfra.service"
READMES = ("README.md", "README.zh.md")
SECRETS = {name for name, variable in VARIABLES.items() if variable.secret}
OURS = set(VARIABLES) | {f"{name}_FILE" for name in SECRETS}
FILES = sorted(  # without the secrets of whoever runs it from here
    path
    for path in DEPLOY.rglob("*")
    if path.is_file()
    and path.name != ".env"
    and (path.parent.name != "secrets" or path.name == "none")
)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def compose() -> dict[str, dict]:
    """compose.yaml with its anchors merged."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def interpolated(text: str, environ: Mapping[str, str]) -> str:
    """The two forms of ${…} that compose.yaml has."""

    def value(match: re.Match[str]) -> str:
        name, kind, other = match.groups()
        return other if bool(environ.get(name)) == (kind == "+") else environ.get(name, "")

    return re.sub(r"\$\{(\w+):([+-])([^}]*)\}", value, text)


def assignments(path: Path) -> dict[str, str]:
    """What a file of NAME=VALUE lines sets."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def commands(name: str) -> list[str]:
    """The `sh` blocks of a README of deploy/."""
    return BLOCK.findall((DEPLOY / name).read_text(encoding="utf-8"))


def unit() -> Iterator[tuple[str, str]]:
    """(name, value) of each setting of the systemd unit."""
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name, value


def test_the_example_has_every_variable_and_no_other():
    """`make settings` writes it; as it stands it changes nothing."""
    text = (DEPLOY / ".env.example").read_text(encoding="utf-8")
    assert text == example()
    assert set(re.findall(r"^# (\w+)=$", text, re.MULTILINE)) == OURS
    assert assignments(DEPLOY / ".env.example") == {}
    for variable in VARIABLES.values():
        assert variable.what in re.sub(r"\n# ", " ", text)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.http.yaml"])
@pytest.mark.parametrize("environ", [{}, {"TELEGRAM_BOT_TOKEN_FILE": "secrets/t"}])
def test_compose_files_keep_to_the_specification(name, environ):
    """Every key is one of Compose's, every network, volume and secret is declared."""
    text = interpolated((DEPLOY / name).read_text(encoding="utf-8"), environ)
    assert "${" not in text
    PyOptions(apply_merge=True).from_yaml(text).validate()


def test_the_linter_of_compose_files_bites():
    """One that accepts anything would be none."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for wrong in (text.replace("read_only:", "readonly:"), text.replace("  world: {}", "  x: {}")):
        with pytest.raises(ValueError, match=r"readonly|world"):
            PyOptions(apply_merge=True).from_yaml(wrong).validate()


def test_compose_names_only_variables_that_are_read():
    """And of those that are secrets, every one."""
    services = compose()["services"]
    named = set(services["bot"]["environment"]) | set(services["migrate"]["environment"])
    assert named - OURS == {"SSL_CERT_FILE"}
    assert {f"{name}_FILE" for name in SECRETS} <= named
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    assert asked - OURS == {"SSL_CERT_FILE"}


def test_every_container_has_no_right_that_it_does_not_need():
    """Read-only, no capability, limits, nothing published."""
    for service in compose()["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"]
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
        assert not {"ports", "privileged", "cap_add", "network_mode"} & service.keys()


def test_the_bot_waits_for_its_database_and_for_the_migration():
    """One command brings all up, in this order; what fell over stands up again."""
    services = compose()["services"]
    assert services["postgres"]["image"] == "postgres:18"
    assert services["postgres"]["healthcheck"]["test"][1] == "pg_isready"
    assert services["migrate"]["command"] == ["db", "upgrade"]
    waits = {name: on["condition"] for name, on in services["bot"]["depends_on"].items()}
    assert waits == {
        "postgres": "service_healthy",
        "migrate": "service_completed_successfully",
    }
    restarts = {name: service["restart"] for name, service in services.items()}
    assert restarts == {"postgres": "unless-stopped", "migrate": "no", "bot": "unless-stopped"}
    assert services["bot"]["stop_grace_period"] == "15s"


@pytest.fixture
def prepared(tmp_path):
    """A clone's deploy/ after the commands of the README, with a token typed in."""
    for path in FILES:
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    made = next(block for block in commands(READMES[0]) if "secrets/postgres_password" in block)
    done = subprocess.run(
        ["sh", "-eu", "-c", made],
        cwd=tmp_path,
        input="1:token\n",
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return tmp_path / "deploy"


def taken(merged: dict[str, dict], name: str, folder: Path) -> Settings:
    """The settings that a service finds in its container."""
    service = merged["services"][name]
    inside = {
        f"/run/secrets/{secret}": folder / merged["secrets"][secret]["file"]
        for secret in service["secrets"]
    }
    assert all(path.is_file() for path in inside.values())
    given = assignments(folder / ".env") if "env_file" in service else {}
    given |= {key: value or "" for key, value in service["environment"].items()}
    return Settings.from_environ(
        {key: str(inside.get(value, value)) for key, value in given.items()}
    )


def test_the_commands_of_the_readme_make_secrets_that_the_bot_takes(prepared, monkeypatch):
    """Through .env, compose.yaml and the files in the container, up to the settings."""
    environ = assignments(prepared / ".env")
    merged = yaml.safe_load(interpolated((prepared / "compose.yaml").read_text("utf-8"), environ))
    monkeypatch.chdir(prepared.parent)
    settings = {name: taken(merged, name, prepared) for name in ("bot", "migrate")}
    found = settings["bot"]
    assert found.telegram is not None
    assert found.telegram.token == "1:token"
    assert found.slack is None
    password = (prepared / "secrets/postgres_password").read_text()
    assert len(password) == 48
    assert found.database_url == f"postgresql+psycopg://mlinfra:{password}@postgres/mlinfra"
    assert settings["migrate"].database_url == found.database_url


def test_secrets_are_readable_in_the_container_and_closed_on_the_host(prepared):
    """Compose mounts the files as they are: the folder is what keeps others out."""
    folder = prepared / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}
    assert (prepared / ".env").stat().st_mode & 0o077 == 0


def test_no_secret_can_be_committed():
    """git ignores whatever lies where secrets lie."""
    for path in ("deploy/.env", "deploy/secrets/telegram_bot_token"):
        done = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=ROOT)
        assert done.returncode == 0, path


def test_the_unit_names_only_variables_that_are_read():
    """In Environment=, and by the same names in the notes on how to install it."""
    settings = list(unit())
    set_here = {
        word.partition("=")[0]
        for name, value in settings
        if name == "Environment"
        for word in value.split()
    }
    assert set_here <= OURS
    notes = "".join(block for name in READMES for block in commands(name))
    assert set(re.findall(r"echo (\w+)=", notes)) <= OURS
    assert ("RestartPreventExitStatus", "2") in settings  # settings that are wrong stay wrong


def test_both_readmes_have_the_same_commands():
    """A reader of one language misses nothing."""
    english, chinese = map(commands, READMES)
    assert english == chinese
    assert len(english) == 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_registry_and_no_machine_is_named_in_deploy(path):
    """Where images and packages come from, and where a clone lies, is each machine's own affair."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"(?<!no-emit-)index-url|/simple\b|(?<![\w.])/(?:root|home|work|tmp)/[a-z]", text
    )
    named = re.findall(r"(?:docker|ghcr|quay|gcr|mcr|pypi|npmjs)\.(?:io|com|org)", text)
    assert named == []
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (path.parent / link).exists()


def test_a_page_that_takes_all_memory_does_not_end_the_unit():
    """Left to itself, systemd stops a unit of which the kernel has killed one process."""
    assert ("OOMPolicy", "continue") in list(unit())


@pytest.mark.extra
def test_the_unit_is_sound_and_closed(tmp_path):
    """systemd reads it without a complaint, and finds little that it could do harm with."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/mlinfra/bin/mlinfra", "/bin/true")
    path = tmp_path / UNIT.name
    path.write_text(text, encoding="utf-8")
    environ = {**os.environ, "SYSTEMD_PAGER": "", "LC_ALL": "C.UTF-8"}

    def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["systemd-analyze", *arguments, str(path)]
        return subprocess.run(command, env=environ, capture_output=True, encoding="utf-8")

    verified = analyze("verify")
    assert (verified.returncode, verified.stderr) == (0, "")
    told = analyze("security", "--offline=true", "--threshold=20")  # tenths
    assert told.returncode == 0, told.stdout
    (level,) = re.findall(r"exposure level for \S+: ([\d.]+)", told.stdout)
    assert float(level) <= 2.0
