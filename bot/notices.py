"""Replies that are no answers: greeting, help, what the catalog holds, privacy, settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot import answering, phrases
from bot.digest import sentences
from bot.model import Channel, Choice, Form, Notice
from bot.outcome import Setting
from bot.phrases import say, tell
from corpus.language import Script
from corpus.model import Entry, Text

TOPICS = 12  # keywords that /topics names
_LEFT_BY_WORD = {"terminal"}  # platforms that one leaves by saying so
_OVERHEARD = {"slack", "terminal"}  # platforms on which the bot may hear what is not for it
_PLACE = ("here", "这里")
_NAMES = {"language": "language", "语言": "language", "answers": "answers", "回答": "answers"} | {
    "digest": "digest",
    "订阅": "digest",
}
_VALUES = {
    "language": {"auto": "", "自动": "", "zh": "zh", "中文": "zh", "en": "en", "英文": "en"},
    "answers": {"asked": "", "提及": "", "all": "all", "全部": "all"},
    "digest": {"admins": "", "管理员": "", "all": "all", "所有人": "all"},
}


def one(phrase: Text, script: Script) -> Notice:
    """A single sentence."""
    return Notice((tell(phrase, script),), script=script)


def asked_nothing(script: Script) -> Notice:
    """How to ask, for who said no more than our name."""
    line = say(phrases.EMPTY, script, sample=tell(phrases.SAMPLES[0], script))
    return Notice((line,), (Choice(tell(phrases.MENU_TOPICS, script), "topics"),), script)


def commands(channel: Channel, script: Script) -> str:
    """The most used commands, on one line."""
    leave = tell(phrases.AND_QUIT, script) if channel.platform in _LEFT_BY_WORD else ""
    return tell(phrases.COMMANDS, script) + leave


def greeting(entries: Sequence[Entry], channel: Channel, script: Script) -> Notice:
    """The first lines of a chat: what there is, three questions to try, and the commands."""
    held = answering.coverage(entries)
    samples = [tell(sample, script) for sample in phrases.SAMPLES]
    indent = " " * len(tell(phrases.TRY, "en"))
    return Notice(
        (
            say(phrases.GREETING, script, works=held.works, first=held.first, last=held.last),
            tell(phrases.TRY, script) + samples[0],
            *(indent + sample for sample in samples[1:]),
            commands(channel, script),
        ),
        tuple(Choice(sample, f"try {number}") for number, sample in enumerate(samples, 1)),
        script,
    )


def help_(channel: Channel, script: Script) -> Notice:
    """What one can say."""
    leave = (phrases.HELP_QUIT,) if channel.platform in _LEFT_BY_WORD else ()
    return Notice(tuple(tell(line, script) for line in phrases.HELP + leave), script=script)


def privacy(days: int, script: Script) -> Notice:
    """What is kept, how many days, and how to have it deleted."""
    forget = Choice(tell(phrases.FORGET_ME, script), "forget")
    first, *others = phrases.PRIVACY
    kept = first if days else phrases.PRIVACY_NONE
    lines = (say(line, script, days=days) for line in (kept, *others))
    return Notice(tuple(lines), (forget,), script)


def topics(entries: Sequence[Entry], script: Script) -> Notice:
    """What the catalog holds: its sections, companies and most frequent keywords."""
    between = tell(phrases.BETWEEN, "en")
    places = [listing.section for entry in entries for listing in entry.listings]
    sections = Counter(section[0] for section in places)
    companies = Counter(
        _company(listing.section[1], entry, script)
        for entry in entries
        for listing in entry.listings
        if len(listing.section) > 1
    )
    words = Counter(
        tell(word, script) for entry in entries for word in dict.fromkeys(entry.keywords)
    )
    return Notice(
        (
            tell(phrases.TOPICS_SECTIONS, script) + _counted(sections),
            tell(phrases.TOPICS_COMPANIES, script) + _counted(companies),
            tell(phrases.TOPICS_WORDS, script)
            + between.join(word for word, _ in words.most_common(TOPICS)),
        ),
        script=script,
    )


def _company(heading: str, entry: Entry, script: Script) -> str:
    """A heading of the list; most are Chinese names, for which English readers have others. The
    catalog gives them: 阿里 is Alibaba, though the entry there is of 阿里云, Alibaba Cloud.
    """
    if script != "en":
        return heading
    names = [name.en for name in (*entry.organisations, *entry.keywords) if name.zh == heading]
    longer = [name.en for name in entry.organisations if heading in name.zh]
    return next(iter(names + longer), heading)


def form(
    channel: Channel, place: Mapping[str, str], person: Mapping[str, str], script: Script
) -> Form:
    """Every setting as buttons, what holds now marked: of the person, and of a shared place."""
    rows = [_row(phrases.YOUR_LANGUAGE, "language", _LANGUAGES, person, "", script)]
    if channel.shared:
        rows.append(_row(phrases.ITS_LANGUAGE, "language", _LANGUAGES, place, "here ", script))
    if channel.shared and channel.platform in _OVERHEARD:
        rows.append(_row(phrases.ITS_ANSWERS, "answers", _ANSWERS, place, "here ", script))
    if channel.shared:
        rows.append(_row(sentences.ROW_MAY, "digest", _DIGEST, place, "here ", script))
    return Form(script, tell(phrases.SETTINGS, script), tuple(rows))


def setting(words: str, channel: Channel, person: str) -> Setting | None:
    """What the words behind "settings" set; None where they set nothing that there is."""
    parts = words.lower().split()
    here = bool(parts) and parts[0] in _PLACE
    if here:
        parts = parts[1:]
    if len(parts) != 2 or parts[0] not in _NAMES:
        return None
    name = _NAMES[parts[0]]
    value = _VALUES[name].get(parts[1])
    if value is None or (name != "language" and not here):
        return None
    return Setting(channel.id if here else person, name, value)


_LANGUAGES = (("auto", phrases.AUTO), ("zh", phrases.CHINESE), ("en", phrases.ENGLISH))
_DIGEST = (("admins", sentences.ADMINS), ("all", sentences.EVERYONE))
_ANSWERS = (("asked", phrases.WHEN_ASKED), ("all", phrases.EVERY_QUESTION))


def _row(
    title: Text,
    name: str,
    options: Sequence[tuple[str, Text]],
    held: Mapping[str, str],
    where: str,
    script: Script,
) -> tuple[str, tuple[Choice, ...]]:
    now = held.get(name, "")
    choices = tuple(
        Choice(tell(label, script), f"settings {where}{name} {word}", _VALUES[name][word] == now)
        for word, label in options
    )
    return tell(title, script), choices


def _counted(names: Counter[str]) -> str:
    return tell(phrases.BETWEEN, "en").join(
        f"{name} {count}" for name, count in names.most_common()
    )
