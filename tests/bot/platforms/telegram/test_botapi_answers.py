"""The test server's buttons, inline queries and menus, as Telegram checks and forgets them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botapi_server import BotApi
from botapi_testing import polling, scenario
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    MenuButtonCommands,
)
from telegram.error import BadRequest

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("中文", callback_data="zh")]])


def article(number: str = "1", text: str = "<b>x</b>", **more: Any) -> InlineQueryResultArticle:
    content = InputTextMessageContent(text, parse_mode="HTML")
    return InlineQueryResultArticle(number, f"title {number}", content, **more)


@scenario
async def test_a_press_carries_the_whole_message(server: BotApi, bot: Bot) -> None:
    """Whoever presses; the answer is seen by the presser."""
    ann, bob = server.user("Ann"), server.user("Bob")
    group = server.supergroup(members=[ann, bob])
    asked = group.say("/ask x", by=ann)
    await bot.send_message(group.id, "answer", reply_markup=KEYS, reply_to_message_id=asked.id)
    press = group.press("中文", by=bob)
    query = (await bot.get_updates())[-1].callback_query
    assert (query.from_user.id, query.data, query.message.text) == (bob.id, "zh", "answer")
    assert query.message.reply_to_message.from_user.id == ann.id
    assert not press.answered
    await query.answer("不是你的", show_alert=True)
    assert (press.answered, press.text, press.alert) == (True, "不是你的", True)
    with pytest.raises(AssertionError, match="no button"):
        group.press("English")


@scenario
async def test_an_old_or_unknown_press_cannot_be_answered(server: BotApi, bot: Bot) -> None:
    chat = server.private()
    sent = await bot.send_message(chat.id, "answer", reply_markup=KEYS)
    press = chat.press("中文")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(press.id, "x" * 201)
    server.advance(16)
    for number in (press.id, "77"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
            await bot.answer_callback_query(number)
    old = chat.press(message=chat.by_id[sent.message_id], data="v0:old", inaccessible=True)
    query = (await bot.get_updates())[-1].callback_query
    assert not query.message.is_accessible  # the SDK gives a Message of 1970, not its own class
    assert (query.data, query.id) == ("v0:old", old.id)


@scenario
async def test_inline_results_are_ranked_paged_and_posted(server: BotApi, bot: Bot) -> None:
    """A posted result with buttons is pressed by its inline_message_id."""
    ann = server.user("Ann")
    group = server.group(members=[ann])
    asked = server.inline("gpipe", by=ann)
    (update,) = await bot.get_updates()
    query = update.inline_query
    assert (query.query, query.offset, query.from_user.id) == ("gpipe", "", ann.id)
    button = InlineQueryResultsButton("Open", start_parameter="i_gpipe")
    results = [article("a", reply_markup=KEYS), article("b")]
    await query.answer(results, next_offset="2", button=button, cache_time=60)
    assert (asked.titles, asked.next_offset) == (["title a", "title b"], "2")
    assert asked.button == {"text": "Open", "start_parameter": "i_gpipe"}
    assert asked.more().offset == "2"
    posted = asked.choose(0, group, feedback=True)
    assert (posted.text, posted.via_bot) == ("x", server.bot)
    group.press("中文", by=ann)
    updates = await bot.get_updates(offset=update.update_id + 1)
    message, chosen, press = (u for u in updates if not u.inline_query)
    assert message.message.via_bot.id == server.bot.id
    assert chosen.chosen_inline_result.result_id == "a"
    number = press.callback_query.inline_message_id
    assert await bot.edit_message_text("y", inline_message_id=number)
    assert posted.text == "y"


@scenario
async def test_inline_answers_are_cached(server: BotApi, bot: Bot) -> None:
    """By query and offset, for all or for one, as long as the bot says."""
    ann, bob = server.user("Ann"), server.user("Bob")
    for query, personal in (("all", False), ("own", True)):
        server.inline(query, by=ann)
        update = (await bot.get_updates())[-1]
        await update.inline_query.answer([article()], cache_time=30, is_personal=personal)
        assert server.inline(query, by=ann).cached
        assert server.inline(query, by=bob).cached is not personal
    server.advance(31)
    assert not server.inline("all", by=bob).cached


@pytest.mark.parametrize(
    ("results", "more", "words"),
    [
        ([article(str(n)) for n in range(51)], {}, "RESULTS_TOO_MUCH"),
        ([article(), article()], {}, "RESULT_ID_DUPLICATE"),
        ([article("é" * 33)], {}, "RESULT_ID_INVALID"),
        ([article(text="a<br>")], {}, "Unsupported start tag"),
        ([article(text="x" * 4097)], {}, "message is too long"),
        ([article()], {"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ([], {"button": InlineQueryResultsButton("x", start_parameter="a b")}, "START_PARAM_INV"),
    ],
)
@scenario
async def test_bad_inline_results_are_refused(
    server: BotApi, bot: Bot, results: list[Any], more: dict[str, Any], words: str
) -> None:
    asked = server.inline("x", by=server.user())
    with pytest.raises(BadRequest):
        await bot._post(
            "answerInlineQuery",
            {
                "inline_query_id": asked.id,
                "results": [result.to_dict() for result in results],
                **{n: v if isinstance(v, str) else v.to_dict() for n, v in more.items()},
            },
        )
    assert words in server.calls[-1].answer
    assert not asked.answered


@scenario
async def test_an_inline_answer_may_come_too_late(server: BotApi, bot: Bot) -> None:
    """Or twice."""
    asked = server.inline("x", by=server.user())
    await bot.answer_inline_query(asked.id, [])
    assert (asked.answered, asked.titles) == (True, [])
    late = server.inline("y", by=server.user())
    server.advance(11)
    for number in (asked.id, late.id):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_inline_query(number, [])


@scenario
async def test_menus_are_kept_by_scope_and_language(server: BotApi, bot: Bot) -> None:
    chat = server.private()
    await bot.set_my_commands([BotCommand("ask", "Ask")], BotCommandScopeDefault())
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("ask", "提问"), ("help", "帮助")], scope, language_code="zh")
    await bot.set_my_commands([("x", "y")], BotCommandScopeChat(chat.id))
    assert server.commands() == {"ask": "Ask"}
    assert server.commands("all_private_chats", "zh") == {"ask": "提问", "help": "帮助"}
    assert server.commands("chat", "", chat.id) == {"x": "y"}
    assert [c.command for c in await bot.get_my_commands(scope, "zh")] == ["ask", "help"]
    await bot.delete_my_commands(scope, "zh")
    assert await bot.get_my_commands(scope, "zh") == ()


@pytest.mark.parametrize(
    ("commands", "language", "words"),
    [
        ([("Ask", "x")], None, "BOT_COMMAND_INVALID"),
        ([("ask-me", "x")], None, "BOT_COMMAND_INVALID"),
        ([("ask", "x" * 257)], None, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([("ask", "x")] * 101, None, "BOT_COMMANDS_TOO_MUCH"),
        ([("ask", "x")], "zh-hans", "invalid language code"),
    ],
)
@scenario
async def test_a_bad_menu_is_refused(
    server: BotApi, bot: Bot, commands: list[tuple[str, str]], language: str | None, words: str
) -> None:
    with pytest.raises(BadRequest):
        await bot.set_my_commands(commands, language_code=language)
    assert words in server.calls[-1].answer


@scenario
async def test_name_and_descriptions_are_kept_by_language(server: BotApi, bot: Bot) -> None:
    await bot.set_my_name("ML 基础设施", language_code="zh")
    await bot.set_my_description("Ask")
    await bot.set_my_description("问", language_code="zh")
    await bot.set_my_short_description("short")
    assert (server.told("name", "zh"), server.told("description")) == ("ML 基础设施", "Ask")
    assert (await bot.get_my_description("zh")).description == "问"
    assert (await bot.get_my_description("fr")).description == "Ask"
    assert (await bot.get_my_short_description("zh")).short_description == "short"
    assert (await bot.get_my_name()).name == server.bot.first_name
    for call in (bot.set_my_name("x" * 65), bot.set_my_short_description("x" * 121)):
        with pytest.raises(BadRequest):
            await call
    chat = server.private()
    await bot.set_chat_menu_button(chat.id, MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(chat.id), MenuButtonCommands)


@scenario
async def test_a_thousand_updates_pass_the_updater_in_order(server: BotApi, bot: Bot) -> None:
    """None lost, none twice."""
    chat = server.private()
    async with polling(bot) as queue:
        for number in range(1000):
            chat.say(str(number))
        got = [(await asyncio.wait_for(queue.get(), 5)).message.text for _ in range(1000)]
        await server.until(lambda: not server.pending)
    assert got == [str(number) for number in range(1000)]
