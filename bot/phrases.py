"""Every sentence a user sees, in English and Chinese. A test fails where one language is missing.

Traditional Chinese is made from the Chinese column when it is asked for.
"""

from __future__ import annotations

from functools import lru_cache

from corpus.language import Script, to_traditional
from corpus.model import Text

PERHAPS = Text("Perhaps:", "可能是：")
NOTHING = Text("Nothing in the catalog on this.", "目录里没有这方面的内容。")
COVERS = Text(
    "It covers {works} works on ML infrastructure, {first}–{last}.",
    "目录收有 {works} 种关于机器学习基础设施的作品，{first}–{last} 年。",
)
NOT_LISTED = Text("That address is not in the catalog.", "目录里没有这个地址。")
LEADS_ON = Text(
    "/topics (in mlinfra chat) tells what is covered.",
    "在 mlinfra chat 里输入 /topics 看覆盖哪些主题。",
)
NEAREST = Text("Nearest, not answers:", "最接近的（并非答案）：")
ALSO = Text("also searched: ", "也搜了：")
ALSO_BETWEEN = Text(", ", "，")
EMPTY = Text(
    "Ask a question in a few words, for example: {sample}",
    "请用几个词提问，例如：{sample}",
)
FOLLOWS = Text("following “{question}”", "接着上一问“{question}”")
UNMET = Text(
    "Nothing passes every filter; the first hit is not what was asked in: {names}.",
    "没有完全符合筛选条件的；第一条不符合的是：{names}。",
)
FILTERS = {
    "kind": Text("kind", "类型"),
    "organisation": Text("organisation", "机构"),
    "language": Text("language", "语言"),
    "year": Text("year", "年份"),
    "author": Text("author", "作者"),
    "venue": Text("venue", "发表处"),
}
FAULT = Text(
    "Something went wrong on our side; this question could not be answered.",
    "我们这边出了错，这个问题没能回答。",
)

OURS = Text(" (our translation)", "（我们的译名）")
PROBABLY = Text("probably {what}", "可能是{what}")
OR = Text(" or ", "或")
ABOUT_YEAR = Text("about {year}", "约 {year}")
OTHERS = Text("{name} and {count} others", "{name} 等 {count} 人")
NAMES_BETWEEN = Text(", ", "、")
SIMPLIFIED = Text("Chinese", "简体中文")

HINT_OPEN = Text("type {range} for an entry in full", "输入 {range} 看全部详情")
HINT_OTHER = Text("/zh for Chinese", "/en 换英文")
HINT_MORE = Text("/more", "/more 看更多")
BETWEEN = Text(" · ", " · ")

DEAD = Text("DEAD LINK{why}; search for a copy", "链接已失效{why}；可在存档中找副本")
WHY = Text(", {note}", "（{note}）")
MOVED_FROM = Text("moved from {url}", "原址 {url}")
INFERRED = Text(
    "the site has moved; if that does not open, try this (inferred address)",
    "站点已迁；打不开可试（推测的地址）",
)
INFERRED_ELSE = Text(
    "if that does not open, try this (inferred address)", "打不开可试（推测的地址）"
)
INSTEAD = Text("if that does not open", "打不开可看")
BESIDE = Text("see also", "另见")
INSTEAD_DEAD = Text("instead", "可改看")
AT_RISK = Text("may not open", "可能打不开")
ABSTRACT_PAGE = Text("abstract page", "摘要页")
ALIVE = Text("same ground, alive, “{title}”", "同一主题，可以打开的《{title}》")
IN_LIST = Text("in the catalog, under {places}", "目录里有，在 {places}")
INSTEAD_OF = Text("searched for {meant} (typed: {typed})", "按 {meant} 查找（输入的是 {typed}）")
NOTED = Text("({note})", "（{note}）")

PLACES = Text("In the list", "清单中的位置")
PLACE = Text("{section}: “{title}”", "{section}：“{title}”")
LINKS = Text("Links", "链接")
HOW_KNOWN = Text("What it says, and how that is known", "内容要点及依据")
NOT_KNOWN = Text("Not known", "未知之处")

NO_ENTRY = Text(
    "There is no entry {number}. Ask a question first, then type the number of a hit.",
    "没有第 {number} 条。先提问，再输入结果前的数字。",
)
NO_MORE = Text("That is all there is on this question.", "这个问题没有更多结果了。")
ASK_FIRST = Text("More of what? Ask a question first.", "更多什么？请先提一个问题。")
NOT_SO_MANY = Text("The last answer has not so many entries.", "上一个回答里没有这么多条。")
ENGLISH_NOW = Text("Answers are in English from now on.", "Answers are in English from now on.")
CHINESE_NOW = Text("从现在起用中文回答。", "从现在起用中文回答。")
UNKNOWN_COMMAND = Text("There is no command {word}.", "没有 {word} 这个命令。")

GREETING = Text(
    "mlinfra: {works} works on ML infrastructure, {first}–{last}. Ask in English or 中文.",
    "mlinfra：{works} 种机器学习基础设施作品，{first}–{last} 年。中文、English 都能问。",
)
TRY = Text("Try: ", "试试：")
SAMPLES = (
    Text("how do I cut communication cost in distributed training", "怎样减少分布式训练的通信开销"),
    Text("参数服务器有什么资料", "parameter server papers"),
    Text("when was Angel open-sourced", "Angel 是什么时候开源的"),
)
COMMANDS = Text(
    "1-5 an entry in full · /more · /topics · /zh /en · /help · /quit",
    "1-5 看详情 · /more 更多 · /topics 主题 · /zh /en 语言 · /help 帮助 · /quit 退出",
)
HELP = (
    Text(
        "Ask in a few words or a whole sentence, in English, Chinese or both.",
        "用几个词或一句话提问，中文、英文或混用都可以。",
    ),
    Text(
        "1 … 10   an entry in full: both languages, every link, how each thing is known",
        "1 … 10   一条的全部详情：中英文、所有链接、依据",
    ),
    Text("/more    the further hits (更多)", "/more    更多结果（更多）"),
    Text("/topics  what the catalog holds (主题)", "/topics  目录里有什么（主题）"),
    Text("/zh /en  the language of answers (中文, 英文)", "/zh /en  回答的语言（中文、英文）"),
    Text("/quit    leave (退出)", "/quit    离开（退出）"),
)
TOPICS_SECTIONS = Text("Sections: ", "分类：")
TOPICS_COMPANIES = Text("Companies: ", "公司：")
TOPICS_WORDS = Text("Much spoken of: ", "常见主题：")

KINDS = {
    "paper": Text("paper", "论文"),
    "thesis": Text("thesis", "学位论文"),
    "book": Text("book", "书"),
    "course": Text("course", "课程"),
    "conference": Text("conference", "会议"),
    "article": Text("article", "文章"),
    "news": Text("news", "新闻"),
    "talk": Text("talk", "演讲"),
    "slides": Text("slides", "幻灯片"),
    "discussion": Text("discussion", "讨论"),
    "collection": Text("collection", "合集"),
    "project": Text("project", "项目"),
}
ROLES = {
    "main": Text("original", "原文"),
    "translation": Text("translation", "译文"),
    "video": Text("video", "视频"),
    "commentary": Text("commentary", "解读"),
    "slides": Text("slides", "幻灯片"),
    "part": Text("further part", "另一部分"),
}
FORMS = {
    "pdf": Text("PDF", "PDF"),
    "web": Text("web page", "网页"),
    "video": Text("video", "视频"),
    "wechat": Text("WeChat", "微信公众号"),
    "zhihu": Text("Zhihu", "知乎"),
    "github": Text("GitHub", "GitHub"),
    "slides": Text("slides", "幻灯片"),
}
HEALTHS = {
    "live": Text("opens", "可以打开"),
    "unknown": Text("not checked", "未核实"),
    "at-risk": Text("may not open", "可能打不开"),
    "moved": Text("the site has moved", "站点已迁"),
    "dead": Text("dead", "已失效"),
}
LANGUAGES = {
    "en": Text("English", "英文"),
    "zh": Text("Chinese", "中文"),
    "fr": Text("French", "法文"),
}
TITLE_ONLY = Text("known by its title only", "只知道标题")
OTHER_REPORTS = Text("from other reports", "据其他报道")
SOURCES = {  # what we read of an entry
    "original": Text("read in part", "读过一部分"),
    "opening": Text("from its opening", "据开头部分"),
    "abstract": Text("from its abstract", "据摘要"),
    "publisher": Text("from the publisher’s page", "据出版社简介"),
    "author-digest": Text("from the author’s own digest", "据作者自己的摘要"),
    "course-page": Text("from a course page", "据课程页面"),
    "repost": Text("from a repost", "据转载"),
    "slides": Text("from its slides", "据幻灯片"),
    "video-summary": Text("from a summary of the video", "据视频内容摘要"),
    "related": Text("from what surrounds it", "据相关资料"),
    "secondary": Text("from what others wrote of it", "据他人的介绍"),
}
BASES = {  # how a fact is known
    "known": Text("Widely known of this work", "关于它的公认知识"),
    "title": Text("Told by its title or the list alone", "只凭标题或清单"),
    "original": Text("Read in the original", "读自原文"),
    "opening": Text("Read in its opening", "读自开头部分"),
    "abstract": Text("Read in its abstract", "读自摘要"),
    "publisher": Text("From the publisher’s page", "出自出版社页面"),
    "author-digest": Text("From the author’s own digest", "出自作者自己的摘要"),
    "course-page": Text("From a course page", "出自课程页面"),
    "repost": Text("Read in a repost", "读自转载"),
    "slides": Text("Read in its slides", "读自幻灯片"),
    "video-summary": Text("From a summary of the video", "出自视频内容摘要"),
    "related": Text("From related material", "出自相关资料"),
    "secondary": Text("From what others wrote", "出自他人的介绍"),
}


def say(phrase: Text, script: Script, **values: object) -> str:
    """A phrase in the asker's language, its blanks filled."""
    text = tell(phrase, script)
    return text.format(**values) if values else text


def tell(text: Text, script: Script) -> str:
    """A text of ours in the asker's language."""
    if script == "en":
        return text.en
    return traditional(text.zh) if script == "zh-Hant" else text.zh


@lru_cache(maxsize=4096)
def traditional(text: str) -> str:
    """Traditional characters, kept once converted."""
    return to_traditional(text)
