"""The world a Slack test plays in: workspaces, people, channels, messages, views. No network.

Everything here is what Slack would keep; a test may read and change all of it.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from slack_mrkdwn import Mark, buttons, marks, plain

Json = dict[str, Any]

ALL_SCOPES = frozenset(
    "app_mentions:read assistant:write channels:history channels:read chat:write chat:write.public "
    "commands groups:history groups:read im:history im:read im:write mpim:history mpim:read "
    "mpim:write reactions:read reactions:write team:read users:read".split()
)


class SlackError(Exception):
    """An answer that is not ok: its error's word, and what else the body holds."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more


@dataclass(eq=False)
class User:
    """A person, guest, stranger or bot."""

    id: str
    team: Team
    name: str
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600
    locale: str = "en-US"
    admin: bool = False
    guest: bool = False  # is_restricted
    single_channel_guest: bool = False  # is_ultra_restricted
    stranger: bool = False  # of another workspace, by Slack Connect
    bot_id: str = ""
    app_id: str = ""

    @property
    def mention(self) -> str:
        """What a message holds where it mentions this user."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Team:
    """A workspace, with what the installed app holds there."""

    id: str
    name: str
    domain: str
    enterprise: str = ""
    enterprise_name: str = ""
    org_wide: bool = False  # the app is installed by the organisation
    bot: User | None = None
    token: Token | None = None
    agents: bool = True  # whether the workspace has the agent pane


@dataclass(eq=False)
class Token:
    """A token and what it may do; kind is bot, app or user."""

    text: str
    kind: str
    team: Team | None
    scopes: set[str]
    revoked: bool = False
    user: User | None = None


@dataclass(eq=False)
class Posted:
    """What somebody sees: a message or an ephemeral."""

    ts: str
    channel: Channel
    user: User
    text: str
    blocks: list[Json]
    thread_ts: str = ""
    bot_id: str = ""
    deleted: bool = False
    edits: list[tuple[str, list[Json]]] = field(default_factory=list)  # what stood there before
    at: float = field(default_factory=time.monotonic)
    edited_at: list[float] = field(default_factory=list)
    args: Json = field(default_factory=dict)  # as the app sent them

    @property
    def plain(self) -> str:
        """The blocks as a reader sees them, in reading order; the text where there are none."""
        return (
            plain(self.blocks) if self.blocks else plain([{"type": "markdown", "text": self.text}])
        )

    @property
    def buttons(self) -> list[str]:
        """The words on every button, choices of menus included, in reading order."""
        return [button.label for button in buttons(self.blocks)]

    @property
    def marks(self) -> list[Mark]:
        """The mentions and links of text and blocks."""
        return [*marks(self.text), *(m for text in texts(self.blocks) for m in marks(text))]

    @property
    def links(self) -> list[str]:
        """The addresses one can follow from the blocks, or from the text where there are none."""
        found = [m for text in texts(self.blocks) for m in marks(text)] or marks(self.text)
        pressed = [b.element["url"] for b in buttons(self.blocks) if b.element.get("url")]
        return [m.target for m in found if m.kind == "link"] + pressed


@dataclass(eq=False)
class Message(Posted):
    """A message in a channel."""

    subtype: str = ""
    client_msg_id: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json | None = None
    tombstone: bool = False
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)


@dataclass(eq=False)
class Ephemeral(Posted):
    """What one person alone sees; it is in no history."""

    to: User | None = None


@dataclass(eq=False)
class Channel:
    """A channel, private channel (group), direct message (im) or group of people (mpim)."""

    id: str
    team: Team
    name: str
    kind: str = "channel"
    members: list[User] = field(default_factory=list)
    archived: bool = False
    shared: bool = False  # by Slack Connect
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[Message]] = field(default_factory=dict)  # replies by their parent

    @property
    def live(self) -> list[Message]:
        """The messages that stand, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]


@dataclass(eq=False)
class View:
    """A modal or a home tab, as the app gave it."""

    id: str
    team: Team
    user: User
    body: Json
    hash: str
    root: str = ""
    previous: str = ""
    values: dict[str, dict[str, Json]] = field(default_factory=dict)  # what the user filled in
    errors: dict[str, str] = field(default_factory=dict)  # shown by response_action errors
    closed: bool = False

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the view."""
        return list(self.body.get("blocks", []))

    @property
    def plain(self) -> str:
        """Title and blocks as a reader sees them."""
        title = (self.body.get("title") or {}).get("text", "")
        return "\n".join(filter(None, [title, plain(self.blocks)]))

    @property
    def buttons(self) -> list[str]:
        """The words on every button of the view's blocks."""
        return [button.label for button in buttons(self.blocks)]

    @property
    def callback_id(self) -> str:
        """What the app named it."""
        return str(self.body.get("callback_id", ""))


@dataclass
class Ids:
    """New names and times, never twice."""

    skew: float = 0.0  # seconds the server's clock is ahead; see SlackServer.pass_time
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    last: int = 0

    def new(self, letter: str) -> str:
        """An id as Slack writes them: a letter and ten more."""
        return f"{letter}{next(self.numbers):010X}"

    def now(self) -> float:
        """The server's time, in seconds since 1970."""
        return time.time() + self.skew

    def ts(self) -> str:
        """A message's time, later than every one before."""
        self.last = max(self.last + 1, int(self.now() * 1_000_000))
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"


def texts(blocks: list[Json]) -> list[str]:
    """Every text in which Slack reads mentions and links: mrkdwn and markdown."""
    return list(_texts(blocks))


def _texts(value: Any) -> Any:
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        text = value.get("text")
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(text, str):
            yield text
        yield from RICH.get(str(value.get("type")), lambda _: ())(value)
        for part in value.values():
            yield from _texts(part)


RICH = {  # the parts of rich text, in the words of mrkdwn
    "user": lambda e: [f"<@{e['user_id']}>"] if "user_id" in e else [],
    "usergroup": lambda e: [f"<!subteam^{e['usergroup_id']}>"] if "usergroup_id" in e else [],
    "broadcast": lambda e: [f"<!{e['range']}>"] if "range" in e else [],
    "link": lambda e: [f"<{e['url']}|{e.get('text', e['url'])}>"] if "url" in e else [],
}
