"""Groups beyond their transcripts: admins, others that speak, coming and going, moving."""

from __future__ import annotations

import pytest
from botapi_model import PHOTO
from telegram_trial import trial

GPIPE = "GPipe: Efficient Training"


@pytest.fixture(name="at")
async def _at(current, tmp_path):
    async with trial(current, tmp_path) as found:
        yield found


async def test_an_admin_sets_the_language_of_a_group_and_its_topics(at):
    """An anonymous admin too; a topic has what its group has."""
    server = at.server
    ann, boss, hidden = server.user("Ann"), server.user("Boss"), server.user("Hidden")
    forum = server.forum(members=[ann], admins=[boss], anonymous=[hidden])
    topic = forum.add_topic("x")
    forum.say("/settings here language zh", by=ann)
    await server.settled(5, 0.2)
    assert "Only an admin" in forum.last.text
    forum.say("/settings here language zh", by=boss)
    await server.settled(5, 0.2)
    assert "✓ 中文" in forum.last.buttons
    forum.mention("gpipe", by=ann, topic=topic)
    await server.settled(5, 0.2)
    assert "论文" in forum.last.text
    assert forum.last.thread == topic.id
    forum.say("/settings here language en", by=hidden)
    await server.settled(5, 0.2)
    assert "✓ English" in forum.last.buttons


async def test_bots_channels_and_their_forwards_get_no_answer(at):
    """Nor do our own inline results, service messages and unknown updates."""
    server = at.server
    ann, robot = server.user("Ann"), server.user("Robot", is_bot=True)
    group = server.supergroup(members=[ann, robot], bot="administrator")
    channel = server.channel(group=group)
    channel.say("@mlinfra_bot gpipe")
    group.say("@mlinfra_bot gpipe", by=robot, deliver=True)
    group.service({"pinned_message": group.messages[0].shape()}, by=ann)
    server.unknown_update()
    server.deliver("message", {"message_id": 1})
    server.deliver("callback_query", {"id": "1", "from": 7})
    server.private(ann).say("gpipe", media={**PHOTO, "media_group_id": "1"})
    await server.settled(5, 0.3)
    assert not group.said
    assert not channel.said
    assert len(server.private(ann).said) == 1


async def test_overheard_talk_is_left_alone_even_by_an_admin_bot(at):
    """Also of somebody who has just asked."""
    ann = at.server.user("Ann")
    group = at.server.supergroup(members=[ann], bot="administrator")
    group.mention("gpipe", by=ann)
    await at.server.until(lambda: group.said)
    group.say("parameter server", by=ann)
    await at.server.settled(5, 0.3)
    assert len(group.said) == 1


async def test_a_name_with_chinese_behind_it_is_understood_where_it_is_heard(at):
    """And so is a word of ours that replies to somebody's link."""
    ann, bob = at.server.user("Ann", language="zh-hans"), at.server.user("Bob")
    group = at.server.supergroup(members=[ann, bob], bot="administrator")
    group.say("@mlinfra_bot这个参数服务器", by=ann)
    await at.server.until(lambda: group.said)
    link = group.say("https://arxiv.org/abs/1604.00981", by=bob)
    group.reply(link, "@mlinfra_bot", by=ann)
    await at.server.until(lambda: len(group.said) == 2)
    assert group.last.text.startswith("Revisiting Distributed Synchronous SGD")


async def test_who_speaks_as_a_channel_is_answered(at):
    """They stand behind a bot of Telegram's, which is no other bot."""
    ann = at.server.user("Ann")
    group = at.server.supergroup(members=[ann], bot="administrator")
    other = at.server.channel("Other")
    group.say("@mlinfra_bot gpipe", as_channel=other)
    await at.server.until(lambda: group.said)
    assert group.last.text.startswith(GPIPE)


async def test_coming_to_a_group_greets_once_and_again_after_leaving(at):
    """Being made an admin is no coming."""
    ann = at.server.user("Ann", language="zh-hans")
    group = at.server.supergroup(members=[ann], bot=None)
    group.add_bot(by=ann)
    await at.server.until(lambda: group.said)
    assert "57 种" in group.last.text
    group.promote_bot()
    await at.server.settled(5, 1.3)
    assert len(group.said) == 1
    group.remove_bot(by=ann)
    group.add_bot(by=ann)
    await at.server.until(lambda: len(group.said) == 2)


@pytest.mark.parametrize(
    ("notices", "memberships"),
    [
        (("to", "from"), ()),
        (("from", "to"), ("old", "new")),
        (("to",), ()),
        (("from",), ("new",)),
        ((), ()),
    ],
)
async def test_a_group_that_moves_keeps_its_settings_and_is_not_greeted_again(
    at, notices, memberships
):
    """However it is told: by service messages in either order, by one, or by the error alone."""
    server = at.server
    ann = server.user("Ann")
    group = server.group(members=[ann], admins=[server.user("Boss")], bot=None)
    group.add_bot(by=ann)
    await server.until(lambda: group.said)
    boss = next(member.user for member in group.members.values() if member.admin)
    group.say("/settings here language zh", by=boss)
    await server.until(lambda: len(group.said) == 2)
    held = server.fail("sendMessage", "hold")
    group.mention("gpipe", by=ann)  # is being answered when the group moves
    await server.until(lambda: held.met)
    new = group.migrate(notices, memberships=memberships)
    held.release()
    await server.until(lambda: new.said)
    assert new.last.text.startswith(GPIPE)
    assert new.last.reply_to is None
    new.mention("gpipe", by=ann)
    await server.settled(10, 1.3 if memberships else 0.2)
    assert len(new.said) == 2
    assert "论文" in new.last.text
    assert len(group.said) == 2


async def test_who_blocks_the_bot_costs_nobody_else_anything(at):
    """A refusal for good is not tried again."""
    ann, bob = at.server.private(), at.server.private(at.server.user("Bob"))
    held = at.server.fail("sendMessage", "hold")
    ann.say("gpipe")
    await at.server.until(lambda: held.met)
    ann.user.blocked = True
    held.release()
    bob.say("gpipe")
    await at.server.until(lambda: bob.said)
    await at.server.settled(5, 0.3)
    assert len([call for call in at.server.refusals() if call.code == 403]) == 1


async def test_an_edit_that_takes_the_name_away_takes_the_answer_away(at):
    """It is asked no more; put back, it is answered anew. What was never asked is left alone."""
    ann = at.server.user("Ann")
    group = at.server.supergroup(members=[ann], bot="administrator")
    aside = group.say("lunch?", by=ann)
    asked = group.mention("gpipe", by=ann)
    await at.server.until(lambda: group.said)
    group.edit(asked, "gpipe, I mean")
    await at.server.until(lambda: not group.said)
    group.edit(aside, "lunch now?")
    group.edit(asked, "@mlinfra_bot gpipe, I mean")
    await at.server.until(lambda: group.said)
    group.edit(asked, "@mlinfra_bot dynamic control flow")
    await at.server.until(lambda: group.last.text.startswith("Dynamic Control Flow"))
    await at.server.settled(5, 0.2)
    assert len(group.said) == 1


async def test_an_edit_into_another_bots_command_or_a_thank_you_takes_the_answer_away(at):
    ann = at.server.user("Ann")
    group = at.server.supergroup(members=[ann], bot="administrator")
    asked = group.mention("gpipe", by=ann)
    await at.server.until(lambda: group.said)
    further = group.reply(group.last, "and on control flow?", by=ann)
    await at.server.until(lambda: len(group.said) == 2)
    group.edit(further, "thanks!")
    await at.server.until(lambda: len(group.said) == 1)
    group.edit(asked, "/ask@other_bot gpipe")
    await at.server.until(lambda: not group.said)


async def test_somebody_on_the_way_edits_nothing(at):
    """A place that is shared live is a message that changes each few seconds."""
    chat = at.server.private()
    place = {"location": {"latitude": 1.0, "longitude": 2.0, "live_period": 900}}
    shared = chat.say(media=place)
    await at.server.until(lambda: chat.said)
    for _ in range(3):
        chat.edit(shared, "")
    await at.server.settled(5, 0.2)
    assert not at.server.counts["editMessageText"]
    assert len(chat.said) == 1
