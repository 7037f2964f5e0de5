"""Words for the values of the catalog, in English and Chinese: kinds, roles, forms, states;
and for the names of filters and commands.
"""

from __future__ import annotations

from corpus.model import Text

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
FILTERS = {
    "kind": Text("kind", "类型"),
    "organisation": Text("organisation", "机构"),
    "language": Text("language", "语言"),
    "year": Text("year", "年份"),
    "author": Text("author", "作者"),
    "venue": Text("venue", "发表处"),
}
MENU_COMMANDS = {  # what the menu of a chat says of each command
    "ask": Text("ask: /ask parameter servers", "提问：/ask 参数服务器"),
    "more": Text("further results", "更多结果"),
    "topics": Text("what the catalog holds", "目录里有什么"),
    "paper": Text("the paper of the week", "本周论文"),
    "subscribe": Text("the paper of the week, every week", "每周推送本周论文"),
    "subscriptions": Text("what comes here, and when", "这里的订阅"),
    "zh": Text("answers in Chinese", "用中文回答"),
    "en": Text("answers in English", "用英文回答"),
    "settings": Text("language and other settings", "语言等设置"),
    "privacy": Text("what is kept of you", "保存了什么"),
    "forget": Text("delete what is kept of you", "删除与您有关的记录"),
    "help": Text("what one can say", "使用说明"),
}
