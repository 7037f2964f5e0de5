"""What an update is to the bot, from the JSON alone."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import parse
from bot.model import Edit, Joined, Left, Moved, Question
from bot.platforms.telegram import intake, said
from bot.platforms.telegram.said import Catalog, Me

ME = Me(7, "mlinfra_bot")
KNOWN = Catalog(lambda name: name == "gpipe", lambda words: "gpipe" in words)
ANN = {"id": 42, "is_bot": False, "first_name": "Ann", "language_code": "zh-hans"}
GROUP = {"id": -1005, "type": "supergroup"}


def message(text, chat=GROUP, **more):
    return {
        "message_id": 9,
        "date": 100,
        "chat": chat,
        "from": ANN,
        "text": text,
        **more,
    }


def read(**update):
    return intake.read({"update_id": 1, **update}, ME, 5.0, KNOWN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@mlinfra_bot gpipe", "gpipe"),
        ("gpipe @MLinfra_Bot", "gpipe"),
        ("@mlinfra_bot这个怎么用", "这个怎么用"),
        ("请问@mlinfra_bot京东登月", "请问 京东登月"),
        ("@mlinfra_bot, help", "help"),
        ("@mlinfra_bot：更多", "更多"),
        ("@mlinfra_bot gpipe \ud83d", "gpipe ?"),
        ("@mlinfra_bot2 gpipe", None),
        ("https://example.com/@mlinfra_bot", None),
        ("a@mlinfra_bot gpipe", None),
        ("/ask gpipe", "/ask gpipe"),
        ("/ask这个", "/ask 这个"),
        ("/ask@mlinfra_bot gpipe", "/ask gpipe"),
        ("/ask@mlinfra_bot这个", "/ask 这个"),
        ("/ask@other_bot gpipe @mlinfra_bot", None),
        ("/更多", "/更多"),
        ("/start@mlinfra_bot open_gpipe", "/open gpipe"),
        ("/kick ann", None),
        ("gpipe", None),
    ],
)
def test_in_a_group_only_what_is_addressed_is_a_question(text, words):
    """By command, by name, with or without a blank behind it."""
    found = read(message=message(text))
    assert (found.text if found else None) == words


def test_a_question_knows_where_it_was_asked():
    """Its topic, its asker, the language of the app, and that it may not be asked twice."""
    here = message("/ask x", message_thread_id=3, is_topic_message=True)
    found = read(message=here)
    assert found == Question(
        "/ask x",
        key="telegram:7:1",
        channel=intake.channel(GROUP, here),
        asker="telegram:42",
        message="9",
        spoken="zh-Hans",
        at=100.0,
        repeats=False,
    )
    assert found.channel.id == "telegram:-1005:3"
    assert found.channel.within == "telegram:-1005"
    assert isinstance(read(edited_message=here), Edit)


@pytest.mark.parametrize(
    ("more", "channel"),
    [
        ({}, "telegram:-1005"),
        ({"message_thread_id": 8}, "telegram:-1005"),  # a chain of replies
        ({"message_thread_id": 1, "is_topic_message": True}, "telegram:-1005"),  # General
        ({"message_thread_id": 8, "is_topic_message": True}, "telegram:-1005:8"),
    ],
)
def test_only_topics_are_places_of_their_own(more, channel):
    """A reply's thread is none, nor is General."""
    assert read(message=message("/ask x", **more)).channel.id == channel


@pytest.mark.parametrize(
    ("code", "script"),
    [
        ("zh-hans", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-hant", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("en-US", "en"),
        ("fr", "en"),
        (None, None),
    ],
)
def test_the_language_of_the_app(code, script):
    """Anything but Chinese is spoken to in English."""
    assert intake.spoken({"language_code": code}) == script


def test_a_move_is_one_event_whoever_tells_it():
    """The old group or the new one."""
    old = {"id": -5, "type": "group"}
    one = read(message={"chat": old, "date": 1, "migrate_to_chat_id": -1005})
    other = read(message={"chat": GROUP, "date": 1, "migrate_from_chat_id": -5})
    assert isinstance(one, Moved)
    assert one == other


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reply_to_message": message("one. two. three")}, "one. two. three"),
        (
            {
                "reply_to_message": message("one. two. three"),
                "quote": {"text": "two", "position": 5, "is_manual": True},
            },
            "two",
        ),
        (
            {"reply_to_message": message("one. two"), "quote": {"text": "one", "position": 0}},
            "one. two",
        ),
        ({"external_reply": {"origin": {}}, "quote": {"text": "far", "position": 0}}, "far"),
        ({"external_reply": {"origin": {}}}, "/ask"),
    ],
)
def test_our_name_alone_asks_what_it_points_at(more, words):
    """The part that somebody quoted; of a message in another chat only that comes along."""
    assert read(message=message("@mlinfra_bot", **more)).text == words


def test_coming_and_going():
    """A promotion is neither; being taken back by a person says nothing, /start does."""

    def change(old, new, chat=GROUP):
        both = {"old_chat_member": {"status": old}, "new_chat_member": {"status": new}}
        return read(my_chat_member={"chat": chat, "from": ANN, "date": 1, **both})

    assert isinstance(change("left", "member"), Joined)
    assert isinstance(change("kicked", "administrator"), Joined)
    assert isinstance(change("member", "kicked"), Left)
    assert change("member", "administrator") is None
    here, gone = ({"status": "restricted", "is_member": is_in} for is_in in (True, False))
    both = {"old_chat_member": here, "new_chat_member": gone}
    around = {"chat": GROUP, "from": ANN, "date": 1}
    assert isinstance(read(my_chat_member={**around, **both}), Left)
    both = {"old_chat_member": gone, "new_chat_member": {"status": "member"}}
    assert read(my_chat_member={**around, **both}).greets is True
    private = {"id": 42, "type": "private"}
    assert change("kicked", "member", private).greets is False
    assert isinstance(change("member", "kicked", private), Left)
    news = {"id": -100, "type": "channel"}
    assert change("left", "administrator", news).greets is False


def test_a_right_to_write_given_back_is_coming_back():
    """Without a greeting: the bot was there. One taken away shows when it writes."""

    def change(before, after):
        status = {"status": "administrator"}
        both = {"old_chat_member": status | before, "new_chat_member": status | after}
        chat = {"id": -100, "type": "channel"}
        return read(my_chat_member={"chat": chat, "from": ANN, "date": 1, **both})

    lost, has = {"can_post_messages": False}, {"can_post_messages": True}
    assert change(lost, has).greets is False
    assert change(has, lost) is None
    assert change(has, has | {"can_edit_messages": True}) is None


@given(st.text(min_size=1, max_size=60))
def test_a_deep_link_asks_what_was_asked(text):
    """Or leads to help, where it would be too long."""
    word = said.payload(text)
    assert len(word) <= 64
    opened = said.opened(word, lambda _: False)
    asked = text.encode(errors="replace").decode().strip()
    if word != "help" and asked and parse(asked) is None:
        assert opened == asked


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("/forget", "/start"),
        ("unsubscribe", "/start"),
        ("/settings language zh", "/start"),
        ("／忘记我", "/start"),
        ("/zh gpipe", "/zh gpipe"),
        ("forget gates", "forget gates"),
    ],
)
def test_a_deep_link_commands_nothing(asked, opened):
    """It is somebody else's: a tap on it asks, and neither forgets nor sets."""
    assert said.opened(said.payload(asked), lambda _: False) == opened


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("id chat from text date type message_id data message user".split()),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from([*intake.KINDS, "of_tomorrow"]), _json)
def test_what_is_not_whole_is_refused_in_the_ways_that_are_expected(kind, payload):
    """So that the one who takes updates in can leave it out."""
    with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError, OverflowError):
        read(**{kind: payload})


@pytest.mark.parametrize("odd", ["\ud83d", {"a": 1}, float("inf"), "x"])
@pytest.mark.parametrize("name", ["message_id", "message_thread_id", "chat", "replied"])
def test_an_id_is_a_number(name, odd):
    """What no database takes would hold up all that came beside it, for ever."""
    parts = {
        "is_topic_message": True,
        "message_id": 9,
        "message_thread_id": 3,
        "chat": {**GROUP, "id": odd} if name == "chat" else GROUP,
        "reply_to_message": {"message_id": odd if name == "replied" else 4, "from": {"id": ME.id}},
    }
    if name.startswith("message"):
        parts[name] = odd
    with pytest.raises((TypeError, ValueError, OverflowError)):
        read(message=message("/ask gpipe", **parts))
