"""Questions, and the moves after them: a further page, one entry, another language. Pure."""

from __future__ import annotations

from bot import answering, notices, phrases, speaking
from bot.answering import told
from bot.command import Command, said
from bot.model import Answer, Conversation, Manner, Notice, Press, Question
from bot.outcome import Context, Outcome, Setting
from bot.phrases import say, tell
from corpus.language import Script
from corpus.model import Language
from corpus.record import replace
from retrieval import followup
from retrieval.model import Confidence, Result
from retrieval.model import Conversation as Before
from retrieval.retriever import Retriever

Said = Question | Press


def ask(event: Said, text: str, context: Context, retriever: Retriever) -> Outcome:
    """A question searched, in the conversation that it goes on from."""
    before = context.conversation
    result = retriever.search(text, _before(before), answering.LIMIT)
    # A command stands for words of the grammar; the language is that of what was typed. A button
    # goes on in that of what it stands under: "only in English" is about works.
    if isinstance(event, Press) and before is not None:
        script = speaking.script("", event.spoken, context)
    else:
        script = speaking.script_of(words(event) or text, event, context)
    match result.intent:
        case "more":
            return _page(result, before, script, retriever, "send")
        case "open" if result.hits:
            return _detail(result.hits[0].entry.id, script, before, retriever, "send")
        case "open" | "similar" if not result.hits:
            phrase = phrases.NOT_SO_MANY if before else phrases.ASK_FIRST
            return Outcome(notices.one(phrase, script), conversation=before)
    reply = answering.remembered(result, script, retriever)
    reply = replace(reply, late=context.late) if context.late else reply
    kept = before if result.intent == "noise" else _conversation(result, reply, event.asker)
    return Outcome(reply, conversation=kept)


def move(command: Command, event: Said, context: Context, retriever: Retriever) -> Outcome:
    """A command that asks, or that moves in the answer that was shown."""
    pressed = isinstance(event, Press)
    context = _recalled(event, context, retriever)
    before = context.conversation
    script = _script(event, context)
    alone: Manner = "private" if pressed and event.channel.shared else "send"
    match command.verb:
        case "try":
            text = tell(phrases.SAMPLES[min(max(command.number, 1), 3) - 1], script)
            return ask(event, text, replace(context, conversation=None), retriever)
        case "ask":
            return ask(event, command.text, context, retriever)
        case "zh" | "en":
            return _switched(command.verb, command.text, event, context, retriever)
        case "open" if command.text:
            return _detail(command.text, script, before, retriever, alone)
        case _ if before is None:
            return _nothing_to_move_in(command, script, pressed)
        case "open":
            if not 0 < command.number <= len(before.shown):
                return Outcome(_no_entry(command, script), conversation=before)
            return _detail(before.shown[command.number - 1], script, before, retriever, alone)
        case "similar":
            return _similar(command, event, before, script, retriever)
        case "more":
            result = retriever.search("more", _before(before), answering.LIMIT)
            return _page(result, before, script, retriever, "edit" if pressed else "send")
        case _:
            return ask(event, f"only kind:{command.text}", context, retriever)


def confidence(text: str, before: Conversation | None, retriever: Retriever) -> Confidence:
    """How sure the answer to a line would be that goes on from a conversation."""
    return retriever.search(text, _before(before), answering.LIMIT).confidence


def move_of(text: str, before: Conversation | None, retriever: Retriever) -> followup.Move:
    """What a line is to a conversation, or to none: new, one more page, noise …"""
    return followup.step(text, retriever.parse(text), before is not None).move


def words(event: Said) -> str:
    """What somebody typed: a button has words of ours."""
    return "" if isinstance(event, Press) else event.text


def _script(event: Said, context: Context) -> Script:
    """The script to go on in: the one asked for, else that of what is gone on from."""
    typed = "" if context.conversation else words(event)
    script = speaking.script(typed, event.spoken, context)
    asked = event.language if isinstance(event, Question) else None
    return speaking.chosen(asked, script) if asked else script


def _nothing_to_move_in(command: Command, script: Script, pressed: bool) -> Outcome:
    if pressed:
        return Outcome(notices.one(phrases.TOO_OLD, script), "private")
    if command.verb == "open":
        return Outcome(_no_entry(command, script))
    return Outcome(notices.one(phrases.ASK_FIRST, script))


def _no_entry(command: Command, script: Script) -> Notice:
    return Notice((say(phrases.NO_ENTRY, script, number=command.number),), script=script)


def _page(
    result: Result,
    before: Conversation | None,
    script: Script,
    retriever: Retriever,
    manner: Manner,
) -> Outcome:
    """The further hits, their numbers going on."""
    if before is None:
        return Outcome(notices.one(phrases.ASK_FIRST, script))
    further = replace(result, confidence="sure")  # that was said of the first page
    reply = told(further, script, retriever, first=len(before.shown) + 1)
    if not reply.found:
        alone: Manner = "private" if manner == "edit" else "send"
        return Outcome(notices.one(phrases.NO_MORE, script), alone, before)
    ids = tuple(found.hit.entry.id for found in reply.found)
    shown, seen = before.shown + ids, before.seen + ids
    after = replace(before, shown=shown, seen=seen, script=script, first=reply.first, opened="")
    return Outcome(reply, manner, after)


def _detail(
    entry: str, script: Script, before: Conversation | None, retriever: Retriever, manner: Manner
) -> Outcome:
    """An entry in full, by its id."""
    known = next((one for one in retriever.entries if one.id == entry), None)
    if known is None:
        return Outcome(notices.one(phrases.GONE, script), manner, before)
    if before is not None and manner == "send":  # what one alone sees moves nothing for others
        before = replace(before, opened=entry)
    return Outcome(answering.detail(known, script), manner, before)


def _similar(
    command: Command, event: Said, before: Conversation, script: Script, retriever: Retriever
) -> Outcome:
    """The entries most like one of those shown, by its number or its id; else like the first."""
    wanted = before.shown[command.number - 1 : command.number] if command.number else ()
    if any(entry.id == command.text for entry in retriever.entries):
        wanted = (command.text,)
    if not wanted:
        return Outcome(notices.one(phrases.NOT_SO_MANY, script), conversation=before)
    like = Before(before.questions, wanted, before.seen)
    result = retriever.search("similar to 1", like, answering.LIMIT)
    reply = told(result, script, retriever)
    return Outcome(reply, conversation=_conversation(result, reply, event.asker))


def _switched(
    language: Language, text: str, event: Said, context: Context, retriever: Retriever
) -> Outcome:
    """What stands behind it asked in another language, else the last answer told in it. Typed, the
    choice stays.
    """
    before, pressed = context.conversation, isinstance(event, Press)
    stays = () if pressed else (Setting(event.asker, "language", language),)
    if isinstance(event, Question) and _asks(text, before, retriever):
        outcome = ask(replace(event, language=language), text, context, retriever)
        return replace(outcome, settings=stays)
    if pressed and (before is None or not before.questions):  # it would set nothing
        script = speaking.script("", event.spoken, context)
        return Outcome(notices.one(phrases.TOO_OLD, script), "private")
    if before is None or not before.questions:
        phrase = phrases.ENGLISH_NOW if language == "en" else phrases.CHINESE_NOW
        notice = notices.one(phrase, "en" if language == "en" else "zh-Hans")
        return Outcome(notice, settings=stays)
    ids = before.shown[before.first - 1 :]
    result = retriever.retold(before.questions, ids)
    script = answering.script_of(result.query, language)
    reply = told(result, script, retriever, len(ids), before.first)
    manner: Manner = "send"
    if pressed:
        manner = "private" if event.channel.shared else "edit"
    return Outcome(reply, manner, replace(before, script=script), settings=stays)


def _asks(text: str, before: Conversation | None, retriever: Retriever) -> bool:
    """Whether words ask something: "please" does not."""
    return bool(text) and move_of(text, before, retriever) != "noise"


def _recalled(event: Said, context: Context, retriever: Retriever) -> Context:
    """The context of a button whose conversation is not kept: its question asked once more."""
    if context.conversation or not isinstance(event, Press) or not event.question:
        return context
    before = ask(event, said(event.question), context, retriever).conversation
    if before is not None and event.shown:
        before = replace(before, script=event.shown)
    return replace(context, conversation=before)


def _before(conversation: Conversation | None) -> Before | None:
    if conversation is None:
        return None
    told = conversation
    return Before(told.questions, told.shown, told.seen, told.opened)


def _conversation(result: Result, reply: Answer, asker: str) -> Conversation:
    after = result.conversation(len(reply.found))
    return Conversation(after.questions, after.shown, reply.script, asker, after.seen)
