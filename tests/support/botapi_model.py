"""What there is in the world of the test server: users, members, topics, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botapi_text import Entity, units

if TYPE_CHECKING:
    from botapi_chat import Chat

ANONYMOUS_ADMIN = 1087968824  # GroupAnonymousBot writes for admins who hide behind the group
CHANNEL_BOT = 136817688  # Channel_Bot writes for those who speak as a channel
TELEGRAM = 777000  # Telegram forwards the posts of a channel into its group
GENERAL = 1

Button = dict[str, Any]
Shape = dict[str, Any]

PHOTO: Shape = {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 90, "height": 90}]}
STICKER: Shape = {
    "sticker": {
        "file_id": "s",
        "file_unique_id": "t",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "type": "regular",
    }
}


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    blocked: bool = False  # this person has blocked our bot
    started: bool = False  # without it a bot may not write first
    deactivated: bool = False

    def shape(self) -> Shape:
        """A User of the Bot API."""
        body: Shape = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            body["username"] = self.username
        if self.language:
            body["language_code"] = self.language
        return body


@dataclass(slots=True)
class Member:
    """What a user is in a chat: creator, administrator, member, restricted, left or kicked."""

    user: User
    status: str = "member"
    anonymous: bool = False

    @property
    def present(self) -> bool:
        """Whether the user is in the chat now."""
        return self.status not in ("left", "kicked")

    @property
    def admin(self) -> bool:
        """Whether the user runs the chat."""
        return self.status in ("creator", "administrator")

    def shape(self) -> Shape:
        """A ChatMember of the Bot API."""
        body: Shape = {"user": self.user.shape(), "status": self.status}
        if self.status == "kicked":
            return body | {"until_date": 0}
        if self.status == "creator":
            return body | {"is_anonymous": self.anonymous}
        if self.status == "administrator":
            yes = dict.fromkeys(_ADMIN_RIGHTS, True)
            return body | yes | {"can_be_edited": False, "is_anonymous": self.anonymous}
        if self.status == "restricted":
            no = dict.fromkeys(_MEMBER_RIGHTS, False)
            return body | no | {"is_member": True, "until_date": 0}
        return body


_ADMIN_RIGHTS = """can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members
can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories
can_delete_stories can_pin_messages can_manage_topics can_post_messages can_edit_messages""".split()
_MEMBER_RIGHTS = """can_change_info can_invite_users can_pin_messages can_send_messages
can_send_polls can_send_other_messages can_add_web_page_previews can_manage_topics can_send_audios
can_send_documents can_send_photos can_send_videos can_send_video_notes can_send_voice_notes
can_edit_tag can_react_to_messages""".split()


@dataclass(slots=True, eq=False)
class Topic:
    """A topic of a forum; its id is that of the message that opened it, and 1 for General."""

    id: int
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message was before an edit."""

    text: str
    entities: list[Entity]
    keyboard: list[list[Button]] | None
    until: float


@dataclass(slots=True, eq=False)
class Message:
    """A message as stored, by whomever."""

    chat: Chat
    id: int
    date: float
    sender: User | None = None
    sender_chat: Chat | None = None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    keyboard: list[list[Button]] | None = None
    reply_to: Message | None = None
    thread: int | None = None
    in_topic: bool = False
    silent: bool = False
    preview: Shape | None = None  # link_preview_options as sent
    service: Shape = field(default_factory=dict)  # the fields of a service message
    media: Shape = field(default_factory=dict)  # a photo, a sticker, …: the text is its caption
    via_bot: User | None = None
    origin: Shape | None = None  # forward_origin
    automatic: bool = False
    signature: str | None = None
    edits: list[Edit] = field(default_factory=list)
    edited: float | None = None
    deleted: bool = False
    ours: bool = False  # sent by our bot with sendMessage
    inline_id: str | None = None
    source: str = ""  # the text as sent, with its markup
    parse_mode: str | None = None

    @property
    def buttons(self) -> list[str]:
        """The words on the buttons, row by row."""
        return [button["text"] for row in self.keyboard or [] for button in row]

    @property
    def rows(self) -> list[list[str]]:
        """The words on the buttons, in rows."""
        return [[button["text"] for button in row] for row in self.keyboard or []]

    def button(self, text: str) -> Button:
        """The button with these words; else the first whose words contain them."""
        every = [button for row in self.keyboard or [] for button in row]
        for fits in (lambda words: words == text, lambda words: text in words):
            for button in every:
                if fits(button["text"]):
                    return button
        raise AssertionError(f"no button {text!r} among {self.buttons}")

    @property
    def visible(self) -> int:
        """How long the text is for its reader, in UTF-16 code units."""
        return units(self.text)

    @property
    def links(self) -> list[str]:
        """Where the links of the text lead."""
        return [entity["url"] for entity in self.entities if entity["type"] == "text_link"]

    def change(self, now: float, text: str, entities: list[Entity]) -> None:
        """Take another text and keep the one before."""
        self.edits.append(Edit(self.text, self.entities, self.keyboard, now))
        self.text, self.entities, self.edited = text, entities, now

    def shape(self, *, reply: bool = True) -> Shape:
        """A Message of the Bot API; one it replies to is shown without its own."""
        body: Shape = {"message_id": self.id, "date": int(self.date), "chat": self.chat.shape()}
        if self.sender is not None:
            body["from"] = self.sender.shape()
        if self.sender_chat is not None:
            body["sender_chat"] = self.sender_chat.shape()
        if self.edited is not None:
            body["edit_date"] = int(self.edited)
        if self.thread is not None:
            body["message_thread_id"] = self.thread
        if self.in_topic:
            body["is_topic_message"] = True
        if reply and self.reply_to is not None and not self.reply_to.deleted:
            body["reply_to_message"] = self.reply_to.shape(reply=False)
        return body | self._rest()

    def _rest(self) -> Shape:
        body: Shape = dict(self.media)
        if self.text:
            body["caption" if self.media else "text"] = self.text
            if self.entities:
                body["caption_entities" if self.media else "entities"] = self.entities
        if self.preview is not None:
            body["link_preview_options"] = self.preview
        if self.keyboard is not None:
            body["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.via_bot is not None:
            body["via_bot"] = self.via_bot.shape()
        if self.origin is not None:
            body["forward_origin"] = self.origin
        if self.automatic:
            body["is_automatic_forward"] = True
        if self.signature:
            body["author_signature"] = self.signature
        return body | self.service


@dataclass(frozen=True, slots=True)
class Action:
    """A sendChatAction."""

    chat: Chat
    action: str
    thread: int | None
    at: float
