"""Conversations in a channel, in both languages, step by step as they are written down."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml
from slack_house import housed

TRANSCRIPTS = yaml.safe_load(Path(__file__).with_name("transcripts.yaml").read_text("utf-8"))


class _Scene:
    """A channel with three people, and what happened last in it."""

    def __init__(self, house):
        self.house, self.slack = house, house.slack
        locales = {"alice": "en-US", "bob": "en-GB", "wei": "zh-CN"}
        self.people = {name: self.slack.add_user(name, locale=at) for name, at in locales.items()}
        self.room = self.slack.add_channel("room", *self.people.values())
        self.began = self.answer = None

    async def act(self, step):
        """A step done, and what came of it to its end."""
        who = self.people[step.get("by", "alice")]
        before = len(self.slack.said()), len(self.slack.ephemerals(who))
        if "say" in step:
            self.began = self.slack.say(who, self.room, step["say"])
        elif "reply" in step:
            self.slack.say(who, self.room, step["reply"], thread=self.began)
        elif "command" in step:
            self.slack.command(who, self.room, step["command"])
        elif "press" in step:
            self.slack.press(who, self.answer, step["press"])
        else:
            self.slack.press(who, self.answer, "⋯")
            menu = await self.slack.until(lambda: self.slack.modal(who))
            self.slack.press(who, menu, step["menu"])
        await self.slack.settled()
        await self.house.service.settle()
        await asyncio.sleep(0.05)
        said, whispers = self.slack.said()[before[0] :], self.slack.ephemerals(who)[before[1] :]
        menu = self.slack.modal(who)
        return said, whispers, menu.plain if menu else ""

    async def check(self, step):
        said, whispers, menu = await self.act(step)
        if step.get("silent"):
            assert not said, step
        for words in step.get("shows", ()):
            assert words in said[-1].text, (step, said[-1].text)
        for words in step.get("alone", ()):
            assert words in whispers[-1].text, (step, whispers[-1].text)
            assert not said, step
        for words in step.get("modal", ()):
            assert words in menu, (step, menu)
        if (said and "1 " in str(said[-1].buttons)) or (said and not self.answer):
            self.answer = said[-1]


@pytest.mark.parametrize("name", TRANSCRIPTS)
async def test_a_conversation_goes_as_written(current, tmp_path, name):
    async with housed(current, tmp_path) as house:
        scene = _Scene(house)
        for step in TRANSCRIPTS[name]:
            await scene.check(step)
        assert not house.slack.warned()
        assert not house.slack.errors()
        assert max(house.slack.ack_times()) < 3
