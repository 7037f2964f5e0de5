"""What a place has subscribed to and what became of it, as frozen values."""

from __future__ import annotations

from typing import Literal

from corpus.language import Script
from corpus.record import record

Spoken = Literal["zh", "en", "both"]
State = Literal["active", "paused", "ended"]
# asked: by somebody there; left: the bot is not there any more; refused: the platform said no, for
# good, several times; revoked: our token was taken back; topic: the topic of a forum is closed
Why = Literal["", "asked", "left", "refused", "revoked", "topic"]
Kind = Literal["pin", "skip", "hold"]
HELD = "held by the curators"  # why a delivery waits


@record
class Filters:
    """What an Edition is about; nothing named is everything."""

    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same for the same filters, however they were said: names an Edition."""
        parts = (
            f"{name}:{word.casefold()}"
            for name, words in (
                ("kind", self.kinds),
                ("topic", self.topics),
                ("organisation", self.organisations),
            )
            for word in sorted(words, key=str.casefold)
        )
        return " ".join(parts)


@record
class Terms:
    """When a place gets its digest, in which languages, and which Edition."""

    day: int = 1  # 1 is Monday
    minute: int = 540  # of the day
    zone: str = "UTC"
    language: Spoken = "en"
    filters: Filters = Filters()


@record
class Subscription:
    """A place and its terms: one a place."""

    channel: str
    shared: bool
    terms: Terms
    by: str = ""  # who subscribed it
    script: Script = "en"
    state: State = "active"
    why: Why = ""  # it is paused
    until: float = 0.0  # when it goes on by itself; 0: when somebody says so
    next_week: str = ""
    next_at: float = 0.0
    skip: str = ""  # the week that is left out
    strikes: int = 0  # refusals for good, one after the other
    id: int = 0  # the store's


@record
class Delivery:
    """What became of one Digest for one Subscription."""

    week: str
    state: str  # due, sent, failed, missed, skipped, held, withdrawn
    at: float  # when it was due, or sent
    reason: str = ""


@record
class Claim:
    """A delivery that is ours to send; `attempt` fences it, `at` is its turn by the clock."""

    id: int
    attempt: int
    week: str
    due_at: float
    refused: int
    subscription: Subscription
    at: float


@record
class Due:
    """A delivery to be written down."""

    subscription: int
    week: str
    platform: str
    at: float
    state: str


@record
class Past:
    """An Edition that was fixed: its week and the entry picked."""

    week: str
    entry: str


@record
class Ruling:
    """A word of the curators on picks: an entry pinned or skipped, a week held.

    Without a week it holds for all weeks, without an edition for all Editions.
    """

    kind: Kind
    week: str = ""
    edition: str = "*"  # a Filters' key, * for every Edition
    entry: str = ""


@record
class Ledger:
    """All that picks stand on beside the catalog."""

    past: tuple[Past, ...] = ()  # of the one Edition, the oldest first
    rulings: tuple[Ruling, ...] = ()
    arrived: tuple[tuple[str, str], ...] = ()  # (entry, the week it was first seen in)


@record
class Edition:
    """What an Edition has in a week, fixed."""

    filters: Filters
    week: str
    entry: str
    revision: str
    reasons: tuple[str, ...]
    preview: str = ""
    id: int = 0


@record
class Ruled:
    """A ruling given, or lifted."""

    ruling: Ruling
    lifted: bool = False


# What a command, or a bot that was thrown out, changes.
Change = Subscription | Ruled | Edition  # an Edition: its pick is another


@record
class Known:
    """What is known of subscriptions when a command asks, or the bot comes back to a place."""

    now: float  # by the database's clock
    here: Subscription | None = None  # of the place
    last: Delivery | None = None  # to the place
    others: tuple[Subscription, ...] = ()  # that the person set elsewhere; of a place left: its own
    ledger: Ledger = Ledger()  # of the place's Edition, or of the one in question
    edition: Edition | None = None  # in question
    reached: int = 0  # places that have it already
