"""Deliveries come again, take turns and are signed; over Socket Mode and over HTTP."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

import pytest
from slack_trial import actions, bolt, button, client, echo, http, served, socket


@served
async def test_unacked_events_come_again(slack):
    """What is not acked in time comes again, numbered; a command does not, and its user sees it."""
    alice, app, seen = slack.add_user("alice"), bolt(slack), []
    general = slack.add_channel("general", alice)
    slack.courier.patience, slack.courier.gaps = 0.3, (0.0, 0.1, 0.1)

    @app.middleware
    async def deaf(req, next_):
        seen.append(req.headers.get("x-slack-retry-num"))
        if len(seen) > 2:
            await next_()

    @app.event("message")
    async def message():
        pass

    app._ignoring_self_events_enabled = False
    async with socket(slack, app):
        slack.say(alice, general, "hi")
        await slack.settled()
        seen.clear()
        (event,) = slack.events()
        lost = await slack.command(alice, general, "hi").done()
    assert event.ok
    assert event.failures == ["timeout", "timeout"]
    assert (lost.ok, lost.user_sees) == (False, "operation_timeout")


@served
async def test_several_connections_take_turns_and_refresh(slack):
    """Envelopes go round; a connection told to go, or cut, is replaced, and nothing is lost."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice)
    slack.echo_own, slack.courier.patience = False, 1.0
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(socket(slack, echo(slack)))
        await slack.sockets.connected(2)
        asked = [slack.say(alice, general, f"@mlinfra {n}") for n in range(10)]
        await slack.until(lambda: all(map(slack.replies, asked)))
        assert [c.sent for c in slack.sockets.open] == [10, 10]
        await slack.sockets.disconnect("refresh_requested", which=slack.sockets.open[0])
        await slack.sockets.cut(slack.sockets.open[0])
        asked = [slack.say(alice, general, f"@mlinfra {n}") for n in range(10)]
        await slack.until(lambda: all(map(slack.replies, asked)), 10)
        await slack.until(lambda: len(slack.sockets.connections) == 4, 10)


@served
async def test_a_dead_line_is_left(slack):
    """A frozen connection is silent; the SDK opens another, and the event comes again."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice)
    slack.courier.patience, slack.courier.gaps = 0.5, (1.0,) * 8
    async with socket(slack, echo(slack)):
        slack.sockets.open[0].frozen = True
        asked = slack.say(alice, general, "@mlinfra hi")
        await slack.until(lambda: slack.replies(asked), 10)
    assert len(slack.sockets.connections) == 2


@served
async def test_http_events_are_signed_and_come_again(slack):
    """HTTP mode: the address is verified, the signature holds, a failing app is asked again."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice)
    slack.echo_own = False
    slack.courier.gaps = (0.0, 0.0, 0.0)
    async with http(slack, echo(slack)):
        assert "the-challenge" in (await slack.posts.verify()).body
        asked = slack.say(alice, general, "@mlinfra hi")
        await slack.until(lambda: slack.replies(asked))
        await slack.settled()
        assert all(delivery.ok for delivery in slack.events())
        wrong = await slack.posts.post("{}", signature="v0=00")
        stale = await slack.posts.post("{}", timestamp=str(int(time.time()) - 301))
        assert (wrong.status, stale.status) == (401, 401)
        slack.posts.secret = "another"
        refused = slack.say(alice, general, "hi")
        await slack.settled()
        (event,) = [d for d in slack.events("message") if d.event["ts"] == refused.ts]
    assert event.failures == ["http_error"] * 4


@served
async def test_commands_and_presses_work_over_http(slack):
    """A command's ack and a button's payload are read from forms."""
    alice, app = slack.add_user("alice"), bolt(slack)
    general = slack.add_channel("general", alice)

    @app.command("/mlinfra")
    async def command(ack):
        await ack("words")

    @app.action("go")
    async def go(ack, say):
        await ack()
        await say("went")

    async with http(slack, app):
        await slack.command(alice, general, "x").done()
        assert [shown.text for shown in slack.ephemerals(alice)] == ["words"]
        posted = await client(slack).chat_postMessage(
            channel=general.id,
            text="x",
            blocks=actions(button("1", "go", accessibility_label="Go")),
        )
        slack.press(alice, general.messages[posted["ts"]], "Go")
        await slack.until(lambda: "went" in [m.text for m in slack.messages(general)])


@served
async def test_what_happens_to_channels_and_the_app_is_told(slack):
    """Joins, archives, new names and ids, removal of the app: each its event."""
    alice, bob = slack.add_user("alice"), slack.add_user("bob")
    general, bot = slack.add_channel("general", alice), slack.add_bot("deploys")
    old = general.id
    async with socket(slack, bolt(slack)):
        slack.say(bot, general, "deployed", subtype="bot_message")
        slack.join(bob, general, inviter=alice)
        slack.leave(bob, general)
        slack.rename(general, "main")
        slack.archive(general, alice)
        slack.unarchive(general, alice)
        assert slack.change_id(general) == old
        slack.leave(slack.bot, general)
        slack.delete_channel(general, alice)
        slack.uninstall(slack.team)
        await asyncio.sleep(0.1)
    told = [delivery.event["type"] for delivery in slack.events()]
    assert (
        told
        == (
            "message member_joined_channel member_left_channel channel_rename channel_archive "
            "channel_unarchive channel_id_changed channel_left channel_deleted tokens_revoked "
            "app_uninstalled"
        ).split()
    )
    assert slack.events("message")[0].event["bot_id"] == bot.bot_id


@served
async def test_a_wait_that_fails_tells_what_happened(slack):
    """until() names the last calls, so that a failing test can be read."""
    await client(slack).auth_test()
    with pytest.raises(AssertionError, match=r"auth\.test → ok"):
        await slack.until(lambda: slack.modal(slack.bot), 0.05)
