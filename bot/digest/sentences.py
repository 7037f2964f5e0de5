"""Every sentence about the paper of the week, in English and Chinese, as bot/phrases.py has the
others.
"""

from __future__ import annotations

from corpus.model import Text

HEADING = Text("Paper of the week · {week}", "本周论文 · {week}")
HEADING_OTHER = Text("{kind} of the week · {week}", "本周{kind} · {week}")
TAKE = Text("To take from it", "可以记住的")
RELATED = Text("Related", "相关")
FRESH = Text("New in the catalog this week: {titles}", "本周目录新增：{titles}")
AND_MORE = Text("{titles} and {count} more", "{titles} 等，另有 {count} 种")
QUOTED = Text("“{title}”", "《{title}》")
WHY = Text("Why this one: {reasons}.", "为什么是它：{reasons}。")
PINNED = Text("the curators chose it", "由编辑选定")
FIRST = Text("not had here before", "这里还没有推荐过")
AGAIN = Text(
    "everything else has had its turn since it came in {week}",
    "自 {week} 推荐它以来，其他的都已轮过一遍",
)
NEW = Text("new in the catalog", "目录新增")
BALANCE = Text("its section and language were due", "轮到这个分类和语言")
LAST = Text("the last one not had yet", "最后一种还没推荐过的")
REASONS_BETWEEN = Text("; ", "；")

DETAILS = Text("Details", "详情")
SIMILAR = Text("Similar", "类似的")
SKIP_NEXT = Text("Skip the next", "跳过下一期")
CHANGE = Text("Change or stop", "更改或退订")
WEEKLY = Text("Paper of the week", "本周论文")
SUBSCRIBE = Text("Get it every week", "每周推送")

HAS = Text(
    "Paper of the week{what}: {day} {time} ({zone}), {language}.",
    "本周论文{what}：{day} {time}（{zone}），{language}。",
)
WHAT = Text(" ({what})", "（{what}）")
WHICH_ZONE = Text(
    "Time zone: {zone}? Choose, or say /subscribe and a city or an offset",
    "时区：{zone}？请选择，或输入 /订阅 加城市名或时差",
)
NOT_HEARD = Text(
    "Not understood: {words}. Say for example: /subscribe fri 9:00 Berlin both papers",
    "没看懂：{words}。可以这样说：/订阅 周五 9:00 北京 双语 论文",
)
NOTHING_PASSES = Text(
    "Nothing in the catalog passes these filters yet, so nothing was changed: {filters}.",
    "目录里还没有符合这些条件的内容，所以没有更改：{filters}。",
)
NOT_SUBSCRIBED = Text(
    "There is no subscription here. /subscribe begins one.", "这里还没有订阅。/订阅 即可开始。"
)
UNSUBSCRIBED = Text(
    "Unsubscribed: no paper of the week comes here any more.", "已退订：这里不再推送本周论文。"
)
PAUSED = Text(
    "Paused. /resume (恢复) goes on with the next one.", "已暂停。/恢复（resume）后从下一期继续。"
)
PAUSED_UNTIL = Text(
    "Paused until {end}; then it goes on by itself. The next one comes {next}.",
    "已暂停到 {end}，之后自动恢复。下一期：{next}。",
)
PAUSE_HOW = Text(
    "Until when? I cannot tell a date or a span within a year from “{words}”. Say for example: "
    "/pause until 10-08, /pause two weeks, or /pause alone.",
    "暂停到什么时候？“{words}”看不出是一年以内的哪一天或多久。可以这样说："
    "/暂停 到10月8日、/暂停 两周，或只说 /暂停。",
)
RESUMED = Text("Going on. The next one comes {next}.", "已恢复。下一期：{next}。")
NOT_PAUSED = Text("It is not paused. The next one comes {next}.", "没有暂停。下一期：{next}。")
SKIPPED = Text(
    "The next one ({week}) is left out. After it, the next comes {next}.",
    "已跳过下一期（{week}）。再下一期：{next}。",
)
NO_PAPER = Text("There is no paper for {week} yet.", "{week} 还没有论文。")
HELD = Text("The paper of {week} is being looked at once more.", "{week} 的论文还在复核。")
BACK = Text(
    "The paper of the week goes on here. The next one comes {next}.",
    "本周论文在这里恢复推送。下一期：{next}。",
)
ELSEWHERE = Text("Yours elsewhere: {place}: {state}", "您在别处的订阅：{place}：{state}")
STATE_ACTIVE = Text("The next one comes {next}.", "下一期：{next}。")
STATE_PAUSED = Text("Paused{why}.", "已暂停{why}。")
STATE_UNTIL = Text("Paused until {end}.", "暂停到 {end}。")
WHYS = {
    "left": Text(": the bot is no longer there", "：机器人已不在那里"),
    "refused": Text(": the place refused it several times", "：那里多次拒收"),
    "revoked": Text(": the bot may not write there any more", "：机器人已无权在那里发言"),
    "topic": Text(": the topic is closed", "：该话题已关闭"),
}
IS_SKIPPED = Text("{week} is left out.", "{week} 跳过。")
LAST_ONE = Text("The last one, {week}: {outcome}.", "上一期 {week}：{outcome}。")
NONE_YET = Text("None has come yet.", "还没有推送过。")
OUTCOMES = {
    "sent": Text("sent {at}", "已于 {at} 发出"),
    "due": Text("on its way since {at}{reason}", "自 {at} 起等待发送{reason}"),
    "failed": Text("not delivered{reason}", "没有送达{reason}"),
    "missed": Text("missed, the bot was away too long", "机器人离线太久，错过了"),
    "skipped": Text("left out, as asked", "按要求跳过"),
    "held": Text("held back by the curators", "编辑暂缓发布"),
    "withdrawn": Text("taken back before it was sent", "发送前已撤回"),
    "retracted": Text("sent, and taken back by the curators", "发出后被编辑撤回"),
}
REASON = Text(" ({reason})", "（{reason}）")
STATUS = Text(
    "mlinfra is here: {works} works, catalog {revision}.",
    "mlinfra 在线：{works} 种作品，目录版本 {revision}。",
)
MOVE_IT = Text(
    "This topic of yours is closed: “{topic}”. The paper of the week comes here this once; an "
    "admin moves it by saying /subscribe in another topic.",
    "原来的话题 {topic} 已关闭，这一期发到这里；管理员在别的话题里说 /订阅 即可移过去。",
)
STOPPED = Text(
    "The paper of the week could not be delivered to {place}: {reason}. It rests until the bot is "
    "there again, or somebody there says /resume.",
    "本周论文无法送达 {place}：{reason}。已暂停，等机器人回到那里或有人说 /恢复 后继续。",
)
DAYS = (
    Text("Mondays", "周一"),
    Text("Tuesdays", "周二"),
    Text("Wednesdays", "周三"),
    Text("Thursdays", "周四"),
    Text("Fridays", "周五"),
    Text("Saturdays", "周六"),
    Text("Sundays", "周日"),
)
SHORT_DAYS = (
    Text("Mon", "一"),
    Text("Tue", "二"),
    Text("Wed", "三"),
    Text("Thu", "四"),
    Text("Fri", "五"),
    Text("Sat", "六"),
    Text("Sun", "日"),
)
DAY_NAMES = tuple(Text(short.en, long.zh) for short, long in zip(SHORT_DAYS, DAYS, strict=True))
WHEN = Text("{day} {date} {time}", "{date}（{day}）{time}")
LANGUAGES = {
    "zh": Text("in Chinese", "中文"),
    "en": Text("in English", "英文"),
    "both": Text("in both languages", "中英双语"),
}
BOTH = Text("both", "双语")
ZONES = {
    "Asia/Shanghai": Text("Beijing", "北京"),
    "Asia/Tokyo": Text("Tokyo", "东京"),
    "Asia/Singapore": Text("Singapore", "新加坡"),
    "Europe/London": Text("London", "伦敦"),
    "Europe/Berlin": Text("Berlin", "柏林"),
    "America/New_York": Text("New York", "纽约"),
    "America/Los_Angeles": Text("San Francisco", "旧金山"),
    "UTC": Text("UTC", "UTC"),
}
ROW_DAY = Text("Day", "日子")
ROW_HOUR = Text("Hour", "时间")
ROW_ZONE = Text("Time zone: {zone}", "时区：{zone}")
ROW_LANGUAGE = Text("Language", "语言")
ROW_KIND = Text("What", "类型")
ROW_TOPIC = Text("On", "主题")
ROW_ORGANISATION = Text("By", "机构")
ROW_STATE = Text("This subscription", "此订阅")
ROW_MAY = Text("Who may change the paper of the week here", "谁可以更改此处的本周论文")
ANY = Text("all", "不限")
RESUME = Text("Resume", "恢复")
ACTS = {
    "skip": SKIP_NEXT,
    "pause": Text("Pause", "暂停"),
    "resume": RESUME,
    "unsubscribe": Text("Unsubscribe", "退订"),
}
ADMINS = Text("admins", "管理员")
EVERYONE = Text("everyone", "所有人")

PREVIEW = Text(
    "Due from {at} on, to {places} places ({edition}). Silence means send.",
    "{at} 起推送到 {places} 处（{edition}）。不答复即照发。",
)
ALL_KINDS = Text("no filter", "不筛选")
SEND = Text("Send", "发布")
SWAP = Text("Swap", "换一个")
HOLD = Text("Hold", "暂缓")
SENDING = Text("{week} is sent as it stands.", "{week} 照此发布。")
HELD_FOR_ALL = Text(
    "{week} is held back for every Edition: mlinfra digest publish {week} lets it go.",
    "{week} 的各期都已暂缓：mlinfra digest publish {week} 可放行。",
)
HOLDING = Text("{week} is held back until somebody presses Send.", "{week} 暂缓，按“发布”后继续。")
SWAPPED = Text("{week} has another one now:", "{week} 已换成：")
TOO_LATE = Text(
    "{week} has gone out to {places} places already; it stays as it is.",
    "{week} 已发到 {places} 处，不再更换。",
)
CURATORS_ONLY = Text("Only curators can do that.", "只有编辑可以这样做。")
NO_PLACE = Text(
    "There is no such place, or I may not post there: bring me there first, into a Telegram "
    "channel as an admin.",
    "没有这个地方，或者我不能在那里发言：请先把我加进去；Telegram 频道须设为管理员。",
)
NO_EDITION = Text("That Edition is not there any more.", "这一期已经不在了。")
NO_OTHER = Text("There is no other one for {week}.", "{week} 没有别的可换。")
