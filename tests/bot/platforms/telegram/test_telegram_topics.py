"""Topics that are closed to the bot: what was asked there is answered all the same."""

from __future__ import annotations

import pytest
from telegram_trial import trial

GPIPE = "GPipe: Efficient Training"
DETAILS = {f"{number} {word}" for number in range(1, 6) for word in ("Full", "Details", "详情")}


@pytest.fixture(name="at")
async def _at(current, tmp_path):
    async with trial(current, tmp_path) as found:
        yield found


@pytest.fixture(name="people")
def _people(at):
    return (
        at.server.user("Ann"),
        at.server.user("Boss", language="zh-hans"),
        at.server.user("Eve"),
    )


@pytest.fixture(name="forum")
def _forum(at, people):
    return at.server.forum(members=[people[0], people[2]], admins=[people[1]])


@pytest.mark.parametrize(
    "words", ["gpipe pipeline parallelism", "how do i cut KV cache memory", "/help"]
)
async def test_what_is_asked_in_a_closed_topic_is_answered_in_general(at, forum, people, words):
    """It says what it answers, within a phone's length."""
    topic = forum.add_topic("announcements")
    forum.close_topic(topic)
    forum.mention(words, by=people[1], topic=topic)
    await at.server.until(lambda: forum.said)
    assert not forum.last.in_topic
    assert words in forum.last.text.splitlines()[-1]
    assert forum.last.visible <= (700 if "/" not in words else 4096)
    await at.server.settled(5, 0.2)
    assert len(forum.said) == 1
    if set(forum.last.buttons) & DETAILS:
        pressed = forum.press("1", by=people[1])
        await at.server.until(lambda: pressed.answered)
        assert "GPipe" in pressed.text or len(forum.said) == 2


async def test_the_buttons_of_such_an_answer_do_what_they_say(at, forum, people):
    """The conversation is the topic's; the answer stands in the group."""
    topic = forum.add_topic("announcements")
    forum.close_topic(topic)
    forum.mention("distributed training", by=people[0], topic=topic)
    await at.server.until(lambda: forum.said)
    answer, first = forum.last, forum.last.text
    other = forum.press("中文", by=people[1])
    await at.server.until(lambda: other.answered)
    assert "译名" in other.text or "论文" in other.text or "训练" in other.text
    forum.press("⋯ More", by=people[1])
    await at.server.until(lambda: "More results" in answer.buttons)
    refused = forum.press("Remove this answer", by=people[2])
    await at.server.until(lambda: refused.answered)
    assert refused.text.startswith("Only who asked")
    forum.press("More results", by=people[0])
    await at.server.until(lambda: answer.text != first)
    assert answer.text.startswith("6 ")
    forum.say("/remove@mlinfra_bot", by=people[0], reply_to=answer)
    await at.server.until(lambda: answer.deleted)


async def test_its_answer_changes_with_the_question(at, forum, people):
    topic = forum.add_topic("announcements")
    forum.close_topic(topic)
    asked = forum.mention("gpipe pipeline parallelism", by=people[1], topic=topic)
    await at.server.until(lambda: forum.said)
    assert forum.last.text.startswith(GPIPE)
    forum.edit(asked, "@mlinfra_bot dynamic control flow")
    await at.server.until(lambda: forum.last.text.startswith("Dynamic Control Flow"))
    assert len(forum.said) == 1


async def test_where_general_is_closed_too_the_asker_alone_is_told(at, forum, people):
    """If they have a chat with the bot; else nobody is, and nothing is tried for ever."""
    ann, boss, _ = people
    own = at.server.private(boss)
    forum.close_topic()
    forum.mention("gpipe pipeline parallelism", by=boss)
    await at.server.until(lambda: own.said)
    assert own.last.text.startswith(GPIPE)
    assert "提问所在的话题已关闭" in own.last.text or "closed to the bot" in own.last.text
    forum.mention("parameter server", by=ann)
    await at.server.settled(5, 0.3)
    assert not forum.said
    assert len(own.said) == 1


async def test_a_group_without_topics_any_more_is_answered_beside_the_question(at, forum, people):
    """Its threads are not found; the question is."""
    topic = forum.add_topic("x")
    held = at.server.fail("sendMessage", "hold")
    asked = forum.mention("gpipe", by=people[0], topic=topic)
    await at.server.until(lambda: held.met)
    topic.deleted = True
    held.release()
    await at.server.until(lambda: forum.said)
    assert forum.last.reply_to is asked


async def test_a_question_deleted_with_its_topic_leaves_no_answer(at, forum, people):
    topic = forum.add_topic("x")
    held = at.server.fail("sendMessage", "hold")
    forum.mention("gpipe", by=people[0], topic=topic)
    await at.server.until(lambda: held.met)
    forum.delete_topic(topic)
    held.release()
    await at.server.settled(5, 0.3)
    assert not forum.said
