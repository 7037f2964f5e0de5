"""`mlinfra digest` and `mlinfra subscriptions`, as one types them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from bot import cli, migrations
from bot.digest import schedule
from bot.store import deliveries, editions, ledger, subscriptions
from bot.subscription import Due, Edition, Filters, Ruling, Subscription, Terms
from corpus.database import connect
from corpus.record import replace

WEEK = "2026-W48"


@pytest.fixture(name="mlinfra")
def _mlinfra(monkeypatch, tmp_path, cache, capsys):
    """Run the program on a database of its own; (exit code, output, errors)."""
    for name, value in {
        "MLINFRA_DATA_DIR": str(tmp_path),
        "MLINFRA_CACHE_DIR": str(cache),
        "HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)

    def mlinfra(*arguments, said=None):
        if said is not None:
            monkeypatch.setattr("sys.stdin", io.StringIO(said))
        capsys.readouterr()
        code = cli.main(list(arguments))
        done = capsys.readouterr()
        return code, done.out, done.err

    return mlinfra


@pytest.fixture(name="engine")
def _engine(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'mlinfra.db'}")
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


def subscribe(engine, channel, at=None, **terms):
    kept = Terms(**terms)
    week, moment = schedule.following(kept, time.time())
    one = Subscription(channel, True, kept, "telegram:1", next_week=week, next_at=at or moment)
    with engine.begin() as connection:
        subscriptions.save(connection, one)
        return subscriptions.of(connection, channel)


def test_pick_is_the_same_each_time_and_says_why(mlinfra, tmp_path):
    """Without a database too."""
    code, first, _ = mlinfra("digest", "pick", "--week", WEEK)
    assert code == 0
    assert first.startswith(WEEK)
    assert "Why this one: " in first
    assert mlinfra("digest", "pick", "--week", WEEK)[1] == first
    assert not (tmp_path / "mlinfra.db").exists()
    _, explained, _ = mlinfra("digest", "pick", "--week", WEEK, "--explain")
    assert explained.startswith(first)
    assert explained.count("paper") >= 15
    assert "candidates" in explained


def test_pick_by_filters(mlinfra):
    """And where nothing passes."""
    assert "book-" in mlinfra("digest", "pick", "--kind", "book")[1]
    assert "nothing passes" in mlinfra("digest", "pick", "--topic", "quantum cooking")[1]
    assert mlinfra("digest", "pick", "--week", "2027-W53")[0] == 2


def test_an_entry_of_ones_own_that_is_new_comes_first(mlinfra, monkeypatch, tmp_path):
    """From the operator's folder, with the day it was added."""
    import corpus

    text = (Path(corpus.__file__).with_name("data") / "gpipe.yaml").read_text("utf-8")
    entry = yaml.safe_load(text)
    entry |= {"id": "brand-new", "title": "Brand New", "added": "2026-11-24", "related": []}
    entry["links"][0] |= {"url": "https://brand.example/new.pdf"}
    del entry["links"][0]["abstract"], entry["arxiv"]
    entry["listings"][0] |= {"title": "Brand New", "url": "https://brand.example/new.pdf"}
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "brand-new.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), "utf-8")
    monkeypatch.setenv("MLINFRA_CATALOG_DIR", str(folder))
    _, told, _ = mlinfra("digest", "pick", "--week", WEEK)
    assert "brand-new" in told
    assert "new in the catalog" in told
    assert "brand-new" not in mlinfra("digest", "pick", "--week", "2026-W10")[1]


@pytest.mark.parametrize("platform", ["terminal", "telegram", "slack"])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_preview_shows_it_as_a_platform_does(mlinfra, platform, language):
    """Without a token and without a network."""
    code, told, _ = mlinfra(
        "digest", "preview", "--platform", platform, "--language", language, "--week", WEEK
    )
    assert code == 0
    assert WEEK in told
    assert len(told) < 8000


def test_rulings(mlinfra):
    """Held and let go, pinned and left out, and taken back."""
    usual = mlinfra("digest", "pick", "--week", WEEK)[1]
    assert mlinfra("digest", "hold", WEEK)[0] == 0
    assert "held" in mlinfra("digest", "pick", "--week", WEEK)[1]
    mlinfra("digest", "publish", WEEK)
    assert mlinfra("digest", "pick", "--week", WEEK)[1] == usual
    mlinfra("digest", "pin", WEEK, "iflytek-cloud")
    assert "iflytek-cloud" in mlinfra("digest", "pick", "--week", WEEK)[1]
    mlinfra("digest", "pin", WEEK, "iflytek-cloud", "--lift")
    mlinfra("digest", "skip", WEEK, usual.split()[1])
    assert usual.split()[1] not in mlinfra("digest", "pick", "--week", WEEK)[1]
    assert mlinfra("digest", "pin", WEEK, "no-such")[0] == 2


def test_dry_run_says_what_is_due_and_sends_nothing(mlinfra, engine):
    """Whatever is set up."""
    subscribe(engine, "telegram:-1", at=time.time() - 5)
    subscribe(engine, "telegram:-2")
    _, told, errors = mlinfra("digest", "send", "--dry-run")
    assert "telegram:-1" in told
    assert "telegram:-2" not in told
    assert "1 due" in errors
    assert mlinfra("digest", "send", "--dry-run")[1] == told
    code, _, errors = mlinfra("digest", "send")
    assert code == 2
    assert "no platform is set up" in errors


def test_status_tells_what_came_of_a_week(mlinfra, engine):
    """With the reasons; exit code 1 where something failed."""
    assert mlinfra("digest", "status")[:2] == (0, "none yet\n")
    one = subscribe(engine, "telegram:-1")
    with engine.begin() as connection:
        deliveries.plan(connection, [Due(one.id, WEEK, "telegram", 1.0, "due")], 1.0)
        (claim,) = deliveries.claim(connection, "telegram", 5, 0.0, 60.0)
        deliveries.close(connection, claim, "failed", reason="bot was kicked")
    code, told, _ = mlinfra("digest", "status", "--week", WEEK)
    assert code == 1
    assert "1 failed" in told
    assert "telegram:-1: bot was kicked" in told


def test_places_on_a_platform_that_is_not_set_up_are_told(mlinfra, engine):
    """Nothing comes there, whether or not something is due yet."""
    subscribe(engine, "slack:T:C")
    subscribe(engine, "terminal:ann")
    told = mlinfra("digest", "status")[1]
    assert told.splitlines()[1:] == ["  waiting on slack, which is not set up: 1 (mlinfra doctor)"]


def test_subscriptions_are_listed_by_conditions(mlinfra, engine):
    """Any text is *."""
    subscribe(engine, "telegram:-1", language="zh")
    subscribe(engine, "slack:T:C", filters=Filters(kinds=("book",)))
    assert len(mlinfra("subscriptions", "list")[1].splitlines()) == 2
    for where, shown in (
        ("platform=slack", "slack:T:C"),
        ("channel=tele*", "telegram:-1"),
        ("language=zh", "telegram:-1"),
        ("filters=kind:book", "slack:T:C"),
    ):
        (line,) = mlinfra("subscriptions", "list", "--where", where)[1].splitlines()
        assert line.startswith(shown)
    two = ("--where", "platform=slack", "--where", "language=zh")
    assert mlinfra("subscriptions", "list", *two)[1] == ""
    assert mlinfra("subscriptions", "list", "--where", "colour=red")[0] == 2


def test_subscriptions_are_paused_moved_and_resumed(mlinfra, engine):
    """Dry runs change nothing."""
    subscribe(engine, "telegram:-1")

    def state(channel="telegram:-1"):
        with engine.connect() as connection:
            return subscriptions.of(connection, channel)

    where = ("--where", "platform=telegram")
    assert "1 would change" in mlinfra("subscriptions", "pause", *where, "--dry-run")[2]
    assert state().state == "active"
    mlinfra("subscriptions", "pause", *where, "--until", "two weeks")
    assert state().until > time.time() + 13 * 86400
    assert mlinfra("subscriptions", "pause", *where, "--until", "whenever")[0] in (0, 2)
    mlinfra("subscriptions", "resume", *where)
    assert state().state == "active"
    mlinfra("subscriptions", "move", *where, "--to", "telegram:-9", "--dry-run")
    assert state() is not None
    mlinfra("subscriptions", "move", *where, "--to", "telegram:-9")
    assert state() is None
    assert state("telegram:-9").state == "active"


def test_export_and_import_are_each_others_inverse(mlinfra, engine):
    """Lines of JSON; a line that is none is told and nothing is changed."""
    subscribe(engine, "telegram:-1", language="zh", filters=Filters(topics=("参数服务器",)))
    subscribe(engine, "slack:T:C", zone="+05:30")
    exported = mlinfra("subscriptions", "export")[1]
    assert json.loads(exported.splitlines()[0])["channel"] == "telegram:-1"
    with engine.begin() as connection:
        connection.execute(subscriptions.subscriptions.delete())
    assert (
        "2 would change" in mlinfra("subscriptions", "import", "-", "--dry-run", said=exported)[2]
    )
    assert mlinfra("subscriptions", "export")[1] == ""
    mlinfra("subscriptions", "import", "-", said=exported)
    assert mlinfra("subscriptions", "export")[1] == exported
    code, _, errors = mlinfra("subscriptions", "import", "-", said=exported + "{}\n")
    assert code == 1
    assert "-:3: KeyError" in errors


def test_what_was_not_sent_cannot_be_amended(mlinfra, engine):
    """Nothing to retract."""
    with engine.connect() as connection:
        assert ledger.sent(connection, WEEK) == []
    assert mlinfra("digest", "retract", WEEK, "--dry-run")[:2] == (0, "")


def test_a_terminal_gets_it_when_it_is_opened(engine, tmp_path, cache):
    """Subscribed in a chat, told at the start of the next one, once."""

    def chat(line):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "chat", "--plain"],
            input=line + "\n",
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "MLINFRA_DATA_DIR": str(tmp_path),
                "MLINFRA_CACHE_DIR": str(cache),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return " ".join(done.stdout.split())

    assert "Paper of the week: Mondays 09:00" in chat("/subscribe UTC")
    with engine.begin() as connection:
        (one,) = subscriptions.every(connection)
        here = schedule.local(time.time() - 120, "UTC")
        terms = Terms(here.isoweekday(), here.hour * 60 + here.minute)
        week, at = schedule.missed(terms, time.time())
        subscriptions.save(connection, replace(one, terms=terms, next_week=week, next_at=at))
    told = chat("/subscriptions")
    assert f"of the week · {week}" in told
    assert f"The last one, {week}: sent" in told
    assert "of the week · " not in chat("/help")


def test_a_kind_that_there_is_not_is_said(mlinfra):
    """In any of its words, and no other."""
    usual = mlinfra("digest", "pick", "--kind", "book")[1]
    assert mlinfra("digest", "pick", "--kind", "books")[1] == usual
    assert mlinfra("digest", "pick", "--kind", "书")[1] == usual
    code, _, errors = mlinfra("digest", "pick", "--kind", "novel")
    assert code == 2
    assert "no such kind: 'novel'" in errors


def test_publish_lets_every_held_edition_of_a_week_go(mlinfra, engine):
    """Those that curators held by a button too; a filter names one."""
    with engine.begin() as connection:
        for edition in ("", "kind:book", "kind:talk"):
            editions.rule(connection, Ruling("hold", WEEK, edition))
    assert "held" in mlinfra("digest", "pick", "--week", WEEK)[1]
    mlinfra("digest", "publish", WEEK, "--kind", "book")
    assert "book-" in mlinfra("digest", "pick", "--week", WEEK, "--kind", "book")[1]
    assert "held" in mlinfra("digest", "pick", "--week", WEEK)[1]
    mlinfra("digest", "publish", WEEK)
    assert "held" not in mlinfra("digest", "pick", "--week", WEEK)[1]
    assert "held" not in mlinfra("digest", "pick", "--week", WEEK, "--kind", "talk")[1]


def test_what_is_fixed_is_shown_and_said(mlinfra, engine):
    """The pick is what it would be now; a preview is what places get."""
    with engine.begin() as connection:
        editions.fix(connection, Edition(Filters(), WEEK, "iflytek-cloud", "r", ("pinned",)))
    told = mlinfra("digest", "pick", "--week", WEEK)[1].splitlines()
    assert told[0] == f"{WEEK}  iflytek-cloud is fixed already; now it would be:"
    assert "iflytek-cloud" not in told[1]
    shown = mlinfra("digest", "preview", "--week", WEEK)[1]
    assert "/open iflytek-cloud" in shown
    assert "the curators chose it" in shown


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"channel": "nonsense"}, "no channel"), ({"state": "asleep"}, "no state"),
        ({"terms": {"day": 9}}, "no day"), ({"terms": {"minute": 1440}}, "no minute"),
        ({"terms": {"zone": "Mars/Base"}}, "Mars/Base"),
        ({"terms": {"language": "fr"}}, "language"),
        ({"terms": {"filters": {"kinds": ["novel"]}}}, "no kinds"),
        ({"terms": {"filters": {"topics": "gpu"}}}, "no list of topics"),
        ({"terms": {"colour": "red"}}, "colour"), ({"script": "Cyrl"}, "no script"),
    ],
)  # fmt: skip
def test_an_import_that_is_wrong_changes_nothing(mlinfra, change, reason):
    """Each line with what is wrong in it."""
    good = json.dumps({"channel": "telegram:-5", "terms": {"zone": "Europe/Berlin"}})
    bad = json.dumps({"channel": "telegram:-6", "terms": {}} | change)
    code, _, errors = mlinfra("subscriptions", "import", "-", said=f"{good}\n{bad}\n")
    assert code == 1
    assert errors.startswith("-:2: ")
    assert reason in errors
    assert mlinfra("subscriptions", "export")[1] == ""
    assert mlinfra("subscriptions", "import", "-", said=f"{good}\n")[0] == 0
    (one,) = map(json.loads, mlinfra("subscriptions", "export")[1].splitlines())
    assert one["shared"]
    assert one["next_week"]


def test_an_import_goes_on_where_a_place_was(mlinfra, engine):
    """A week that it had does not come again, and a pause with an end has one."""
    one = subscribe(engine, "telegram:-1", at=time.time() - 5)
    here = schedule.local(time.time() + 3600, "UTC")
    week = schedule.week_of(here.date())
    with engine.begin() as connection:
        deliveries.plan(connection, [Due(one.id, week, "telegram", 1.0, "sent")], 1.0)
    terms = {"day": here.isoweekday(), "minute": here.hour * 60 + here.minute}
    until = time.time() + 86400
    lines = (
        {"channel": "telegram:-1", "terms": terms},
        {"channel": "telegram:-2", "terms": terms},
        {"channel": "telegram:-3", "terms": {}, "state": "paused", "until": until},
    )
    mlinfra("subscriptions", "import", "-", said="\n".join(map(json.dumps, lines)))
    with engine.connect() as connection:
        had, new, rests = subscriptions.every(connection)
    assert (had.next_week, new.next_week) == (schedule.later(week, 1), week)
    assert (rests.next_week, rests.next_at) == ("", until)


def test_a_subscription_is_moved_where_there_is_none(mlinfra, engine):
    """To a place's id; one that has ended there makes room."""
    line = '{"channel": "telegram:-%d", "terms": {}, "state": "%s"}\n'
    mlinfra("subscriptions", "import", "-", said=line % (5, "active") + line % (6, "paused"))
    mlinfra("subscriptions", "import", "-", said=line % (7, "ended"))
    where = ("--where", "channel=telegram:-5")
    assert mlinfra("subscriptions", "move", *where, "--to", "somewhere")[0] == 2
    code, _, errors = mlinfra("subscriptions", "move", *where, "--to", "telegram:-6")
    assert (code, "has a subscription already" in errors) == (2, True)
    assert mlinfra("subscriptions", "move", *where, "--to", "telegram:-7")[0] == 0
    with engine.begin() as connection:
        found = {one.channel: one.state for one in subscriptions.every(connection)}
    assert found == {"telegram:-6": "paused", "telegram:-7": "active"}


def test_an_import_of_no_file(mlinfra):
    """Is said in a line."""
    code, _, errors = mlinfra("subscriptions", "import", "/nowhere/subs.jsonl")
    assert code == 2
    assert "cannot be read" in errors
