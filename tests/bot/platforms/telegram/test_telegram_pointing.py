"""What a message points at, and what has no words: in a private chat everything is for the bot."""

from __future__ import annotations

import pytest
from botapi_model import PHOTO, STICKER
from telegram_trial import trial

from bot import phrases

GPIPE = "GPipe: Efficient Training"
KINDS = {
    "poll": {"poll": {"id": "1", "question": "gpipe?", "options": [], "type": "regular"}},
    "location": {"location": {"latitude": 1.0, "longitude": 2.0}},
    "venue": {"venue": {"title": "x", "address": "y"}, "location": {"latitude": 1.0}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "contact": {"contact": {"phone_number": "1", "first_name": "x"}},
    "voice": {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 1}},
    "video note": {"video_note": {"file_id": "v", "file_unique_id": "u", "duration": 1}},
    "sticker": STICKER,
    "photo": PHOTO,
}


@pytest.fixture(name="at")
async def _at(current, tmp_path):
    async with trial(current, tmp_path) as found:
        yield found


@pytest.mark.parametrize("kind", KINDS)
async def test_what_has_no_words_is_told_what_is_read_once(at, kind):
    """A hail of them is one question."""
    chat = at.server.private(at.server.user("Ann", language="zh-hans"))
    for _ in range(5):
        chat.say(media=KINDS[kind])
    await at.server.until(lambda: chat.said)
    await at.server.settled(5, 0.2)
    assert len(chat.said) == 1
    assert chat.last.text.startswith(phrases.READS.zh.partition("{")[0])


async def test_in_a_group_it_is_left_alone(at):
    """Also in reply to an answer: a sticker says thanks."""
    ann = at.server.user("Ann")
    group = at.server.supergroup(members=[ann], bot="administrator")
    group.mention("gpipe", by=ann)
    await at.server.until(lambda: group.said)
    group.say(media=STICKER, by=ann)
    group.reply(group.last, "", media=STICKER, by=ann)
    await at.server.settled(5, 0.2)
    assert len(group.said) == 1


@pytest.mark.parametrize(
    "words",
    ["what is this about?", "这个讲什么的", "這篇在講什麼", "is it listed?", "anything similar?"],
)
@pytest.mark.parametrize("link", ["https://arxiv.org/abs/1811.06965v2", "look, arXiv:1811.06965"])
async def test_words_that_point_at_a_link_ask_for_it(at, words, link):
    """In private and, addressed, in a group; forwarded or said by somebody."""
    ann, bob = at.server.user("Ann"), at.server.user("Bob")
    chat = at.server.private(ann)
    sent = chat.forward(link)
    await at.server.until(lambda: chat.said)
    chat.reply(sent, words)
    await at.server.until(lambda: len(chat.said) == 2)
    assert chat.last.text.startswith(GPIPE)
    group = at.server.supergroup(members=[ann, bob])
    said = group.say(link, by=bob)
    group.reply(said, f"@mlinfra_bot {words}", by=ann)
    await at.server.until(lambda: group.said)
    assert group.last.text.startswith(GPIPE)


async def test_words_of_another_chat_are_quoted(at):
    """Only what was quoted comes along."""
    chat = at.server.private()
    quote = {"text": "pipeline parallelism for giant networks", "position": 0, "is_manual": True}
    away = {"external_reply": {"origin": {"type": "hidden_user"}}, "quote": quote}
    chat.say("what is this about?", service=away)
    await at.server.until(lambda: chat.said)
    assert chat.last.text.startswith(GPIPE)


async def test_a_part_of_an_answer_that_is_quoted_is_asked_for(at):
    chat = at.server.private()
    chat.say("parameter server")
    await at.server.until(lambda: chat.said)
    quote = {"text": "GPipe: Efficient Training of Giant Neural Networks", "position": 0}
    chat.reply(chat.last, "what is this?", service={"quote": {**quote, "is_manual": True}})
    await at.server.until(lambda: len(chat.said) == 2)
    assert chat.last.text.startswith(GPIPE)


async def test_a_question_of_its_own_is_not_about_what_it_replies_to(at):
    """Nor is a thank you, nor a command."""
    chat = at.server.private()
    sent = chat.forward("https://arxiv.org/abs/1811.06965")
    await at.server.until(lambda: chat.said)
    chat.reply(sent, "any papers on the parameter server?")
    await at.server.until(lambda: len(chat.said) == 2)
    assert not chat.last.text.startswith(GPIPE)
    chat.reply(sent, "/topics")
    await at.server.until(lambda: len(chat.said) == 3)
    assert "Sections" in chat.last.text
