"""The Slack server answers the real SDK as Slack would."""

from __future__ import annotations

import time

from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_trial import client, error, refused, section, served

QUIET = {"unfurl_links": False, "unfurl_media": False}


@served
async def test_auth_test_tells_who_the_bot_is(slack):
    """auth.test gives ids and, in its header, the scopes."""
    told = await client(slack).auth_test()
    assert (told["team_id"], told["user_id"]) == (slack.team.id, slack.bot.id)
    assert "chat:write" in told.headers["x-oauth-scopes"]


@served
async def test_tokens_are_told_apart(slack):
    """Wrong, revoked and app tokens are refused, each with its word."""
    assert await error(client(slack, "xoxb-wrong").auth_test()) == "invalid_auth"
    assert await error(client(slack, slack.app_token).auth_test()) == "not_allowed_token_type"
    opened = client(slack).apps_connections_open
    assert await error(opened(app_token=slack.bot_token)) == "not_allowed_token_type"
    assert await error(opened(app_token="xapp-wrong")) == "invalid_auth"
    url = (await opened(app_token=slack.app_token))["url"]
    assert url.startswith("ws://127.0.0.1:")
    slack.revoke(slack.team)
    assert await error(client(slack).auth_test()) == "token_revoked"


@served
async def test_a_missing_scope_is_named(slack):
    """Each method's scope is checked, and told with what was granted."""
    slack.team.token.scopes = {"reactions:write"}
    general = slack.add_channel("general")
    answer = await refused(client(slack).chat_postMessage(channel=general.id, text="hi"))
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("chat:write", "reactions:write")
    history = client(slack).conversations_replies(channel=general.id, ts="1.000000")
    assert "channels:history" in (await refused(history))["needed"]


@served
async def test_messages_are_posted_edited_and_deleted(slack):
    """The bot's own message changes; somebody else's does not."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice)
    web, theirs = client(slack), slack.say(alice, general, "mine")
    sent = await web.chat_postMessage(channel=general.id, text="one", blocks=[section("*one*")])
    await web.chat_update(channel=general.id, ts=sent["ts"], text="two")
    (mine,) = slack.messages(general, by=slack.bot)
    assert (mine.text, mine.blocks, len(mine.edits)) == ("two", [], 1)
    update, delete = web.chat_update, web.chat_delete
    assert await error(update(channel=general.id, ts=theirs.ts, text="x")) == "cant_update_message"
    assert await error(delete(channel=general.id, ts=theirs.ts)) == "cant_delete_message"
    assert await error(update(channel=general.id, ts="1.000000", text="x")) == "message_not_found"
    await delete(channel=general.id, ts=sent["ts"])
    assert slack.messages(general, by=slack.bot) == []


@served
async def test_channels_refuse_each_for_its_reason(slack):
    """Unknown, private, not joined and archived channels have errors of their own."""
    alice, web = slack.add_user("alice"), client(slack)
    secret = slack.add_channel("secret", alice, kind="group", bot=False)
    public = slack.add_channel("public", alice, bot=False)
    old = slack.add_channel("old", alice)
    old.archived = True
    slack.team.token.scopes.discard("chat:write.public")
    post = web.chat_postMessage
    assert await error(post(channel="C404", text="x")) == "channel_not_found"
    assert await error(post(channel=secret.id, text="x")) == "channel_not_found"
    assert await error(post(channel=public.id, text="x")) == "not_in_channel"
    assert await error(post(channel=old.id, text="x")) == "is_archived"
    whisper = web.chat_postEphemeral(channel=public.id, user=alice.id, text="x")
    assert await error(whisper) == "not_in_channel"


@served
async def test_a_private_answer_is_seen_by_one(slack):
    """An ephemeral is in no history and cannot be updated."""
    alice, bob = slack.add_user("alice"), slack.add_user("bob")
    general, web = slack.add_channel("general", alice), client(slack)
    sent = await web.chat_postEphemeral(channel=general.id, user=alice.id, text="psst")
    assert [shown.text for shown in slack.ephemerals(alice)] == ["psst"]
    assert slack.ephemerals(bob) == slack.messages(general) == []
    late = web.chat_update(channel=general.id, ts=sent["message_ts"], text="x")
    assert await error(late) == "message_not_found"
    out = web.chat_postEphemeral(channel=general.id, user=bob.id, text="psst")
    assert await error(out) == "user_not_in_channel"


@served
async def test_a_reply_to_a_deleted_message_stands_alone(slack):
    """A reply to a parent that is gone is silently un-threaded; one with replies stays a thread."""
    alice, web = slack.add_user("alice"), client(slack)
    general = slack.add_channel("general", alice)
    gone, kept = slack.say(alice, general, "one"), slack.say(alice, general, "two")
    slack.say(alice, general, "a reply", thread=kept)
    slack.delete(gone)
    slack.delete(kept)
    stray = await web.chat_postMessage(channel=general.id, thread_ts=gone.ts, text="late")
    assert "thread_ts" not in stray["message"]
    inside = await web.chat_postMessage(channel=general.id, thread_ts=kept.ts, text="late")
    assert inside["message"]["thread_ts"] == kept.ts
    thread = await web.conversations_replies(channel=general.id, ts=kept.ts)
    assert [m.get("subtype") for m in thread["messages"]] == ["tombstone", None, None]
    lost = web.conversations_replies(channel=general.id, ts=gone.ts)
    assert await error(lost) == "thread_not_found"


@served
async def test_too_long_is_refused(slack):
    """Text over 40,000 (4,000 in an edit), blocks near 13,200 characters, and no text at all."""
    general, web = slack.add_channel("general"), client(slack)

    def post(**content):
        return web.chat_postMessage(channel=general.id, **content)

    assert await error(post(text="x" * 40_001)) == "msg_too_long"
    assert await error(post(text="x", blocks=[section("x" * 2900)] * 5)) == "msg_blocks_too_long"
    assert await error(web.api_call("chat.postMessage", json={"channel": general.id})) == "no_text"
    sent = await post(text="x" * 5000, blocks=[section("x" * 2900)] * 4)
    edit = web.chat_update(channel=general.id, ts=sent["ts"], text="x" * 4001)
    assert await error(edit) == "msg_too_long"
    assert [w.kind for w in slack.warned("long_text")] == ["long_text"]


@served
async def test_wrong_blocks_are_told_with_their_place(slack):
    """invalid_blocks names each problem and points at it."""
    general = slack.add_channel("general")
    call = client(slack).chat_postMessage(
        channel=general.id, text="x", blocks=[section("x" * 3001)]
    )
    answer = await refused(call)
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"][-1] == (
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    )


@served
async def test_what_a_good_bot_avoids_is_noted(slack):
    """Mentions that ring, bare signs, previews and a missing text are warnings, not errors."""
    general, web = slack.add_channel("general"), client(slack)
    await web.chat_postMessage(channel=general.id, text="a &lt;b&gt; <https://x.org|x>", **QUIET)
    assert slack.warnings == []
    await web.chat_postMessage(channel=general.id, text="<!channel> a < b & c")
    kinds = sorted(w.kind for w in slack.warnings)
    assert kinds == ["rings", "unescaped", "unescaped", "unfurl_links", "unfurl_media"]
    blocks = [section("<@U1> <!subteam^S1> <!here|here>")]
    await web.chat_postMessage(channel=general.id, text="hi", blocks=blocks, **QUIET)
    assert [w.words for w in slack.warned("rings")][1:] == ["U1", "S1", "here"]
    bare = {"channel": general.id, "blocks": [section("hi")]}
    await web.api_call("chat.postMessage", json=bare)
    assert len(slack.warned("no_text")) == 1


@served
async def test_rate_limits_and_faults(slack):
    """One message a second and channel where switched on; any method can be made to fail."""
    general, web = slack.add_channel("general"), client(slack)
    other = slack.add_channel("other")
    slack.channel_gap = 1.0
    await web.chat_postMessage(channel=general.id, text="1")
    answer = await refused(web.chat_postMessage(channel=general.id, text="2"))
    assert (answer["error"], answer.status_code) == ("ratelimited", 429)
    assert answer.headers["Retry-After"] == "1"
    await web.chat_postMessage(channel=other.id, text="1")
    web.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
    await web.chat_postMessage(channel=general.id, text="2")
    slack.fail("auth.test", "fatal_error", times=2)
    slack.fail("auth.test", status=500)
    assert [await error(web.auth_test()) for _ in range(3)][:2] == ["fatal_error"] * 2
    began = time.monotonic()
    slack.fail("auth.test", delay=0.2)
    await web.auth_test()
    assert time.monotonic() - began > 0.2


@served
async def test_a_cut_line_makes_the_sdk_post_twice(slack):
    """A call dropped after its effect has been done; the SDK's default retry does it again."""
    general = slack.add_channel("general")
    slack.fail("chat.postMessage", drop="before")
    await client(slack).chat_postMessage(channel=general.id, text="once")
    assert len(slack.messages(general)) == 1
    slack.fail("chat.postMessage", drop="after")
    await client(slack).chat_postMessage(channel=general.id, text="twice")
    assert len(slack.messages(general)) == 3


@served
async def test_people_are_told_apart(slack):
    """users.info tells guests, strangers, admins, zones; the locale where asked."""
    guest = slack.add_user("gus", guest=True, tz="Asia/Shanghai", locale="zh-CN")
    told = (await client(slack).users_info(user=guest.id, include_locale=True))["user"]
    assert told["is_restricted"]
    assert not told["is_admin"]
    assert (told["tz"], told["locale"]) == ("Asia/Shanghai", "zh-CN")
    assert "locale" not in (await client(slack).users_info(user=guest.id))["user"]
    stranger = slack.add_user("eve", team=slack.add_team("other", installed=False), stranger=True)
    assert (await client(slack).users_info(user=stranger.id))["user"]["is_stranger"]
    assert await error(client(slack).users_info(user="U404")) == "user_not_found"
    bot = (await client(slack).bots_info(bot=slack.bot.bot_id))["bot"]
    assert bot["user_id"] == slack.bot.id
    assert (await client(slack).team_info())["team"]["id"] == slack.team.id


@served
async def test_channels_are_read(slack):
    """conversations.* and users.conversations tell what the bot may see."""
    alice, web = slack.add_user("alice"), client(slack)
    general = slack.add_channel("general", alice)
    dm = (await web.conversations_open(users=alice.id))["channel"]["id"]
    assert (await web.conversations_info(channel=general.id))["channel"]["is_member"]
    assert (await web.conversations_info(channel=dm))["channel"]["is_im"]
    members = (await web.conversations_members(channel=general.id))["members"]
    assert members == [alice.id, slack.bot.id]
    slack.say(alice, general, "a & b")
    history = (await web.conversations_history(channel=general.id))["messages"]
    assert [m["text"] for m in history] == ["a &amp; b"]
    mine = (await web.users_conversations(types="public_channel"))["channels"]
    assert [c["id"] for c in mine] == [general.id]
    link = await web.chat_getPermalink(channel=general.id, message_ts=history[0]["ts"])
    assert link["permalink"].endswith("/p" + history[0]["ts"].replace(".", ""))


@served
async def test_reactions_and_statuses(slack):
    """A reaction is once only; a status is cleared by the next message in the thread."""
    alice, web = slack.add_user("alice"), client(slack)
    general = slack.add_channel("general", alice)
    asked = slack.say(alice, general, "?")
    where = {"channel": general.id, "timestamp": asked.ts, "name": "eyes"}
    await web.reactions_add(**where)
    assert asked.reactions == {"eyes": [slack.bot.id]}
    assert await error(web.reactions_add(**where)) == "already_reacted"
    await web.reactions_remove(**where)
    assert await error(web.reactions_remove(**where)) == "no_reaction"
    await web.assistant_threads_setStatus(channel_id=general.id, thread_ts=asked.ts, status="reads")
    assert slack.status(general, asked.ts) == "reads"
    await web.chat_postMessage(channel=general.id, thread_ts=asked.ts, text="!")
    assert slack.status(general, asked.ts) == ""
    assert [m.text for m in slack.replies(asked)] == ["!"]
