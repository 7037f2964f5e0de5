"""`mlinfra doctor` finds what is broken, names the mend, and says so with its exit code."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import databases
import pytest
from sqlalchemy import text

from bot import current, migrations, underway
from bot.commands import state
from bot.commands.doctor import examine
from bot.errors import StateError
from bot.settings import Settings
from bot.store import subscriptions
from bot.subscription import Subscription, Terms
from corpus import store
from corpus.database import connect
from corpus.health import Health

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="environ")
def _environ(tmp_path, current, cache):
    """An environment in which all is well; `current` has left its snapshot in the cache."""
    assert current
    return {
        "HOME": str(tmp_path),
        "MLINFRA_CACHE_DIR": str(cache),
        "MLINFRA_DATA_DIR": str(tmp_path / "data"),
    }


@pytest.fixture(name="open_folder")
def _open_folder():
    """A folder that everybody may look into; those of pytest are their owner's."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def faults(environ):
    """What is wrong: (what, said, mend)."""
    return [(one.what, one.said, one.mend) for one in examine(environ) if one.mend]


def test_all_is_well_on_a_new_machine(environ):
    """Nothing is there yet, and nothing is wrong."""
    assert faults(environ) == []
    told = {one.what: one.said for one in examine(environ)}
    assert told["catalog"] == "57 entries"
    assert set(told) == {"settings", "data", "cache", "database", "links", "catalog", "index"}


def test_it_leaves_with_0_or_1(environ):
    """As a shell sees it."""
    program = [sys.executable, "-m", "bot", "doctor"]
    environ |= {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    well = subprocess.run(program, env=environ, capture_output=True, text=True, check=False)
    assert (well.returncode, well.stdout.count("!!"), well.stderr) == (0, 0, "")
    ill = subprocess.run(
        program, env=environ | {"HTTP_PORT": "x"}, capture_output=True, text=True, check=False
    )
    assert (ill.returncode, ill.stdout.count("mend: ")) == (1, 1)


def test_every_fault_of_the_settings_is_told(environ):
    """All at once."""
    told = faults(environ | {"HTTP_PORT": "x", "LOG_FORMAT": "y"})
    assert [what for what, _, _ in told] == ["settings", "settings"]


def test_all_else_is_looked_at_beside_faulty_settings(environ, open_folder):
    """One round is enough; what stands in for a fault is not looked at."""
    kept = open_folder / "open.db"
    kept.touch(0o644)
    environ |= {"HTTP_PORT": "x", "DATABASE_URL": f"sqlite:///{kept}"}
    assert [fault[0] for fault in faults(environ)] == ["settings", "database"]
    environ |= {"DATABASE_URL": "mysql://h/n", "MLINFRA_CACHE_DIR": __file__}
    assert {one.what for one in examine(environ)} == {"settings", "data"}


def test_a_database_that_everybody_may_read_is_told(environ, open_folder):
    """One that we make is its owner's alone, wherever it lies."""
    kept = open_folder / "a b.db"
    environ["DATABASE_URL"] = f"sqlite:///{kept}"
    assert faults(environ) == []
    kept.chmod(0o644)
    ((what, said, mend),) = faults(environ)
    assert (what, said) == ("database", f"everybody may read {kept}")
    subprocess.run(["sh", "-c", mend], check=True)
    assert faults(environ) == []


@pytest.mark.parametrize(
    ("change", "told", "mend"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer than this program", "newer one"),
        ("DROP TABLE alembic_version", "another program", "use another"),
    ],
)
def test_a_database_that_is_not_ours_has_its_own_mend(environ, tmp_path, change, told, mend):
    """To see whether it runs would lead astray."""
    environ["DATABASE_URL"] = f"sqlite:///{tmp_path / 'other.db'}"
    engine = connect(environ["DATABASE_URL"])
    migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    ((what, said, advice),) = faults(environ)
    assert what == "database"
    assert told in said
    assert mend in advice


def test_a_slip_in_a_name_is_told(environ):
    """It may be another program's, so it is no fault."""
    environ |= {"TELEGRAM_TOKEN": "1:a", "TELEGRAM_BOT_TOKEN_FILE": "", "MLINFRA_X": "1"}
    told = [one.said for one in examine(environ) if one.what == "settings"]
    assert "TELEGRAM_TOKEN is not read; TELEGRAM_BOT_TOKEN is" in told
    assert any(one.startswith("MLINFRA_X is not read") for one in told)
    assert len(told) == 3
    assert faults(environ) == []


def test_proxies_are_looked_at_beside_faulty_settings(environ):
    """And a SOCKS proxy, which Slack's client cannot use, where Slack is served."""
    told = faults(environ | {"HTTP_PORT": "x", "HTTPS_PROXY": "ftp://proxy"})
    assert [what for what, _, _ in told] == ["settings", "proxy"]
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    socks = {"ALL_PROXY": "socks5://proxy:1080"}
    assert faults(environ | socks) == []
    assert "SOCKS" in faults(environ | socks | slack)[0][1]


def test_a_channel_of_a_platform_that_is_not_served_is_told(environ):
    """Nobody would hear of a fault there."""
    telegram = {"TELEGRAM_BOT_TOKEN": "1:a", "OPERATOR_CHANNEL": "slack:T1:C1"}
    ((_, said, _),) = faults(environ | telegram)
    assert said == "OPERATOR_CHANNEL is on slack, which is not served"
    assert faults(environ | telegram | {"OPERATOR_CHANNEL": "telegram:-100"}) == []


def test_a_secret_that_everybody_may_read_is_told(environ, tmp_path):
    """With the command that mends it."""
    path = tmp_path / "token"
    path.write_text("m3trics")
    path.chmod(0o644)
    ((what, said, mend),) = faults(environ | {"METRICS_TOKEN_FILE": str(path)})
    assert (what, mend) == ("secrets", f"chmod o= {path}")
    assert "m3trics" not in said


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount")
def test_a_secret_handed_to_a_container_is_no_fault(environ, tmp_path):
    """Compose mounts it as it is, to be read only: a mend would be none."""
    (tmp_path / "token").write_text("m3trics")
    (tmp_path / "token").chmod(0o444)
    told = f"mount --bind -o ro {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path} && "
    told += f"{sys.executable} -m bot doctor"
    environ |= {"METRICS_TOKEN_FILE": str(tmp_path / "token"), "PYTHONPATH": str(ROOT)}
    with TemporaryDirectory() as data:
        environ |= {"MLINFRA_DATA_DIR": data, "PATH": os.environ["PATH"]}
        found = subprocess.run(
            ["unshare", "--mount", "sh", "-c", told], env=environ, capture_output=True, text=True
        )
    if "mount:" in found.stderr or "unshare:" in found.stderr:
        pytest.skip("no mounts here")
    assert (found.returncode, found.stdout.count("!!")) == (0, 0), found.stdout


def test_a_folder_that_cannot_be_made_is_told(environ, tmp_path):
    """A file stands in its place."""
    (tmp_path / "file").write_text("")
    told = faults(environ | {"MLINFRA_CACHE_DIR": str(tmp_path / "file" / "cache")})
    assert (told[0][0], told[0][2].split()[1]) == ("cache", "MLINFRA_CACHE_DIR")


def test_a_data_folder_that_everybody_may_read_is_told(environ, tmp_path):
    """People's questions are in it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    assert [what for what, _, _ in faults(environ)] == ["data"]


def test_a_database_that_is_away_is_told(environ):
    """Without the password."""
    url = "postgresql://me:canary-pass@127.0.0.1:1/none?connect_timeout=2"
    ((what, said, mend),) = faults(environ | {"DATABASE_URL": url})
    assert what == "database"
    assert "DATABASE_URL" in mend
    assert "canary-pass" not in said + mend


@pytest.fixture(name="frozen")
def _frozen(postgres):
    """The URL of a database that may only be read, as a standby's."""
    url = databases.fresh(postgres)
    engine = connect(url)
    migrations.upgrade(engine)
    with engine.begin() as connection:
        name = engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    engine.dispose()
    return url


def test_a_database_that_may_only_be_read_is_told(environ, frozen):
    """By doctor and at a start; it is no fault of ours. What only reads may read it."""
    environ["DATABASE_URL"] = frozen
    ((what, said, mend),) = faults(environ)
    assert what == "database"
    assert "read-only transaction" in said
    assert "may be written" in mend
    settings = Settings.from_environ(environ)
    with pytest.raises(StateError, match="read-only transaction"):
        state.opened(settings)
    state.opened(settings, writes=False).engine.dispose()


def test_a_chat_needs_no_database_that_can_be_written(environ, frozen):
    """It answers, and says that it keeps nothing."""
    told = environ | {"DATABASE_URL": frozen, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    program = [sys.executable, "-m", "bot", "chat", "--plain"]
    chat = subprocess.run(program, env=told, input="gpipe", capture_output=True, text=True)
    assert (chat.returncode, chat.stdout.splitlines()[0][:7]) == (0, "1 GPipe")
    assert chat.stderr.rstrip().endswith("Nothing of this chat is kept")


def test_a_database_behind_is_told(url, environ):
    """`mlinfra db upgrade` mends it."""
    engine = connect(url)
    migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    given = url.replace("+psycopg", "")
    assert faults(environ | {"DATABASE_URL": given})[0][2] == "mlinfra db upgrade"


def test_subscriptions_to_which_nothing_comes_are_told(environ):
    """Places on a platform that is not set up; a terminal gets its own when it is opened."""
    engine = connect(Settings.from_environ(environ).database_url)
    migrations.upgrade(engine)
    channels = ("slack:T:C", "slack:T:D", "telegram:1", "terminal:ann")
    with engine.begin() as connection:
        places = [Subscription(channel, False, Terms(), next_at=9e9) for channel in channels]
        resting = Subscription("slack:T:E", False, Terms(), state="paused")
        subscriptions.save_all(connection, [*places, resting])
    engine.dispose()
    environ |= {"TELEGRAM_BOT_TOKEN": "1234567:" + "a" * 35}
    ((what, said, mend),) = faults(environ)
    assert (what, said) == (
        "subscriptions",
        "2 on slack, which is not set up: nothing comes there",
    )
    assert "mlinfra subscriptions pause --where platform=slack" in mend
    told = [one.said for one in examine(environ) if one.what == "subscriptions"]
    assert told[0] == "2 on slack, 1 on telegram, 1 on terminal"


def test_links_that_could_not_be_read_are_told_with_why(environ):
    """It is no fault of the machine: without network the catalog answers all the same."""
    settings = Settings.from_environ(environ)
    engine = connect(settings.database_url)
    settings.data.chmod(0o700)
    migrations.upgrade(engine)
    with engine.begin() as connection:
        for number in range(3):
            away = Health(f"u{number}", asked=1.0, detail="nobody knows its host")
            store.keep_health(connection, away)
        store.keep_health(connection, Health("v", "closed", 1.0, detail="the site answers 403"))
        store.keep_health(connection, Health("w", "live", 1.0))
    engine.dispose()
    told = [finding.said for finding in examine(environ) if finding.what == "links"]
    assert told[0] == "3 unread, 1 closed, 1 live"
    assert told[1].startswith(
        "4 could not be read: 3 × nobody knows its host; 1 × the site answers 403"
    )
    assert faults(environ) == []


def test_a_run_that_was_cut_off_is_told(environ):
    """It is no fault: who asks next makes up for it."""
    chosen = Settings.from_environ(environ)
    with contextlib.suppress(KeyError), underway.marked(current.inside_folder(chosen)):
        raise KeyError
    told = [finding.said for finding in examine(environ) if finding.what == "links"]
    assert any("a run was cut off" in said for said in told)
    assert faults(environ) == []


def test_a_broken_catalog_file_is_told(environ, tmp_path):
    """The rest is served."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "bad.yaml").write_text("id: [")
    told = faults(environ | {"MLINFRA_CATALOG_DIR": str(folder)})
    assert told[0][0] == "catalog"
    assert "bad.yaml" in told[0][1]
