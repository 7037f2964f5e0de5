"""From an event to its reply, on both databases: once, in turn, and never lost."""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import timedelta

import pytest
from sqlalchemy import select
from stage import House

from bot import phrases
from bot.chat import DeliveryError
from bot.digest import sentences
from bot.model import (
    Answer,
    Channel,
    Conversation,
    Delete,
    Detail,
    Edit,
    Form,
    Joined,
    Left,
    Moved,
    Notice,
)
from bot.store.conversations import conversations
from bot.store.inbox import inbox
from bot.store.settings import settings
from corpus.database import Database
from corpus.record import replace

WEEK = timedelta(days=7)
DAY = timedelta(hours=24)
PLACE = Channel("stage:1")


class Clock:
    def __init__(self):
        import time

        self.now = time.time()

    def __call__(self):
        return self.now


@pytest.fixture(name="clock")
def _clock():
    return Clock()


@pytest.fixture(name="house")
async def _house(database, current, clock):
    return await House(database, current, clock, WEEK, DAY).open()


@pytest.fixture(name="kept")
def _kept(database):
    """All that is kept, as text."""

    async def kept():
        def read(connection):
            rows = [
                row
                for table in (inbox, conversations, settings)
                for row in connection.execute(select(table)).all()
            ]
            return "\n".join(map(str, rows))

        return await database.read(read)

    return kept


async def test_a_question_is_answered_once(house):
    """Whoever brings it twice: a retry, a redelivery, another replica."""
    line = house.line("gpipe")
    first = await house.take(line)
    assert isinstance(first, Answer)
    assert await house.take(line) is None
    assert await house.take(line, line) is None
    assert len(house.stage.messages) == 1


async def test_half_a_surrogate_holds_up_nothing_beside_it(house, kept):
    """No database takes one: the batch that it came in would be asked for, and fail, for ever."""
    await house.take(house.line("gpipe \ud83d"), house.line("parameter server"))
    assert len(house.stage.messages) == 2
    assert "gpipe ?" in await kept()


async def test_two_replicas_answer_once(database, current, clock):
    """The key is the database's to give."""
    houses = [await House(database, current, clock, WEEK, DAY).open() for _ in range(2)]
    lines = [houses[0].line(f"gpipe {number}") for number in range(20)]
    await asyncio.gather(*(house.take(*lines) for house in houses))
    assert sum(len(house.stage.messages) for house in houses) == 20


@pytest.mark.parametrize(
    ("seconds", "person", "place", "answers"),
    [(10, "ann", "stage:1", 1), (31, "ann", "stage:1", 2), (10, "bob", "stage:1", 2),
     (10, "ann", "stage:2", 2), (-31, "ann", "stage:1", 2), (-29, "ann", "stage:1", 1)],
)  # fmt: skip
async def test_the_same_words_within_seconds_are_one_question(
    house, clock, seconds, person, place, answers
):
    """Of one person in one place. What moves on, moves on twice."""
    await house.say("parameter server")
    clock.now += seconds
    await house.say(" Parameter Server", person=person, place=place)
    assert len(house.stage.messages) == answers


async def test_the_same_words_in_two_replicas_at_once_are_one_question(database, url, current):
    """Neither sees what the other is about to write; as after an outage, when all comes at once."""
    databases = [database, Database(url), Database(url)]
    houses = [await House(one, current, time.time, WEEK, DAY).open(False) for one in databases]
    now = time.time()
    for number in range(20):
        said = [house.line(f"gpipe {number}", key=f"stage:{number}:{place}", at=now)
                for place, house in enumerate(houses)]  # fmt: skip
        pairs = zip(houses, said, strict=True)
        await asyncio.gather(*(house.take(line) for house, line in pairs))
    assert sum(len(house.stage.messages) for house in houses) == 20
    for one in databases[1:]:
        await one.close()


@pytest.mark.parametrize("text", ["/ask gpipe", "/papers gpipe", "/zh gpipe", "／ask gpipe"])
async def test_a_command_that_asks_is_a_question_too(house, text):
    """Said twice, it is answered once; a command that shows something shows it again."""
    await house.say(text)
    await house.say(text)
    assert len(house.stage.messages) == 1
    for line in ("/papers", "/papers", "/topics", "/topics"):
        await house.say(line)
    assert len(house.stage.messages) == 5


async def test_a_question_whose_answer_is_gone_may_be_asked_again_at_once(house, clock):
    """Its words were changed, or its answer was removed: nothing would serve for the second."""
    first = house.line("gpipe", shared=True)
    await house.take(first)
    clock.now += 2
    await house.take(Edit("stage:e", replace(first, text="cocoa", at=clock.now)))
    again = await house.say("gpipe", shared=True)
    assert isinstance(again, Answer)
    await house.press("remove", "2", shared=True)
    assert house.stage.removed == ["2"]
    assert isinstance(await house.say("gpipe", shared=True), Answer)
    assert await house.say("gpipe", shared=True) is None


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("line", ["zh", "en", "more", "only paper"])
async def test_a_button_whose_answer_is_forgotten_says_so(house, line, shared):
    """To who pressed it alone; it sets nothing."""
    told = await house.press(line, "77", shared=shared)
    assert told.lines == (phrases.TOO_OLD.en,)
    assert house.stage.private


async def test_more_twice_shows_two_pages(house):
    """ "more" is not the same question again."""
    await house.say("distributed machine learning")
    second, third = await house.say("more"), await house.say("more")
    assert (second.first, third.first) == (6, 11)


async def test_the_text_of_a_question_is_erased_when_it_is_answered(house, kept):
    """And where no conversation is kept, it is nowhere."""
    await house.say("gpipe canary-1f8")
    rows = (await kept()).splitlines()
    assert [row for row in rows if "canary-1f8" in row and "pending" in row] == []
    assert not any("canary-1f8" in row for row in rows if "answered" in row)


async def test_no_conversation_is_kept_for_zero_days(database, current, clock, kept):
    """Follow-ups then stand for themselves, and nothing of a question stays."""
    house = await House(database, current, clock, timedelta(0), DAY).open()
    await house.say("gpipe canary-1f8")
    assert "canary-1f8" not in await kept()
    reply = await house.say("more")
    assert isinstance(reply, Answer | Notice)
    assert "More of what" in str(reply) or reply.intent == "more"


async def test_a_follow_up_refers_to_ones_own_last_question(house):
    """Another's in the same place is another's."""
    await house.say("parameter server", person="ann", shared=True)
    await house.say("gpipe", person="bob", shared=True)
    reply = await house.say("only papers", person="ann", shared=True)
    assert reply.follows == ("parameter server",)


async def test_a_reply_to_an_answer_refers_to_that_answer(house):
    """Whoever replies."""
    await house.say("parameter server", person="ann", shared=True)
    await house.say("gpipe", person="ann", shared=True)
    reply = await house.say("only papers", person="bob", shared=True, replies_to="1")
    assert reply.follows == ("parameter server",)


async def test_a_follow_up_waits_for_the_answer_before_it(house):
    """Both may come in one batch."""
    house.stage.seconds = 0.05
    await house.take(house.line("parameter server"), house.line("only papers"))
    assert house.stage.replies[1].follows == ("parameter server",)


async def test_a_button_opens_the_entry_of_its_answer(house):
    """By number or by id, long after."""
    await house.say("gpipe")
    await house.say("parameter server")
    detail = await house.press("open gpipe", "1")
    assert isinstance(detail, Detail)
    assert detail.title.startswith("GPipe")


async def test_the_other_language_has_the_same_hits(house):
    """In the place of the answer, alone; for the presser alone, where others read."""
    first = await house.say("parameter server papers")
    there = await house.press("zh", "1")
    assert there.script == "zh-Hans"
    assert [found.url for found in there.found] == [found.url for found in first.found]
    assert list(house.stage.messages) == ["1"]
    await house.say("parameter server papers", place="stage:9", shared=True)
    private = await house.press("zh", "2", person="bob", place="stage:9", shared=True)
    assert house.stage.private == [("stage:bob", private)]


@pytest.mark.parametrize("line", ["only paper", "ask only in English", "ask 只看中文的"])
async def test_a_filter_keeps_the_language_of_what_it_stands_under(house, line):
    """It says which works are wanted, not how they are told."""
    for number, (asked, script) in enumerate(
        (("distributed training", "en"), ("分布式训练有哪些框架", "zh-Hans"))
    ):
        await house.say(asked)
        assert (await house.press(line, str(2 * number + 1))).script == script


async def test_what_is_asked_for_in_a_language_is_told_in_it(house):
    """An entry in full too, whatever the conversation is in."""
    await house.say("distributed training")
    assert (await house.say("/open gpipe", language="zh")).script == "zh-Hans"


async def test_a_forgotten_answer_goes_on_in_the_language_that_it_shows(house):
    """Its question is asked once more; that was in another."""
    for line in ("more", "open gpipe", "only paper"):
        reply = await house.press(line, "77", question="distributed training", shown="zh-Hans")
        assert reply.script == "zh-Hans"


async def test_a_page_takes_the_place_of_the_one_before(house):
    """Under a button; its numbers go on, and all of them open."""
    await house.say("distributed machine learning")
    page = await house.press("more", "1")
    assert page.first == 6
    assert list(house.stage.messages) == ["1"]
    assert isinstance(await house.say("2"), Detail)
    assert isinstance(await house.say("7"), Detail)


async def test_only_the_asker_or_an_admin_pages_in_a_shared_place(house):
    """Others are told so, alone."""
    await house.say("distributed machine learning", shared=True)
    refused = await house.press("more", "1", person="bob", shared=True)
    assert refused.lines == (phrases.ASKER_ONLY.en,)
    house.stage.admins = {"stage:bob"}
    assert isinstance(await house.press("more", "1", person="bob", shared=True), Answer)


async def test_who_keeps_the_catalog_or_runs_the_bot_may_do_what_askers_may(
    database, current, clock
):
    """A curator by name, everywhere; an operator in a place of their own, and there everything."""
    ours = {"operator": "stage:ops", "curators": {"stage:cur"}}
    house = await House(database, current, clock, WEEK, DAY, **ours).open()
    await house.say("distributed machine learning", shared=True)
    refused = await house.press("more", "1", person="eve", shared=True)
    assert refused.lines == (phrases.ASKER_ONLY.en,)
    assert isinstance(await house.press("more", "1", person="cur", shared=True), Answer)
    line = "/settings here language zh"
    assert (await house.say(line, person="cur", shared=True)).lines == (phrases.ADMINS_ONLY.en,)
    there = {"place": "stage:ops", "shared": True}
    assert isinstance(await house.say(line, person="eve", **there), Form)
    topic = {"place": "stage:ops:7", "shared": True}
    told = await house.take(replace(house.line("/edition", **topic), channel=Channel(
        "stage:ops:7", True, within="stage:ops")))  # fmt: skip
    assert told.lines != (sentences.CURATORS_ONLY.en,)


async def test_a_button_that_is_too_old_says_so(house):
    """Unless the platform shows its question: that is asked once more."""
    told = await house.press("more", "77")
    assert told.lines == (phrases.TOO_OLD.en,)
    again = await house.press("similar 1", "77", question="gpipe")
    assert isinstance(again, Answer)
    assert isinstance(await house.press("similar tux2", "77", question="gpipe"), Answer)
    assert await house.press("nosuch 1", "77") is not None


async def test_an_edited_question_changes_its_answer(house):
    """The same message; and a second edit too."""
    line = house.line("gpipe")
    await house.take(line)
    for number, text in enumerate(("parameter server", "tensorflow")):
        edit = Edit(f"stage:e{number}", replace(line, text=text))
        reply = await house.take(edit)
        assert reply.question == text
    assert list(house.stage.messages) == ["1"]


async def test_a_deleted_question_leaves_no_answer(house):
    """Posted already, on its way, or pending."""
    line = house.line("gpipe")
    await house.take(line)
    await house.take(Delete("stage:d1", PLACE, line.message))
    assert house.stage.removed == ["1"]
    house.stage.seconds = 0.2
    late = house.line("parameter server")
    tasks = await house.service.take([late])
    await asyncio.sleep(0.05)
    more = await house.service.take([Delete("stage:d2", PLACE, late.message)])
    await asyncio.wait([*tasks, *more])
    assert house.stage.messages == {}


async def test_what_comes_after_what_was_done_next_changes_nothing(house):
    """What is not taken in comes again later: a question behind its edit, an edit behind another,
    a question behind its end.
    """
    line = house.line("gpipe", shared=True)

    def edit(key, text, after):
        return Edit(key, replace(line, text=text, at=line.at + after))

    assert (await house.take(edit("stage:e2", "cocoa", 2))).question == "cocoa"
    assert await house.take(edit("stage:e1", "tensorflow", 1)) is None
    assert await house.take(line) is None
    assert (await house.take(edit("stage:e3", "parameter server", 2))).question
    assert list(house.stage.messages) == ["1"]
    other = house.line("gpipe", shared=True)
    await house.take(Delete("stage:d1", other.channel, other.message, other.at + 1))
    assert await house.take(other) is None
    assert list(house.stage.messages) == ["1"]


async def test_a_number_that_a_message_had_before_a_move_is_free(house, clock):
    """A group that moved counts its messages anew."""
    old, new = Channel("stage:old", True), Channel("stage:new", True)
    line = replace(house.line("gpipe"), channel=old)
    await house.take(line)
    await house.take(Moved("stage:m", old, new, clock.now))
    clock.now += 60
    again = replace(house.line("cocoa"), channel=new, message=line.message)
    assert isinstance(await house.take(again), Answer)


async def test_settings_are_buttons_and_stay(house):
    """Of a person everywhere; of a place for all in it, set by its admins."""
    form = await house.say("/settings")
    assert isinstance(form, Form)
    await house.press("settings language zh", "1")
    assert (await house.say("gpipe", place="stage:2")).script == "zh-Hans"
    assert (await house.say("gpipe", person="bob")).script == "en"
    refused = await house.say(
        "/settings here language zh", person="bob", place="stage:3", shared=True
    )
    assert refused.lines == (phrases.ADMINS_ONLY.en,)
    house.stage.admins = {"stage:bob"}
    form = await house.say("/settings here language zh", person="bob", place="stage:3", shared=True)
    assert form.script == "zh-Hans"
    assert (
        await house.say("gpipe", person="eve", place="stage:3", shared=True)
    ).script == "zh-Hans"
    await house.press("settings language auto", "1")
    assert (await house.say("what is a parameter server", place="stage:2")).script == "en"


async def test_an_answer_is_taken_away_by_who_asked(house):
    """By its button, or in reply to it; else it is asked which."""
    await house.say("gpipe", shared=True)
    refused = await house.press("remove", "1", person="bob", shared=True)
    assert refused.lines == (phrases.ASKER_ONLY.en,)
    await house.press("remove", "1", shared=True)
    assert house.stage.removed == ["1"]
    await house.say("parameter server", shared=True)
    asked = await house.say("/remove", shared=True)
    assert asked.lines == (phrases.REMOVE_WHAT.en,)
    await house.say("/remove", shared=True, replies_to="2")
    assert house.stage.removed == ["1", "2"]


async def test_in_a_thread_or_alone_a_typed_remove_takes_the_last_answer(house):
    """One's own; an admin's word takes anybody's, and the one before it when said again."""
    for person, text in (("ann", "gpipe"), ("bob", "parameter server"), ("ann", "angel")):
        await house.say(text, person, shared=True, thread="t")
    refused = await house.say("remove", "eve", shared=True, thread="t")
    assert refused.lines == (phrases.ASKER_ONLY.en,)
    await house.say("remove", "bob", shared=True, thread="t")
    assert house.stage.removed == ["2"]
    house.stage.admins = {"stage:eve"}
    for line in ("撤回", "删除"):
        await house.say(line, "eve", shared=True, thread="t")
    assert house.stage.removed == ["2", "3", "1"]
    await house.say("gpipe", place="stage:ann")
    await house.say("移除", place="stage:ann")
    assert len(house.stage.removed) == 4
    asked = await house.say("remove", place="stage:ann")
    assert asked.lines == (phrases.REMOVE_WHAT.en,)


async def test_an_overheard_remove_is_its_askers_alone(house):
    """Others in the thread may say it to each other."""
    await house.say("gpipe", shared=True, thread="t")
    overheard = {"shared": True, "thread": "t", "addressed": False}
    assert await house.say("remove", "bob", **overheard) is None
    assert not house.stage.removed
    await house.say("remove", **overheard)
    assert house.stage.removed == ["1"]


async def test_nobody_takes_away_in_reply_what_they_did_not_ask(house):
    """Not a greeting or a digest, not an answer that is no longer remembered."""
    await house.say("parameter server", "bob", shared=True)
    await house.say("/help", shared=True)
    for message in ("1", "2", "77"):
        refused = await house.say("/remove", "eve", shared=True, replies_to=message)
        assert refused.lines == (phrases.ASKER_ONLY.en,)
    await house.say("gpipe", "eve", shared=True)
    refused = await house.say("/remove", "eve", shared=True, replies_to="1")
    assert refused.lines == (phrases.ASKER_ONLY.en,)
    await house.say("/remove", shared=True, replies_to="2")  # what answers a command is the asker's
    assert house.stage.removed == ["2"]


async def test_again_with_nothing_to_ask_again_says_so(house):
    """A command is never met with silence."""
    assert (await house.say("/again")).lines == (phrases.NOTHING_WAITS.en,)


async def test_forget_deletes_all_that_is_kept_of_a_person(house, kept):
    """And nothing of anyone else."""
    await house.say("gpipe canary-ann")
    await house.say("/settings language zh")
    await house.say("gpipe canary-bob", person="bob")
    reply = await house.say("/forget")
    assert reply.lines == (phrases.FORGOTTEN.zh,)
    left = await kept()
    assert "canary-ann" not in left
    assert "canary-bob" in left
    assert "('stage:ann'" not in left
    assert (await house.say("gpipe")).script == "en"


async def test_who_asks_too_fast_is_told_once(database, current, clock):
    """Then silence, for a minute; nobody else is kept waiting."""
    house = await House(database, current, clock, WEEK, DAY, per_minute=3).open()
    replies = [await house.say(f"gpipe {number}") for number in range(6)]
    assert [type(reply).__name__ for reply in replies] == ["Answer"] * 3 + ["Notice"] + [
        "NoneType"
    ] * 2
    assert isinstance(await house.say("gpipe 1", person="bob"), Answer)
    clock.now += 61
    assert isinstance(await house.say("gpipe 9"), Answer)


async def test_two_replicas_keep_to_what_one_person_may_ask(database, url, current, clock):
    """Whichever of them hears a question, and when a minute is over."""
    other = Database(url)
    houses = [
        await House(each, current, clock, WEEK, DAY, per_minute=5).open(alone=False)
        for each in (database, other)
    ]
    houses[1]._numbers = itertools.count(1000)
    replies = [await houses[number % 2].say(f"gpipe {number}") for number in range(12)]
    kinds = [type(reply) for reply in replies]
    assert kinds[:5] == [Answer] * 5
    assert kinds.count(Answer) == 5
    assert kinds.count(Notice) == 1  # one of them says so
    clock.now += 61
    assert isinstance(await houses[1].say("parameter server"), Answer)
    replies = [await houses[number % 2].say(f"cocoa {number}") for number in range(12)]
    assert [type(reply) for reply in replies].count(Notice) == 1
    await other.close()


async def test_to_be_forgotten_is_never_too_much(database, current, clock):
    """Nor to have the bot do less; the notice is for those who want more."""
    house = await House(database, current, clock, WEEK, DAY, per_minute=1).open()
    await house.say("gpipe")
    assert (await house.say("/help")).lines == (phrases.TOO_FAST.en,)
    assert (await house.say("/help")) is None
    assert (await house.say("/forget")).lines == (phrases.FORGOTTEN.en,)
    assert (await house.say("/stop")).lines == (phrases.STOPPED.en,)


async def test_what_a_dead_process_left_is_answered_by_the_next(database, current, clock):
    """Once; and a live one's is not taken from it."""
    dead = await House(database, current, clock, WEEK, DAY).open()
    await dead.inbox.take([dead.line("gpipe"), dead.line("parameter server", place="stage:2")])
    beside = await House(database, current, clock, WEEK, DAY).open(alone=False)
    await beside.service.sweep()
    await beside.service.settle()
    assert beside.stage.messages == {}
    after = await House(database, current, clock, WEEK, DAY).open(alone=True)
    for _ in range(2):
        await after.service.sweep()
        await after.service.settle()
    assert [reply.question for reply in after.stage.replies] == ["gpipe", "parameter server"]


@pytest.mark.parametrize(("minutes", "told"), [(0, 0), (9, 0), (25, 25)])
async def test_a_late_answer_says_so(house, clock, minutes, told):
    """From ten minutes on."""
    reply = await house.say("gpipe", at=clock.now - 60 * minutes)
    assert reply.late == told


@pytest.mark.parametrize("told", [1_355_517_523.0, 4_102_444_800.0])
async def test_a_time_that_cannot_be_makes_no_question_old(house, told):
    """No platform holds an event for years: a clock stands wrong, and the question is new."""
    reply = await house.say("gpipe", at=told)
    assert isinstance(reply, Answer)
    assert reply.late == 0


async def test_questions_that_waited_too_long_get_one_line_a_chat(house, clock):
    """With a button that asks them again."""
    old = clock.now - 25 * 3600
    lines = [house.line(f"gpipe {number}", at=old, place="stage:1") for number in range(3)]
    lines.append(house.line("gpipe", at=old, place="stage:2", spoken="zh-Hans"))
    await house.take(*lines)
    await house.service.settle()
    notices = {channel.id: reply for channel, reply in house.stage.messages.values()}
    assert len(house.stage.messages) == 2
    assert "3 question(s)" in notices["stage:1"].lines[0]
    assert notices["stage:2"].script == "zh-Hans"
    again = notices["stage:1"].choices[0]
    await house.press(again.line, "1")
    await house.service.settle()
    answers = [reply for reply in house.stage.replies if isinstance(reply, Answer)]
    assert [answer.question for answer in answers] == ["gpipe 0", "gpipe 1", "gpipe 2"]
    assert all(answer.late == 0 for answer in answers)


async def test_what_a_platform_refuses_for_good_is_not_sent_again(house, kept):
    """And what it refuses for now is."""
    house.stage.fails = [DeliveryError("stage:1", "blocked", permanent=True)]
    await house.say("gpipe")
    assert "pending" not in await kept()
    house.stage.fails = [DeliveryError("stage:1", "busy")]
    await house.say("parameter server")
    assert "pending" in await kept()
    await house.inbox.open(["stage"], alone=True)
    await house.service.sweep()
    await house.service.settle()
    assert [reply.question for reply in house.stage.replies] == ["parameter server"]


async def test_a_fault_of_ours_is_one_polite_sentence(database, current, clock):
    """The operator gets a line without the words; the next question is answered."""
    house = await House(database, current, clock, WEEK, DAY, operator="stage:ops").open()
    house.stage.fails = [RuntimeError("canary-1f8")]
    reply = await house.say("gpipe canary-1f8")
    told = {channel.id: reply for channel, reply in house.stage.messages.values()}
    assert told["stage:1"].lines == (phrases.FAULT.en,)
    assert "RuntimeError" in told["stage:ops"].lines[0]
    assert "canary-1f8" not in str(told)
    assert reply is not None
    assert isinstance(await house.say("gpipe"), Answer)


async def test_a_place_is_greeted_once(house):
    """Again only after it was left. Following it to a new id is no second joining."""
    joined = Joined("stage:j1", PLACE, "stage:ann", "zh-Hans")
    greeting = await house.take(joined)
    assert len(greeting.lines) <= 5
    assert greeting.script == "zh-Hans"
    assert await house.take(replace(joined, key="stage:j2")) is None
    there = Channel("stage:new")
    await house.take(Moved("stage:m", PLACE, there))
    assert await house.take(replace(joined, key="stage:j3", channel=there)) is None
    await house.take(Left("stage:l", there))
    assert await house.take(replace(joined, key="stage:j4", channel=there)) is not None


async def test_what_is_kept_of_a_place_moves_with_it(house):
    """Conversations and settings; whichever message tells of it first."""
    house.stage.admins = {"stage:ann"}
    await house.say("parameter server", shared=True)
    await house.say("/settings here language zh", shared=True)
    there = Channel("stage:new", shared=True)
    for key in ("stage:m1", "stage:m2"):
        await house.take(Moved(key, PLACE, there))
    reply = await house.say("only papers", place="stage:new", shared=True)
    assert reply.follows == ("parameter server",)
    assert reply.script == "zh-Hans"


@pytest.mark.parametrize(
    ("text", "person", "heard"),
    [
        ("only papers", "bob", True),
        ("2", "bob", True),
        ("more", "bob", True),
        ("thanks", "ann", False),
        ("谢谢！", "ann", False),
        ("what about parameter servers", "ann", True),
        ("and gpipe?", "ann", True),
        ("I think it is fine", "ann", False),
        ("that is the one I was looking for", "ann", False),
        ("let me read this over the weekend", "bob", False),
        ("in chinese", "bob", True),
        ("any of them for beginners?", "bob", True),
        ("we should talk about the new office on monday", "ann", False),
        ("see https://arxiv.org/abs/1811.06965", "bob", False),
        ("lunch anyone?", "bob", False),
        ("lunch anyone?", "ann", False),
        ("parameter server", "bob", False),
        ("interesting", "ann", False),
        ("same here", "ann", False),
        ("let me check", "ann", False),
        ("ok i'll read the first one", "ann", False),
        ("the first one is great", "ann", False),
        ("the server is down", "ann", False),
        ("deploying now", "ann", False),
        ("学习了", "ann", False),
        ("第一篇不错", "ann", False),
        ("我讀了第一篇", "ann", False),
        ("optimizers", "ann", True),
        ("gpipe pipeline parallelism", "ann", True),
        ("I need something on gpipe", "ann", True),
        ("我想看流水线并行的论文", "ann", True),
        ("特徵平臺", "ann", True),
    ],
)
async def test_what_is_overheard_is_answered_only_where_it_is_meant(house, text, person, heard):
    """By the asker, or a clear follow-up of anyone."""
    await house.say("distributed training", shared=True, thread="t1")
    reply = await house.say(text, person=person, shared=True, thread="t1", addressed=False)
    assert (reply is not None) == heard
    assert not isinstance(reply, Notice)


@pytest.mark.parametrize(
    "text",
    [
        *("thanks!", "谢谢", "great, that helps", "", "👍"),
        *("interesting!", "the first one is great", "有意思", "我看看"),
    ],
)
async def test_thanks_in_reply_to_an_answer_get_none(house, text):
    """Where others read along; said by name or alone with the bot they are told how to ask."""
    await house.say("distributed training", shared=True)
    assert await house.say(text, "bob", shared=True, replies_to="1") is None
    assert await house.say(text, "bob", shared=True) is not None
    assert await house.say("only papers", "bob", shared=True, replies_to="1") is not None


async def test_what_people_say_to_each_other_is_not_written_down(house, kept):
    """Not even for a moment, where the bot takes no part."""
    await house.inbox.take(
        [house.line(f"canary-{thread}", shared=True, thread=thread, addressed=False)
         for thread in ("", "t1")]
    )  # fmt: skip
    assert "canary" not in await kept()
    await house.say("distributed training", shared=True, thread="t1")
    await house.inbox.take([house.line("canary", shared=True, thread="t1", addressed=False)])
    assert "canary" in await kept()


async def test_stop_ends_listening_in_a_thread(house):
    """Addressed, it still answers."""
    await house.say("distributed training", shared=True, thread="t1")
    await house.say("stop", shared=True, thread="t1")
    assert await house.say("only papers", shared=True, thread="t1", addressed=False) is None
    assert await house.say("only papers", shared=True, thread="t1") is not None


async def test_what_was_stopped_stays_so_where_a_place_has_a_new_id(house):
    """What is set for a thread goes along with what is set for its place."""
    await house.say("distributed training", shared=True, thread="t1")
    await house.say("stop", shared=True, thread="t1")
    there = Channel("stage:new", shared=True)
    await house.take(Moved("stage:m", Channel("stage:1", shared=True), there))
    said = {"place": "stage:new", "shared": True, "thread": "t1"}
    assert await house.say("only papers", **said, addressed=False) is None
    assert await house.say("only papers", **said) is not None


async def test_a_place_that_opted_in_is_answered_without_a_mention(house):
    """Where there is an answer; else it is not our matter."""
    house.stage.admins = {"stage:ann"}
    assert await house.say("parameter server", shared=True, addressed=False) is None
    await house.say("/settings here answers all", shared=True)
    assert isinstance(await house.say("gpipe", person="eve", shared=True, addressed=False), Answer)
    for text in ("lunch anyone?", "哈哈", "nginx 反向代理怎么配置"):
        assert await house.say(text, person="eve", shared=True, addressed=False) is None


async def test_what_is_over_is_deleted(house, database, kept):
    """By the job that runs every hour."""
    await house.say("gpipe canary-1f8")
    await house.inbox.purge()
    assert "canary-1f8" in await kept()

    def age(connection):
        connection.execute(conversations.update().values(expires_at=1.0))
        connection.execute(inbox.update().values(received_at=1.0))

    await database.write(age)
    await house.inbox.purge()
    assert await kept() == "" or "fingerprint" in await kept()
    assert "canary-1f8" not in await kept()


async def test_an_old_version_of_an_event_is_still_understood(house, database):
    """Fields that are gone are left out; those that are new have their defaults."""
    import json

    await house.inbox.take([house.line("gpipe")])

    def change(connection):
        text = json.loads(connection.execute(select(inbox.c.event)).scalar_one())
        text["of_another_version"] = 1
        del text["thread"]
        connection.execute(inbox.update().values(event=json.dumps(text), lease_until=0.0))

    await database.write(change)
    await house.service.sweep()
    await house.service.settle()
    assert [reply.question for reply in house.stage.replies] == ["gpipe"]


def test_a_conversation_is_plain_values():
    """So that it can be kept as text."""
    conversation = Conversation(("a",), ("b",), "en", "x:1", ("b",), 1)
    assert hash(conversation) == hash(replace(conversation))
