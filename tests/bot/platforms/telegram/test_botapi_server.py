"""The test server and the SDK on the wire: addresses, tokens, polling, faults, floods."""

from __future__ import annotations

import asyncio
import threading
import time

import httpx
import pytest
from botapi_errors import Refused
from botapi_server import BotApi
from botapi_testing import polling, scenario
from telegram import Bot, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)


@scenario
async def test_a_question_is_fetched_and_answered_by_the_sdk(server: BotApi, bot: Bot) -> None:
    chat = server.private(server.user("Ann", language="zh"))
    question = chat.say("怎么训练 https://arxiv.org/abs/1604.00981")
    async with polling(bot) as queue:
        message = (await queue.get()).message
        assert message.from_user.language_code == "zh"
        assert message.parse_entities() == {message.entities[0]: "https://arxiv.org/abs/1604.00981"}
        off = LinkPreviewOptions(is_disabled=True)
        await message.reply_html("<b>a</b> &lt; b", do_quote=True, link_preview_options=off)
    answer = chat.last
    assert (answer.text, answer.reply_to, answer.silent) == ("a < b", question, False)
    assert answer.entities == [{"type": "bold", "offset": 0, "length": 1}]
    assert answer.preview == {"is_disabled": True}
    assert server.pending == 0


@scenario
async def test_every_form_of_a_call_is_read(server: BotApi, bot: Bot) -> None:
    """GET, a form, JSON and multipart carry the same parameters; names have no case."""
    chat = server.private()
    address = f"{bot.base_url}/sendMessage"
    values = {"chat_id": str(chat.id), "text": "你好"}
    async with httpx.AsyncClient() as client:
        answers = [
            await client.get(address, params=values),
            await client.post(address, data=values),
            await client.post(address, json={"chat_id": chat.id, "text": "你好"}),
            await client.post(address, files={name: (None, v) for name, v in values.items()}),
            await client.post(address.replace("sendMessage", "sendmessage"), data=values),
        ]
    assert [answer.json()["ok"] for answer in answers] == [True] * 5
    assert chat.texts == ["你好"] * 5
    assert server.counts["sendMessage"] == 5


@scenario
async def test_a_wrong_token_and_an_unknown_method_are_refused(server: BotApi, bot: Bot) -> None:
    async with httpx.AsyncClient() as client:
        wrong = await client.get(f"{server.base_url}1:AAwrong/getMe")
        assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
        unknown = await client.get(f"{bot.base_url}/getMoon")
        assert unknown.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
        assert (await client.get(f"{server.url}/")).status_code == 404
    stranger = Bot("1:AAwrong", base_url=server.base_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


@scenario
async def test_an_offset_confirms_and_a_limit_cuts(server: BotApi, bot: Bot) -> None:
    """What is not confirmed comes again."""
    chat = server.private()
    for number in range(5):
        chat.say(str(number))
    first = await bot.get_updates(limit=2)
    assert [update.message.text for update in first] == ["0", "1"]
    assert [u.update_id for u in await bot.get_updates(limit=2)] == [u.update_id for u in first]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest] == ["2", "3", "4"]
    assert server.pending == 3
    assert [u.message.text for u in await bot.get_updates(offset=-1)] == ["4"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    assert server.pending == 0


@scenario
async def test_a_long_poll_ends_when_something_comes(server: BotApi, bot: Bot) -> None:
    chat = server.private()
    asked = asyncio.create_task(bot.get_updates(timeout=5))
    await server.until(lambda: server.counts["getUpdates"])
    begun = time.perf_counter()
    chat.say("news")
    assert [update.message.text for update in await asked] == ["news"]
    assert time.perf_counter() - begun < 0.5
    begun = time.perf_counter()
    assert await bot.get_updates(offset=-1 + 2**31, timeout=1) == ()
    assert time.perf_counter() - begun > 0.9


@scenario
async def test_allowed_updates_are_remembered(server: BotApi, bot: Bot) -> None:
    """They hold for what comes later, also without being named again."""
    chat = server.private(server.user("Ann"))
    await bot.get_updates(allowed_updates=["callback_query"])
    chat.say("unheard")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    chat.say("heard")
    assert [update.message.text for update in await bot.get_updates()] == ["heard"]
    assert [update.kind for update in server.updates.filtered] == ["message"]


@scenario
async def test_updates_are_kept_for_a_day(server: BotApi, bot: Bot) -> None:
    server.private().say("yesterday")
    server.advance(24 * 3600 + 1)
    assert await bot.get_updates() == ()


@scenario
async def test_a_second_poller_ends_the_first_with_409(server: BotApi, bot: Bot) -> None:
    async with Bot(server.token, base_url=server.base_url) as other:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await server.until(lambda: server.counts["getUpdates"])
        second = asyncio.create_task(other.get_updates(timeout=5))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await first
        server.private().say("for the second")
        assert len(await second) == 1


@scenario
async def test_an_update_may_come_twice(server: BotApi, bot: Bot) -> None:
    server.private().say("once")
    server.repeat()
    async with polling(bot) as queue:
        both = [await queue.get(), await queue.get()]
    assert both[0].update_id == both[1].update_id


@scenario
async def test_an_unknown_kind_of_update_passes_the_sdk(server: BotApi, bot: Bot) -> None:
    server.unknown_update("banana", {"ripe": True})
    (update,) = await bot.get_updates()
    assert update.effective_message is None
    assert update.api_kwargs["banana"] == {"ripe": True}


@pytest.mark.parametrize(
    ("how", "error", "stored"),
    [
        ("drop-before", NetworkError, 0),
        ("drop-after", NetworkError, 1),
        ("500", NetworkError, 0),
        ("502", NetworkError, 0),
        ("502-after", NetworkError, 1),
        ("flood", RetryAfter, 0),
        ("refuse", BadRequest, 0),
    ],
)
@scenario
async def test_a_call_goes_wrong_once(
    server: BotApi, bot: Bot, how: str, error: type[TelegramError], stored: int
) -> None:
    """-before has no effect; -after has, and only the answer is lost. The next call is well."""
    chat = server.private()
    refusal = Refused(400, "Bad Request: of a kind nobody knows")
    fault = server.fail("sendMessage", how, refusal=refusal)
    with pytest.raises(error) as met:
        await bot.send_message(chat.id, "hello")
    assert not isinstance(met.value, TimedOut)
    assert (len(chat.said), fault.met) == (stored, 1)
    await bot.send_message(chat.id, "again")
    assert len(chat.said) == stored + 1


@scenario
async def test_a_call_is_late_or_held_until_released(server: BotApi, bot: Bot) -> None:
    chat = server.private()
    server.fail("sendMessage", "delay", seconds=5)
    with pytest.raises(TimedOut):
        await bot.send_message(chat.id, "too late", read_timeout=0.1)
    fault = server.fail("sendMessage", "hold-after", when=lambda p: p["text"] == "held")
    sending = asyncio.create_task(bot.send_message(chat.id, "held"))
    await bot.send_message(chat.id, "passes")
    await server.until(lambda: "held" in chat.texts)
    assert not sending.done()
    fault.release()
    assert (await sending).text == "held"


@scenario
async def test_no_network_and_back_on_the_same_port(server: BotApi, bot: Bot) -> None:
    """The SDK's Updater lives through it."""
    async with polling(bot) as queue:
        await server.until(lambda: server.counts["getUpdates"])
        await server.silence()
        with pytest.raises(NetworkError):
            await bot.get_me()
        server.private().say("asked meanwhile")
        await server.listen()
        assert (await asyncio.wait_for(queue.get(), 8)).message.text == "asked meanwhile"


@scenario
async def test_limits_are_off_until_turned_on(server: BotApi, bot: Bot) -> None:
    """Per chat, per group and overall; 429 says how long to wait. Other chats go on."""
    one, other = server.private(), server.private(server.user("Bob"))
    group = server.group(members=[server.user()])
    await asyncio.gather(*(bot.send_message(one.id, str(n)) for n in range(20)))
    server.flood.per_chat, server.flood.per_group = 1, 2
    await bot.send_message(one.id, "first")
    with pytest.raises(RetryAfter) as met:
        await bot.send_message(one.id, "second")
    assert str(met.value).endswith("0:00:01")
    await bot.send_message(other.id, "first")
    server.advance(1.1)
    await bot.send_message(one.id, "second")
    for _ in range(2):
        server.advance(1.1)
        await bot.send_message(group.id, "in the minute")
    server.advance(1.1)
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "over it")
    server.flood.per_chat = server.flood.per_group = None
    server.throttle(30, one)
    with pytest.raises(RetryAfter):
        await bot.send_message(one.id, "throttled")
    await bot.send_message(other.id, "free")
    server.flood.overall = 1
    await bot.send_message(other.id, "one a second")
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "two")
    assert server.flood.refused == 4


@scenario
async def test_calls_are_kept_with_their_answers(server: BotApi, bot: Bot) -> None:
    chat = server.private()
    await bot.send_message(chat.id, "one")
    with pytest.raises(BadRequest):
        await bot.send_message(4242, "two")
    (sent, refused) = server.calls_of("sendMessage")
    assert (sent.code, sent.params["text"], sent.answer["text"]) == (200, "one", "one")
    assert server.refusals() == [refused]
    assert refused.answer == "Bad Request: chat not found"
    with pytest.raises(AssertionError, match="chat not found"):
        await server.until(lambda: False, 0.05)
    await server.settled(quiet=0.02)


def test_a_server_in_a_thread_is_driven_from_outside() -> None:
    """As for a bot in a process of its own: all is said and seen without a loop."""

    async def echo(url: str, token: str) -> None:
        async with Bot(token, base_url=url) as bot, polling(bot) as queue:
            message = (await queue.get()).message
            await message.reply_text(message.text)

    with BotApi.in_thread() as server:
        thread = threading.Thread(
            target=asyncio.run, args=(echo(server.base_url, server.token),), daemon=True
        )
        thread.start()
        server.wait(lambda: server.counts["getUpdates"])
        chat = server.private()
        chat.say("回声")
        server.wait(lambda: chat.texts == ["回声"])
        thread.join(10)
        server.settle(quiet=0.05)
    assert not thread.is_alive()


@scenario
async def test_an_answer_takes_well_under_a_millisecond(server: BotApi, bot: Bot) -> None:
    """As the server times it, median of 200: the SDK's own time is not ours to test."""
    chat = server.private()
    for number in range(200):
        await bot.send_message(chat.id, f"<b>{number}</b> 数据并行", parse_mode="HTML")
    times = sorted(call.seconds for call in server.calls_of("sendMessage"))
    assert times[100] < 0.001
