"""Slack's own state: the world with the app in it, what was called, warned of and not delivered."""

from __future__ import annotations

import itertools
import time
from typing import Any

import slack_payloads as shape
from slack_calls import Call, Hook, Trigger, Warned
from slack_delivery import Courier, Delivery
from slack_mrkdwn import marks
from slack_socket import Sockets
from slack_world import (
    ALL_SCOPES,
    Channel,
    Ephemeral,
    Ids,
    Json,
    Message,
    Posted,
    SlackError,
    Team,
    Token,
    User,
    View,
)

TRIGGER_LIFE = 3.0
HOOK_LIFE, HOOK_POSTS = 30 * 60.0, 5


class Slack:
    """What Slack knows; the Web API and the people both act on it."""

    def __init__(self, app_id: str = "A0000000APP") -> None:
        self.ids = Ids()
        self.tells_threads = True  # what was posted says in which thread; Slack does
        self.app_id, self.verification = app_id, "verification"
        self.client_id, self.client_secret = "111.222", "client-secret"
        self.signing_secret = "signing-secret"
        self.base = ""  # http://127.0.0.1:PORT, once the server runs
        self.sockets = Sockets(app_id)
        self.courier: Courier
        self.subscribed: set[str] | None = None  # event names as in a manifest; None: all
        self.echo_own = True  # tell the app of its own messages too, as Slack does
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.tokens: dict[str, Token] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[tuple[str, str], View] = {}
        self.stacks: dict[str, list[View]] = {}  # open modals by user, the top one last
        self.whispers: list[Ephemeral] = []
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.calls: list[Call] = []
        self.warnings: list[Warned] = []
        self.undelivered: list[tuple[str, Json]] = []  # events the app may not see, and why
        self.statuses: list[tuple[float, str, str, str]] = []  # time, channel, thread, status
        self.prompts: dict[str, Json] = {}  # suggested prompts by channel
        self.titles: dict[tuple[str, str], str] = {}
        self.codes: dict[str, Json] = {}  # OAuth codes and what they are for
        self._mention_first = itertools.cycle((False, True))
        self._by_name: dict[tuple[str, str], User] = {}

    # --- who and where

    def add_team(
        self,
        name: str = "acme",
        *,
        enterprise: str = "",
        org_wide: bool = False,
        installed: bool = True,
    ) -> Team:
        """A new workspace, with the app installed unless told otherwise."""
        team = Team(self.ids.new("T"), name, name, enterprise, f"{name} grid", org_wide)
        self.teams[team.id] = team
        if installed:
            self.install(team)
        return team

    def install(self, team: Team, scopes: set[str] | None = None, name: str = "mlinfra") -> Token:
        """Install the app: a bot user and a token; once more, a new token for the same bot."""
        if team.bot is None:
            team.bot = self.add_user(name, team=team, bot_id=self.ids.new("B"), app_id=self.app_id)
        text = f"xoxb-{team.id}-{self.ids.new('K')}"
        granted = set(ALL_SCOPES if scopes is None else scopes)
        team.token = self.tokens[text] = Token(text, "bot", team, granted, user=team.bot)
        return team.token

    def add_user(self, name: str, *, team: Team | None = None, **facts: Any) -> User:
        """A new person; facts are the fields of User: tz, locale, admin, guest, stranger, …"""
        home = team or next(iter(self.teams.values()))
        user = User(self.ids.new("U"), home, name, **facts)
        self.users[user.id] = user
        self._by_name[home.id, name] = user
        return user

    def add_bot(self, name: str, *, team: Team | None = None) -> User:
        """The bot of another app."""
        return self.add_user(name, team=team, bot_id=self.ids.new("B"), app_id=self.ids.new("A"))

    def add_channel(
        self,
        name: str,
        *members: User,
        kind: str = "channel",
        team: Team | None = None,
        bot: bool = True,
        shared: bool = False,
    ) -> Channel:
        """A new channel with these members, and our bot unless told otherwise; nobody is told."""
        home = team or (
            members[0].team if members and not shared else next(iter(self.teams.values()))
        )
        people = list(members)
        if bot and home.bot:
            people.append(home.bot)
        channel = Channel(self.ids.new(shape.PREFIX[kind]), home, name, kind, people, shared=shared)
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: User, team: Team | None = None) -> Channel:
        """The direct message between our bot and a user; made where there is none."""
        bot = (team or user.team).bot
        assert bot, "the app is not installed there"
        for channel in self.channels.values():
            if channel.kind == "im" and user in channel.members and bot in channel.members:
                return channel
        return self.add_channel("", user, kind="im", team=bot.team)

    def named(self, team: Team, name: str) -> User | None:
        """A user of a workspace by name."""
        return self._by_name.get((team.id, name))

    # --- what happens

    def emit(self, team: Team, happened: Json, name: str, scope: str = "") -> Delivery | None:
        """Tell the app of an event where it has subscribed to its name and has the scope."""
        bot_token = team.token
        reason = ""
        if self.subscribed is not None and name not in self.subscribed:
            reason = f"not subscribed: {name}"
        elif scope and (bot_token is None or scope not in bot_token.scopes):
            reason = f"missing scope: {scope}"
        elif bot_token is None:
            reason = "not installed"
        if reason:
            self.undelivered.append((reason, happened))
            return None
        event_id, now = self.ids.new("Ev"), self.ids.now()
        told = happened.get("message") or happened.get("previous_message") or happened
        person = self.users.get(str(told.get("user")))
        origin = person.team if person and person.stranger else None
        return self.courier.send(
            "events_api",
            shape.callback(
                team,
                happened,
                event_id=event_id,
                at=now,
                app=self.app_id,
                token=self.verification,
                origin=origin,
            ),
        )

    def tell(self, channel: Channel, happened: Json) -> Delivery | None:
        """Tell the app of a message event of a channel it is in."""
        if channel.team.bot not in channel.members:
            self.undelivered.append(("not in the channel", happened))
            return None
        kind = {"channel": "channels", "group": "groups"}.get(channel.kind, channel.kind)
        return self.emit(channel.team, happened, f"message.{kind}", f"{kind}:history")

    def post(self, sent: Message) -> Message:
        """Put a message into its channel, and tell the app."""
        channel, bot = sent.channel, sent.channel.team.bot
        parent = channel.messages.get(sent.thread_ts)
        if sent.thread_ts and (parent is None or (parent.deleted and not parent.tombstone)):
            sent.thread_ts = ""  # as Slack: the parent is gone, so the reply stands alone
        elif parent is not None and parent.thread_ts:
            sent.thread_ts = parent.thread_ts
        channel.messages[sent.ts] = sent
        if sent.thread_ts:
            channel.threads.setdefault(sent.thread_ts, []).append(sent)
        if sent.user is bot:
            self._clear_status(sent)
            if self.echo_own:
                self.tell(channel, shape.event(sent))
        else:
            self._announce(sent)
        return sent

    def _announce(self, sent: Message) -> None:
        mention = self.mentions_us(sent)
        first = mention and next(self._mention_first)
        if first:
            self.tell_mention(sent)
        self.tell(sent.channel, shape.event(sent))
        if mention and not first:
            self.tell_mention(sent)

    def mentions_us(self, sent: Message) -> bool:
        """Whether our bot is mentioned; in a direct message there is no such event."""
        bot = sent.channel.team.bot
        told = sent.channel.kind != "im" and bot in sent.channel.members
        return told and any(m.kind == "user" and m.target == bot.id for m in marks(sent.text))

    def tell_mention(self, sent: Message) -> Delivery | None:
        """Send the app_mention event of a message."""
        return self.emit(sent.channel.team, shape.mention(sent), "app_mention", "app_mentions:read")

    def _clear_status(self, sent: Message) -> None:
        thread = sent.thread_ts or sent.ts
        if self.status(sent.channel, thread):
            self.statuses.append((time.monotonic(), sent.channel.id, thread, ""))

    def status(self, channel: Channel, thread: str) -> str:
        """The status that stands in a thread."""
        for _, where, which, status in reversed(self.statuses):
            if (where, which) == (channel.id, thread):
                return status
        return ""

    def change(self, sent: Message, text: str, blocks: list[Json], *, by: User | None) -> None:
        """Edit a message; `by` is nobody where only a link's preview was added."""
        before, ts = shape.message(sent), self.ids.ts()
        if by is not None:
            sent.edits.append((sent.text, sent.blocks))
            sent.edited_at.append(time.monotonic())
            sent.text, sent.blocks = text, blocks
            sent.edited = {"user": by.id, "ts": f"{ts.split('.')[0]}.000000"}
        if sent.user is not sent.channel.team.bot or self.echo_own:
            self.tell(sent.channel, shape.changed(sent, before, ts))

    def remove(self, sent: Message) -> None:
        """Delete a message; a parent with replies leaves a tombstone, and its thread stands."""
        before, ts = shape.message(sent), self.ids.ts()
        sent.deleted = True
        replies = [m for m in sent.channel.threads.get(sent.ts, []) if not m.deleted]
        own = sent.user is sent.channel.team.bot and not self.echo_own
        if replies:
            sent.tombstone, sent.subtype = True, "tombstone"
            sent.edits.append((sent.text, sent.blocks))
            sent.text, sent.blocks = "This message was deleted.", []
        if not own:
            told = shape.changed if replies else shape.deleted
            self.tell(sent.channel, told(sent, before, ts))

    # --- rights that end

    def trigger(self, user: User, team: Team, view: View | None = None) -> str:
        """A new trigger_id."""
        name = f"{self.ids.new('')}.{team.id}.{user.id.lower()}"
        self.triggers[name] = Trigger(user, team, self.ids.now() + TRIGGER_LIFE, view)
        return name

    def redeem(self, name: str) -> Trigger:
        """Take a trigger_id for a modal."""
        trigger = self.triggers.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.ids.now() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def hook(self, channel: Channel, user: User, source: Posted | None, thread: str = "") -> str:
        """A new response_url."""
        name = self.ids.new("H")
        until = self.ids.now() + HOOK_LIFE
        self.hooks[name] = Hook(channel, user, source, until, thread)
        return f"{self.base}/response/{channel.team.id}/{name}"
