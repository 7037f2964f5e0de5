"""What Slack refuses, limits and loses: each with its consequence, told to who can mend it."""

from __future__ import annotations

import asyncio
import time

import pytest
from databases import Outage
from slack_house import housed

from bot import phrases
from bot.chat import DeliveryError
from bot.model import Channel, Notice

ASKED = "@mlinfra gpipe pipeline parallelism"


@pytest.fixture
async def house(current, tmp_path):
    async with housed(current, tmp_path) as found:
        yield found


@pytest.fixture
def general(house, alice):
    return house.slack.add_channel("general", alice)


async def test_a_channel_that_must_wait_holds_up_no_other(house, alice, general):
    """Retry-After is honoured for the channel that it was said of."""
    other = house.slack.add_channel("other", alice)
    house.slack.fail("chat.postMessage", status=429, retry_after=2, channel=general.id)
    first = house.slack.say(alice, general, ASKED)
    await house.slack.until(lambda: house.slack.errors())
    begun = time.monotonic()
    slow = [house.slack.say(alice, general, f"{ASKED} {number}") for number in range(100)]
    await house.answer(house.slack.say(alice, other, ASKED))
    assert time.monotonic() - begun < 1.5
    await house.slack.until(lambda: house.slack.messages(general, by=house.slack.bot))
    assert time.monotonic() - begun > 1.5
    assert [first, *slow]


async def test_a_limited_channel_gets_one_a_second(house, alice, general):
    """After a limit nothing more is refused."""
    house.slack.channel_gap = 0.9
    sent = [house.slack.say(alice, general, f"{ASKED} {number}") for number in range(3)]
    await house.slack.until(lambda: all(house.slack.replies(one) for one in sent), 12)
    assert all(len(house.slack.replies(one)) == 1 for one in sent)
    assert len(house.slack.errors()) <= 3


async def test_an_edit_whose_answer_is_gone_has_its_turn_in_a_limited_channel(
    house, alice, general
):
    """Neither for ever trying to change what is not there, nor in the way of others."""
    house.slack.fail("chat.postMessage", status=429, retry_after=1, channel=general.id)
    sent = house.slack.say(alice, general, ASKED)
    house.slack.delete(await house.answer(sent))
    house.slack.edit(sent, "@mlinfra parameter server")
    assert "Parameter Server" in (await house.answer(sent)).text
    assert len(house.slack.calls_of("chat.update")) == 1


async def test_a_line_cut_while_reading_is_limited_posts_once(house, alice, general):
    """What may have been posted is not posted again before anybody could look."""
    house.slack.fail("chat.postMessage", drop="after")
    house.slack.fail("conversations.replies", status=429, retry_after=2)
    sent = house.slack.say(alice, general, ASKED)
    await house.answer(sent)
    await asyncio.sleep(3)
    assert len(house.slack.replies(sent)) == 1


async def test_a_line_cut_after_its_effect_posts_once(house, alice, general):
    """The answer to a post is lost, the post is not: it is looked for before it is sent again."""
    house.slack.fail("chat.postMessage", drop="after")
    sent = house.slack.say(alice, general, ASKED)
    await house.answer(sent)
    await house.slack.quiet(1.0)
    assert len(house.slack.replies(sent)) == 1


@pytest.mark.parametrize(
    "fault", [{"drop": "before"}, {"status": 503}, {"error": "internal_error"}]
)
async def test_what_fails_for_a_moment_is_sent_again(house, alice, general, fault):
    house.slack.fail("chat.postMessage", **fault)
    sent = house.slack.say(alice, general, ASKED)
    await house.answer(sent)
    await house.slack.quiet(1.0)
    assert len(house.slack.replies(sent)) == 1


@pytest.mark.parametrize("fault", [{"status": 502}, {"error": "fatal_error"}])
async def test_what_slack_failed_at_may_be_done(house, alice, general, fault):
    """It may have been posted all the same: so it is looked for, as where the answer is lost."""
    house.slack.fail("chat.postMessage", **fault, drop="done")
    sent = house.slack.say(alice, general, ASKED)
    await house.answer(sent)
    await house.slack.quiet(1.0)
    assert len(house.slack.replies(sent)) == 1
    assert len(house.slack.calls_of("chat.postMessage")) == 1


async def test_what_fails_for_longer_waits(house, alice, general):
    """Three times in a row, and the answer is not lost: it is given when Slack is well again."""
    house.slack.fail("chat.postMessage", status=500, times=4)
    sent = house.slack.say(alice, general, ASKED)
    await house.slack.until(lambda: house.slack.replies(sent), 20)
    await house.slack.quiet(1.0)
    assert len(house.slack.replies(sent)) == 1


@pytest.mark.parametrize(
    ("error", "more", "mendable"),
    [
        ("not_in_channel", {}, False),
        ("channel_not_found", {}, False),
        ("is_archived", {}, False),
        ("token_revoked", {}, True),
        ("account_inactive", {}, True),
        ("missing_scope", {"needed": "chat:write", "provided": "commands"}, True),
    ],
)
async def test_a_refusal_is_final_and_says_why(house, general, error, more, mendable):
    """What the operator can mend is told to the operator, the missing scope by name."""
    house.slack.fail("chat.postMessage", error, **more)
    channel = Channel(f"slack:{house.slack.team.id}:{general.id}", shared=True)
    with pytest.raises(DeliveryError) as caught:
        await house.platform.post(channel, Notice(("hello",)))
    assert caught.value.permanent
    assert caught.value.mendable == mendable
    assert error in caught.value.reason
    assert more.get("needed", "") in caught.value.reason


async def test_the_operator_is_told_of_a_missing_scope(current, tmp_path):
    async with housed(current, tmp_path) as house:
        alice = house.slack.add_user("alice")
        general, desk = (house.slack.add_channel(name, alice) for name in ("general", "desk"))
        house.service._faults._operator._channel = f"slack:{house.slack.team.id}:{desk.id}"
        house.slack.fail("chat.postMessage", "missing_scope", needed="chat:write")
        house.slack.say(alice, general, ASKED)
        (told,) = await house.slack.until(lambda: house.slack.messages(desk))
        assert "chat:write" in told.text
        assert ASKED.split()[1] not in told.text


async def test_a_refused_event_is_not_tried_again(house, alice, general):
    house.slack.archive(general, alice)
    general.archived = False
    sent = house.slack.say(alice, general, ASKED)
    general.archived = True
    await house.slack.quiet()
    assert house.slack.errors() == ["chat.postMessage: is_archived"]
    assert await house.service._inbox.pending() == 0
    assert not house.slack.replies(sent)


async def test_an_old_response_url_is_not_needed_where_the_bot_is(house, alice, general):
    house.slack.fail("response_url", status=404)
    house.slack.command(alice, general, "gpipe pipeline parallelism")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    assert shown.text.startswith("GPipe")


async def test_who_asks_too_much_is_told_once(current, tmp_path):
    async with housed(current, tmp_path, per_minute=2) as house:
        alice = house.slack.add_user("alice")
        general = house.slack.add_channel("general", alice)
        sent = [house.slack.say(alice, general, f"{ASKED} {number}") for number in range(5)]
        await house.slack.quiet()
        assert sum(len(house.slack.replies(one)) for one in sent) == 3


async def test_who_shares_too_much_is_told_alone(current, tmp_path):
    """And what was to be shared stays."""
    async with housed(current, tmp_path, per_minute=1) as house:
        alice = house.slack.add_user("alice")
        general = house.slack.add_channel("general", alice)
        house.slack.command(alice, general, "gpipe pipeline parallelism")
        (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
        house.slack.press(alice, shown, phrases.SHARE.en)
        told = await house.slack.until(lambda: house.slack.ephemerals(alice)[1:])
        assert phrases.TOO_FAST.en in told[0].text
        assert not shown.deleted
        assert not house.slack.messages(general, by=house.slack.bot)


async def test_lines_are_changed_without_a_loss(house, alice, general):
    """Told to refresh, warned, cut and gone: every question is answered once."""
    house.slack.courier.gaps = (0.1, 0.5, 1.0)
    asked = []

    async def ask():
        for number in range(60):
            asked.append(house.slack.say(alice, general, f"{ASKED} {number}"))
            await asyncio.sleep(0.02)

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0.1)
    await house.slack.sockets.disconnect("warning", grace=0.2)
    await house.slack.sockets.connected(2)
    await house.slack.sockets.disconnect("refresh_requested", which=house.slack.sockets.open[0])
    await house.slack.sockets.cut(house.slack.sockets.open[0])
    await asking
    await house.slack.until(lambda: all(house.slack.replies(sent) for sent in asked), 10)
    await house.slack.quiet()
    assert all(len(house.slack.replies(sent)) == 1 for sent in asked)
    assert house.platform.ready


async def test_a_failing_intake_is_not_acked(house, alice, general):
    """What could not be written down comes again."""
    house.slack.courier.gaps = (0.5, 2.0, 2.0)
    house.slack.courier.patience = 0.5
    away = Outage(house.database, "inbox")
    await away.begin()
    sent = house.slack.say(alice, general, ASKED)
    mention = house.slack.deliveries  # two events: of a mention, and of a message
    await house.slack.until(lambda: len([one for one in mention if one.failures]) == 2)
    await away.end()
    await house.answer(sent)
    await house.slack.quiet()
    assert len(house.slack.replies(sent)) == 1
    assert [one.failures[0] for one in mention[:2]] == ["timeout"] * 2


async def test_malformed_payloads_change_nothing(house, alice, general):
    for kind, payload in (
        ("events_api", {}),
        ("events_api", {"type": "event_callback", "event": {"type": "message"}}),
        ("events_api", {"type": "event_callback", "event": {"type": "message", "channel": 7}}),
        ("events_api", {"type": "event_callback", "team_id": 5, "event": {}}),
        ("events_api", {"type": "event_callback", "team": [], "event": {"type": []}}),
        ("interactive", {"type": "block_actions", "actions": [{}]}),
        ("interactive", {"type": "block_actions"}),
        ("slash_commands", {"command": "/mlinfra"}),
        ("slash_commands", {"command": None}),
    ):
        house.slack.courier.send(kind, payload)
    await house.slack.sockets.open[0].ws.send_str("no json")
    await house.slack.sockets.open[0].ws.send_str("[1]")
    sent = house.slack.say(alice, general, ASKED)
    assert (await house.answer(sent)).text.startswith("GPipe")
    await house.slack.settled()
    assert all(delivery.ok for delivery in house.slack.deliveries)


async def test_a_press_in_an_archived_channel_is_answered_in_a_modal(house, alice, general):
    """Nothing can be posted there, and who presses sees it all the same."""
    answer = await house.answer(house.slack.say(alice, general, ASKED))
    house.slack.archive(general, alice)
    for words in ("1", "中文"):
        await house.slack.settled()
        before = len(house.slack.views)
        house.slack.press(alice, answer, words)
        await house.slack.until(lambda before=before: len(house.slack.views) > before)
        assert next(iter(reversed(house.slack.views.values()))).plain
    house.slack.press(alice, answer, "⋯")
    await house.slack.until(lambda: house.slack.views)
    await house.slack.settled()
    menu = next(iter(reversed(house.slack.views.values())))
    house.slack.press(alice, menu, "Similar")
    await house.slack.until(lambda: "1 " in menu.plain or "paper" in menu.plain)


async def test_a_command_between_two_people_can_be_shared_there(house, alice):
    """In a chat that the bot is not in: by the way that the press gives."""
    bob = house.slack.add_user("bob")
    for kind in ("im", "mpim"):
        place = house.slack.add_channel(f"two-{kind}", alice, bob, kind=kind, bot=False)
        house.slack.command(alice, place, "gpipe pipeline parallelism")
        shown = await house.slack.until(lambda p=place: house.slack.ephemerals(alice, p))
        house.slack.press(alice, shown[-1], "Share with everyone")
        shared = await house.slack.until(lambda p=place: house.slack.messages(p))
        assert shared[-1].text.startswith("GPipe")
