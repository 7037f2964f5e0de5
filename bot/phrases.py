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
ENTRANCES = Text(
    "Nearest, not answers; none is near, these are where to begin:",
    "最接近的（并非答案，其实都不近，可以从这里看起）：",
)
ALSO = Text("also searched: ", "也搜了：")
ALSO_BETWEEN = Text(", ", "，")
READS = Text(
    "I read words and links, not pictures or voice. Ask a question in a few words, for example:"
    " {sample}",
    "我只读文字和链接，不看图片，也不听语音。请用几个词提问，例如：{sample}",
)
EMPTY = Text(
    "Ask a question in a few words, for example: {sample}",
    "请用几个词提问，例如：{sample}",
)
FOLLOWS = Text("following “{question}”", "接着上一问“{question}”")
UNMET = Text(
    "Nothing that fits passes every filter; the first hit is not what was asked in: {names}.",
    "没有既切题又完全符合筛选条件的；第一条不符合的是：{names}。",
)
UNMET_BY_FIRST = Text(
    "The first hit fits best, but is not what was asked in: {names}; what is stands below it.",
    "第一条最切题，但不符合的是：{names}；符合的在它下面。",
)
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
INSIDE_PAGE = Text("page {page}", "第 {page} 页")
INSIDE = Text("this passage", "原文此处")
ITS_OWN = Text(
    "The page’s own summary, read {day} ({host})", "页面自带的摘要，{day} 读取（{host}）"
)
EXTRACTED = Text("From the page, read {day} ({host})", "摘自页面，{day} 读取（{host}）")
SAID_THERE = Text("{where}: “{text}”", "{where}：“{text}”")
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
    "There is no entry {number}. After an answer, type the number of one of its hits.",
    "没有第 {number} 条。得到回答后，输入其中一条前面的数字。",
)
NO_MORE = Text("That is all there is on this question.", "这个问题没有更多结果了。")
ASK_FIRST = Text("More of what? Ask a question first.", "更多什么？请先提一个问题。")
NOT_SO_MANY = Text("The last answer has not so many entries.", "上一个回答里没有这么多条。")
GONE = Text("The catalog no longer has that entry.", "目录里已没有这一条。")
TOO_OLD = Text(
    "That button is too old to answer; please ask again.", "这个按钮太旧，已经失效；请重新提问。"
)
ASKER_ONLY = Text(
    "Only who asked, or an admin of this place, can do that.",
    "只有提问者或这里的管理员可以这样做。",
)
ADMINS_ONLY = Text(
    "Only an admin of this place can change that.", "只有这里的管理员可以更改这项设置。"
)
FORGOTTEN = Text(
    "Forgotten: your questions, what they referred to, and your settings.",
    "已忘记：您的提问、对话记录和个人设置。",
)
WHAT_IS_KEPT = Text("What is kept", "保存了什么")
FORGET_ME = Text("Forget me", "忘记我")
PRIVACY = (
    Text(
        "The text of a question is kept until it is answered. After that it is kept with its"
        " conversation, so that follow-ups and buttons work, for {days} days at most.",
        "问题的文字保存到回答为止；之后随所属的对话保存，以便追问和按钮可用，最多 {days} 天。",
    ),
    Text(
        "Logs hold ids, sizes and times, never text. Nothing is passed on to anyone.",
        "日志只有编号、长度和时间，不含文字；不会转给任何第三方。",
    ),
    Text(
        "/forget deletes all that is kept of you, at once.",
        "/forget（忘记我）立即删除与您有关的一切记录。",
    ),
)
REMOVE_WHAT = Text(
    "Which one? Say it in reply to the answer, or in its thread; ⋯ under an answer has it too.",
    "移除哪一条？请回复那条回答，或在它的话题里说；回答下面的 ⋯ 里也有。",
)
STAYS = Text("What is printed stays.", "已经显示的内容无法移除。")
NOTHING_WAITS = Text("No question is waiting here.", "这里没有等待回答的问题。")
PRIVACY_NONE = Text(
    "The text of a question is kept until it is answered, and then deleted.",
    "问题的文字保存到回答为止，随后删除。",
)
THANKS = Text("Thank you, noted.", "谢谢，已记下。")
STOPPED = Text(
    "I will answer in this thread only when addressed.", "在这个话题里，只有点名时我才会回答。"
)
SETTINGS = Text("Settings", "设置")
NO_SETTING = Text(
    "There is no such setting. /settings shows those there are.",
    "没有这项设置；/settings 列出所有设置。",
)
YOUR_LANGUAGE = Text("Your language", "您的语言")
ITS_LANGUAGE = Text("Language of this place", "此处的语言")
ITS_ANSWERS = Text("Answer here", "在此处回答")
AUTO = Text("as asked", "随提问")
CHINESE = Text("中文", "中文")
ENGLISH = Text("English", "English")
WHEN_ASKED = Text("when addressed", "点名时")
EVERY_QUESTION = Text("every question", "所有问题")
DETAILS = Text("{number} Details", "{number} 详情")
DETAILS_BRIEF = Text("{number} Full", "{number} 详情")  # where many stand side by side
DETAILS_OF = Text("{number}: {title}, in full", "第 {number} 条《{title}》的全部详情")
OTHER_LANGUAGE = Text("中文", "English")
OTHER_LANGUAGE_OF = Text("In Chinese: {title}", "看英文回答：{title}")
MENU_OF = Text("More results, similar works, filters: {title}", "更多结果、相似作品、筛选：{title}")
MENU = Text("⋯ More", "⋯ 更多")
MENU_MORE = Text("More results", "更多结果")
MENU_SIMILAR = Text("Similar to {number}", "与第 {number} 条相似")
MENU_ONLY = Text("Only {kind}s", "只看{kind}")
MENU_ENGLISH = Text("Only in English", "只看英文")
MENU_CHINESE = Text("Only in Chinese", "只看中文")
MENU_GOOD = Text("👍 Helpful", "👍 有用")
MENU_BAD = Text("👎 Not helpful", "👎 没用")
MENU_REMOVE = Text("Remove this answer", "移除这条回答")
MENU_TOPICS = Text("Topics", "主题")
MENU_TITLE = Text("More", "更多")
SHARE = Text("Share with everyone", "分享给所有人")
DONE = Text("Done; it stands in the conversation.", "好了，请看对话。")
CLOSE = Text("Close", "关闭")
HOW_TO = Text("How to use it", "使用方法")
MENTION_ME = Text(
    "Mention me in a channel, or write to me here.", "在频道里点我的名，或在这里直接写给我。"
)
ASK_ME = Text("Ask the catalog", "问目录")
MENU_BACK = Text("‹ Back", "‹ 返回")
LATE = Text(
    "This comes {minutes} minutes late: the bot was away.",
    "迟了 {minutes} 分钟：机器人刚才不在线。",
)
TOO_LATE = Text(
    "The bot was away for long, and {count} question(s) from here went unanswered.",
    "机器人离开了很久，这里有 {count} 个问题没有回答。",
)
ASK_AGAIN = Text("Ask again", "再问一次")
TOO_FAST = Text(
    "That is a lot of questions in a minute; please go on in a little while.",
    "一分钟内的问题太多了，请稍后再问。",
)

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
    "1-5 an entry in full · /more · /topics · /zh /en · /help",
    "1-5 看详情 · /more 更多 · /topics 主题 · /zh /en 语言 · /help 帮助",
)
AND_QUIT = Text(" · /quit", " · /quit 退出")
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
    Text(
        "/papers /books /courses /talks /articles …   only those (论文, 书, 课程, 演讲, 文章)",
        "/论文 /书 /课程 /演讲 /文章 …   只看这一类（papers, books …）",
    ),
    Text("/similar 2   entries like the second (类似)", "/similar 2   与第二条相似的（类似）"),
    Text("/topics  what the catalog holds (主题)", "/topics  目录里有什么（主题）"),
    Text(
        "/paper (本周论文) · /subscribe  the paper of the week, every week (订阅)",
        "/本周论文 · /订阅  每周推送（paper, subscribe）",
    ),
    Text("/zh /en  the language of answers (中文, 英文)", "/zh /en  回答的语言（中文、英文）"),
    Text(
        "/settings (设置) · /privacy  what is kept (隐私) · /forget  delete it (忘记我)",
        "/settings  设置 · /privacy  保存了什么（隐私） · /forget  删除记录（忘记我）",
    ),
)
HELP_QUIT = Text("/quit    leave (退出)", "/quit    离开（退出）")
TOPICS_SECTIONS = Text("Sections: ", "分类：")
TOPICS_COMPANIES = Text("Companies: ", "公司：")
TOPICS_WORDS = Text("Much spoken of: ", "常见主题：")

ABOUT_BOT = Text(
    "Ask about ML infrastructure: distributed training, parameter servers, serving, platforms."
    " Answers come from a curated catalog of {works} works, {first}–{last}, in English and Chinese,"
    " each with its links. Paste a link to see whether it is in the catalog.",
    "询问机器学习基础设施：分布式训练、参数服务器、模型服务、平台等。回答来自一份人工整理的目录"
    "（{works} 种作品，{first}–{last} 年），中英文皆可，并附链接。"
    "发来一个链接，可查它是否在目录里。",
)
ABOUT_BOT_SHORT = Text(
    "Answers on ML infrastructure from a curated catalog, in English and Chinese.",
    "用人工整理的目录回答机器学习基础设施的问题，中英文皆可。",
)
OPEN_CHAT = Text("Open a chat with the bot", "打开与机器人的对话")
NOTHING_INLINE = Text("Nothing found; ask in a chat", "没有找到；到对话里问")
PRIVATE_BOT = Text(
    "This bot serves a closed circle, and this chat is not in it.",
    "这个机器人只为特定成员服务，此处不在其列。",
)
CLOSED_TOPIC = Text(
    "Asked in a topic that is closed to the bot", "提问所在的话题已关闭，机器人不能在那里发言"
)
REMOVED = Text("(removed)", "（已移除）")


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
