"""What the bot does with an event, on every platform alike: an event and its context in, an outcome
out. Pure: what an outcome changes is carried out by the service.
"""

from __future__ import annotations

from bot import moves, notices, overheard, phrases, rights, speaking
from bot.command import DIGEST, Command, parse, said
from bot.digest import sentences, subscribing
from bot.lanes import typed_in
from bot.model import Channel, Edit, Event, Joined, Notice, Press, Question
from bot.outcome import Context, Outcome, Setting
from bot.phrases import say
from bot.rights import Right
from corpus.language import Script
from corpus.model import Text
from retrieval.retriever import Retriever


def handle(event: Event, context: Context, retriever: Retriever) -> Outcome:
    """What comes of an event."""
    match event:
        case Edit():
            outcome = _said(event.question, context, retriever)
            # What asks the bot nothing any more is not answered any more either.
            return outcome if outcome != Outcome() else Outcome(manner="delete")
        case Question():
            return _said(event, context, retriever)
        case Press():
            return _pressed(event, context, retriever)
        case Joined():
            script = speaking.script("", event.spoken, context)
            if back := subscribing.back(event, context, script):
                return back
            if context.place.get("greeted") or not event.greets:
                return Outcome()
            return Outcome(notices.greeting(retriever.entries, event.channel, script))
        case _:
            return Outcome()


def command_of(event: Event) -> Command | None:
    """The command that an event says, if it is one."""
    match event:
        case Edit():
            return parse(event.question.text)
        case Question():
            return parse(event.text)
        case Press():
            return parse(f"/{event.line}")
        case _:
            return None


def _said(event: Question, context: Context, retriever: Retriever) -> Outcome:
    command = command_of(event)
    if not event.addressed and not overheard.is_meant(event, command, context, retriever):
        return Outcome()
    if command is None and overheard.is_small_talk(event, context, retriever):
        return Outcome()
    if command is None:
        return moves.ask(event, said(event.text), context, retriever)
    if command == Command("ask"):
        notice = notices.asked_nothing(speaking.script(event.text, event.spoken, context))
        return Outcome(notice, conversation=context.conversation)
    return _obey(command, event, context, retriever)


def _pressed(event: Press, context: Context, retriever: Retriever) -> Outcome:
    command = command_of(event)
    if command is None or command.verb == "unknown":  # of a version that had other buttons
        script = speaking.script("", event.spoken, context)
        return Outcome(notices.one(phrases.TOO_OLD, script), "private")
    return _obey(command, event, context, retriever)


def _obey(
    command: Command, event: Question | Press, context: Context, retriever: Retriever
) -> Outcome:
    script = speaking.script(moves.words(event), event.spoken, context)
    right = rights.needed(command, event.channel, context.place, typed_in(event))
    if not rights.allowed(right, context.standing):
        return Outcome(notices.one(_refusal(right, event, context), script), "private")
    if command.verb in DIGEST:
        return subscribing.obey(command, event, context, retriever.entries, script)
    match command.verb:
        case "again":
            return Outcome(again=True)
        case "remove":
            return _removed(event, context, script)
        case "settings":
            return _settings(command.text, event, context, script)
        case "forget":
            return Outcome(notices.one(phrases.FORGOTTEN, script), forget=True)
        case "good" | "bad":
            return Outcome(notices.one(phrases.THANKS, script), "private", verdict=command.verb)
        case "stop":
            stopped = Setting(f"{event.channel.id}#{event.thread}", "stopped", "yes")
            return Outcome(notices.one(phrases.STOPPED, script), settings=(stopped,))
        case "help" | "start" | "privacy" | "topics" | "quit" | "unknown":
            return Outcome(_told(command, event.channel, context, script, retriever))
        case _:
            return moves.move(command, event, context, retriever)


def _removed(event: Question | Press, context: Context, script: Script) -> Outcome:
    """The answer under whose button, in reply to which or in whose thread it was said."""
    if isinstance(event, Question) and not context.unwanted:
        return Outcome(notices.one(phrases.REMOVE_WHAT, script))
    return Outcome(manner="delete")


def _refusal(right: Right, event: Question | Press, context: Context) -> Text:
    """Why somebody may not do a thing: under an old answer we no longer know who asked."""
    if right == "curator":
        return sentences.CURATORS_ONLY
    if right == "admin":
        return phrases.ADMINS_ONLY
    unknown = isinstance(event, Press) and not (context.conversation or event.asked_by)
    return phrases.TOO_OLD if unknown else phrases.ASKER_ONLY


def _told(
    command: Command, channel: Channel, context: Context, script: Script, retriever: Retriever
) -> Notice:
    """What a command is told that asks about the bot itself."""
    match command.verb:
        case "help":
            return notices.help_(channel, script)
        case "start":
            return notices.greeting(retriever.entries, channel, script)
        case "privacy":
            return notices.privacy(context.keeps, script)
        case "topics":
            return notices.topics(retriever.entries, script)
        case _:
            unknown = say(phrases.UNKNOWN_COMMAND, script, word=command.text or "/quit")
            return Notice((unknown, notices.commands(channel, script)), script=script)


def _settings(words: str, event: Question | Press, context: Context, script: Script) -> Outcome:
    """The form of settings, after what the words set."""
    setting = notices.setting(words, event.channel, event.asker)
    if setting is None and words.strip():
        return Outcome(notices.one(phrases.NO_SETTING, script))
    place, person = dict(context.place), dict(context.person)
    if setting is not None:
        (person if setting.owner == event.asker else place)[setting.name] = setting.value
    language = person.get("language") or place.get("language")
    if language:
        script = speaking.chosen(language, script)
    form = notices.form(event.channel, place, person, script)
    kept = () if setting is None else (setting,)
    return Outcome(form, "edit" if isinstance(event, Press) else "send", settings=kept)
