"""What passes between askers and the bot, as frozen values without markup.

An Event comes in, a Reply goes out. A Reply says everything in the asker's language; a platform
only lays it out.
"""

from __future__ import annotations

from typing import Literal

from corpus.language import Script
from corpus.model import Language
from corpus.record import record
from retrieval.model import Confidence, Hit, Intent, Query


@record
class Channel:
    """Any place that one can post in: `telegram:-100…[:topic]`, `slack:T…:C…`, `terminal:local`."""

    id: str
    shared: bool = False  # others read along
    within: str = ""  # the place that it is a part of, as a topic is of a group

    @property
    def platform(self) -> str:
        """The platform that the place is on."""
        return self.id.partition(":")[0]


@record
class Question:
    """A line said to the bot: a question, or a command in words.

    `key` names the event on its platform: what comes again with the same key is the same event.
    Without one it is never kept.
    """

    text: str
    language: Language | None = None  # to answer in, where the asker chose one with the question
    key: str = ""
    channel: Channel = Channel("terminal:local")
    thread: str = ""  # where the platform has threads in a channel
    asker: str = ""  # `telegram:42`, `slack:T…:U…`
    message: str = ""  # the message that asks, by the platform's id
    replies_to: str = ""  # the bot's message that it replies to
    spoken: Script | None = None  # the language of the asker's client
    at: float = 0.0  # when it was asked, in seconds since 1970
    repeats: bool = True  # false: the same text again within seconds is the same question
    zone: str = ""  # of the asker's client, where the platform tells it
    addressed: bool = True  # false: overheard where the bot takes part; only clear ones are taken
    via: str = ""  # how the platform is to give the reply, in its own words

    @property
    def begins(self) -> bool:
        """Whether it begins its thread: nothing was said there before."""
        return bool(self.thread) and self.thread == self.message


@record
class Press:
    """A button pressed under one of the bot's messages: what it says is a line of the grammar."""

    line: str
    key: str
    channel: Channel
    asker: str
    message: str  # the bot's, under which the button stands
    thread: str = ""
    spoken: Script | None = None
    at: float = 0.0
    question: str = ""  # what the message answers, where the platform shows it with the button
    asked_by: str = ""  # who asked that, where the platform shows it
    zone: str = ""  # of the presser's client
    shown: Script | None = None  # the language of the message, where the platform shows it
    via: str = ""  # how the platform is to give the reply, in its own words


@record
class Edit:
    """A question whose words have changed: its answer is to change too."""

    key: str
    question: Question

    @property
    def channel(self) -> Channel:
        """Where it was asked."""
        return self.question.channel

    @property
    def at(self) -> float:
        """When it was changed."""
        return self.question.at


@record
class Delete:
    """A question that was taken back: it leaves no answer."""

    key: str
    channel: Channel
    message: str
    at: float = 0.0


@record
class Joined:
    """The bot is in a place for the first time, or again."""

    key: str
    channel: Channel
    asker: str = ""  # who brought it
    spoken: Script | None = None
    at: float = 0.0
    greets: bool = True  # false: it only goes on with what it did there


@record
class Left:
    """The bot is no longer in a place: thrown out, blocked, or the place is closed."""

    key: str
    channel: Channel
    at: float = 0.0


@record
class Moved:
    """A place has another id from now on."""

    key: str
    channel: Channel
    to: Channel
    at: float = 0.0


Event = Question | Press | Edit | Delete | Joined | Left | Moved


@record
class Conversation:
    """What a follow-up refers to: the questions since the subject was new, and what was shown."""

    questions: tuple[str, ...]
    shown: tuple[str, ...]  # ids of entries in the order of their numbers
    script: Script
    asker: str = ""
    seen: tuple[str, ...] = ()  # ids shown before the numbers began anew
    first: int = 1  # the number of the first entry of the last answer
    opened: str = ""  # id of the entry that was told in full since


@record
class Marked:
    """A text and the stretches of it that the question named."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@record
class Address:
    """Where one can go: a label such as "PDF", the host, the address, and a word of caution."""

    label: str
    host: str
    url: str
    note: str = ""  # after the address: where it moved from, what it is
    warning: bool = False  # the label says that something is wrong
    needed: bool = False  # told however little room there is: the way where another is closed


@record
class Found:
    """A hit as it is told."""

    hit: Hit
    title: Marked
    translation: Marked | None
    url: str  # what the title opens
    about: Marked  # kind · organisation · published · language · authors; the best hit's
    brief: str  # the same for a line: kind · organisation · year
    caution: str  # how far we are from the work itself, the end of both; empty where we know it
    snippet: Marked
    body: tuple[Marked, ...]  # the paragraphs of the best hit
    addresses: tuple[Address, ...]


@record
class Coverage:
    """What the catalog holds, for an asker whom it cannot answer."""

    works: int
    first: int
    last: int


@record
class Answer:
    """What the catalog has on a question, best first, or that it has nothing."""

    question: str
    script: Script
    confidence: Confidence
    found: tuple[Found, ...]
    query: Query
    first: int = 1  # the number of the first hit
    also: tuple[tuple[str, str], ...] = ()  # (typed, searched too) where no typed word is visible
    coverage: Coverage | None = None  # told when there is nothing
    instead: tuple[tuple[str, str], ...] = ()  # (typed, what was searched instead): slips mended
    places: tuple[str, ...] = ()  # where the list has the work whose address was asked for
    intent: Intent = "search"
    unmet: tuple[str, ...] = ()  # the filters that the first hit does not pass
    follows: tuple[str, ...] = ()  # the question that this one went on from
    left: int = 0  # further hits that /more shows
    late: int = 0  # minutes that the question waited, where that is worth a word


@record
class Detail:
    """An entry in full: both languages, every link, its places, and how each thing is known."""

    script: Script
    title: str
    translation: str | None
    url: str
    about: str
    authors: str
    summaries: tuple[tuple[str, str], ...]  # (language in words, text)
    addresses: tuple[Address, ...]
    places: tuple[str, ...]
    known: tuple[tuple[str, tuple[str, ...]], ...]  # (how, the facts known so)
    gap: str | None
    entry: str = ""  # its id


@record
class Choice:
    """A button: its words, and the line of the grammar that pressing it says."""

    label: str
    line: str
    chosen: bool = False
    about: str = ""  # the same for who hears it only: it names the entry


@record
class Notice:
    """Sentences that are no answer, and buttons that lead on."""

    lines: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    script: Script = "en"


@record
class Form:
    """Settings as buttons: a row a setting, each with its name before it."""

    script: Script
    title: str
    rows: tuple[tuple[str, tuple[Choice, ...]], ...]


@record
class Digest:
    """The paper of a week as a place gets it: one work told in one or both languages."""

    script: Script
    heading: str  # what it is, and the week
    entry: str
    title: str
    translation: str | None
    url: str
    about: str  # kind · authors · published
    summaries: tuple[str, ...]  # in each language chosen
    facts: tuple[str, ...]
    addresses: tuple[Address, ...]
    related: tuple[tuple[str, str], ...]  # (title, address)
    fresh: str  # what is new in the catalog this week
    why: str  # this one
    rows: tuple[tuple[Choice, ...], ...]
    note: str = ""  # before everything, where something is to be said of the place


Reply = Answer | Detail | Notice | Form | Digest

# How a reply is given: beside the question, in the place of a message of the bot, to the presser
# alone, or not at all: the message that was pressed is taken away.
Manner = Literal["send", "edit", "private", "delete"]
