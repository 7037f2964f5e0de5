"""Slack keeps the promises of every platform."""

from __future__ import annotations

import pytest
from conformance import Conformance
from slack_house import housed


class _Scene:
    shared = True

    def __init__(self, house):
        self._house = house
        self._people = {}

    def _person(self, name):
        slack = self._house.slack
        if name not in self._people:
            self._people[name] = slack.add_user(name)
            self._people["#"] = slack.add_channel("place", *self._people.values())
        return self._people[name]

    async def say(self, text, person="ann", shared=False):
        """A line said to the bot, alone or in a channel by name; commands without its word."""
        slack, who = self._house.slack, self._person(person)
        if shared:
            sent = slack.say(who, self._people["#"], f"{slack.bot.mention} {text}")
        else:
            sent = slack.say(who, slack.dm(who), text)
        answer = await self._house.answer(sent)
        await slack.settled()
        assert not slack.warned(), slack.warned()
        return answer.text.replace("&lt;", "<").replace("&amp;", "&").replace("/mlinfra ", "/")

    async def make_admin(self, person):
        self._person(person).admin = True


class TestConformance(Conformance):
    @pytest.fixture
    async def scene(self, current, tmp_path):
        async with housed(current, tmp_path) as house:
            yield _Scene(house)
