"""answerCallbackQuery and answerInlineQuery: who asked must still be waiting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from botapi_checks import Params, checked_keyboard, checked_text
from botapi_errors import bad
from botapi_methods import Method
from botapi_model import Shape
from botapi_text import checked_link

if TYPE_CHECKING:
    from botapi_queries import Inline
    from botapi_world import World

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ID_BYTES, OFFSET_BYTES, MOST_RESULTS, NOTICE_LENGTH = 64, 64, 50, 200


def answer_callback_query(world: World, params: Params) -> bool:
    """answerCallbackQuery."""
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or world.now() - press.born > world.press_seconds:
        raise bad(_TOO_OLD)
    if len(params.text("text")) > NOTICE_LENGTH:
        raise bad("MESSAGE_TOO_LONG")
    url = params.text("url")
    if url and not re.match(rf"https?://t(elegram)?\.me/{world.bot.username}\?start=", url):
        raise bad("URL_INVALID")
    press.answers.append(
        {
            "text": params.text("text"),
            "show_alert": params.flag("show_alert"),
            "url": url,
            "cache_time": params.number("cache_time"),
            "at": world.now(),
        }
    )
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    """answerInlineQuery."""
    asked = world.inlines.get(params.text("inline_query_id"))
    if asked is None or asked.answered or world.now() - asked.born > world.inline_seconds:
        raise bad(_TOO_OLD)
    results = params.value("results")
    if not isinstance(results, list):
        raise bad("expected an Array of InlineQueryResult")
    if len(results) > MOST_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    messages = _checked_results(world, results)
    if len(params.text("next_offset").encode()) > OFFSET_BYTES:
        raise bad("NEXT_OFFSET_INVALID")
    asked.button = _checked_button(params.value("button"))
    asked.results, asked.messages = results, messages
    asked.next_offset = params.text("next_offset")
    asked.cache_time = params.number("cache_time", 300)
    asked.personal = params.flag("is_personal")
    _cache(world, asked)
    return True


def _checked_results(world: World, results: list[Shape]) -> dict[str, Any]:
    """The content of each result by its id."""
    messages: dict[str, Any] = {}
    for result in results:
        number = str(result.get("id", ""))
        if not 1 <= len(number.encode()) <= ID_BYTES:
            raise bad("RESULT_ID_INVALID")
        if number in messages:
            raise bad("RESULT_ID_DUPLICATE")
        if result.get("type") != "article":
            raise bad(f'type "{result.get("type")}" is unsupported for the inline query result')
        if not str(result.get("title", "")).strip():
            raise bad("can't parse inline query result: Can't find field \"title\"")
        if result.get("url") and checked_link(result["url"]) is None:
            raise bad("WEBDOCUMENT_URL_INVALID")
        content = result.get("input_message_content")
        if not isinstance(content, dict) or "message_text" not in content:
            raise bad("can't parse inline query result: Can't parse input message content")
        text, entities = checked_text(world, Params(content), "message_text")
        messages[number] = (text, entities, checked_keyboard(result.get("reply_markup")))
    return messages


def _checked_button(button: Shape | None) -> Shape | None:
    if not button:
        return None
    if not button.get("text"):
        raise bad("can't parse inline query results button: Can't find field \"text\"")
    if "web_app" not in button:
        start = str(button.get("start_parameter", ""))
        if not start:
            raise bad("START_PARAM_EMPTY")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
            raise bad("START_PARAM_INVALID")
    return button


def _cache(world: World, asked: Inline) -> None:
    if asked.cache_time > 0:
        owner = asked.user.id if asked.personal else None
        world.inline_cache[asked.query, asked.offset, owner] = asked


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
}
