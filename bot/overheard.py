"""What is said where the bot listens, not to it: whether it is for the bot all the same. Pure.

People talk to each other there. So what is about themselves, about today or about a machine of
theirs is left alone, though it is put as a question and the catalog has its words.
"""

from __future__ import annotations

import re

from bot import moves
from bot.command import Command
from bot.model import Conversation, Question
from bot.outcome import Context
from corpus.pattern import pattern
from retrieval.retriever import Retriever

# What puts a line as a question.
_ASKS = pattern(
    r"[?？]"
    r"|^\W*(?:how|what|which|where|when|who|why|is|are|was|were|does|do|did|can|could|should|any"
    r"|anything|show|find|give|looking for)\b"
    r"|[吗嗎呢么麼]\W*$|什么|什麼|怎么|怎麼|怎样|怎樣|哪|如何|有没有|有沒有|多少|请问|請問|是否",
    re.IGNORECASE,
)
# What people tell each other: of themselves, of now, and what they think of an answer.
_TELLS = pattern(
    r"\b(?:i|we|i['’](?:m|ll|ve|d)|we['’](?:re|ll|ve)|my|our|let me|let['’]s|already)\b"
    r"|^\W*(?:interesting|same here|agreed|amazing|exactly|brilliant|neat|true|wow|haha|hmm+)\W*$"
    r"|\b(?:today|tonight|tomorrow|yesterday)\b|\bnow\W*$"
    r"|\b(?:is|are|was|were|looks?|seems?|sounds?)\s+(?:(?:so|very|really|pretty|all)\s+)?"
    r"(?:great|good|nice|fine|cool|helpful|useful|awesome|interesting|better|worse|down|up|back"
    r"|broken|done|ok)\b"
    r"|\bgot (?:better|worse)\b"
    r"|^\W*(?:good|great|nice|awesome) (?:talk|paper|read|book|find|one)\W*$"
    r"|我|咱|今天|昨天|明天|刚才|刚刚|剛才|剛剛|不错|不錯|很好|好用|有用|没用|沒用|厉害|厲害|有意思|哈哈|[了啦]\W*$",
    re.IGNORECASE,
)
_WANTS = pattern(
    r"\b(?:want|need|look(?:ing)? for|search(?:ing)? for|interested in)\b|[想要求找]", re.IGNORECASE
)
# Turns that anybody is asked by, a catalog too: taken out before whose matter it is is looked at.
_TO_ANYONE = pattern(
    r"\b(?:do|can|could|would|will|have) (?:you|we) (?:guys )?(?:please )?"
    r"(?:have|got|know|find|show|recommend|suggest|list|tell|give|get|explain|see)\b"
    r"|\b(?:find|show|recommend|suggest|tell|give|teach|get|for) (?:me|us)\b"
    r"|\bwe (?:need|want|would like|look|are looking|should read|can read)\b"
    r"|\b(?:has|have|did|does) any(?:one|body)(?: else)? (?:\w+ )?"
    r"(?:written|published|built|done|tried|studied|described|compared|measured|write|publish"
    r"|build|study|describe|compare|measure|else)\b"
    r"|你(?:能|可以|会|這裡|这里)*(?:推荐|推薦|找|查|介绍|介紹|解释|解釋|收)|你?[们們]?(?:有没有|有沒有|知道)"
    r"|[帮幫給给][我们們]*(?:找|查|推荐|推薦|看看有)"
    r"|我[们們]?(?:想|要|需要|该|該|应该|應該)(?:看|找|读|讀|了解|學|学)",
    re.IGNORECASE,
)
# "How do we …" is asked of the world as often as of those who are there.
_HOW = pattern(
    r"\b(?:how|what|where|why|which \w+) (?:do|does|can|could|should|would|to) (?:i|we)\b"
    r"|我[们們]?(?:该|該|应该|應該|要|能)?(?:怎么|怎麼|怎样|怎樣|如何)",
    re.IGNORECASE,
)
# What asks for works, of whomever.
_WORKS = pattern(
    r"\b(?:any|some|an?|good|more|other|share|got|know of|remember|point)\b(?:\W+[\w'’-]+){0,5}?\W+"
    r"(?:papers?|articles?|books?|write-?ups?|surveys?|lectures?|slides?|decks?|courses?|links?"
    r"|reads?|reading|resources?|literature|talks?|videos?)\b"
    r"|\b(?:(?:any|some)thing|smth|papers?|articles?|books?|write-?ups?|surveys?|literature) "
    r"(?:good )?(?:on|about|of)\b"
    r"|(?:有没有|有沒有|求|推荐|推薦|想看|想找|请教|請教|收).*"
    r"(?:论文|論文|文章|资料|資料|书|書|综述|綜述|视频|影片|课|課|演讲|演講|分享|slides|survey|讲|講)",
    re.IGNORECASE,
)
# What asks how the world is: the form that a catalog's questions have.
_KNOWS = pattern(
    r"\bwhat(?:['’]s| is| are| does| do)\b|\bhow (?:do|does|to|is|are|can|come)\b"
    r"|\bwhy (?:do|does|is|are)\b|\bwho (?:else|wrote|made|built|invented|created|published"
    r"|proposed|introduced|designed|uses)\b"
    r"|\bwhen was\b|\bdifferen(?:t|ce)\b|\bcompared?\b|\bvs\b|\bversus\b|\bexplain\b"
    r"|\bwhat about\b"
    r"|是什么|什么是|是什麼|什麼是|怎么|怎麼|怎样|怎樣|如何|区别|區別|不同|原理|哪些|哪家|哪种|哪種|哪篇",
    re.IGNORECASE,
)
_THEIRS = pattern(
    r"\b(?:we|my|mine|our|ours|yours|me|us|y['’]all)\b"
    r"|\b(?:did|are|were|will|have|had|can|could|would) you\b"
    r"|\byou (?:use|used|using|think|mean|coming|ran|free|around|guys|all)\b"
    r"|\byour (?:\w+ )?(?:team|jobs?|runs?|code|branch|prs?|gpus?|cluster|machines?|experiments?"
    r"|results?|notes|laptop|desk|time|opinion)\b"
    r"|\b(?:any|some)(?:one|body)\b|\b(?:guys|folks|colleagues?)\b|\bthe (?:\w+ )?team\b"
    r"|我|咱|你|她|各位|[谁誰](?:来|來|去|在|有空|能|负责|負責|讲|講)|帮忙|幫忙|麻烦|麻煩|要不|一起(?:去|来|來|吃|看|听|聽)",
    re.IGNORECASE,
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NOW = pattern(
    rf"\b(?:today|tonight|tomorrow|yesterday|{_DAY}s?|eta|asap|o['’]clock)\b"
    r"|\b(?:this|last|next) (?:morning|afternoon|evening|night|week|month|sprint|quarter|run)\b"
    r"|\b(?:last|next) time\b"
    r"|\b(?:now|again|yet|left|so far)\W*$|\b(?:is|['’]s) left\b|\bwhat time\b|\bon call\b"
    r"|[周週](?:一|二|三|四|五|六|日|天|末)|星期|[礼禮]拜|[今明昨后後]天|今晚|昨晚"
    r"|刚才|刚刚|剛才|剛剛|现在|現在|几点|幾點",
    re.IGNORECASE,
)
# A machine, a run or a meeting of theirs, which "the" and how it is tell from those in a text.
_THINGS = pattern(
    r"\b(?:the|that|this) (?:[\w-]+ ){0,3}(?:errors?|bugs?|jobs?|tickets?|prs?|branch|builds?"
    r"|outage|incident|deploy(?:ment)?|review|migration|upgrade|rollout|release|quota|logs?|standup"
    r"|meeting|nodes?|box|pods?|run|cluster|dashboard|repo|wiki|docs?|config|checkpoints?)\b"
    r"|^\W*(?:is|are|was|were|has|have|had|did|will|can|could|should|how (?:was|were)) "
    r"(?:the|this|that|these|those)\b"
    r"|\bwhat (?:happened|is happening|is wrong) |\b(?:the|what['’]s) status of\b"
    r"|\bwhen (?:is|are|will) (?:the|that|this) (?:\w+ )?"
    r"(?:talk|demo|call|release|deadline|session)\b"
    r"|[这這][个個]任[务務]|[还還]剩|跑完|[挂掛]了|又\S{0,4}了|修好|日[志誌]|失[败敗]了"
    r"|(?<![开開]源)(?<!公[开開])(?<![发發][表布])了(?:[吗嗎没沒]|没有|沒有)\W*$"
    r"|什[么麼][时時]候能|上[线線](?:了|没|沒|时间|時間)|放在?哪(?:了|里|裡|儿|兒)|重[启啟]了",
    re.IGNORECASE,
)
_HOW_IT_IS = pattern(
    r"\b(?:down|broken|healthy|ready|done|finish(?:ed)?|stuck|failed|fail|failing|crash(?:ed)?"
    r"|restart(?:ed)?|merged|deployed|converged?|going|alive|online|offline|full|green|red"
    r"|raised)\W*$",
    re.IGNORECASE,
)
_A_CERTAIN = pattern(
    r"\b(?:is|are|was|were|has|have|had|did|does|will|why|when|what)\b.*?"
    r"\b(?:the|that|this|these)\b",
    re.IGNORECASE,
)
_DOINGS = pattern(
    r"\bworking on\b|\b(?:going|coming) to the\b|\bhow did\b.*\bgo\W*$|\bwhich team\b"
    r"|\b(?:any|some) (?:updates?|progress|luck|word)\b"
    r"|\b(?:meetings?|standups?|blockers?|deadlines?|lunch|coffee|holidays?)\b"
    r"|\bwho(?: is|['’]s| are) \w+ing\b|\bwho (?:owns|broke|can|will|wants|needs|knows|reviews?"
    r"|reviewed|merged|deployed|runs?|ran|left|took|touched|changed|killed|restarted|maintains)\b"
    r"|开会|開會|排期|有人(?:在|能|可以|知道谁|看)|是[谁誰](?:跑|改|删|刪|提交|部署|弄)",
    re.IGNORECASE,
)
# What is put as no question and reports, answers or bids. A subject by itself has no verb.
_REPORTS = pattern(
    r"^\W*(?:restart|add|go|merg|deploy|review|check|fix|rerunn|updat|upgrad|remov|kill|push|wait)ing\b"
    r"|^\W*(?:merged|restarted|deployed|fixed|pushed|added|removed|updated|upgraded|killed|closed"
    r"|moved|reverted|finished|done|please|pls|see|cc|ok(?:ay)?|good point|nice|great|thanks?"
    r"|thx|yes|yep|no|nope|sure|fyi|btw|lgtm)\b|^\W*\+1"
    r"|\b(?:done|failed|crashed|attached|merged|deployed|raised|finished|broken|fixed|ready"
    r"|running|passed|stuck|timed out)\W*$"
    r"|^\W*google (?:it|that)\b|\bit is then\b|\bwill (?:read|look|check|try|do)\b"
    r"|(?:完成|失[败敗]|超[时時]|[报報][错錯])\W*$|正在|[请請][帮幫]|已(?:[经經]|合|上|部|修|重|更|完)|先用"
    r"|[试試][试試]|辛苦",
    re.IGNORECASE,
)
_THIS = pattern(r"\bthis\b|[这這][个個]", re.IGNORECASE)
MOST = 400  # characters that are looked at: what is longer is no follow-up
NAMES = 0.6  # of a clue: what says less is a common word, as "interesting" is


def is_small_talk(event: Question, context: Context, retriever: Retriever) -> bool:
    """Whether somebody says no more than thanks in reply to an answer that others see too, or what
    they think of it.
    """
    if not (event.replies_to and event.channel.shared):
        return False
    if moves.move_of(event.text, context.conversation, retriever) == "noise":
        return True
    tells = not _asks(event.text) and _tells(event.text)
    return tells and not _names(event.text, retriever)


def is_meant(
    event: Question, command: Command | None, context: Context, retriever: Retriever
) -> bool:
    """Whether something overheard is for the bot: a clear follow-up in a thread with an answer.

    A new subject is taken from the asker there, and from anyone where every question was opted in,
    but only where there is surely an answer, or the asker asks: what people say to each other is
    not our matter.
    """
    # What begins a thread goes on from nothing in it.
    before = context.conversation if event.thread and not event.begins else None
    if context.place.get("stopped"):
        return False
    if command is not None:
        return before is not None and _is_move(command, event, before)
    everything = context.place.get("answers") == "all"
    if before is None and not everything:
        return False
    move = moves.move_of(event.text, before, retriever)
    if move not in ("new", "refine"):
        return move != "noise" and before is not None
    text = event.text[:MOST]
    asks = _asks(text)
    if _is_affair(text) or (not asks and _reports(text)):
        return False
    theirs = before is not None and event.asker == before.asker
    query = retriever.parse(event.text)
    if move == "refine" and (asks or query.filters) and (theirs or asks or not _tells(text)):
        # A kind or a language in what has words of another field narrows nothing.
        other = query.filters and any(not clue.known for clue in query.subjects)
        return not other or moves.confidence(event.text, before, retriever) != "nothing"
    if move == "new" and not (theirs or everything):
        return False
    if not asks and (_tells(text) or (move == "new" and not _names(event.text, retriever))):
        return False
    confidence = moves.confidence(event.text, before, retriever)
    return confidence == "sure" or (theirs and confidence == "maybe" and _seeks(text))


def _is_move(command: Command, event: Question, before: Conversation) -> bool:
    if command.verb == "remove":
        return event.asker == before.asker
    return command.verb in ("open", "more", "stop")


def _asks(text: str) -> bool:
    """Whether a line is put as a question."""
    return _ASKS.search(text) is not None


def _seeks(text: str) -> bool:
    """Whether a question has the form of one to a catalog, and is not about what they do."""
    return _WORKS.search(text) is not None or (
        _KNOWS.search(text) is not None and _HOW.search(text) is None
    )


def _is_affair(text: str) -> bool:
    """Whether a question is about those who are there, about now, or about something of theirs."""
    rest = _TO_ANYONE.sub(" ", text)
    asked = _HOW.sub(" ", rest)
    if any(sign.search(asked) for sign in (_NOW, _THINGS, _DOINGS)):
        return True
    if _HOW_IT_IS.search(asked) and _A_CERTAIN.search(asked):
        return True
    if _THEIRS.search(asked) and not _WORKS.search(text):
        return True
    return asked != rest and _THIS.search(asked) is not None


def _reports(text: str) -> bool:
    """Whether a line that asks nothing reports, answers or bids, and wants no work."""
    return _REPORTS.search(text) is not None and _WORKS.search(text) is None


def _tells(text: str) -> bool:
    """Whether a line tells something, and wants nothing."""
    return _TELLS.search(text) is not None and _WANTS.search(text) is None


def _names(text: str, retriever: Retriever) -> bool:
    """Whether a line that asks nothing names a subject all the same."""
    query = retriever.parse(text)
    of_field = any(term[0] in "=@" for clue in query.clues for term in clue.terms)
    given = bool(query.addresses or query.filters)
    return given or of_field or any(c.known and c.weight >= NAMES for c in query.clues)
