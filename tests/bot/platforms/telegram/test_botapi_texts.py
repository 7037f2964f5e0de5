"""What the test server refuses, drops and keeps of a text, as Telegram does."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import pytest
from botapi_errors import Refused
from botapi_html import parse_html
from botapi_server import BotApi
from botapi_testing import scenario
from hypothesis import given
from hypothesis.strategies import lists, sampled_from, text
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def button(text: str = "go", **what: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, **(what or {"callback_data": "x"}))


@pytest.mark.parametrize(
    ("html", "shown", "kinds"),
    [
        ("<b>a</b><strong>b</strong>", "ab", ["bold", "bold"]),
        ("<i>a</i><em>b</em>", "ab", ["italic", "italic"]),
        ("<u>a</u><ins>b</ins>", "ab", ["underline", "underline"]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", ["strikethrough"] * 3),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>", "ab", ["spoiler"] * 2),
        ("<code>a</code>", "a", ["code"]),
        ("<pre>a</pre>", "a", ["pre"]),
        ('<pre><code class="language-c">a</code></pre>', "a", ["pre"]),
        ("<blockquote>a</blockquote>", "a", ["blockquote"]),
        ("<blockquote expandable>a</blockquote>", "a", ["expandable_blockquote"]),
        ('<a href="https://a.org/?x=1&amp;y=2">a</a>', "a", ["text_link"]),
        ("<B>a</B>", "a", ["bold"]),
        ("<b>a</>", "a", ["bold"]),
        ("<b><i>a</i></b>", "a", ["bold", "italic"]),
        ("&lt;b&gt; &amp;amp; &quot;&#33;&#x4e2d;&lt", '<b> &amp; "!中<', []),
        ("&nbsp;&copy; R&D 1 > 0", "&nbsp;&copy; R&D 1 > 0", []),
        ("  <b> a </b>\n", "a", ["bold"]),
    ],
)
@scenario
async def test_html_is_read(
    server: BotApi, bot: Bot, html: str, shown: str, kinds: list[str]
) -> None:
    """As the SDK shows the message that comes back."""
    sent = await bot.send_message(server.private().id, html, parse_mode=ParseMode.HTML)
    assert sent.text == shown
    assert [entity.type for entity in sent.entities] == kinds


@given(text())
def test_escaped_text_comes_back_as_it_was(words: str) -> None:
    """Whatever it is, and with no entity: what html.escape writes is read without loss."""
    read, entities, dropped = parse_html(escape(words))
    assert (read, entities, dropped) == (words, [], [])


@given(lists(sampled_from(["<", ">", "/", "b", "a", " ", "href", "=", "'", '"', "&", "lt", "<b>"])))
def test_no_markup_breaks_the_reader(parts: list[str]) -> None:
    """It reads, or refuses."""
    with suppress(Refused):
        parse_html("".join(parts))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("中<br/>b", 'Unsupported start tag "br/" at byte offset 3'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("i <3", "Unclosed start tag at byte offset 2"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href>x</a>", "Expected equal sign in declaration of an attribute"),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span class='x'>a</span>", 'Tag "span" must have class "tg-spoiler"'),
    ],
)
@scenario
async def test_html_is_refused(server: BotApi, bot: Bot, html: str, words: str) -> None:
    """The whole message fails, with Telegram's words and the place in bytes."""
    chat = server.private()
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities"):
        await bot.send_message(chat.id, html, parse_mode=ParseMode.HTML)
    assert words in server.calls[-1].answer
    assert chat.said == []


@pytest.mark.parametrize(
    ("html", "kinds", "warning"),
    [
        ("<a href='javascript:x()'>a</a>", [], "link to 'javascript:x()' dropped"),
        ("<a href='http://localhost/'>a</a>", [], "link to 'http://localhost/' dropped"),
        ("<a href='https://a b.org'>a</a>", [], "link to 'https://a b.org' dropped"),
        ("<code>x <b>a</b></code>", ["code"], "bold around code dropped"),
        ("<a href='https://a.org'><code>a</code></a>", ["code"], "text_link inside code dropped"),
        ("<b>a <code>x</code> b</b>", ["bold", "code", "bold"], ""),
        ("&nbsp;", [], "unknown entity &nbsp; left as text"),
        ("<b>x</b> " * 103, ["bold"] * 100, "3 entities over 100 dropped"),
    ],
)
@scenario
async def test_what_is_dropped_silently_is_a_warning(
    server: BotApi, bot: Bot, html: str, kinds: list[str], warning: str
) -> None:
    sent = await bot.send_message(server.private().id, html, parse_mode=ParseMode.HTML)
    assert [entity.type for entity in sent.entities] == kinds
    assert server.warnings == ([warning] if warning else [])


@scenario
async def test_a_link_keeps_where_it_leads(server: BotApi, bot: Bot) -> None:
    """A mention by id becomes a mention of a user whom the server knows."""
    ann = server.user("Ann")
    html = f"<a href='https://a.org/x_(y)?q=%E4%B8%AD'>1</a> <a href='tg://user?id={ann.id}'>2</a>"
    sent = await bot.send_message(server.private(ann).id, html, parse_mode=ParseMode.HTML)
    assert sent.entities[0].url == "https://a.org/x_(y)?q=%E4%B8%AD"
    assert sent.entities[1].user.id == ann.id


@scenario
async def test_length_counts_after_the_markup(server: BotApi, bot: Bot) -> None:
    """4096, and an emoji is two."""
    chat = server.private()
    await bot.send_message(chat.id, f"<b>{'&lt;' * 4096}</b>", parse_mode=ParseMode.HTML)
    assert chat.last.visible == 4096
    for words in ("x" * 4097, "😀" * 2049):
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(chat.id, words)
    for words in ("", " \n", "<b> </b>"):
        with pytest.raises(BadRequest, match="empty"):
            await bot.send_message(chat.id, words, parse_mode=ParseMode.HTML)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([button(callback_data="中" * 22)]), "BUTTON_DATA_INVALID"),
        (keyboard([button(callback_data="")]), "BUTTON_DATA_INVALID"),
        (keyboard([button(url="not a url")]), "inline keyboard button URL 'not a url' is invalid"),
        (keyboard([button(" ")]), "BUTTON_TEXT_INVALID"),
        (keyboard([InlineKeyboardButton("bare")]), "Text buttons are unallowed"),
        (keyboard(*[[button()]] * 101), "reply markup is too long"),
    ],
)
@scenario
async def test_a_bad_keyboard_is_refused(
    server: BotApi, bot: Bot, markup: InlineKeyboardMarkup, words: str
) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(server.private().id, "x", reply_markup=markup)
    assert words in server.calls[-1].answer


@scenario
async def test_a_keyboard_is_kept_in_rows(server: BotApi, bot: Bot) -> None:
    chat = server.private()
    rows = keyboard(
        [button("1", callback_data="é" * 32), button("2")], [button(url="https://a.org")]
    )
    await bot.send_message(chat.id, "x", reply_markup=rows)
    assert chat.last.rows == [["1", "2"], ["go"]]
    assert chat.last.button("2")["callback_data"] == "x"


@scenario
async def test_an_edit_must_change_something(server: BotApi, bot: Bot) -> None:
    """Text, entities, keyboard or preview; without a keyboard the old one goes."""
    chat = server.private()
    rows = keyboard([button()])
    sent = await bot.send_message(chat.id, "<b>x</b>", ParseMode.HTML, reply_markup=rows)
    place = {"chat_id": chat.id, "message_id": sent.message_id}
    for call in (
        bot.edit_message_text("<strong>x</strong>", **place, parse_mode="HTML", reply_markup=rows),
        bot.edit_message_reply_markup(**place, reply_markup=rows),
    ):
        with pytest.raises(BadRequest, match="Message is not modified: specified new message"):
            await call
    edited = await bot.edit_message_text("x", **place)
    assert (edited.reply_markup, edited.edit_date is None) == (None, False)
    assert [(old.text, len(old.entities)) for old in chat.last.edits] == [("x", 1)]
    await bot.edit_message_reply_markup(**place, reply_markup=rows)
    assert (chat.last.buttons, len(chat.last.edits)) == (["go"], 2)


@scenario
async def test_only_own_messages_are_edited(server: BotApi, bot: Bot) -> None:
    chat = server.private()
    asked = chat.say("x")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("y", chat.id, asked.id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("y", chat.id, 999)


@scenario
async def test_a_message_is_deleted_within_48_hours(server: BotApi, bot: Bot) -> None:
    """And once; of others in a group only by an admin."""
    chat, group = server.private(), server.group(members=[server.user()])
    old, new = [await bot.send_message(chat.id, text) for text in ("old", "new")]
    assert await new.delete()
    assert chat.texts == ["old"]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await new.delete()
    theirs = group.say("theirs")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, theirs.id)
    group.promote_bot()
    await bot.delete_message(group.id, theirs.id)
    assert theirs.deleted
    server.advance(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await old.delete()


@scenario
async def test_a_reply_needs_its_message(server: BotApi, bot: Bot) -> None:
    """Unless it may go without; a quote must be in the message."""
    chat = server.private()
    asked = chat.say("数据 并行")
    chat.delete(chat.say("gone"))
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "x", reply_parameters=ReplyParameters(asked.id + 1))
    with pytest.raises(BadRequest, match=r"(?i)quote_text_invalid"):
        await bot.send_message(chat.id, "x", reply_parameters=ReplyParameters(asked.id, quote="z"))
    lenient = ReplyParameters(asked.id + 1, allow_sending_without_reply=True)
    await bot.send_message(chat.id, "x", reply_parameters=lenient, disable_notification=True)
    assert (chat.last.reply_to, chat.last.silent) == (None, True)
    sent = await bot.send_message(chat.id, "y", reply_parameters=ReplyParameters(asked.id))
    assert sent.reply_to_message.text == "数据 并行"
    assert [answer.text for answer in chat.answers_to(asked)] == ["y"]
