"""What an outage must not do: lose a question, double an answer, or punish who waited."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from stage import House

from bot import phrases
from bot.chat import DeliveryError
from bot.commands import state
from bot.errors import StateError
from bot.model import Answer, Delete, Notice
from bot.settings import Settings
from bot.store.inbox import inbox
from corpus.database import connect

WEEK, DAY = timedelta(days=7), timedelta(hours=24)


@pytest.fixture(name="house")
async def _house(database, current):
    return await House(database, current, time.time, WEEK, DAY, per_minute=5).open()


@pytest.fixture(name="expire")
def _expire(database):
    """Let every lease run out, as after a pause of the machine."""

    async def expire():
        late = inbox.update().where(inbox.c.state == "pending").values(lease_until=0.0)
        await database.write(lambda connection: connection.execute(late))

    return expire


async def test_a_question_waits_out_an_outage_however_often_it_was_tried(house, expire):
    """As long as questions are answered at all."""
    house.stage.fails = [DeliveryError("stage:1", "lost") for _ in range(9)]
    await house.say("gpipe")
    for _ in range(9):
        await expire()
        await house.service.sweep()
        await house.service.settle()
    assert [reply.question for reply in house.stage.replies] == ["gpipe"]


async def test_who_waited_was_not_fast(house):
    """Questions asked over an hour come in one batch when we are back: all are answered."""
    now = time.time()
    lines = [house.line(f"gpipe {n}", at=now - 200 * (30 - n)) for n in range(30)]
    await house.take(*lines)
    assert len(house.stage.replies) == 30
    assert all(isinstance(reply, Answer) for reply in house.stage.replies)


async def test_a_private_chat_with_the_id_of_its_person_counts_once(house):
    """On Telegram both are the same number."""
    replies = [await house.say(f"gpipe {n}", place="stage:ann") for n in range(6)]
    assert [type(reply) for reply in replies] == [Answer] * 5 + [Notice]


async def test_what_is_in_hand_is_not_taken_from_oneself(house, expire):
    """The machine slept longer than a lease."""
    house.stage.seconds = 0.5
    tasks = await house.service.take([house.line("gpipe"), house.line("parameter server")])
    await asyncio.sleep(0.1)
    await expire()
    await house.service.sweep()
    await asyncio.wait(tasks)
    await house.service.settle()
    assert len(house.stage.messages) == 2
    assert house.stage.removed == []


async def test_what_was_taken_over_while_it_waited_its_turn_is_left(database, house):
    """By another replica: one of the two answers."""
    house.stage.seconds = 0.5
    tasks = await house.service.take([house.line("gpipe"), house.line("parameter server")])
    await asyncio.sleep(0.1)
    took = (
        inbox.update()
        .where(inbox.c.event.contains("parameter server"))
        .values(attempt=7, lease_until=9e9)
    )
    await database.write(lambda connection: connection.execute(took))
    await asyncio.wait(tasks)
    assert [reply.question for reply in house.stage.replies] == ["gpipe"]


async def test_who_was_told_to_wait_may_say_the_same_again(database, current):
    """The notice was no answer to it."""
    now = [1_800_000_000.0]
    house = await House(database, current, lambda: now[0], WEEK, DAY, per_minute=1).open()
    await house.say("gpipe")
    now[0] += 45
    assert (await house.say("parameter server")).lines == (phrases.TOO_FAST.en,)
    now[0] += 17
    assert isinstance(await house.say("parameter server"), Answer)


async def test_what_was_deleted_may_be_asked_again_at_once(house):
    """It is another question."""
    line = house.line("gpipe")
    await house.take(line)
    await house.take(Delete("stage:d", line.channel, line.message))
    assert isinstance(await house.say("gpipe"), Answer)


async def test_a_chat_that_could_not_be_told_is_told_later(house, expire, database):
    """Nothing is set aside before it was said."""
    house.stage.refuse("stage:1", "busy")
    await house.take(house.line("gpipe", at=time.time() - 30 * 3600))
    await house.service.settle()
    states = select(inbox.c.state)
    assert (house.stage.refused, house.stage.replies) == (1, [])
    assert await database.read(lambda c: c.execute(states).scalar()) == "pending"
    await expire()
    await house.service.sweep()
    await house.service.settle()
    assert len(house.stage.replies) == 1
    assert await database.read(lambda c: c.execute(states).scalar()) == "expired"


async def test_nothing_is_left_of_who_was_forgotten(house, database):
    """No words, no name, no place."""
    await house.say("gpipe", place="stage:ann")
    await house.say("/forget", place="stage:ann")

    def names(connection):
        return connection.execute(select(inbox.c.asker, inbox.c.channel, inbox.c.message)).all()

    assert set(await database.read(names)) == {("", "", "")}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer than this program"),
        ("DROP TABLE alembic_version", "another program"),
    ],
)
def test_a_database_that_is_not_ours_to_use_is_told(url, change, told):
    """With what can be done, and without touching it."""
    settings = Settings(catalog=None, cache=None, database=url)
    engine = connect(url)
    state.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(change))
    with pytest.raises(StateError, match=told):
        state.opened(settings)
    with pytest.raises(StateError, match=told):
        state.upgrade(engine)
    engine.dispose()
