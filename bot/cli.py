"""The command line: `mlinfra VERB …`. Each verb is imported only when it is called.

Exit codes: 0 done (also when the catalog has nothing), 1 problems found, 2 usage or settings,
130 Ctrl-C. Answers go to standard output, everything else to standard error.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from bot.errors import SettingsError, StateError

VERBS = {
    "chat": "ask in a conversation",
    "serve": "serve Telegram and Slack, until SIGTERM",
    "digest": "the paper of the week: pick, preview, send, status, hold, publish, retract …",
    "subscriptions": "who gets it: list, move, pause, resume, export, import",
    "doctor": "what is in order and what is not, with the mend",
    "db": "bring the database to this program's schema: mlinfra db upgrade",
    "ask": 'one answer: mlinfra ask "…"; --json, --explain, - for questions on standard input',
    "catalog": "check [FOLDER…] its files; links: how they are; candidates: what feeds tell of",
    "refresh": "read the pages behind the links that are due",
    "extract": "what a file or an address says: mlinfra extract FILE-or-URL; --json",
    "evaluate": "score the search on judged questions",
}
DONE, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; the exit code."""
    try:
        try:
            return _run(list(sys.argv[1:] if arguments is None else arguments))
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except KeyboardInterrupt:
        if sys.stderr and sys.stderr.isatty():
            print(file=sys.stderr)  # the shell's prompt begins a line of its own
        return INTERRUPTED
    except OSError as error:
        # What could not be written is still held, and Python would complain of it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):
            return DONE  # the reader has seen enough
        where = f"{error.filename}: " if error.filename else ""
        return _complain(f"{where}{error.strerror or error}", PROBLEMS)
    except (SettingsError, StateError) as error:
        for problem in error.problems:
            _complain(problem, error.code)
        return error.code
    except Exception as error:  # ours: python -X dev shows where
        if sys.flags.dev_mode:
            raise
        return _complain(f"a fault of ours ({type(error).__name__}), please report it", PROBLEMS)


def _run(arguments: list[str]) -> int:
    _speak_utf8()
    if not arguments:
        print(_help(), file=sys.stderr)
        return USAGE
    verb, *rest = arguments
    if verb in ("-h", "--help", "help"):
        print(_help())
        return DONE
    if verb in ("-V", "--version"):
        print(f"mlinfra {_version()}")
        return DONE
    if verb not in VERBS:
        return _complain(f"no command {verb!r}; to ask a question: mlinfra ask {verb!r}", USAGE)
    gc.disable()  # a start makes much and leaves nothing: looking for garbage takes a tenth of it
    try:
        return int(import_module(f"bot.commands.{verb}").run(rest))
    except SystemExit as leaving:  # argparse has said why
        return leaving.code if isinstance(leaving.code, int) else USAGE
    finally:
        gc.enable()


def _speak_utf8() -> None:
    """Chinese comes out whole under LANG=C too; bytes that are no text do not stop us."""
    if sys.stdout is None:  # closed by the caller
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def _complain(sentence: str, code: int) -> int:
    print(f"mlinfra: {sentence}", file=sys.stderr)
    return code


def _help() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {verb:{width}}  {told}" for verb, told in VERBS.items())
    return (
        "usage: mlinfra VERB …\n\n"
        "Asks a curated, bilingual catalog of ML-infrastructure works.\n\n"
        f"{verbs}\n\n"
        "mlinfra VERB --help tells more; mlinfra --version the version."
    )


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("mlinfra-bot")
    except metadata.PackageNotFoundError:
        return "(not installed)"
