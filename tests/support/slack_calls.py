"""What Slack notes of an app's calls, and the rights it gives that end by themselves."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from slack_world import Channel, Json, Posted, Team, Token, User, View


@dataclass(eq=False)
class Call:
    """A call of a Web API method: what was asked, when, and what was answered."""

    method: str
    args: Json
    token: Token | None
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)
    took: float = 0.0
    status: int = 200
    reply: Json = field(default_factory=dict)

    @property
    def error(self) -> str:
        """The error it got, or the empty string."""
        return "" if self.reply.get("ok") else str(self.reply.get("error", f"http {self.status}"))


@dataclass(frozen=True)
class Warned:
    """What Slack takes but a good app does not send."""

    kind: str  # no_text, long_text, unfurl_links, unfurl_media, rings, unescaped, link_names, parse
    method: str
    channel: str
    ts: str
    words: str


@dataclass(eq=False)
class Trigger:
    """The right to open a modal, for three seconds, once."""

    user: User
    team: Team
    until: float
    view: View | None = None  # the modal it was pressed in
    used: bool = False


@dataclass(eq=False)
class Hook:
    """A response_url: five posts in thirty minutes."""

    channel: Channel
    user: User
    source: Posted | None
    until: float
    thread_ts: str = ""
    posts: int = 0
