"""The terminal keeps the promises of every platform."""

from __future__ import annotations

import asyncio

import pytest
from conformance import Conformance
from talking import Talk


class _Scene:
    shared = False

    def __init__(self, talk):
        self._talk = talk
        self._said = []

    async def say(self, text, person="ann", shared=False):
        """A line more in one chat, which is held anew for each, up to it."""
        self._said.append(text)
        return (await asyncio.to_thread(self._talk.say, *self._said))[-1]


class TestConformance(Conformance):
    @pytest.fixture
    def scene(self, current, tmp_path):
        return _Scene(Talk(current, tmp_path))
