"""Which language to speak: the chosen one, else the question's own, else that around it."""

from __future__ import annotations

from bot.model import Press, Question
from bot.outcome import Context
from corpus.language import Script, detect, has_han, is_bare, is_common, is_traditional
from corpus.model import Language


def script_of(text: str, event: Question | Press, context: Context) -> Script:
    """The script to answer a question in. A bare name or address tells none of its own, and 英文的
    is written alike in both Chinese ones.
    """
    language = _language(event, context)
    own = detect(text)
    if own == "zh-Hans" and _around(event.spoken, context) == "zh-Hant" and is_common(text):
        own = "zh-Hant"
    if language:
        return chosen(language, own)
    return script(text, event.spoken, context) if is_bare(text) else own


def script(text: str, spoken: Script | None, context: Context) -> Script:
    """The script of what is no answer to a sentence."""
    set_ = context.person.get("language") or context.place.get("language")
    around = _around(spoken, context)
    if set_:
        return chosen(set_, around)
    if has_han(text) and not (around == "zh-Hant" and is_common(text)):
        return "zh-Hant" if is_traditional(text) else "zh-Hans"
    return around


def chosen(language: str, around: Script) -> Script:
    """The script of a language that was set: Traditional where that was spoken anyway."""
    if language == "en":
        return "en"
    if language == "zh":
        return "zh-Hant" if around == "zh-Hant" else "zh-Hans"
    return around


def _around(spoken: Script | None, context: Context) -> Script:
    """The script of the conversation, else of the asker's own program."""
    return context.conversation.script if context.conversation else spoken or "en"


def _language(event: Question | Press, context: Context) -> Language | None:
    asked = event.language if isinstance(event, Question) else None
    found = asked or context.person.get("language") or context.place.get("language")
    return "zh" if found == "zh" else "en" if found == "en" else None
