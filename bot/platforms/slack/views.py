"""The home tab, and the modals: the menu of an answer, and what came of a press. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot import buttons, notices, phrases
from bot.digest import sentences
from bot.model import Channel, Choice, Form
from bot.phrases import tell
from bot.platforms.slack import blocks, names, render
from bot.platforms.slack.blocks import Block
from bot.platforms.slack.markup import escape
from bot.platforms.slack.payloads import Said
from bot.platforms.slack.render import Message
from corpus.language import Script

View = dict[str, Any]
HERE = Channel("slack:home:")
KEPT = ("channel", "message", "thread", "hook", "ephemeral")  # of what a menu was opened on


def home(form: Form, channel: str) -> View:
    """Every setting as buttons, and how to use the bot."""
    script = form.script
    how = [tell(phrases.MENTION_ME, script), *render.lines(notices.help_(HERE, script))]
    choices = (
        Choice(tell(sentences.WEEKLY, script), "subscribe form"),
        Choice(tell(phrases.WHAT_IS_KEPT, script), "privacy"),
        Choice(tell(phrases.FORGET_ME, script), "forget"),
    )
    found: list[Block] = [
        *render.form_blocks(form),
        blocks.actions("mine", choices),
        {"type": "divider"},
        blocks.header(tell(phrases.HOW_TO, script)),
        *blocks.sections([escape(line) for line in how]),
    ]
    return {"type": "home", "blocks": found, "private_metadata": names.via(channel=channel)}


def menu(said: Said, spot: Mapping[str, str]) -> View:
    """What leads on from an answer, of what its ⋯ button holds."""
    script, number, entry = (*said.more.split(" ", 2), "", "")[:3]
    spoken: Script = "en" if script == "en" else "zh-Hant" if script == "zh-Hant" else "zh-Hans"
    rows = buttons.menu(spoken, int(number) if number.isdigit() else 1, entry)
    found = [
        blocks.actions(f"menu{at}", row, said.question, said.asker, spoken)
        for at, row in enumerate(rows)
    ]
    kept = names.via(**{name: spot.get(name, "") for name in KEPT}, script=spoken)
    return _modal(tell(phrases.MENU_TITLE, spoken), found, spoken, kept)


def outcome(message: Message, script: Script) -> View:
    """What came of a press, in place of the menu."""
    return _modal(tell(phrases.MENU_TITLE, script), list(message.blocks), script, "")


def sentence(text: str, script: Script) -> View:
    """A sentence, in place of the menu."""
    return _modal(tell(phrases.MENU_TITLE, script), [*blocks.sections([escape(text)])], script, "")


def prompts(script: Script) -> Sequence[Mapping[str, str]]:
    """Questions to begin with in the agent pane."""
    samples = [tell(sample, script) for sample in phrases.SAMPLES]
    return [{"title": sample, "message": sample} for sample in samples]


def _modal(title: str, found: Sequence[Block], script: Script, kept: str) -> View:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": tell(phrases.CLOSE, script)},
        "blocks": list(found),
        "private_metadata": kept,
    }
