"""The log: one line an event, JSON or for the console, with the question's id. Never its text, and
never a secret.

What libraries log is cut down to where and what kind: their messages may hold what people wrote,
and their addresses hold tokens (httpx logs every URL, and Telegram's hold the bot's).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import sys
import traceback
from collections.abc import Collection, Mapping, MutableMapping
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

Line = MutableMapping[str, Any]
HIDDEN = "[hidden]"
OURS = ("corpus.", "retrieval.")
PLAIN = (int, float, type(None))  # what holds no secret

log = structlog.get_logger()


def configure(
    output: TextIO, form: str | None, secrets: Collection[str], level: int = logging.INFO
) -> None:
    """Log to an output, as `json` or `console`; without a form as the output can show it."""
    console = form == "console" or (form is None and output.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=output.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _told,
            _Hider(secrets),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Patient(output))),
    )
    root = logging.getLogger()
    root.handlers[:] = [_Libraries(logging.WARNING)]
    root.setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def fault(error: BaseException) -> dict[str, str]:
    """An error without its words, which may be somebody's: its kind, with a code where it has one,
    and where it was raised.
    """
    frames = traceback.extract_tb(error.__traceback__)
    chain: list[str] = []  # a certificate or a proxy's no is often the cause of a cause
    cause: BaseException | None = error
    while cause is not None and len(chain) < 5:
        chain.append(_kind(cause))
        cause = cause.__cause__ or cause.__context__
    where = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(frames[-6:])
    )
    return {"error": " < ".join(chain), "where": where}


def _kind(error: BaseException) -> str:
    """What class an error is of, and how the system or a database names it: ENOSPC, SQLITE_FULL."""
    number = getattr(error, "errno", None)
    code = (
        getattr(error, "sqlite_errorname", None)
        or getattr(error, "sqlstate", None)
        or (errno.errorcode.get(number) if isinstance(number, int) else None)
    )
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def about(number: int) -> None:
    """Whatever is logged by this task from now on is about one event, by its id."""
    structlog.contextvars.bind_contextvars(id=number)


def lost(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a loop says of an error that nobody awaited."""
    error = context.get("exception")
    log.error("lost", **(fault(error) if error else {}))


class _Patient:
    """An output that may be full or gone: a line of the log is lost, and nothing else."""

    def __init__(self, output: TextIO) -> None:
        self._output = output

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            return self._output.write(text)
        return 0

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._output.flush()


class _Libraries(logging.Handler):
    """Passes on where a library complained, and of what kind."""

    def emit(self, record: logging.LogRecord) -> None:
        # With arguments apart the message is a constant of the library; else it may hold anything.
        # Our own write no words of anybody.
        said = {"said": str(record.msg)} if record.args else {}
        if record.name.startswith(OURS):
            said = {"said": record.getMessage()}
        error = record.exc_info[1] if record.exc_info else None
        log.log(
            record.levelno,
            "library",
            logger=record.name,
            at=f"{record.module}:{record.lineno}",
            **said,
            **(fault(error) if error else {}),
        )


def _told(_: Any, __: str, line: Line) -> Line:
    """An error that comes with a line, as every other is told: without its words."""
    error = line.pop("exc_info", None)
    if error:
        error = error[1] if isinstance(error, tuple) else error
        error = error if isinstance(error, BaseException) else sys.exc_info()[1]
        line.update(fault(error) if error else {})
    return line


class _Hider:
    """Takes secrets out of every value, should one ever get there."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = sorted(secrets, key=len, reverse=True)

    def __call__(self, _: Any, __: str, line: Line) -> Line:
        for name, value in line.items():
            if not isinstance(value, PLAIN):
                line[name] = self._hidden(value)
        return line

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, HIDDEN)
        elif isinstance(value, Mapping):
            return {self._hidden(key): self._hidden(inner) for key, inner in value.items()}
        elif isinstance(value, list | tuple | set | frozenset):
            return [self._hidden(inner) for inner in value]
        elif not isinstance(value, PLAIN):
            return self._hidden(str(value))
        return value
