"""The environment as operators write it: every variable read, every fault told at once."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.environ import Reader
from bot.errors import SettingsError
from bot.settings import Settings
from bot.variables import VARIABLES, page

ROOT = Path(__file__).parents[2]
SECRET = "s3cret-Canary"


def problems(**environ: str) -> list[str]:
    """What is wrong with an environment."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ(environ)
    return list(caught.value.problems)


def test_nothing_set_is_a_terminal_of_ones_own():
    """Folders where such things usually lie, SQLite, no platform, nothing that listens."""
    found = Settings.from_environ({"HOME": "/home/me"})
    assert found.data == Path("/home/me/.local/share/mlinfra")
    assert found.cache == Path("/home/me/.cache/mlinfra")
    assert found.database_url == "sqlite:////home/me/.local/share/mlinfra/mlinfra.db"
    assert (found.telegram, found.slack, found.http_port) == (None, None, None)
    assert found.conversation_life == timedelta(days=7)


def test_without_a_home_folders_lie_in_that_of_the_account():
    """As a shell finds it; not in a folder that everybody may write."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    found = Settings.from_environ({})
    assert (found.data, found.cache) == (home / ".local/share/mlinfra", home / ".cache/mlinfra")
    found = Settings.from_environ({"XDG_DATA_HOME": "/data", "XDG_CACHE_HOME": "/cache"})
    assert (found.data, found.cache) == (Path("/data/mlinfra"), Path("/cache/mlinfra"))


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be somebody without an account")
def test_without_any_home_folders_must_be_named():
    """A container may run as a number that no account has."""
    told = "import os, pwd; from bot.settings import Settings; os.setuid(54321); "
    told += "Settings.from_environ({})"
    found = subprocess.run(
        [sys.executable, "-c", told], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    lines = found.stderr.splitlines()[-2:]
    assert "MLINFRA_CACHE_DIR must be set" in lines[0]
    assert lines[1].startswith("MLINFRA_DATA_DIR must be set")


def test_every_variable_is_read():
    """A variable in the table that nobody reads would be a promise that nobody keeps."""
    asked = set()

    class Listener(dict):
        def get(self, name, default=None):
            asked.add(name)
            return super().get(name, default)

    Settings.from_environ(Listener())
    assert set(VARIABLES) <= asked


def test_all_problems_are_told_at_once():
    """With the variable's name and the mend; one round is enough."""
    told = problems(
        HTTP_PORT="http",
        CONVERSATION_DAYS="-1",
        PENDING_HOURS="0",
        ASK_PER_MINUTE="1e3",
        LOG_FORMAT="xml",
        MLINFRA_CATALOG_DIR="/no/such/folder",
        MLINFRA_DATA_DIR=__file__,
        MLINFRA_CACHE_DIR="~/cache",
        HTTP_HOST="http://here",
        METRICS_TOKEN="two words",
        TELEGRAM_API_BASE_URL="ftp://here",
        CURATORS="me",
    )
    assert [line.split()[0] for line in told] == [
        "MLINFRA_CATALOG_DIR", "MLINFRA_CACHE_DIR", "MLINFRA_DATA_DIR", "CONVERSATION_DAYS",
        "PENDING_HOURS", "ASK_PER_MINUTE", "HTTP_HOST", "HTTP_PORT", "METRICS_TOKEN",
        "TELEGRAM_API_BASE_URL", "CURATORS", "LOG_FORMAT",
    ]  # fmt: skip
    assert all(" must " in line or " names no " in line for line in told)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgres://u:p@h:5/n?sslmode=require", "postgresql+psycopg://u:p@h:5/n?sslmode=require"),
        ("postgresql://h/n", "postgresql+psycopg://h/n"),
        ("postgresql+psycopg://h/n", "postgresql+psycopg://h/n"),
        ("sqlite:////var/lib/mlinfra.db", "sqlite:////var/lib/mlinfra.db"),
        ("sqlite:///here.db", "sqlite:///here.db"),
    ],
)
def test_a_database_is_taken_in_the_ways_that_hosts_write_it(given, taken):
    """The driver is ours to choose."""
    assert Settings.from_environ({"DATABASE_URL": given}).database_url == taken


@pytest.mark.parametrize("name", sorted(name for name in VARIABLES if VARIABLES[name].secret))
def test_a_secret_can_stand_in_a_file(name, tmp_path):
    """And is told nowhere: not in a fault, not beside another."""
    path = tmp_path / "secret"
    path.write_text(f"\ufeff{SECRET}\r\n")  # as an editor of Windows leaves it
    reader = Reader({f"{name}_FILE": str(path)})
    assert reader.read(name, str, None) == SECRET
    assert reader.secrets == [SECRET]

    def refuse(_):
        raise ValueError("must be better")

    reader.read(name, refuse, None)
    reader = Reader({name: SECRET, f"{name}_FILE": str(path)})
    reader.read(name, refuse, None)
    assert reader.problems
    assert SECRET not in "".join(reader.problems)


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/slack/events", "/{x}", "/a{"])
def test_a_webhook_has_a_path_of_its_own(path):
    """Two of one path cannot be. It is not told which it is: it may be a secret."""
    told = problems(TELEGRAM_BOT_TOKEN="1:a", TELEGRAM_WEBHOOK_URL=f"https://b.example.org{path}")
    assert [line.split()[0] for line in told] == ["TELEGRAM_WEBHOOK_URL"]
    for good in ("", "/", "/1:a", "/slack", "/hook/metrics"):
        url = f"https://b.example.org{good}"
        environ = {"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_WEBHOOK_URL": url, "HOME": "/h"}
        assert Settings.from_environ(environ).telegram.webhook == url


@pytest.mark.parametrize("content", [None, "", b"\xff\xfe"])
def test_a_file_without_a_secret_is_told(content, tmp_path):
    """Missing, empty, or no text."""
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = problems(METRICS_TOKEN_FILE=str(path))
    assert len(told) == 1
    assert told[0].startswith("METRICS_TOKEN_FILE ")


def test_what_is_wrong_in_a_file_is_told_of_the_file(tmp_path):
    """Whoever mends it must know where it stands."""
    path = tmp_path / "secret"
    path.write_text("1:first\n2:second\n")
    told = problems(TELEGRAM_BOT_TOKEN_FILE=str(path))
    assert [line.split()[0] for line in told] == ["TELEGRAM_BOT_TOKEN_FILE"]
    assert "first" not in told[0]


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be somebody else")
def test_a_folder_that_one_may_not_look_into_is_told(tmp_path):
    """By its name and beside all else, as every other fault."""
    closed = tmp_path / "closed"
    (closed / "catalog").mkdir(parents=True)
    closed.chmod(0o700)
    names = ("MLINFRA_CATALOG_DIR", "MLINFRA_CACHE_DIR", "MLINFRA_DATA_DIR")
    environ = {**dict.fromkeys(names, str(closed / "catalog")), "HTTP_PORT": "x", "HOME": "/"}
    told = "import os; from bot.settings import Settings; os.setuid(54321); "
    told += "print(*Settings.attempted(os.environ)[1], sep='\\n')"
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o711)
    found = subprocess.run(
        [sys.executable, "-c", told],
        env={"PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
    )
    lines = found.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [*names, "HTTP_PORT"]
    assert all("cannot be looked into: Permission denied" in line for line in lines[:3])


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"DATABASE_URL": "sqlite:///~/bot.db"}, "without ~"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "a"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_CLIENT_ID": "1", "SLACK_SIGNING_SECRET": "a"}, "SLACK_CLIENT_SECRET"),
        (
            {
                "SLACK_CLIENT_ID": "1",
                "SLACK_CLIENT_SECRET": "2",
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": "a",
            },
            "unset one",
        ),
        ({"SLACK_API_BASE_URL": "https://slack.com/"}, "end in /api/"),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_WEBHOOK_URL": "http://b.example.org/x"}, "https"),
        ({"TELEGRAM_WEBHOOK_URL": "https://bot.example.org/x"}, "TELEGRAM_BOT_TOKEN"),
        (
            {"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_WEBHOOK_SECRET": "no blanks"},
            "TELEGRAM_WEBHOOK_SECRET",
        ),
        ({"TELEGRAM_BOT_TOKEN": "1:a/b"}, "one word"),
        ({"TELEGRAM_API_BASE_URL": "http://127.0.0.1:8081/bot"}, "without /bot"),
        ({"TELEGRAM_API_BASE_URL": "http://u:p@127.0.0.1"}, "no user"),
        ({"TELEGRAM_ALLOWED_IDS": "12, x"}, "numbers"),
        ({"OPERATOR_CHANNEL": "#ops"}, "telegram:-100"),
        ({"DATABASE_URL": "mysql://u:p@h/n"}, "sqlite:///PATH"),
        ({"DATABASE_URL": "sqlite://"}, "sqlite:///PATH"),
        ({"DATABASE_URL": "postgres://u:pass@word@h/n"}, "%40"),
        ({"CURATORS_FILE": "/run/secrets/curators"}, "set CURATORS"),
        ({"SLACK_SIGNING_SECRET": "a b"}, "without blanks"),
        ({"SLACK_TOKEN_KEY": "short"}, "16 characters"),
    ],
)
def test_what_does_not_fit_together_is_told(environ, names):
    """With what is missing, or what to unset."""
    assert any(names in line for line in problems(**environ))


def test_what_is_wrong_is_not_told_to_be_missing_too():
    """One fault, one line."""
    told = problems(
        TELEGRAM_BOT_TOKEN="1:a/b",
        TELEGRAM_WEBHOOK_URL="https://bot.example.org/x",
        SLACK_BOT_TOKEN_FILE="/no/such/file",
        SLACK_APP_TOKEN="xapp-1",
    )
    assert [line.split()[0] for line in told] == ["TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN_FILE"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [("0.0.0.0", "0.0.0.0"), ("::", "::"), ("[::1]", "::1"), ("localhost", "localhost")],
)
def test_an_address_to_listen_on(given, taken):
    """Also as it stands in an address of the web."""
    assert Settings.from_environ({"HTTP_HOST": given}).http_host == taken


def test_no_value_of_a_secret_is_shown():
    """Neither by the settings themselves, nor by a log that hides them: the password by itself."""
    found = Settings.from_environ(
        {
            "DATABASE_URL": f"postgres://me:{SECRET}%40@h/n",
            "TELEGRAM_BOT_TOKEN": f"1:{SECRET}",
            "SLACK_BOT_TOKEN": SECRET,
            "SLACK_SIGNING_SECRET": SECRET,
        }
    )
    for value in (found, found.telegram, found.slack):
        assert SECRET not in f"{value!r} {value}"
    assert {f"{SECRET}%40", f"{SECRET}@"} <= set(found.secrets)


def test_both_platforms_can_be_set():
    """Telegram by polling, Slack by its socket."""
    found = Settings.from_environ(
        {
            "TELEGRAM_BOT_TOKEN": "1:a",
            "TELEGRAM_API_BASE_URL": "http://127.0.0.1:8081/",
            "TELEGRAM_ALLOWED_IDS": "42, -1001",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
        }
    )
    assert found.telegram is not None
    assert found.slack is not None
    assert found.telegram.api == "http://127.0.0.1:8081"
    assert found.telegram.allowed == {42, -1001}
    assert set(found.secrets) == {"1:a", "xoxb-1", "xapp-1"}


def test_the_page_of_settings_is_up_to_date():
    """`make settings` writes it."""
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == page()
