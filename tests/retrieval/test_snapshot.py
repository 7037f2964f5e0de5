"""Snapshots: whatever has become of the cache, a start ends in a right answer."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from zlib import crc32

import pytest

import corpus
from bot import current
from bot.settings import Settings
from corpus.language import is_traditional
from retrieval import snapshot, worddict
from retrieval.index import Index

ROOT = Path(corpus.__file__).parent.parent
ORIGIN = "made from this"
TABLES = {"words": {"a": 1, "词": 2}, "rows": [(1, None), ("x", 2.5)]}
PASSAGES = [["a", "b"], ["b", "词"], []]


def index():
    return Index.build(PASSAGES)


def signed(value) -> bytes:
    """Tables that are whole, whatever is in them."""
    data = marshal.dumps(value)
    return crc32(data).to_bytes(4, "little") + data


def flipped(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.fixture(name="parent")
def _parent(tmp_path):
    """A cache with one snapshot."""
    assert snapshot.save(tmp_path, ORIGIN, index(), TABLES)
    return tmp_path


@pytest.fixture(name="check")
def _check():
    """A cache has the snapshot whole, or none that is trusted; a save puts it right."""

    def check(parent, whole):
        found = snapshot.load(parent, ORIGIN)
        if whole:
            assert found is not None
            assert found[1] == TABLES
            assert found[0].search({"b": 1.0}, 9) == index().search({"b": 1.0}, 9)
            return
        assert found is None
        assert snapshot.save(parent, ORIGIN, index(), TABLES)
        check(parent, whole=True)
        assert list(parent.glob(".new-*")) == []

    return check


@pytest.fixture(name="answers")
def _answers():
    """A start with a cache answers as it should."""

    def answers(cache, catalog=None):
        retriever = current.load(Settings(catalog=catalog, cache=cache)).retriever
        assert retriever.search("参数服务器").hits[0].entry.id == "ssp-parameter-server"
        assert retriever.search("1811.06965").hits[0].entry.id == "gpipe"
        return retriever

    return answers


def test_what_is_saved_is_loaded(check, parent, tmp_path_factory):
    """And where nothing was saved there is nothing."""
    check(parent, whole=True)
    check(tmp_path_factory.mktemp("empty"), whole=False)
    check(tmp_path_factory.mktemp("missing") / "a" / "b", whole=False)


@pytest.mark.parametrize("name", ["index", "tables"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:1],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: flipped(data, 0),
        lambda data: flipped(data, len(data) // 2),
        lambda data: flipped(data, -1),
        lambda data: b"\0" * len(data),
        lambda _: b"PK\x03\x04" * 100,
        lambda _: signed(7),
        lambda _: signed((ORIGIN,)),
        lambda _: signed((ORIGIN, TABLES, 3)),
        lambda _: signed(("made from something else", TABLES)),
    ],
)
def test_a_damaged_file_is_not_trusted(check, parent, name, damage):
    """Cut off, grown, flipped, foreign, or made from something else: it is made again."""
    (path,) = parent.glob(f"*/{name}")
    path.write_bytes(damage(path.read_bytes()))
    check(parent, whole=False)


@pytest.mark.parametrize("name", ["index", "tables"])
def test_a_missing_file_is_made_again(check, parent, name):
    """Half a snapshot is none; nor is a folder in the place of a file."""
    (path,) = parent.glob(f"*/{name}")
    path.unlink()
    check(parent, whole=False)
    path.unlink()
    path.mkdir()
    check(parent, whole=False)


def test_the_index_of_another_is_damage_enough(check, parent, tmp_path_factory):
    """A folder swapped under our name tells by what stands inside."""
    other = tmp_path_factory.mktemp("other")
    snapshot.save(other, "else", index(), {})
    (theirs,) = other.iterdir()
    (ours,) = parent.iterdir()
    shutil.rmtree(ours)
    shutil.copytree(theirs, ours)
    check(parent, whole=False)


def test_another_origin_finds_nothing(parent):
    """A changed catalog, lexicon or program is another snapshot."""
    assert snapshot.load(parent, ORIGIN + "!") is None
    assert snapshot.load(parent, "\ud800") is None


def test_old_snapshots_go(tmp_path):
    """A few stay, for versions side by side; the one just written is among them."""
    for number in range(6):
        snapshot.save(tmp_path, f"origin {number}", index(), TABLES)
    assert len(list(tmp_path.iterdir())) == snapshot.KEPT
    assert snapshot.load(tmp_path, "origin 5") is not None


def test_of_the_dictionaries_the_newest_stay(tmp_path):
    """What an older lexicon left beside the snapshots goes; what another start writes stays."""
    for number in range(5):
        path = tmp_path / f"{worddict.NAME}{number}"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    (tmp_path / f".{worddict.NAME}5.begun").write_bytes(b"")
    abandoned = tmp_path / f".{worddict.NAME}6.begun"
    abandoned.write_bytes(b"")
    os.utime(abandoned, (0, 0))
    (tmp_path / "another's").write_text("stays")
    assert snapshot.save(tmp_path, ORIGIN, index(), TABLES)
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    kept = {f"{worddict.NAME}{number}" for number in (2, 3, 4)}
    assert names == {*kept, f".{worddict.NAME}5.begun", "another's"}


@pytest.mark.parametrize("place", ["file", "proc"])
def test_a_place_that_cannot_be_written_is_said(tmp_path, place):
    """False, and no error; also for root, whom permissions do not stop."""
    (tmp_path / "file").write_text("not a folder")
    parent = tmp_path / "file" / "cache" if place == "file" else Path("/proc/mlinfra")
    assert snapshot.save(parent, ORIGIN, index(), TABLES) is False
    assert snapshot.load(parent, ORIGIN) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere; the next test covers root")
def test_a_read_only_folder_is_said(tmp_path):
    """False, and the folder stays as it is."""
    tmp_path.chmod(0o500)
    assert snapshot.save(tmp_path / "cache", ORIGIN, index(), TABLES) is False
    assert snapshot.save(tmp_path, ORIGIN, index(), TABLES) is False
    assert list(tmp_path.iterdir()) == []
    tmp_path.chmod(0o700)


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root to become nobody"
)
def test_a_read_only_folder_is_said_to_nobody(tmp_path):
    """The same as root, with its privileges laid down."""
    tmp_path.chmod(0o555)
    script = (
        "import sys; from pathlib import Path; from retrieval import snapshot;"
        " from retrieval.index import Index;"
        f" print(snapshot.save(Path({str(tmp_path)!r}), 'x', Index.build([['a']]), {{}}))"
    )
    command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-c", script]
    found = subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )
    assert found.stdout.strip() == "False", found.stderr
    assert list(tmp_path.iterdir()) == []


def _save(parent: Path) -> bool:
    return snapshot.save(parent, ORIGIN, Index.build(PASSAGES), TABLES)


def test_many_may_write_at_once(check, tmp_path):
    """Threads and processes; each ends with a whole snapshot and no rubbish."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_save, [tmp_path] * 16))
    check(tmp_path, whole=True)
    shutil.rmtree(tmp_path)
    with get_context("spawn").Pool(3) as pool:
        pool.map(_save, [tmp_path] * 6)
    check(tmp_path, whole=True)
    assert list(tmp_path.glob(".new-*")) == []


def _point(path: Path) -> None:
    for number in range(200):
        snapshot.point(path, f"origin {number}")


def test_many_may_point_at_once(tmp_path):
    """A refresh and a service end their indexes at the same moment; each writes a whole line."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_point, [tmp_path / "newest"] * 4))
    assert [path.name for path in tmp_path.iterdir()] == ["newest"]
    assert (tmp_path / "newest").read_text() == "origin 199"


@pytest.mark.slow
@pytest.mark.parametrize("cold", [False, True])
def test_first_starts_at_once_all_answer(answers, cache, tmp_path, cold):
    """Two processes with one empty cache, or one with the words alone; a third start finds it."""
    for words in () if cold else cache.glob("words-*"):
        shutil.copy(words, tmp_path)
    script = (
        "from pathlib import Path; from bot import current; from bot.settings import Settings;"
        f" found = current.load(Settings(None, Path({str(tmp_path)!r}))).retriever;"
        " print(found.search('参数服务器').hits[0].entry.id)"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for start in starts:
        out, err = start.communicate(timeout=120)
        assert (out.strip(), err, start.returncode) == ("ssp-parameter-server", "", 0)
    assert list(tmp_path.glob(".new-*")) == []
    answers(tmp_path)


@pytest.mark.parametrize("names", ["*/*", pytest.param("**/*", marks=pytest.mark.slow)])
def test_a_start_with_a_damaged_cache_answers(answers, retriever, cache, tmp_path, names):
    """Both files of the snapshot at once; and with them, slowly, the words."""
    assert retriever
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    for path in filter(Path.is_file, copy.glob(names)):
        if data := path.read_bytes():  # a lock has nothing in it
            path.write_bytes(flipped(data, 5000))
    answers(copy)
    answers(copy)


@pytest.mark.slow
def test_a_start_without_a_place_for_a_cache_answers(answers, tmp_path):
    """It is slower, and that is all."""
    (tmp_path / "file").write_text("not a folder")
    answers(tmp_path / "file" / "cache")


def test_a_changed_catalog_is_seen(answers, cache, tmp_path):
    """The snapshot of another catalog is not used: an entry that came is found."""
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    assert answers(copy, catalog).search("zyxomatic").confidence == "nothing"
    text = (current.SHIPPED / "gpipe.yaml").read_text("utf-8")
    text = text.replace("id: gpipe", "id: zyxomatic").replace("GPipe", "Zyxomatic")
    (catalog / "zyxomatic.yaml").write_text(text, encoding="utf-8")
    found = current.load(Settings(catalog=catalog, cache=copy)).retriever
    assert found.search("zyxomatic").hits[0].entry.id == "zyxomatic"


def test_what_is_told_in_traditional_is_kept(tmp_path):
    """OpenCC's words take 90 ms to load: an answer from a snapshot converts the question alone."""
    script = (
        "from pathlib import Path; from bot import answering, current;"
        " from bot.model import Question; from bot.settings import Settings;"
        " from corpus import language;"
        f" settings = Settings(catalog=None, cache=Path({str(tmp_path)!r}));"
        " retriever = current.load(settings).retriever;"
        " loaded = language._converter.cache_info().currsize;"
        " answer = answering.answer(Question('參數伺服器是什麼'), retriever);"
        " print(loaded, language._converter.cache_info().currsize, answer.found[0].body[0].text)"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split(" ", 2)
        for _ in range(2)
    )
    assert second[:2] == ["0", "1"]
    assert first[2] == second[2]
    assert is_traditional(second[2])
