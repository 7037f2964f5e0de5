"""`mlinfra doctor`: what is in order and what is not, each fault with its mend; then exit 1.

It reads, and changes nothing but what a start would make anyway: a folder and an empty database.
"""

from __future__ import annotations

import argparse
import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from bot import proxies
from bot.commands import platforms
from bot.errors import SettingsError, StateError
from bot.settings import Settings
from bot.variables import VARIABLES
from corpus.record import record

if TYPE_CHECKING:
    from sqlalchemy import Engine

QUESTION = "分布式训练 parameter server"
_PLACES = {"DATABASE_URL", "MLINFRA_DATA_DIR"}


@record
class Finding:
    """One thing looked at: all is well, or what is wrong and what mends it."""

    what: str
    said: str
    mend: str = ""  # empty: all is well


def run(arguments: Sequence[str]) -> int:
    """Look at everything; print a line each."""
    argparse.ArgumentParser("mlinfra doctor", description=__doc__).parse_args(arguments)
    findings = list(examine(os.environ))
    for finding in findings:
        mark = "!!" if finding.mend else "ok"
        print(f"{mark}  {finding.what}: {finding.said}")
        if finding.mend:
            print(f"    mend: {finding.mend}")
    return 1 if any(finding.mend for finding in findings) else 0


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Everything, in the order in which a start needs it."""
    settings, problems = Settings.attempted(environ)
    for problem in problems:
        yield Finding("settings", problem, "docs/settings.md tells what each may be")
    if not problems:
        yield from _platforms(settings)
    yield from _unread(environ)
    for problem in _proxies(environ, settings):
        yield Finding("proxy", problem, "correct the variable, or unset it")
    yield from _secrets(environ)
    # What stands in for a setting that is wrong is nothing to look at.
    wrong = {problem.split()[0].removesuffix("_FILE") for problem in problems}
    if "MLINFRA_DATA_DIR" not in wrong:
        yield _folder("data", settings.data, "MLINFRA_DATA_DIR")
    if "MLINFRA_CACHE_DIR" not in wrong:
        yield _folder("cache", settings.cache, "MLINFRA_CACHE_DIR")
    if wrong.isdisjoint({"DATABASE_URL"} if settings.database else _PLACES):
        yield _database(settings)
        if not problems:  # else a platform that is set up wrong seems not to be set up
            yield from _subscriptions(settings)
        yield from _links(settings)
    if wrong.isdisjoint({"MLINFRA_CATALOG_DIR", "MLINFRA_CACHE_DIR"}):
        yield from _catalog(settings)


def _platforms(settings: Settings) -> Iterator[Finding]:
    """What is served, and channels of ours that are elsewhere."""
    served = platforms.served(settings)
    yield Finding("settings", f"platforms: {', '.join(served) or 'none, the terminal only'}")
    for name in ("operator_channel", "curator_channel"):
        platform = (getattr(settings, name) or "").partition(":")[0]
        if served and platform and platform not in served:
            told = f"{name.upper()} is on {platform}, which is not served"
            yield Finding("settings", told, "name a channel of a platform that is, or unset it")


def _unread(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Names that look like ours and are not read: a slip, or something for another program."""
    ours = {name for name in environ if name.startswith(("MLINFRA_", "TELEGRAM_", "SLACK_"))}
    for name in sorted(ours - {one for known in VARIABLES for one in (known, f"{known}_FILE")}):
        meant = get_close_matches(name, VARIABLES, 1)
        yield Finding("settings", f"{name} is not read{f'; {meant[0]} is' if meant else ''}")


def _proxies(environ: Mapping[str, str], settings: Settings) -> Iterator[str]:
    """What is wrong with proxies and certificates, for whom they are."""
    yield from proxies.problems(environ)
    if settings.slack is not None:
        try:
            proxies.proxy_for(settings.slack.api, environ, socks=False)
        except SettingsError as error:
            yield from (problem for problem in error.problems if "SOCKS" in problem)


def _secrets(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Files that hold a secret and that others may read."""
    for name in (name for name, variable in VARIABLES.items() if variable.secret):
        path = Path(environ.get(f"{name}_FILE", "").strip() or "/dev/null")
        if _is_open(path):
            yield Finding("secrets", f"everybody may read {path}", f"chmod o= {quote(str(path))}")


def _is_open(path: Path) -> bool:
    """Whether everybody may read a file, and that can be mended: what is handed to a container lies
    on a mount that nobody can change, and nobody else is there.
    """
    try:
        mendable = not os.statvfs(path).f_flag & os.ST_RDONLY
        return mendable and path.is_file() and bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:  # told where it is read
        return False


def _folder(what: str, path: Path, name: str) -> Finding:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        writable = path.is_dir() and os.access(path, os.W_OK)
        open_to_all = path.stat().st_mode & stat.S_IROTH
    except OSError as error:
        return Finding(what, f"{path} cannot be made: {error.strerror}", f"set {name} to another")
    if not writable:
        return Finding(what, f"{path} cannot be written", f"chown it, or set {name} to another")
    if what == "data" and open_to_all:
        return Finding(what, f"everybody may read {path}", f"chmod go= {quote(str(path))}")
    return Finding(what, str(path))


def _database(settings: Settings) -> Finding:
    from bot import migrations
    from bot.commands import state

    kind = "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    try:
        engine = state.engine_of(settings)
        with state.told(settings):
            step = _tried(engine)
    except StateError as error:
        return Finding("database", *_unusable(str(error), settings))
    path = Path(engine.url.database or "")
    if kind == "SQLite" and path.parent.stat().st_mode & stat.S_IXOTH and _is_open(path):
        return Finding("database", f"everybody may read {path}", f"chmod o= {quote(str(path))}*")
    found = f"{kind}, {'new' if step is None else f'at step {step}'}"
    if step != migrations.head() and (step is not None or kind == "PostgreSQL"):
        return Finding("database", found, "mlinfra db upgrade")
    return Finding("database", found)


def _tried(engine: Engine) -> str | None:
    """The step of a database in which all was tried that a start would do."""
    from bot import migrations
    from bot.commands import state
    from corpus.database import probe

    try:
        step = state.reached(engine)
        if step == migrations.head():
            state.try_writing(engine)
        else:  # what a step does
            probe(engine)
        return step
    finally:
        engine.dispose()


def _unusable(told: str, settings: Settings) -> tuple[str, str]:
    """What is wrong with a database, and the mend: the sentence's own, where it has one."""
    where = "DATABASE_URL" if settings.database else "MLINFRA_DATA_DIR"
    said, _, mend = told.partition("; look at ")
    if mend:
        runs = "runs, " if settings.database else ""
        return said, f"see that it {runs}is ours and may be written; {where} says where it is"
    said, _, mend = told.rpartition(": ")
    return said, f"{mend}; {where} says where it is"


def _subscriptions(settings: Settings) -> Iterator[Finding]:
    """Who gets the paper of the week; nothing comes to a platform that is not set up."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.commands import state
    from bot.store import subscriptions

    try:
        engine = state.engine_of(settings)
        with engine.connect().execution_options(reads=True) as connection:
            places = subscriptions.active(connection)
        engine.dispose()
    except (SQLAlchemyError, OSError, StateError):
        return  # there are none yet, or it was told above
    if told := ", ".join(f"{count} on {name}" for name, count in sorted(places.items())):
        yield Finding("subscriptions", told)
    for name, count in platforms.waiting(settings, places).items():
        said = f"{count} on {name}, which is not set up: nothing comes there"
        mend = f"set {name} up, or mlinfra subscriptions pause --where platform={name}"
        yield Finding("subscriptions", said, mend)


def _links(settings: Settings) -> Iterator[Finding]:
    """What could be read behind the links; nothing read is no fault."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot import current, underway
    from bot.commands.links import known

    try:
        healths = known(settings)
    except (SQLAlchemyError, OSError):
        return  # told above
    counts = Counter(health.state for health in healths.values())
    told = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    yield Finding("links", told or "none was read yet: mlinfra refresh")
    if underway.is_cut_off(current.inside_folder(settings)):
        yield Finding("links", "a run was cut off: the next question makes what it read searchable")
    looked_at = [health for health in healths.values() if health.asked]
    unread = [health for health in looked_at if health.state not in ("live", "moved")]
    reasons = Counter(health.detail or health.state for health in unread)
    if reasons:
        why = "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common(4))
        said = f"{len(unread)} could not be read: {why} (mlinfra catalog links tells which)"
        yield Finding("links", said)


def _catalog(settings: Settings) -> Iterator[Finding]:
    """The catalog's files, and that the index made of them answers."""
    from bot import current

    try:
        found = current.load(settings)
        hits = found.retriever.search(QUESTION).hits
    except OSError as error:
        told = f"it cannot be made: {error.filename or 'a file'}: {error.strerror}"
        yield Finding("index", told, "see that the file may be read, and by whom we run as")
        return
    except Exception as error:  # whatever it is, the bot could not start
        yield Finding(
            "index", f"it cannot be made ({type(error).__name__})", "mlinfra catalog check"
        )
        return
    for problem in found.problems:
        yield Finding("catalog", str(problem), "correct the file; the rest is served")
    if not found.problems:
        yield Finding("catalog", f"{len(found.retriever.entries)} entries")
    yield Finding("index", f"{len(found.retriever.passages)} passages, {len(hits)} hits for a test")
