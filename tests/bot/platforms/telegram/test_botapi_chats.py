"""The test server's chats: who hears what, where one may write, and what becomes of them."""

from __future__ import annotations

import pytest
from botapi_model import ANONYMOUS_ADMIN, CHANNEL_BOT, PHOTO, STICKER, TELEGRAM
from botapi_server import BotApi
from botapi_testing import news, scenario
from telegram import Bot
from telegram.error import BadRequest


async def texts(bot: Bot) -> list[str | None]:
    return [update.effective_message.text for update in await news(bot)]


@scenario
async def test_privacy_mode_hides_what_is_not_addressed(server: BotApi, bot: Bot) -> None:
    """Commands, mentions and replies to the bot pass; an admin bot hears all."""
    group = server.supergroup(members=[server.user("Ann")])
    group.say("talk")
    group.say("/ask@other_bot x")
    group.say("/ask x")
    group.say(f"/ask@{server.bot.username} y")
    group.mention("z")
    sent = await bot.send_message(group.id, "answer")
    group.reply(group.by_id[sent.message_id], "and?")
    spoken = ["/ask x", "/ask@mlinfra_bot y", "@mlinfra_bot z", "and?"]
    assert await texts(bot) == spoken
    assert not (await bot.get_me()).can_read_all_group_messages
    server.mentions_pass_privacy = False
    group.mention("unheard")
    assert await texts(bot) == []
    group.promote_bot()
    await news(bot)
    group.say("talk")
    assert await texts(bot) == ["talk"]
    server.privacy = False
    assert (await bot.get_me()).can_read_all_group_messages


@scenario
async def test_entities_are_marked_as_telegram_marks_them(server: BotApi, bot: Bot) -> None:
    """Offsets in UTF-16; an address runs on into Chinese, a command does not end in it."""
    chat = server.private()
    chat.say("😀 /ask@mlinfra_bot @ann_1 (https://a.org/x_(y)), b.com. #tag")
    chat.say("看https://arxiv.org/abs/1604.00981这篇 /ask这")
    chat.say("<a href='https://a.org'>here</a> https://b.org", html=True)
    first, second, third = (update.message for update in await news(bot))
    assert list(first.parse_entities().values()) == [
        "/ask@mlinfra_bot",
        "@ann_1",
        "https://a.org/x_(y)",
        "b.com",
        "#tag",
    ]
    assert first.entities[0].offset == 3
    assert list(second.parse_entities().values()) == []
    assert [(e.type, e.url) for e in third.entities] == [
        ("text_link", "https://a.org/"),
        ("url", None),
    ]


@scenario
async def test_anonymous_admins_and_channels_speak_through_bots(server: BotApi, bot: Bot) -> None:
    ann, bob = server.user("Ann"), server.user("Bob")
    group = server.supergroup(admins=[ann], anonymous=[bob])
    channel = server.channel()
    group.say("/ask open", by=ann)
    group.say("/ask hidden", by=bob)
    group.say("/ask channel", by=ann, as_channel=channel)
    shown, hidden, as_channel = (update.message for update in await news(bot))
    assert (shown.from_user.id, shown.sender_chat) == (ann.id, None)
    assert (hidden.from_user.id, hidden.sender_chat.id) == (ANONYMOUS_ADMIN, group.id)
    assert (as_channel.from_user.id, as_channel.sender_chat.id) == (CHANNEL_BOT, channel.id)
    admins = await bot.get_chat_administrators(group.id)
    assert [(a.user.id, a.is_anonymous) for a in admins] == [(ann.id, False), (bob.id, True)]
    assert (await bot.get_chat_member(group.id, ann.id)).status == "administrator"
    assert (await bot.get_chat_member(group.id, server.user().id)).status == "left"
    with pytest.raises(BadRequest, match=r"(?i)participant_id_invalid"):
        await bot.get_chat_member(group.id, 5)


@scenario
async def test_posts_forwards_edits_and_other_bots(server: BotApi, bot: Bot) -> None:
    """A post is forwarded into the discussion group; bots do not hear one another."""
    server.privacy = False
    ann, robot = server.user("Ann"), server.user("Robot", is_bot=True)
    group = server.supergroup(members=[ann, robot])
    channel = server.channel(group=group)
    channel.say("post")
    post, forwarded = await news(bot)
    assert (post.channel_post.text, post.channel_post.from_user) == ("post", None)
    assert forwarded.message.is_automatic_forward
    assert (forwarded.message.from_user.id, forwarded.message.sender_chat.id) == (
        TELEGRAM,
        channel.id,
    )
    group.say("beep", by=robot)
    assert await news(bot) == []
    group.say("beep", by=robot, deliver=True)
    assert (await news(bot))[0].message.from_user.is_bot
    private = server.private(ann)
    private.forward("一", source=channel)
    private.forward("二", source=server.user("Bob"))
    private.forward("三", source="Hidden")
    kinds = [update.message.forward_origin.type for update in await news(bot)]
    assert kinds == ["channel", "user", "hidden_user"]
    question = private.say("tpyo")
    private.edit(question, "typo")
    _, edit = await news(bot)
    assert (edit.edited_message.text, edit.edited_message.message_id) == ("typo", question.id)
    private.start("e_gpipe")
    assert await texts(bot) == ["/start e_gpipe"]


@scenario
async def test_a_caption_is_no_text(server: BotApi, bot: Bot) -> None:
    """A forwarded post is often a photo; privacy mode reads its caption like a text."""
    ann = server.user("Ann")
    group, private = server.supergroup(members=[ann]), server.private(ann)
    private.forward("see https://a.org", source=server.channel(), media=PHOTO)
    private.say(media=STICKER)
    group.say("pretty", media=PHOTO)
    group.mention("this", media=PHOTO)
    photo, sticker, mention = (update.message for update in await news(bot))
    assert (photo.text, photo.caption, len(photo.photo)) == (None, "see https://a.org", 1)
    assert list(photo.parse_caption_entities().values()) == ["https://a.org"]
    assert sticker.sticker.width == 512
    assert mention.caption == "@mlinfra_bot this"


@scenario
async def test_a_user_may_be_mentioned_by_id(server: BotApi, bot: Bot) -> None:
    group = server.supergroup(members=[server.user("Ann")])
    group.say(f"<a href='tg://user?id={server.bot.id}'>ML</a> help", html=True)
    (update,) = await news(bot)
    assert update.message.entities[0].user.id == server.bot.id


@scenario
async def test_the_bot_writes_in_channels_as_the_channel(server: BotApi, bot: Bot) -> None:
    channel = server.channel()
    sent = await bot.send_message(channel.id, "digest")
    assert (sent.sender_chat.id, sent.from_user) == (channel.id, None)
    assert channel.texts == ["digest"]
    channel.set_bot("member")
    with pytest.raises(BadRequest, match=r"(?i)need administrator rights in the channel chat"):
        await bot.send_message(channel.id, "digest")


@scenario
async def test_a_chat_is_looked_up(server: BotApi, bot: Bot) -> None:
    forum = server.forum("论坛", members=[server.user()], username="forum_x")
    found = await bot.get_chat("@forum_x")
    assert (found.id, found.title, found.is_forum) == (forum.id, "论坛", True)
    assert (await bot.get_chat(server.private().id)).first_name == "Ann"
    assert await bot.get_chat_member_count(forum.id) == 2
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(5)
    with pytest.raises(BadRequest, match=r"(?i)no administrators in the private chat"):
        await bot.get_chat_administrators(server.private().id)
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
        await bot.send_chat_action(forum.id, "dancing")
