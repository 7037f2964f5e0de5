"""Transcripts of `transcripts/*.yaml`, on the real catalog, against the Bot API server."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from botapi_model import STICKER
from telegram_trial import trial

FOLDER = Path(__file__).with_name("transcripts")
TRANSCRIPTS = {
    f"{path.stem}: {name}": transcript
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, transcript in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}


class Play:
    """A transcript played: the chat, what was asked last, and what was pressed."""

    def __init__(self, server, transcript):
        self.server = server
        self.user = server.user("Ann", language=transcript.get("language"))
        self.other = server.user("Bob", language=transcript.get("language"))
        self.chat = self._place(transcript.get("in", "private"))
        self.topic = self.chat.add_topic("x") if transcript.get("in") == "topic" else None
        self.asked = self.press = self.before = None

    def _place(self, kind):
        if kind == "private":
            return self.server.private(self.user)
        people = {"members": [self.user, self.other]}
        if kind in ("forum", "topic"):
            return self.server.forum(**people)
        return self.server.group(**people) if kind == "group" else self.server.supergroup(**people)

    def act(self, turn):
        """Do what a turn says."""
        self.before, self.press = list(self.chat.said), None
        self.state = [(said.text, said.rows) for said in self.before]
        by = self.other if turn.get("by") == "other" else self.user
        how = {"by": by, "topic": self.topic} if self.chat.user is None else {}
        if "say" in turn:
            self.asked = self.chat.say(turn["say"], **how)
        elif "mention" in turn:
            self.asked = self.chat.mention(turn["mention"], **how)
        elif "reply" in turn:
            self.asked = self.chat.reply(self.chat.last, turn["reply"], **how)
        elif "start" in turn:
            self.asked = self.chat.start(turn["start"])
        elif "forward" in turn:
            self.asked = self.chat.forward(turn["forward"], html=True)
        elif "edit" in turn:
            self.chat.edit(self.asked, turn["edit"])
        elif "sticker" in turn:
            self.asked = self.chat.say(media=STICKER)
        elif "press" in turn:
            self.press = self.chat.press(turn["press"], by=by)
        else:
            self.press = self.chat.press(data=turn["data"], message=self.chat.last, by=by)

    async def seen(self, turn):
        """The message that came of it, when all is quiet."""
        chat, count = self.chat, len(self.before)
        await self.server.settled(10, 0.15)
        if self.press is not None:
            assert self.press.answered
        if turn.get("silent"):
            assert len(chat.said) == count
            return None
        if "whispers" in turn:
            assert turn["whispers"] in self.press.text
            assert [(said.text, said.rows) for said in chat.said] == self.state
            return None
        if turn.get("removes"):
            assert len(chat.said) == count - 1
            return None
        assert len(chat.said) == count + (not turn.get("edits")), chat.texts
        return chat.last


@pytest.mark.parametrize("name", TRANSCRIPTS)
async def test_a_chat_goes_as_written(name, current, tmp_path):
    """What is said, what is shown, and that Telegram refuses and drops nothing of it."""
    transcript = TRANSCRIPTS[name]
    async with trial(current, tmp_path) as at:
        play = Play(at.server, transcript)
        for turn in transcript["turns"]:
            play.act(turn)
            message = await play.seen(turn)
            if message is None:
                continue
            check(turn, message)
            if "edit" not in turn and play.press is None and play.chat.user is None:
                assert message.reply_to is play.asked
                assert message.thread == play.asked.thread or not play.asked.in_topic
        assert not at.server.warnings
        refused = [call.answer for call in at.server.refusals()]
        assert all("not modified" in answer for answer in refused), refused


def check(turn, message):
    """Hold a message against what a turn says of it."""
    text = message.text
    for shown in turn.get("shows", ()):
        assert shown in text, f"{shown!r} is not in\n{text}"
    for hidden in turn.get("hides", ()):
        assert hidden not in text, f"{hidden!r} is in\n{text}"
    if "first" in turn:
        assert text.splitlines()[0] == turn["first"]
    for link in turn.get("links", ()):
        assert link in message.links
    if "buttons" in turn:
        assert message.rows == turn["buttons"]
    answer = any(
        "open " in str(b.get("callback_data")) for row in message.keyboard or [] for b in row
    )
    if answer:
        assert message.visible <= 700
        assert message.preview == {"is_disabled": True}
