"""What people do in channels: say, edit, delete, react, join; and the app's installation."""

from __future__ import annotations

import re
import uuid

import slack_payloads as shape
from slack_delivery import Delivery
from slack_mrkdwn import TOKEN, escape
from slack_state import Slack
from slack_world import ALL_SCOPES, Channel, Json, Message, Team, User

NAMES = re.compile(r"(?<!\w)@([a-z0-9._-]+)|(?P<url>https?://[^\s<>]+)")
BROADCASTS = {"channel", "here", "everyone"}


class People(Slack):
    """Slack with people in it."""

    def typed(self, team: Team, text: str) -> str:
        """What a person typed, as Slack writes it: & < > escaped, @names and addresses marked.

        What is marked up already (`<@U…>`, `<https://…>`) stays.
        """
        parts, at = [], 0
        for match in TOKEN.finditer(text):
            parts += [self._marked(team, text[at : match.start()]), match[0]]
            at = match.end()
        return "".join([*parts, self._marked(team, text[at:])])

    def _marked(self, team: Team, text: str) -> str:
        def mark(match: re.Match[str]) -> str:
            if match["url"]:
                return f"<{match['url']}>"
            if match[1] in BROADCASTS:
                return f"<!{match[1]}>"
            user = self.named(team, match[1])
            return user.mention if user else match[0]

        return NAMES.sub(mark, escape(text))

    def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        thread: Message | str = "",
        subtype: str = "",
        raw: bool = False,
        broadcast: bool = False,
        files: list[Json] | None = None,
    ) -> Message:
        """A person or another bot says something; a thread is named by its message or ts.

        A mention of our bot in a channel is told twice, as app_mention and as message, in turns in
        one and the other order. `raw` takes the text as it stands.
        """
        ts = thread if isinstance(thread, str) else (thread.thread_ts or thread.ts)
        words = text if raw else self.typed(channel.team, text)
        sent = Message(self.ids.ts(), channel, user, words, [], ts, user.bot_id, subtype=subtype)
        if broadcast:
            sent.subtype = "thread_broadcast"
        if files:
            sent.subtype, sent.files = "file_share", files
        if not user.bot_id:
            sent.client_msg_id = str(uuid.uuid4())
        return self.post(sent)

    def edit(self, sent: Message, text: str, *, raw: bool = False) -> Message:
        """The author edits; a mention of our bot is told again, with `edited` in it."""
        words = text if raw else self.typed(sent.channel.team, text)
        self.change(sent, words, [], by=sent.user)
        if self.mentions_us(sent):
            self.tell_mention(sent)
        return sent

    def unfurl(self, sent: Message) -> Message:
        """Slack adds a link's preview: message_changed, but nobody edited."""
        sent.attachments = [{"id": 1, "fallback": "preview", "from_url": "https://example.org"}]
        self.change(sent, sent.text, sent.blocks, by=None)
        return sent

    def delete(self, sent: Message) -> None:
        """The author deletes: message_deleted; with replies message_changed to a tombstone."""
        self.remove(sent)

    def react(self, user: User, sent: Message, name: str, *, remove: bool = False) -> None:
        """A person puts an emoji on a message, or takes it off."""
        people = sent.reactions.setdefault(name, [])
        (people.remove if remove else people.append)(user.id)
        if not people:
            del sent.reactions[name]
        kind = "reaction_removed" if remove else "reaction_added"
        where = {"type": "message", "channel": sent.channel.id, "ts": sent.ts}
        told = {"type": kind, "user": user.id, "reaction": name, "item": where}
        told |= {"item_user": sent.user.id, "event_ts": self.ids.ts()}
        self.emit(sent.channel.team, told, kind, "reactions:read")

    # --- channels

    def _channel_event(
        self, channel: Channel, name: str, /, *, scope: bool = True, **more: object
    ) -> None:
        private = channel.kind != "channel"
        kind = name.replace("channel_", "group_", 1) if private else name
        told = {"type": kind, "channel": channel.id, "event_ts": self.ids.ts()} | more
        needed = ("groups:read" if private else "channels:read") if scope else ""
        self.emit(channel.team, told, kind, needed)

    def archive(self, channel: Channel, by: User) -> None:
        """Archive a channel."""
        channel.archived = True
        self._channel_event(channel, "channel_archive", user=by.id)

    def unarchive(self, channel: Channel, by: User) -> None:
        """Bring a channel back; the bot stays a member only if it is put back."""
        channel.archived = False
        self._channel_event(channel, "channel_unarchive", user=by.id)

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        channel.name = name
        told = {"id": channel.id, "name": name, "created": int(self.ids.now())}
        self._channel_event(channel, "channel_rename", channel=told)

    def delete_channel(self, channel: Channel, by: User) -> None:
        """Delete a channel with all it holds."""
        del self.channels[channel.id]
        self._channel_event(channel, "channel_deleted", actor_id=by.id)

    def change_id(self, channel: Channel) -> str:
        """Give a channel a new id; the old one, which is known no more."""
        old = channel.id
        del self.channels[old]
        channel.id = self.ids.new("C")
        self.channels[channel.id] = channel
        told = {"type": "channel_id_changed", "event_ts": self.ids.ts()}
        told |= {"old_channel_id": old, "new_channel_id": channel.id}
        self.emit(channel.team, told, "channel_id_changed", "channels:read")
        return old

    def join(self, user: User, channel: Channel, inviter: User | None = None) -> None:
        """A person or our bot (by /invite) becomes a member."""
        channel.members.append(user)
        told = self._membership(user, channel, "member_joined_channel")
        if inviter:
            told["inviter"] = inviter.id
        self._tell_membership(channel, told)

    def leave(self, user: User, channel: Channel) -> None:
        """A member leaves; our bot, removed, is told channel_left."""
        channel.members.remove(user)
        if user is channel.team.bot:
            self._channel_event(channel, "channel_left", scope=False)
        else:
            self._tell_membership(channel, self._membership(user, channel, "member_left_channel"))

    def _membership(self, user: User, channel: Channel, kind: str) -> Json:
        told = {"type": kind, "user": user.id, "channel": channel.id, "team": channel.team.id}
        letter = shape.PREFIX[channel.kind]
        return told | {"channel_type": letter, "event_ts": self.ids.ts()}

    def _tell_membership(self, channel: Channel, told: Json) -> None:
        scope = "channels:read" if channel.kind == "channel" else "groups:read"
        self.emit(channel.team, told, told["type"], scope)

    # --- the installation

    def uninstall(self, team: Team) -> None:
        """Remove the app: app_uninstalled and tokens_revoked, and its token is worth nothing."""
        self.revoke(team)
        self.emit(team, {"type": "app_uninstalled"}, "app_uninstalled")

    def revoke(self, team: Team) -> Delivery | None:
        """Revoke the workspace's bot token: tokens_revoked."""
        assert team.token
        assert team.bot
        team.token.revoked = True
        told = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot.id]}}
        return self.emit(team, told | {"event_ts": self.ids.ts()}, "tokens_revoked")

    def code_for(
        self, user: User, team: Team, redirect_uri: str = "", scopes: set[str] | None = None
    ) -> str:
        """The code that Slack gives where a person allows the installation."""
        code = f"{self.ids.new('')}.{team.id}"
        granted = sorted(ALL_SCOPES if scopes is None else scopes)
        grant = {"team": team.id, "user": user.id, "scopes": granted, "redirect_uri": redirect_uri}
        self.codes[code] = grant
        return code
