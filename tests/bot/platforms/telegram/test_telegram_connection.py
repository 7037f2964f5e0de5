"""The line to Telegram: how it is taken up, what is done where it breaks, what is kept quiet."""

from __future__ import annotations

import asyncio
import time

import pytest
from botapi_errors import Refused, conflict
from botapi_server import BotApi
from telegram_trial import trial

from bot.errors import SettingsError
from bot.platforms.telegram.adapter import Telegram
from bot.settings import Telegram as Settings


@pytest.fixture(name="at")
async def _at(current, tmp_path):
    async with trial(current, tmp_path) as found:
        yield found


async def test_a_start_drops_nothing_and_asks_for_what_it_understands(current, tmp_path):
    """What was asked while we were away is answered."""
    async with BotApi() as server:
        early = server.private()
        question = early.say("gpipe")
        async with trial(current, tmp_path, server):
            await server.until(lambda: early.answers_to(question))
            deleted, polled = server.calls_of("deleteWebhook")[0], server.calls_of("getUpdates")[0]
            assert deleted.params.get("drop_pending_updates") in (None, "false", "False")
            assert "inline_query" in polled.params["allowed_updates"]


async def test_menus_and_descriptions_are_set_per_scope_and_language(at):
    """Settings stand in the menu of a group's admins only."""
    await at.server.until(lambda: at.server.told("short_description", "zh"))
    server = at.server
    for scope in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        assert server.commands(scope, "zh")["topics"] == "目录里有什么"
        assert server.commands(scope)["topics"] == "what the catalog holds"
    assert "settings" not in server.commands("all_group_chats")
    assert "settings" in server.commands("all_chat_administrators", "zh")
    assert "57" in server.told("description", "zh")
    assert "57 works" in server.told("description")


async def test_a_menu_that_cannot_be_set_holds_nothing_up(current, tmp_path):
    """It is logged."""
    async with BotApi() as server:
        server.fail("setMyCommands", "500", times=99)
        async with trial(current, tmp_path, server):
            chat = server.private()
            chat.say("gpipe")
            await server.until(lambda: chat.said)


@pytest.mark.parametrize("odd", [float("inf"), "\ud83d", [], {}])
async def test_an_update_that_cannot_be_read_holds_nothing_up(at, odd):
    """Not those beside it, nor those behind it."""
    chat = at.server.private()
    broken = {"message_id": odd, "date": odd, "chat": {"id": odd, "type": "private"}, "text": "x"}
    for kind in ("message", "edited_message"):
        at.server.unknown_update(kind, {**broken, "from": {"id": 5, "first_name": "A"}})
        at.server.unknown_update(kind, {**broken, "from": {"id": 5}, "chat": {"id": 5}})
    chat.say("gpipe")
    await at.server.until(lambda: chat.said)


@pytest.mark.parametrize("how", ["500", "404-page", "drop-before", "refuse"])
async def test_a_server_that_knows_no_webhook_is_polled(current, tmp_path, how):
    """Not every server of the Bot API has every method, and its 404 is that of a wrong token."""
    async with BotApi() as server:
        refusal = Refused(404, "Not Found") if how == "refuse" else None
        server.fail("deleteWebhook", how, times=99, refusal=refusal)
        async with trial(current, tmp_path, server):
            chat = server.private()
            chat.say("gpipe")
            await server.until(lambda: chat.said, 10)


@pytest.mark.parametrize("how", ["drop-before", "500", "502", "drop-after"])
async def test_a_poll_that_fails_is_tried_again(at, how):
    """Whatever fails, the bot is not deaf."""
    at.server.fail("getUpdates", how, times=2)
    chat = at.server.private()
    question = chat.say("gpipe")
    await at.server.until(lambda: chat.answers_to(question), 10)
    await at.server.settled(5, 0.2)
    assert len(chat.said) == 1
    await at.server.until(lambda: at.telegram.ready)  # the poll under way may have answered first


async def test_a_second_poller_is_waited_out(at):
    """409: not ready meanwhile, a line in the log, and on it goes."""
    at.server.fail("getUpdates", "refuse", times=2, refusal=conflict("terminated by other"))
    chat = at.server.private()
    chat.say("one")
    await at.server.until(lambda: not at.telegram.ready)
    await at.server.until(lambda: chat.said, 10)
    await at.server.until(lambda: at.telegram.ready)


async def test_a_server_that_is_away_is_waited_for(at):
    """And what was asked meanwhile is answered once it is back."""
    server = at.server
    await server.silence()
    await at.server.until(lambda: not at.telegram.ready, 20)
    chat = server.private()
    chat.say("gpipe")
    await server.listen()
    await server.until(lambda: chat.said, 20)


@pytest.mark.parametrize("how", ["drop-before", "502", "500", "flood"])
async def test_an_answer_that_does_not_get_through_is_sent_again(at, how):
    """None is lost."""
    at.server.fail("sendMessage", how, seconds=1)
    chat = at.server.private()
    question = chat.say("gpipe")
    await at.server.until(lambda: chat.answers_to(question), 10)
    await at.server.settled(5, 0.2)
    assert len(chat.said) == 1


PAGES = ["400-page", "401-page", "403-page", "404-page", "200-json", "401-json"]


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_of_something_in_between_closes_no_chat(at, page):
    """Its 403 is not Telegram's word that we were thrown out, its 404 not one on the token."""
    chat = at.server.private()
    at.server.fail("sendMessage", page)
    at.server.fail("getUpdates", page)
    question = chat.say("gpipe")
    await at.server.until(lambda: chat.answers_to(question), 10)
    await at.server.settled(5, 0.2)
    assert len(chat.said) == 1
    assert chat.last.text.startswith("GPipe")


@pytest.mark.parametrize("page", ["404-page", "401-json", "200-json"])
async def test_a_page_of_something_in_between_rejects_no_token(current, tmp_path, page):
    """What stands before a server of one's own may be up sooner than it."""
    async with BotApi() as server:
        server.fail("getMe", page)
        async with trial(current, tmp_path, server):
            assert len(server.calls_of("getMe")) == 2


async def test_a_throttled_chat_holds_no_other_up(at):
    """A hundred questions of one group wait; somebody else is answered at once."""
    server = at.server
    people = [server.user(f"u{number}") for number in range(100)]
    group, ann = server.group(members=people), server.private()
    server.throttle(2, group)
    for person in people:
        group.mention(f"gpipe {person.id}", by=person)
    await server.until(lambda: server.flood.refused)
    begun = time.monotonic()
    ann.say("gpipe")
    await server.until(lambda: ann.said)
    assert time.monotonic() - begun < 1.5
    assert not group.said
    await server.until(lambda: len(group.said) == 100, 20)
    assert server.flood.refused < 100  # those behind the first do not even try


async def test_typing_is_shown_only_where_an_answer_takes_long(at):
    """In the topic that asks."""
    server = at.server
    quick, forum = server.private(), server.forum(members=[server.user("Ann")])
    topic = forum.add_topic("x")
    quick.say("gpipe")
    await server.until(lambda: quick.said)
    held = server.fail("sendMessage", "hold")
    forum.mention("gpipe", topic=topic)
    await server.until(lambda: forum.actions, 5)
    assert forum.actions[0].thread == topic.id
    held.release()
    await server.until(lambda: forum.said)
    assert not quick.actions


@pytest.mark.parametrize(
    "words",
    [
        "can't parse entities: unsupported start tag",
        "Can't find end of the entity starting at byte offset 12",
        "ENTITY_TEXT_INVALID",
        "entity bounds are invalid",
        "wrong HTTP URL specified",
    ],
)
async def test_markup_that_telegram_cannot_read_goes_out_as_plain_text(at, words):
    """The answer is there, with its buttons."""
    refusal = Refused(400, f"Bad Request: {words}")
    at.server.fail("sendMessage", "refuse", refusal=refusal)
    chat = at.server.private()
    chat.say("gpipe")
    await at.server.until(lambda: chat.said)
    assert chat.last.parse_mode is None
    assert "https://arxiv.org/pdf/1811.06965.pdf" in chat.last.text
    assert "1 Details" in chat.last.buttons


async def test_a_question_that_is_gone_is_answered_without_it(at):
    """Also by a server that does not know that it may be."""
    refusal = Refused(400, "Bad Request: message to be replied not found")
    at.server.fail("sendMessage", "refuse", refusal=refusal)
    chat = at.server.private()
    chat.say("gpipe")
    await at.server.until(lambda: chat.said)
    assert chat.last.text.startswith("GPipe")
    assert chat.last.reply_to is None


async def test_an_edit_whose_answer_was_deleted_is_answered_anew(at):
    """Beside the question, as the first one was."""
    chat = at.server.private()
    question = chat.say("gpipe")
    await at.server.until(lambda: chat.said)
    await at.server.settled(5, 0.2)
    chat.delete(chat.last)
    chat.edit(question, "dynamic control flow")
    await at.server.until(lambda: chat.said)
    assert chat.last.text.startswith("Dynamic Control Flow")
    assert chat.last.reply_to is question


async def test_so_does_an_answer_that_is_changed(at):
    """Edited, or pressed: the new words stand, whatever Telegram reads of their markup."""
    refusal = Refused(400, "Bad Request: can't parse entities: unsupported start tag")
    chat = at.server.private()
    question = chat.say("gpipe")
    await at.server.until(lambda: chat.said)
    at.server.fail("editMessageText", "refuse", refusal=refusal)
    chat.edit(question, "dynamic control flow")
    await at.server.until(lambda: chat.last.text.startswith("Dynamic Control Flow"))
    assert chat.last.parse_mode is None
    at.server.fail("editMessageText", "refuse", refusal=refusal)
    chat.press("中文")
    await at.server.until(lambda: "论文" in chat.last.text)
    assert len(chat.said) == 1


async def test_a_rejected_token_ends_the_run_without_showing_it(current):
    """At the start, and later."""
    async with BotApi() as server:
        token = server.token[:-1] + "X"
        telegram = Telegram(Settings(token, server.url), current, {})
        with pytest.raises(SettingsError) as caught:
            await telegram.run(lambda _: asyncio.sleep(0))
        assert token not in str(caught.value)
        assert "TELEGRAM_BOT_TOKEN" in str(caught.value)
        await telegram.close()


async def test_a_token_that_is_taken_back_ends_the_run(current):
    """A bot that nobody can reach any more is not left running; a method's 404 is no such thing."""

    async def take(_):
        return []

    async with BotApi() as server:
        telegram = Telegram(Settings(server.token, server.url), current, {})
        run = asyncio.create_task(telegram.run(take))
        await server.until(lambda: server.counts["getUpdates"])
        server.fail("getUpdates", "refuse", refusal=Refused(404, "Not Found"))
        server.private().say("one")  # ends the call that is under way
        await server.until(lambda: server.counts["getMe"] == 2)
        await server.until(lambda: server.counts["getUpdates"] > 2)
        assert not run.done()
        server.token = "1:other"
        server.private().say("two")
        with pytest.raises(SettingsError):
            await asyncio.wait_for(run, 15)
        await telegram.close()


async def test_a_press_on_an_old_message_is_told_so(current, tmp_path):
    """Too old for Telegram to show, and for us to know; the clock is taken off."""
    async with trial(current, tmp_path, days=0) as at:
        server = at.server
        group = server.supergroup(members=[server.user("Ann")])
        group.mention("gpipe")
        await server.until(lambda: group.said)
        press = group.press("Details", inaccessible=True)
        await server.until(lambda: len(group.said) == 2)  # the button says which entry
        press = group.press(data="more", message=group.said[0], inaccessible=True)
        await server.until(lambda: press.answered)
        assert "too old" in press.text
        assert press.alert
        menu = group.press(data="menu zh-Hans", message=group.said[0], inaccessible=True)
        await server.until(lambda: menu.answered)
        assert "太旧" in menu.text


async def test_without_memory_a_button_asks_its_question_again(current, tmp_path):
    """The message that it stands under tells the question, and whose it was."""
    async with trial(current, tmp_path, days=0) as at:
        server = at.server
        ann, bob = server.user("Ann"), server.user("Bob")
        group = server.supergroup(members=[ann, bob])
        group.mention("parameter server", by=ann)
        await server.until(lambda: group.said)
        press = group.press(data="more", by=bob, message=group.last)
        await server.until(lambda: press.answered)
        assert "Only who asked" in press.text
        group.press(data="more", by=ann, message=group.last)
        await server.until(lambda: "6 " in group.last.text)


async def test_without_memory_a_button_keeps_its_language(current, tmp_path):
    """That of the message, which its keyboard tells; the menu may be open."""
    async with trial(current, tmp_path, days=0) as at:
        server = at.server
        chat = server.private(server.user("Ann"))
        chat.say("parameter server")
        await server.until(lambda: chat.said)
        for button, shown in (("中文", "English"), ("⋯ 更多", "更多结果"), ("更多结果", "6 详情")):
            chat.press(button)
            await server.until(lambda: shown in chat.last.buttons)  # noqa: B023


def test_no_token_and_no_text_is_logged(serving):
    """Neither where all goes well, nor where it does not; and a wrong token ends with exit 2."""
    canary = "canaryquestion"
    with BotApi.in_thread() as server:
        with serving(server, LOG_FORMAT="json") as process:
            server.fail("sendMessage", "502")
            server.fail("getUpdates", "500")
            chat, group = server.private(), server.group(members=[server.user("Bob")])
            for text in (f"{canary} gpipe", f"/{canary}", f"/settings {canary}"):
                chat.say(text)
            group.mention(canary)
            server.inline(canary, by=chat.user)
            server.deliver("message", {"message_id": canary, "text": canary, "chat": {}})
            server.wait(lambda: len(server.sent) >= 4, 20)
            assert process.stop() == 0
            said = process.said
        assert '"answered"' in said
        assert canary not in said
        assert server.token not in said
        assert server.token.partition(":")[2] not in said
        wrong = server.token[:-1] + "X"
        with serving(server, TELEGRAM_BOT_TOKEN=wrong) as process:
            assert process.child.wait(15) == 2
            assert "TELEGRAM_BOT_TOKEN" in process.said
            assert len(process.said.strip().splitlines()) == 1
            assert wrong not in process.said
