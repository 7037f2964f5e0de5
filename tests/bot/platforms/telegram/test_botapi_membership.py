"""The test server's topics, closed doors, comings and goings, and groups that move."""

from __future__ import annotations

from typing import Any

import pytest
from botapi_server import BotApi
from botapi_testing import news, scenario
from telegram import Bot, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden


@scenario
async def test_topics_keep_their_messages(server: BotApi, bot: Bot) -> None:
    """Every message of a topic replies at least to what opened it; General has no id."""
    forum = server.forum(members=[server.user("Ann")])
    topic = forum.add_topic("训练")
    general, inside = forum.say("/ask a"), forum.say("/ask b", topic=topic)
    opened, first, second = (update.message for update in await news(bot))
    assert opened.forum_topic_created.name == "训练"
    assert (first.message_thread_id, first.is_topic_message) == (None, None)
    assert (second.message_thread_id, second.is_topic_message) == (topic.id, True)
    assert second.reply_to_message.forum_topic_created
    assert second.chat.is_forum
    await bot.send_message(forum.id, "1", message_thread_id=topic.id)
    await bot.send_message(forum.id, "2", reply_parameters=ReplyParameters(inside.id))
    await bot.send_message(forum.id, "3", reply_parameters=ReplyParameters(general.id))
    assert [message.in_topic for message in forum.said] == [True, True, False]
    forum.reply(forum.last, "/ask c")
    (reply,) = await news(bot)
    assert (reply.message.message_thread_id, reply.message.is_topic_message) == (general.id, None)
    for thread in (1, general.id, 4242):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(forum.id, "x", message_thread_id=thread)
    await bot.send_chat_action(forum.id, "typing", message_thread_id=topic.id)
    assert [(action.action, action.thread) for action in forum.actions] == [("typing", topic.id)]


@scenario
async def test_a_closed_or_deleted_topic_takes_nothing(server: BotApi, bot: Bot) -> None:
    """An admin may still write into a closed one."""
    forum = server.forum(members=[server.user()])
    topic = forum.add_topic("x")
    forum.close_topic(topic)
    forum.close_topic()
    for where in ({"message_thread_id": topic.id}, {}):
        with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
            await bot.send_message(forum.id, "x", **where)
    forum.promote_bot()
    await bot.send_message(forum.id, "x", message_thread_id=topic.id)
    forum.delete_topic(topic)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=topic.id)


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda s: s.private(s.user()).block(), Forbidden, "bot was blocked by the user"),
        (lambda s: s.private(s.user(), started=False), Forbidden, "can't initiate conversation"),
        (lambda s: s.group(members=[s.user()]).kick_bot(), Forbidden, "from the group chat"),
        (lambda s: s.supergroup().kick_bot(), Forbidden, "was kicked from the supergroup chat"),
        (lambda s: s.channel().kick_bot(), Forbidden, "was kicked from the channel chat"),
        (lambda s: s.supergroup().remove_bot(), Forbidden, "not a member of the supergroup"),
        (lambda s: s.supergroup().restrict_bot(), BadRequest, "not enough rights to send text"),
        (lambda s: s.group().destroy(), Forbidden, "the group chat was deleted"),
        (lambda s: s.private(s.user(is_bot=True)), Forbidden, "can't send messages to bots"),
    ],
)
@scenario
async def test_where_the_bot_may_not_write(
    server: BotApi, bot: Bot, act: Any, error: type[Exception], words: str
) -> None:
    act(server)
    (chat,) = server.chats.values()
    with pytest.raises(error):
        await bot.send_message(chat.id, "x")
    assert words in server.calls[-1].answer


@scenario
async def test_the_bot_hears_what_becomes_of_it(server: BotApi, bot: Bot) -> None:
    """my_chat_member with old and new; a blocked bot hears no more."""
    ann = server.user("Ann")
    group, private = server.group(members=[ann], bot=None), server.private(ann)
    added = group.add_bot(by=ann)
    group.promote_bot()
    group.kick_bot()
    private.block()
    private.say("unheard")
    changes = [(u.my_chat_member, u.message) for u in await news(bot)]
    statuses = [
        (c.old_chat_member.status, c.new_chat_member.status) for c, _ in changes if c is not None
    ]
    assert statuses == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "kicked"),
        ("member", "kicked"),
    ]
    assert [m.new_chat_members[0].id for _, m in changes if m] == [server.bot.id]
    assert added.service["new_chat_members"][0]["id"] == server.bot.id
    private.unblock()
    group.set_bot("member")
    group.join(server.user("Bob"))
    await bot.leave_chat(group.id)
    *_, joined, left = await news(bot)
    assert joined.message.new_chat_members[0].first_name == "Bob"
    assert left.my_chat_member.new_chat_member.status == "left"
    with pytest.raises(Forbidden):
        await bot.get_chat(group.id)


@pytest.mark.parametrize(
    "notices", [("to", "from"), ("from", "to"), ("to",), ("from",), ()], ids="-".join
)
@scenario
async def test_a_group_moves_in_every_form(
    server: BotApi, bot: Bot, notices: tuple[str, ...]
) -> None:
    """The old id names the new one in its refusal, whatever was told."""
    ann = server.user("Ann")
    group = server.group("Readers", members=[ann])
    new = group.migrate(notices, memberships=("new",))
    told = [update.message for update in await news(bot) if update.message]
    seen = tuple("to" if message.migrate_to_chat_id else "from" for message in told)
    assert seen == notices
    assert [m.migrate_to_chat_id or m.migrate_from_chat_id for m in told] == [
        new.id if notice == "to" else group.id for notice in notices
    ]
    with pytest.raises(ChatMigrated) as met:
        await bot.send_message(group.id, "x")
    assert met.value.new_chat_id == new.id
    sent = await bot.send_message(new.id, "x")
    assert (sent.chat.type, sent.chat.title) == ("supergroup", "Readers")
    assert (await bot.get_chat_member(new.id, ann.id)).status == "member"
