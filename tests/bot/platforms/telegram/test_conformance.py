"""Telegram keeps the promises of every platform."""

from __future__ import annotations

import pytest
from conformance import Conformance
from telegram_trial import trial


class _Scene:
    shared = True

    def __init__(self, server):
        self._server = server
        self._people = {}
        self._group = server.supergroup()

    def _person(self, name):
        if name not in self._people:
            self._people[name] = self._server.user(name)
        return self._people[name]

    async def say(self, text, person="ann", shared=False):
        """A line said to the bot, alone or in a group by name; one message comes of it, or none."""
        who, server = self._person(person), self._server
        chat = self._group if shared else server.private(who)
        before = len(chat.said)
        if shared:
            chat.mention(text, by=who)
        else:
            chat.say(text)
        await server.settled(10, 0.15)
        assert not server.warnings, server.warnings
        assert not server.refusals(), [call.answer for call in server.refusals()]
        told = chat.texts[before:]
        assert len(told) <= 1, told
        return "".join(told)

    async def make_admin(self, person):
        self._group.promote(self._person(person))


class TestConformance(Conformance):
    @pytest.fixture
    async def scene(self, current, tmp_path):
        async with trial(current, tmp_path) as at:
            yield _Scene(at.server)
