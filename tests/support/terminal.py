"""A program on a terminal of its own, typed at and read as a person would."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time


class Terminal:
    """A child on a terminal of its own."""

    def __init__(self, arguments, environ):
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "bot", *arguments], environ)
        self.rest = ""

    def until(self, expected, seconds=20):
        """Read until a text appears; all that was read up to its end since the last time."""
        limit, seen = time.monotonic() + seconds, self.rest
        while expected not in seen and time.monotonic() < limit:
            if select.select([self.end], [], [], 0.2)[0]:
                try:
                    chunk = os.read(self.end, 65536)
                except OSError:  # the child has closed its side
                    break
                seen += chunk.decode(errors="replace")
        assert expected in seen, seen
        before, found, self.rest = seen.partition(expected)
        return before + found

    def type(self, keys):
        # Between its prompt and its select(), CPython's input() with readline loses a Ctrl-C (1 of
        # 40 with no code of ours; the next one is heard). People are slower than that.
        time.sleep(0.3)
        os.write(self.end, keys.encode())

    def code(self, seconds=20):
        """How it left; one that stays is ended, so that no run of the tests hangs on it."""
        limit, left = time.monotonic() + seconds, 0
        while not left and time.monotonic() < limit:
            left, status = os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0.02)
        if not left:
            os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
        os.close(self.end)
        return os.waitstatus_to_exitcode(status)
