"""What the bot does with a line of a chat: a command is obeyed, anything else is answered. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot import answering, command, phrases
from bot.answering import told
from bot.command import Command
from bot.model import Answer, Detail, Notice
from bot.phrases import say, tell
from corpus.language import Script
from corpus.model import Entry, Language
from corpus.record import record, replace
from retrieval.model import Result
from retrieval.retriever import Retriever

Reply = Answer | Detail | Notice

TOPICS = 12  # keywords that /topics names


@record
class Talk:
    """What a chat is about so far."""

    script: Script = "en"  # of the last answer
    language: Language | None = None  # chosen with /zh or /en
    result: Result | None = None  # of the last question that searched
    shown: int = 0  # its hits that were shown
    over: bool = False


def handle(line: str, talk: Talk, retriever: Retriever) -> tuple[Reply | None, Talk]:
    """The reply to a line, and what the chat is about from then on."""
    asked = command.parse(line)
    if asked is not None:
        return _obey(asked, talk, retriever)
    if not line.strip():
        return None, talk
    before = talk.result.conversation(talk.shown) if talk.result else None
    result = retriever.search(line, before, answering.LIMIT)
    script = answering.script_of(result.query, talk.language)
    match result.intent:
        case "more":
            return _more(replace(talk, script=script), retriever)
        case "open":
            return _shown(result, script), talk
        case "similar" if not result.hits:
            return Notice((tell(phrases.ASK_FIRST, script),)), talk
        case "noise":  # nothing to search for: what the chat was about stays
            return told(result, script, retriever), talk
        case _:
            reply = told(result, script, retriever)
            return reply, replace(talk, script=script, result=result, shown=len(reply.found))


def _shown(result: Result, script: Script) -> Reply:
    """The entry that a follow-up picked out of the list."""
    if not result.hits:
        return Notice((tell(phrases.NOT_SO_MANY, script),))
    return answering.detail(result.hits[0].entry, script)


def greeting(entries: Sequence[Entry], script: Script) -> Notice:
    """The first lines of a chat: what there is, three questions to try, and the commands."""
    held = answering.coverage(entries)
    samples = [tell(sample, script) for sample in phrases.SAMPLES]
    indent = " " * len(tell(phrases.TRY, "en"))
    return Notice(
        (
            say(phrases.GREETING, script, works=held.works, first=held.first, last=held.last),
            tell(phrases.TRY, script) + samples[0],
            *(indent + sample for sample in samples[1:]),
            tell(phrases.COMMANDS, script),
        )
    )


def _obey(asked: Command, talk: Talk, retriever: Retriever) -> tuple[Reply | None, Talk]:
    script = talk.script
    match asked.verb:
        case "quit":
            return None, replace(talk, over=True)
        case "help":
            return Notice(tuple(tell(line, script) for line in phrases.HELP)), talk
        case "topics":
            return _topics(retriever.entries, script), talk
        case "open":
            return _opened(asked.number, talk), talk
        case "more":
            return _more(talk, retriever)
        case "zh" | "en":
            return _switched(asked.verb, talk, retriever)
        case "unknown":
            unknown = say(phrases.UNKNOWN_COMMAND, script, word=asked.word)
            return Notice((unknown, tell(phrases.COMMANDS, script))), talk


def _opened(number: int, talk: Talk) -> Reply:
    hits = talk.result.hits if talk.result else ()
    if number > len(hits):
        return Notice((say(phrases.NO_ENTRY, talk.script, number=number),))
    return answering.detail(hits[number - 1].entry, talk.script)


def _more(talk: Talk, retriever: Retriever) -> tuple[Reply, Talk]:
    if talk.result is None:
        return Notice((tell(phrases.ASK_FIRST, talk.script),)), talk
    reply = told(talk.result, talk.script, retriever, after=talk.shown)
    if not reply.found:
        return Notice((tell(phrases.NO_MORE, talk.script),)), talk
    return reply, replace(talk, shown=talk.shown + len(reply.found))


def _switched(language: Language, talk: Talk, retriever: Retriever) -> tuple[Reply, Talk]:
    if talk.result is None:
        script: Script = "en" if language == "en" else "zh-Hans"
        said = phrases.ENGLISH_NOW if language == "en" else phrases.CHINESE_NOW
        return Notice((tell(said, script),)), replace(talk, language=language, script=script)
    script = answering.script_of(talk.result.query, language)
    reply = told(talk.result, script, retriever)
    return reply, replace(talk, language=language, script=script, shown=len(reply.found))


def _topics(entries: Sequence[Entry], script: Script) -> Notice:
    between = tell(phrases.BETWEEN, "en")
    places = [listing.section for entry in entries for listing in entry.listings]
    sections = Counter(section[0] for section in places)
    companies = Counter(section[1] for section in places if len(section) > 1)
    words = Counter(
        tell(word, script) for entry in entries for word in dict.fromkeys(entry.keywords)
    )
    return Notice(
        (
            tell(phrases.TOPICS_SECTIONS, script) + _counted(sections),
            tell(phrases.TOPICS_COMPANIES, script) + _counted(companies),
            tell(phrases.TOPICS_WORDS, script)
            + between.join(word for word, _ in words.most_common(TOPICS)),
        )
    )


def _counted(names: Counter[str]) -> str:
    return tell(phrases.BETWEEN, "en").join(
        f"{name} {count}" for name, count in names.most_common()
    )
