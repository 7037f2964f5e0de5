"""Threads that hold nobody up: what one of them still does at the end is let go.

asyncio's own are waited for before a program may leave, whatever they hang in.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def aside(call: Callable[[], T]) -> T:
    """What a call returns or raises, in a thread of its own."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(tell: Callable[[Any], None], what: object) -> None:
        if not done.done():  # else nobody waits any more
            tell(what)

    def run() -> None:
        tell: Callable[[Any], None] = done.set_result
        try:
            what: object = call()
        except BaseException as error:
            tell, what = done.set_exception, error
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, tell, what)

    threading.Thread(target=run, daemon=True).start()
    return await done
