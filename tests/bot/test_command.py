from __future__ import annotations

import pytest

from bot.command import KINDS, WORDS, Command, parse
from corpus.language import to_traditional

COMMANDS = {
    "1": Command("open", 1),
    "10": Command("open", 10),
    " 3 ": Command("open", 3),
    "３": Command("open", 3),
    "/2": Command("open", 2),
    "#4": Command("open", 4),
    "2.": Command("open", 2),
    "第3条": Command("open", 3),
    "第2個": Command("open", 2),
    "/zh": Command("zh"),
    "／en": Command("en"),
    "/EN": Command("en"),
    "/more": Command("more"),
    "更多": Command("more"),
    "/帮助": Command("help"),
    "幫助": Command("help"),
    "help": Command("help"),
    "/?": Command("help"),
    "退出": Command("quit"),
    "/quit": Command("quit"),
    "exit": Command("quit"),
    ": help": Command("help"),
    ", 2": Command("open", 2),
    "：订阅 周五": Command("subscribe", text="周五"),
    "，/more": Command("more"),
    "中文": Command("zh"),
    "英文": Command("en"),
    "主题": Command("topics"),
    "主題": Command("topics"),
    "/topics": Command("topics"),
    "/nosuch": Command("unknown", text="/nosuch"),
    "/11": Command("open", 11),
    "Stop.": Command("stop"),
    "STOP!!": Command("stop"),
    "停。": Command("stop"),
    "停止！": Command("stop"),
    "別說了": Command("stop"),
    "Remove.": Command("remove"),
    "/ask what is gpipe": Command("ask", text="what is gpipe"),
    "/papers": Command("ask", text="kind:paper"),
    "/论文 参数服务器": Command("ask", text="kind:paper 参数服务器"),
    "/書": Command("ask", text="kind:book"),
    "/similar 2": Command("similar", 2),
    "/similar ②": Command("similar", 2),
    "/open ２": Command("open", 2),
    "/open " + "7" * 5000: Command("open", 777_777_777),
    "/similar gpipe": Command("similar", text="gpipe"),
    "/open gpipe": Command("open", text="gpipe"),
    "/try 2": Command("try", 2),
    "/settings": Command("settings"),
    "设置": Command("settings"),
    "/settings language zh": Command("settings", text="language zh"),
    "settings here answers all": Command("settings", text="here answers all"),
    "/設定": Command("settings"),
    "/設置 語言 英文": Command("settings", text="语言 英文"),
    "设置 语言 中文": Command("settings", text="语言 中文"),
    "/privacy": Command("privacy"),
    "隐私": Command("privacy"),
    "隱私": Command("privacy"),
    "forget me": Command("forget"),
    "/忘记我": Command("forget"),
}
QUESTIONS = (
    "",
    "   ",
    "angel",
    "2018",
    "ask gpipe",
    "settings of a parameter server",
    "privacy of federated learning",
    "open source",
    "similar to 2",
    "0",
    "more papers on parameter servers",
    "中文的书",
    "/usr/bin/env python",
    "https://arxiv.org/abs/1604.00981",
    "1 or 2 machines",
    "更多资料",
    "/" + "x" * 200,
    "/" + "7" * 5000,
    "\udc80",
    "\x1b[31m",
)


@pytest.mark.parametrize(("line", "command"), COMMANDS.items())
def test_a_command_is_understood_however_it_is_typed(line, command):
    """Case, width, script and blanks do not matter."""
    assert parse(line) == command


@pytest.mark.parametrize(
    "word", [word for words in (*WORDS.values(), *KINDS.values()) for word in words]
)
def test_a_command_has_its_word_in_traditional_too(word):
    """With the words that our own pages use in Taiwan's Chinese."""
    known = parse(f"/{word} x")
    traditional = parse(f"/{to_traditional(word)} x")
    assert traditional == known


@pytest.mark.parametrize("line", QUESTIONS)
def test_what_only_resembles_a_command_is_a_question(line):
    """A question is never swallowed."""
    assert parse(line) is None
