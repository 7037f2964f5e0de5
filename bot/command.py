"""One grammar of commands: typed with a slash, said to the bot by name, or written on a button.
Pure: text -> Command, or None where it is a question.

With a slash a command may have words behind it. Without one only a whole line that is nothing but
the command's word is one, so that "more on gpipe" stays a question.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from corpus.language import simplify
from corpus.pattern import pattern
from corpus.record import record

Verb = Literal[
    "ask",
    "open",
    "similar",
    "more",
    "zh",
    "en",
    "only",
    "topics",
    "settings",
    "privacy",
    "forget",
    "help",
    "start",
    "try",
    "again",
    "remove",
    "good",
    "bad",
    "stop",
    "subscribe",
    "unsubscribe",
    "pause",
    "resume",
    "skip",
    "subscriptions",
    "paper",
    "status",
    "edition",
    "quit",
    "unknown",
]
# What is about the paper of the week.
DIGEST: frozenset[Verb] = frozenset(
    (
        *("subscribe", "unsubscribe", "pause", "resume", "skip"),
        *("subscriptions", "paper", "status", "edition"),
    )
)

# What asks less of the bot, or for one's own again: never too much.
ALWAYS: frozenset[Verb] = frozenset(("forget", "privacy", "stop", "unsubscribe", "pause", "remove"))

LONGEST = 40  # characters: what is longer and has no slash is a question
MOST = 99  # a list is answered whole, so its numbers go on
FIGURES = 9  # of a number that are read: int() refuses one of thousands

# The words of each command, the first of them as it is told in help.
WORDS: dict[Verb, tuple[str, ...]] = {
    "ask": ("ask", "问"),
    "more": ("more", "更多", "m"),
    "similar": ("similar", "类似", "相似"),
    "topics": ("topics", "主题"),
    "settings": ("settings", "设置", "设定", "config"),
    "zh": ("zh", "中文"),
    "en": ("en", "英文", "english"),
    "privacy": ("privacy", "隐私"),
    "forget": ("forget", "忘记我", "忘记", "forget me"),
    "help": ("help", "帮助", "说明", "?"),
    "start": ("start", "开始"),
    "try": ("try", "试试"),
    "again": ("again", "再问一次"),
    "remove": ("remove", "移除", "撤回", "删除"),
    "good": ("good", "有用"),
    "bad": ("bad", "没用"),
    "stop": ("stop", "停", "停止", "please stop", "别说了"),
    "subscribe": (
        *("subscribe", "订阅", "please subscribe", "请订阅", "我要订阅", "我想订阅"),
        *("订阅一下", "帮我订阅"),
    ),
    "unsubscribe": (
        *("unsubscribe", "退订", "取消订阅", "停止订阅", "停止推送", "cancel subscription"),
        "cancel my subscription",
    ),
    "pause": ("pause", "暂停", "暂停订阅", "暂停推送", "暂停一下", "pause subscription"),
    "resume": ("resume", "恢复", "取消暂停", "恢复订阅", "恢复推送", "继续推送"),
    "skip": (
        *("skip", "跳过", "skip the next", "skip next", "skip the next one", "skip this one"),
        *("跳过下一期", "跳过下一次", "跳过下期", "跳过这期", "跳过这一期", "跳过本期"),
    ),
    "subscriptions": (
        *("subscriptions", "我的订阅", "订阅列表", "my subscriptions", "my subscription"),
        *("查看订阅", "检视订阅", "订阅状态"),
    ),
    "paper": (
        "paper",
        "本周论文",
        "paper of the week",
        "每周论文",
        "this week's paper",
        "本周的论文",
        "这周的论文",
        "这周论文",
    ),
    "status": ("status", "状态"),
    "edition": ("edition",),
    "quit": ("quit", "退出", "exit", "q"),
    "open": ("open", "打开", "开启", "show"),
    "only": ("only", "只看"),
}
KINDS: dict[str, tuple[str, ...]] = {
    "paper": ("papers", "论文"),
    "book": ("books", "书", "书籍"),
    "course": ("courses", "课程"),
    "talk": ("talks", "演讲", "视频", "影片", "videos"),
    "article": ("articles", "文章"),
    "conference": ("conferences", "会议"),
    "thesis": ("theses", "学位论文"),
    "news": ("news", "新闻"),
    "project": ("projects", "项目", "专案"),
    "collection": ("collections", "合集"),
    "slides": ("slides", "幻灯片", "投影片", "简报"),
    "discussion": ("discussions", "讨论"),
}
# Not taken without a slash: to a conversation they say something else, or nothing.
_SLASH_ONLY = {
    "m",
    "q",
    "zh",
    "en",
    "english",
    "show",
    "open",
    "打开",
    "start",
    "开始",
    "good",
    "bad",
    "try",
    "试试",
}
_SLASH_ONLY |= {
    "ask",
    "问",
    "again",
    "有用",
    "没用",
    "only",
    "只看",
    "config",
}
_SLASH_ONLY |= {"similar", "类似", "相似", "忘记", "edition"}

_VERBS = {word: verb for verb, words in WORDS.items() for word in words}
_KINDS = {word: kind for kind, words in KINDS.items() for word in words}
_BARE = {word: verb for word, verb in _VERBS.items() if word not in _SLASH_ONLY}
_MARKS = ".!。！"  # that a phone puts behind a word, or somebody who means it
_NUMBER = pattern(r"[/#]?(\d{1,2})[.)、]?|第(\d{1,2})[条个]")
_SLASHED = pattern(r"/([^\s/]{1,20})(?:\s+(.*))?", re.DOTALL)
# Commands that are known with words behind them without a slash too, for a mention must be able to
# do everything; "pause the training job" is a question.
_TERMS = pattern(
    r"(subscribe|unsubscribe|退订|订阅)"
    r"(?:\s+|(?=[每周星礼本到])|(?=(?:论文|书籍?|课程|文章|演讲|双语|中文|英文)$))(.+)"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_REST = pattern(
    r"(pause|暂停)\s*((?:(?:until|till|直到|到|至)\s*.+)|(?:(?:for|休息)\s*)?"
    r"(?:(?:the )?(?:next )?(?:\d+|an?|one|two|three|four|five|six|seven"
    r"|eight|ten|twelve|fourteen|twenty|thirty|a couple of)\s+"
    r"(?:days?|weeks?|months?|fortnights?|year)|[\d一二两三四五六七八九十]+\s*个?(?:天|日|周|星期|礼拜|月|年)"
    r"|半个?[月年])"
    rf"|next (?:week|month|{_DAY})|tomorrow|明天|后天|下个?月"
    r"|下*个?(?:周|星期|礼拜)[一二三四五六日天]?)"
)
_JOINED = pattern(r"(订阅|暂停)(\S.*)")
LONGEST_TERMS = 120
_CALLED = pattern(r"\s*(?:[:,](?=\s|$)|[：，、])\s*")  # and no emoji, which Slack writes ":eyes:"
_KIND = pattern(r"kind:\S+\s*")
_ASKED = pattern(r"(?:ask|问)[\s:：]+(?=\S)", re.IGNORECASE)


@record
class Command:
    """What to do: with a number or words behind it, or the word that is no command."""

    verb: Verb
    number: int = 0
    text: str = ""


@lru_cache(maxsize=256)  # each who has to do with a line asks this of it: six times in Slack
def parse(text: str) -> Command | None:
    """The command of a line, None where it is a question."""
    line = uncalled(text).strip().replace("／", "/", 1)
    if line.startswith("/") and (found := _SLASHED.fullmatch(line)):
        return _slashed(found[1], (found[2] or "").strip())
    word = _plain(line)
    if found := _TERMS.fullmatch(word) or _REST.fullmatch(word):
        if len(line) > LONGEST_TERMS:
            return None
        # Names of places are told apart by their case, and plain text is as long as it was, nearly.
        text = line[len(line) - len(found[2]) :] if len(word) == len(line) else found[2]
        return Command(_VERBS[found[1]], text=text)
    if len(line) > LONGEST:
        return None
    if found := _NUMBER.fullmatch(word):
        return _opened(int(found[1] or found[2]))
    if verb := _BARE.get(word) or _BARE.get(word.rstrip(_MARKS)):
        return Command(verb)
    name, _, rest = word.partition(" ")
    if name in ("settings", "设置") and _setting(rest):
        return Command("settings", text=rest)
    return None


def uncalled(text: str) -> str:
    """What stands behind a name that was called, without the mark between: "@mlinfra, help"."""
    mark = _CALLED.match(text)
    return text[mark.end() :] if mark else text


def in_latin(word: str) -> str:
    """The Latin word of a command, for a platform that takes no other behind a slash."""
    plain = _plain(word)
    if verb := _VERBS.get(plain):
        return WORDS[verb][0]
    kind = _KINDS.get(plain)
    return KINDS[kind][0] if kind else word


def said(text: str) -> str:
    """A question without the "ask" before it."""
    return _ASKED.sub("", text, count=1) if _ASKED.match(text) else text


def question_in(command: Command) -> str:
    """The words that a command asks, beside the kind that it keeps to; empty where it asks none."""
    if command.verb not in ("ask", "zh", "en"):
        return ""
    return _KIND.sub("", command.text)


def _slashed(name: str, rest: str) -> Command | None:
    word = _plain(name)
    if word.isdecimal():
        return _opened(int(word[:FIGURES])) if not rest else None
    if kind := _KINDS.get(word):
        return Command("ask", text=f"kind:{kind} {rest}".strip())
    verb = _VERBS.get(word)
    if verb is None and (run := _JOINED.fullmatch(word)):
        return Command(_VERBS[run[1]], text=f"{run[2]} {rest}".strip())
    if verb is None:
        # A path or a fraction is a question; a word is a command that is not there.
        return Command("unknown", text=f"/{word}") if re.fullmatch(r"\w{1,20}", word) else None
    number = _plain(rest).lstrip("#") if len(rest) <= FIGURES else rest
    if verb in ("open", "similar", "try") and (not rest or number.isdecimal()):
        return Command(verb, number=int(number[:FIGURES] or 1))
    return Command(verb, text=simplify(rest) if verb == "settings" else rest)


def _opened(number: int) -> Command | None:
    return Command("open", number) if 1 <= number <= MOST else None


def _setting(rest: str) -> bool:
    """Whether the words behind "settings" set something: else it is a question about settings."""
    return rest.partition(" ")[0] in ("language", "语言", "answers", "回答", "here", "这里")


def _plain(text: str) -> str:
    return simplify(unicodedata.normalize("NFKC", text)).strip().lower()
