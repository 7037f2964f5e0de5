"""The lines and words that move a conversation on, turn it, or end it. Patterns, and nothing else.

A line of one of these is heard whole, by `fullmatch`; a cue may stand in any line, for `search`.
"""

from __future__ import annotations

import re

from corpus.pattern import Rare, pattern
from retrieval import numerals

LAST = -1  # of the list, whichever number that is
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_CARDINALS = numerals.ENGLISH[: len(_ORDINALS)]
NUMBER = {
    **{word: at for at, word in enumerate(_ORDINALS, 1)},
    **{word: at for at, word in enumerate(_CARDINALS, 1)},
    **{letter: at for at, letter in enumerate("一二三四五六七八九十", 1)},
    **dict.fromkeys(("last", "最后", "最後"), LAST),
}


def _either(*choices: str) -> str:
    return "(?:" + "|".join(choices) + ")"


def _pattern(*choices: str) -> re.Pattern[str]:
    return pattern(_either(*choices), re.IGNORECASE)


def _whole(needs: str, *choices: str) -> Rare:
    """What a whole line is, for lines that hold one of some words."""
    return Rare(needs.split("|"), _either(*choices) + _ENDING, re.IGNORECASE)


_ENDING = r"[\s.?!。？！~～]*"
_NTH = _either(
    r"(?:the |no\.? ?|number |#)?(" + "|".join(_ORDINALS) + r"|last|10|[1-9])"
    r"(?:st|nd|rd|th)?(?: one| result| hit)?",
    r"number (" + "|".join(_CARDINALS) + ")",
    r"第?\s*(10|[1-9]|[一二三四五六七八九十])\s*(?:个|篇|条|項|项|個|篇文章|本)?",
    r"(最后|最後)一?(?:个|篇|条|項|项|個|本)",
)
MORE = _whole(
    "more|other|next|else|going|go on|还有|還有|更多|再|下一|继续|繼續|其他|别的|换|換",
    r"(?:show |give |what |any(?:thing)? )?(?:me )?(?:some )?(?:more|others?|next(?: page)?|else)"
    r"(?: results?| please)?",
    r"还有(?:吗|没有?|别的吗?|其他的?吗?)?|還有嗎?|更多|再来(?:几个|几篇|一些|点)?|下一页",
    r"繼續|继续|其他的呢?|别的呢?|再?[换換](?:一批|几个|几篇|幾個|幾篇)",
    r"(?:还有)?(?:其他|其它|别的)(?:公司|机构|人|家|大学)的?(?:呢|吗|有吗|也有吗)?",
    r"tell me more|keep going|go on",
)
OPEN = _whole(
    "|".join((*_ORDINALS, *"123456789一二三四五六七八九十", "last", "number", "最后", "最後")),
    _either(
        r"(?:open|show|give)(?: me)?",
        r"details?(?: of| on)?",
        r"tell me (?:more )?about",
        r"who (?:wrote|made|is behind)|when was|what is",
        r"(?:and )?(?:what|how) about|and",
    )
    + r"?\s*(?:打开|开启|看看?|看一下|(?:详细|具体)?(?:说说|讲讲)|详细|展开"
    + rf"|(?:介绍|总结)(?:一下)?)?\s*{_NTH}"
    + r"(?:\s*(?:please|published|about|吧|呢|详情|[讲说][了的]?(?:什么|啥)|是什么|的?作者(?:是谁)?"
    + r"|是?[谁誰](?:写|寫|做|发|發)的|什么时候(?:发|写|出)的))?",
)
SIMILAR = _whole(
    "similar|like|类似|類似|相似|差不多|像",
    r"(?:something |anything |papers? )?(?:more )?(?:similar|like)(?: to| this| that| it)?\s*"
    rf"{_NTH}?",
    r"(?:any |the |more |other |some )*similar (?:ones?|works?)(?: please)?",
    rf"(?:和|跟|与)?\s*{_NTH}\s*(?:类似|相似|差不多)的?(?:还?有吗|呢)?",
    rf"(?:有没有)?(?:类似|相似|像)于?\s*{_NTH}\s*(?:那样|一样)?的?(?:还?有吗|呢|吗)?",
    r"(?:还|還)?(?:有没有|有沒有|有)?(?:(?:和|跟|与|與|同)?(?:(?:这|這|那)[个個篇本]?|它))?"
    r"(?:类似|類似|相似|差不多)的(?:论文|論文|文章)?"
    r"(?:(?:还|還)?有(?:别的|別的)?(?:吗|嗎|没有|沒有)|呢|吗|嗎)?",
)
ABOUT = _whole(
    "who|when|year|company|lab|university|哪|detail|link|about|say|summar|tl;dr|tldr|pdf"
    "|谁|誰|作者|时候|時候|何时|何時|哪一年|哪年|详情|链接|連結|讲|講|说|說|介绍|介紹|概括|总结|總結|内容|內容",
    r"(?:and )?who (?:wrote|made|did|built|is behind)(?: it| this| that)?",
    r"who(?:['’]?s| is| are) the authors?|(?:from )?(?:what|which) (?:company|lab|university)"
    r"(?: (?:is|was) (?:it|this|that)(?: from| by)?)?",
    r"(?:and )?when (?:was it|did it come) (?:published|out)|details?",
    r"(?:from )?(?:what|which) year(?: (?:is|was) (?:it|this|that)(?: from| published)?)?",
    r"(?:the )?(?:link|pdf)(?: please| pls)?",
    r"(?:and )?what(?: is|['’]?s) (?:it|this|that)(?: one)? about|what does (?:it|this|that) say",
    r"tell me (?:more )?about (?:it|this|that)(?: one)?|(?:a |the )?summary|tl;?dr",
    r"(?:can you |could you |please )?summari[sz]e (?:it|this|that)(?: one)?(?: please)?",
    r"(?:这|這|那|它)?[篇个個本]?(?:论文|論文|文章|书|書)?(?:主要)?[讲講说說](?:了|的是)?(?:些)?(?:什么|什麼|啥)(?:内容|內容)?",
    r"是?哪(?:家|个|間|间)?(?:公司|机构|单位|团队|大学)(?:做|写|发|出)?的(?:呀|啊)?",
    r"(?:里面|裡面)?都?(?:有|[讲講])了?(?:哪些|什么|什麼|啥)[内內]容",
    r"(?:具体|具體|详细|詳細)(?:说说|說說|讲讲|講講)|(?:介绍|介紹|概括|总结|總結)一下(?:(?:这|這)篇)?",
    r"(?:它|[这這那][篇个個本]?)?的?"
    r"(?:是?[谁誰](?:写|寫|做|发|發)的|作者是?[谁誰]"
    r"|是?(?:什么时候|什麼時候|何时|何時)(?:[发發写寫出]|[发發]表|[发發]布|出版)的"
    r"|是?哪一?年(?:的|[发發写寫出]的|[发發]表的|出版的)?|详情|链接|連結)呢?",
)
_PRAISE = _either(
    r"ok(?:ay)?|cool|great|nice|good|perfect|awesome|excellent|brilliant|lovely|fine|alright",
    r"thanks?|thank (?:you|u)|thx|ty|cheers|(?:so|very) much|a (?:lot|bunch|ton)|appreciate it",
    r"got it|i see|understood|sounds? good|makes sense|very helpful|(?:this|that) helps",
    r"that(?:['’]?s| is) (?:all|it|enough|great|good|fine)(?: for now)?|answer|one|job|then|again",
    r"never ?mind|nvm|forget it|(?:good ?)?bye|see (?:you|ya)(?: later)?|cya|lol|haha+",
)
# One 哈 at a time, for ENDS repeats them: a row of a row took twice as long with each letter.
_PRAISE_ZH = _either(
    "好[的了吧]?|行[了吧]?|可以了?|够了|夠了|拜拜|再见|再見|先这样吧?|先這樣吧?|明白了?|知道了|懂了|收到",
    "[没沒]事了?|不用了|不需要了|算了|了解了?|牛逼?|厉害了?|厲害|太?棒了?|完美|赞|讚|哈|嗯|哦",
    "多?[谢謝][啦了囉啰]?|大佬|您?辛苦了?|太好[了啦]|(?:十分|非常|很)?感[谢謝]|不[错錯]",
    "(?:很|非常|太)?有(?:用|帮助|幫助)了?",
)
# Nothing is asked: thanks, praise, and goodbye.
ENDS = pattern(
    rf"\W*(?:{_PRAISE}(?:\W+|$))+|\W*(?:{_PRAISE_ZH}\W*)+",
    re.IGNORECASE,
)
# What stands around a line for politeness: "ok, the second one please", 嗯，第二个，谢谢.
_AGREED = _either(
    r"ok(?:ay)?|thanks?(?: you)?(?: so much| a lot)?|thx|ty|please|pls|plz|h+m+|well|alright|sure",
    r"cool|great|nice|perfect|awesome|good|excellent|got it|i see|right|yes|yeah|yep|hi|hey|hello",
)
_AGREED_ZH = _either(
    "嗯+|[哦噢喔]+|好[的吧呀啊]?|行吧?|可以|明白了?|懂了?|收到|不错|很好|太好了|太棒了|对了?|是的",
    "(?:多谢|谢谢|感谢|谢)[你您啦了]?|请问|你好|您好|麻烦了?|大佬",
)
BEFORE = pattern(
    rf"\W*(?:{_AGREED}\W*[,.!;:?~…—-]\W*|(?:ok(?:ay)?|thanks|thx|please|pls|h+m+)\s+(?!for\b|to\b)"
    rf"|{_AGREED_ZH}[\s,，。.!！、~～…]+|请(?!问)|麻烦你?|帮我|给我)+",
    re.IGNORECASE,
)
BEHIND = Rare(
    "please|pls|plz|thank|thx|ty|cheers|谢|拜托|辛苦".split("|"),
    r"[\s,，。.;；!！、~～]*(?:\b(?:please|pls|plz|thanks?(?: you)?|thx|ty|cheers)\b"
    r"(?: so much| a lot| in advance| again)?"
    r"|(?:多谢|谢谢?|感谢|拜托|辛苦)[你您啦了大佬家位各]*)[^\w?？]*\Z",
    re.IGNORECASE,
)
ANEW = pattern(
    r"^\W*"
    + _either(
        "换个话题|换一个|另外想?[问問]|另外|對了|对了|顺便问",
        "by the way|btw|new (?:question|topic)|another question|different topic",
        "changing topic|unrelated",
    ),
    re.IGNORECASE,
)
_NEWER_WORDS = _either(
    r"\b(?:newer|more recent|later ones?)\b",
    "更新的|更新一?[点些]|新一点|新一些|新点的|較新|更近|晚一点的?|再晚些?",
)
_OLDER_WORDS = _either(
    r"\b(?:older|earlier)(?: ones?)?\b", "更早|早一点|老一点|旧一点|較早|再早|早几年|早幾年|早一年"
)
NEWER, OLDER = _pattern(_NEWER_WORDS), _pattern(_OLDER_WORDS)
COMPARED = _whole(
    "newer|recent|later|older|earlier|更|新|早|老|旧|較",
    rf"(?:(?:any(?:thing)?|something|and) )?(?:{_NEWER_WORDS}|{_OLDER_WORDS})(?: ones?| please)?",
    rf"(?:有没有|有沒有|有|再)?(?:{_NEWER_WORDS}|{_OLDER_WORDS})的?[呢吗嗎]?",
)
ONLY = _pattern(r"\b(?:only|just)\b", "只[要看想]|就[要看]|仅")
# Another than the first: "something more theoretical", 有没有更通俗的.
_RATHER = r"(?:more|less) (?!(?:papers|articles|books|talks|please|results|recent)\b)[a-z-]+\W*$"
RATHER = _pattern(rf"\b{_RATHER}", r"更(?![新早多近晚])\w{1,4}?一?[些点]?的[吗呢]?\W*$")
ELSE = _pattern(
    rf"\b(?:else|other|others|another)\b|\b(?!{_RATHER})more\b",
    "还有|别的|其他|其它|另外的|還有|別的",
)
SAME_AUTHOR = _pattern(
    r"\b(?:by|from) (?:the )?same (?:authors?|people|person|team|group)\b",
    "同(?:一个)?作者|(?:同一个?|这个|這個)(?:作者|团队|人)|作者还|他还写|作者還"
    "|[他她](?:们|們)?(?:还|還)有",
)
REFERS = _pattern(
    r"\b(?:about|on|of|for|covering|explaining) (?:it|this|that|these|those|them|the same)\b",
    r"\bon the (?:same )?(?:subject|topic)\b",
    "(?:关于|關於|有关|有關|讲|講|介绍|介紹|说|說)(?:这|這|那|它)|相关的|相關的|(?:这|這|那)(?:个|個|方面)",
)
CUES = _pattern(
    r"^\W*(?:what about|how about|and|or|only|just|but|which (?:one|of)"
    r"|do they|does it|did (?:they|it)|are (?:they|there)|in (?:chinese|english)|for|with|by"
    r"|from)\b",
    r"^\W*(?:那|只(?:要|看)|就(?:要|看)|哪[个篇本些一]|它|他们|她|这[个篇]|這|其中|里面|換成|换[成个])",
    r"\b(?:it|its|this|those|these|them|(?:the [\w-]+ )?ones?)\b",
    r"^\W*that\b|\bthat(?: one)?\W*$"
    r"|\b(?:like|on|about|of|for|to|with|from|is|was|does|did|than) that\b",  # no clause follows
    rf"(?:的?呢|那[篇个本块塊]呢?|的那[篇个本種种]){_ENDING}$",
)
# A question that stands alone has these too: it goes on only where it has no subject of its own.
LOOSE_CUES = _pattern(
    r"^\W*(?:any|anything|is there an?)\b",
    r"^\W*(?:an? |something |anything )?(?:more|less|simpler|shorter|longer|easier|deeper)"
    r"(?: \w|\W*$)",
    r"^\W*(?:有|中文|英文|论文|書|书)",
    rf"有(?:[吗嗎么]|没有|沒有){_ENDING}$",
)
