"""Digests on both databases: each week once, whoever dies, whatever a platform says."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import databases
import pytest
from sqlalchemy import select
from stage import House, Stage

from bot.digest import office as offices
from bot.digest import plan, schedule
from bot.digest.deliver import MARKING, Deliverer
from bot.digest.office import Office
from bot.digest.pace import Pace, backoff
from bot.digest.preview import Preview
from bot.digest.watch import Strays
from bot.model import Digest, Notice
from bot.store import deliveries, editions, known, ledger, subscriptions
from bot.subscription import Delivery, Filters, Ruling, Subscription, Terms
from corpus.record import replace

GRACE = timedelta(days=3)
QUICK = 0.01  # seconds for turns of replicas that there are not
NOW = datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC).timestamp()  # a Monday, of 2026-W48
WEEK = "2026-W48"


class Post:
    """Deliverers over one database, with a stage and a clock that stands where it is put."""

    def __init__(self, database, current, replicas=1):
        self.database = database
        self.stage = Stage()
        self.told = []
        self.offices = [Office(database, GRACE, NOW) for _ in range(replicas)]
        self.current = current
        self.hire()

    def hire(self):
        self.deliverers = [
            Deliverer(
                office, lambda: self.current.retriever, {"stage": self.stage}, self.tell, QUICK
            )
            for office in self.offices
        ]

    async def tell(self, sentence, kind):
        self.told.append(sentence)

    def at(self, moment):
        for office in self.offices:
            office.now = moment

    async def subscribe(self, *channels, last="", **terms):
        found = []
        for channel in channels:
            kept = Terms(**terms)
            week, at = schedule.following(kept, self.offices[0].now - 60, last)
            found.append(
                Subscription(channel, True, kept, by="stage:ann", next_week=week, next_at=at)
            )
        await self.database.write(lambda c: subscriptions.save_all(c, found))

    async def send(self):
        before = len(self.stage.messages)
        await asyncio.gather(*(one.send_due(20) for one in self.deliverers))
        return list(self.stage.messages.values())[before:]

    async def last(self, channel="stage:1"):
        def read(c):
            return ledger.last(c, subscriptions.of(c, channel).id)

        return await self.database.read(read)

    async def of(self, channel="stage:1"):
        return await self.database.read(lambda c: subscriptions.of(c, channel))


@pytest.fixture(name="post")
def _post(database, current):
    return Post(database, current)


async def test_what_is_due_is_sent_once(post):
    """Each place its digest; a second run sends nothing."""
    await post.subscribe("stage:1", "stage:2", "stage:3")
    sent = await post.send()
    assert sorted(channel.id for channel, _ in sent) == ["stage:1", "stage:2", "stage:3"]
    assert all(isinstance(reply, Digest) for _, reply in sent)
    assert len({reply.entry for _, reply in sent}) == 1
    assert await post.send() == []
    assert (await post.last()).state == "sent"


async def test_the_next_week_brings_another(post):
    """At its moment, and not before."""
    await post.subscribe("stage:1")
    ((_, first),) = await post.send()
    post.at(NOW + 7 * 86400 - 10)
    assert await post.send() == []
    post.at(NOW + 7 * 86400)
    ((_, second),) = await post.send()
    assert first.entry != second.entry
    assert "2026-W49" in second.heading


async def test_four_replicas_send_each_once(database, current):
    """The row is claimed by one."""
    post = Post(database, current, replicas=4)
    await post.subscribe(*(f"stage:{number}" for number in range(60)))
    sent = await post.send()
    assert sorted(channel.id for channel, _ in sent) == sorted(f"stage:{n}" for n in range(60))


@pytest.mark.parametrize(
    ("days", "weeks"), [(2, ["2026-W48"]), (4, []), (9, ["2026-W49"]), (23, ["2026-W51"])]
)
async def test_after_downtime_only_the_latest_week_within_grace(post, days, weeks):
    """Resuming floods nobody."""
    await post.subscribe("stage:1")
    post.at(NOW + days * 86400)
    sent = await post.send()
    assert [reply.heading.rpartition(" ")[2] for _, reply in sent] == weeks
    if not weeks:
        assert (await post.last()).state == "missed"


async def test_what_an_older_week_owes_is_not_made_up(post):
    """The digest that a platform never took is missed when the next one is due."""
    await post.subscribe("stage:1")
    post.stage.refuse("stage:1", "away")
    assert await post.send() == []
    post.at(NOW + 7 * 86400)
    assert len(await post.send()) == 1


async def test_filters_and_languages_are_each_their_own(post):
    """Places that want the same share an Edition."""
    await post.subscribe("stage:1", "stage:2", filters=Filters(kinds=("book",)), language="zh")
    await post.subscribe("stage:3", language="both")
    await post.send()
    told = {channel.id: reply for channel, reply in post.stage.messages.values()}
    assert told["stage:1"] == told["stage:2"]
    assert told["stage:1"].entry.startswith("book-")
    assert told["stage:1"].script == "zh-Hans"
    assert len(told["stage:3"].summaries) == 2


async def test_what_passes_is_tried_again(post):
    """With more and more patience, within the days of grace."""
    await post.subscribe("stage:1")
    post.stage.refuse("stage:1", "away", times=3)
    for seconds in (0, 29, 31, 31 + 119, 31 + 121, 31 + 121 + 481):
        post.at(NOW + seconds)
        await post.send()
    assert len(post.stage.messages) == 1
    assert post.stage.refused == 3
    assert (await post.last()).state == "sent"
    assert [backoff(times) for times in range(4)] == [30, 120, 480, 1920]


async def test_what_does_not_pass_in_time_is_given_up_and_told(post):
    """The ledger says why; the operator hears of a bad week once."""
    await post.subscribe(*(f"stage:{number}" for number in range(4)))
    for number in range(4):
        post.stage.refuse(f"stage:{number}", "away", times=99)
    for hours in range(0, 80, 3):
        post.at(NOW + hours * 3600)
        await post.send()
    last = await post.last()
    assert (last.state, last.reason) == ("failed", "away")
    assert len(post.told) == 1
    assert "digests of 2026-W48 failed" in post.told[0]


async def test_refused_for_good_three_times_it_rests(post):
    """Who subscribed it is told; the bot's return or a word goes on."""
    await post.subscribe("stage:1")
    post.stage.refuse("stage:1", "bot was kicked", permanent=True, times=3)
    for hours in (0, 2, 9):
        post.at(NOW + hours * 3600)
        await post.send()
    found = await post.of()
    assert (found.state, found.why, found.next_at) == ("paused", "refused", 0.0)
    assert [(channel.id, type(reply)) for channel, reply in post.stage.messages.values()] == [
        ("stage:ann", Notice)
    ]
    assert (await post.last()).state == "failed"


async def test_arriving_forgets_refusals(post):
    """Strikes are those in a row."""
    await post.subscribe("stage:1")
    post.stage.refuse("stage:1", "forbidden", permanent=True, times=1)
    await post.send()
    assert (await post.of()).strikes == 1
    post.at(NOW + 3601)
    assert len(await post.send()) == 1
    assert (await post.of()).strikes == 0


async def test_a_closed_topic_falls_back_to_the_group_once(post):
    """It says who can move it, and rests."""
    post.stage.name = "telegram"
    post.deliverers = [
        Deliverer(
            post.offices[0],
            lambda: post.current.retriever,
            {"telegram": post.stage},
            post.tell,
            QUICK,
        )
    ]
    await post.subscribe("telegram:-1:7")
    post.stage.refuse("telegram:-1:7", "TOPIC_CLOSED", permanent=True, times=9)
    ((channel, reply),) = await post.send()
    assert channel.id == "telegram:-1"
    assert "admin" in reply.note
    found = await post.of("telegram:-1:7")
    assert (found.state, found.why) == ("paused", "topic")
    post.at(NOW + 7 * 86400)
    assert await post.send() == []


async def test_a_process_that_dies_leaves_its_claims_to_others(post):
    """After the lease, by the database's clock; its own mark comes too late."""
    await post.subscribe("stage:1")
    dead = post.offices[0]
    await dead.plan()
    (claim,) = await dead.claim("stage", 10, 0.0)
    assert await post.send() == []
    post.at(NOW + offices.LEASE + 1)
    assert len(await post.send()) == 1
    assert not await dead.sent(claim, "x", "9", None)
    assert (await post.last()).state == "sent"


async def test_stopping_ends_what_is_in_hand_and_begins_nothing(post):
    """What was not begun is anybody's at once."""
    await post.subscribe(*(f"stage:{number}" for number in range(3)))
    (deliverer,) = post.deliverers
    post.stage.seconds = 0.05
    await deliverer.round()
    assert await deliverer.drain(5)
    count = len(post.stage.messages)
    post.at(NOW + 1)
    post.hire()
    await post.send()
    assert count <= len(post.stage.messages) == 3


async def test_held_weeks_wait_and_go_on(post, database):
    """A swap is another pick, a hold is none."""
    await post.subscribe("stage:1")
    hold = Ruling("hold", WEEK)
    await database.write(lambda c: editions.rule(c, hold))
    assert await post.send() == []
    await database.write(lambda c: editions.lift(c, hold))
    post.at(NOW + 700)
    assert len(await post.send()) == 1


@pytest.mark.parametrize("days", [4, 7])
async def test_what_the_curators_held_to_the_end_was_held(post, database, days):
    """Not missed: the place is told who did it; the next week is not held."""
    await post.subscribe("stage:1")
    await database.write(lambda c: editions.rule(c, Ruling("hold", WEEK)))
    await post.send()
    post.at(NOW + days * 86400)
    assert len(await post.send()) == (days == 7)

    def read(c):
        d = deliveries.deliveries.c
        return c.execute(select(d.state).where(d.week == WEEK)).scalar()

    assert await database.read(read) == "held"


async def test_a_longer_grace_makes_up_the_latest_week_only(database, current):
    """Also of what a platform refused for now, and is to be tried again after it."""
    post = Post(database, current)
    post.offices = [Office(database, timedelta(days=30), NOW)]
    post.hire()
    await post.subscribe("stage:1")
    post.stage.refuse("stage:1", "away", times=9)
    for hours in (*range(0, 168, 7), 167.9):
        post.at(NOW + hours * 3600)
        await post.send()
    post.stage.refusals.clear()
    post.at(NOW + 7 * 86400)
    ((_, reply),) = await post.send()
    assert "2026-W49" in reply.heading
    post.at(NOW + 8 * 86400)
    assert await post.send() == []


async def test_a_pause_meanwhile_withdraws(post, database):
    """Nothing comes after "pause", also where it was planned."""
    await post.subscribe("stage:1")
    await post.offices[0].plan()
    found = await post.of()
    await database.write(lambda c: subscriptions.rest(c, found.id, "asked"))
    assert await post.send() == []
    assert (await post.last()).state == "withdrawn"


async def test_a_pause_ends_by_itself(post, database):
    """With the next digest after it: none is made up."""
    await post.subscribe("stage:1")
    found = replace(await post.of(), state="paused", why="asked", until=NOW + 86400)
    found = replace(found, next_at=found.until)
    await database.write(lambda c: subscriptions.save(c, found))
    post.at(NOW + 86401)
    assert await post.send() == []
    again = await post.of()
    assert (again.state, again.next_week) == ("active", "2026-W49")


async def test_a_pause_that_ends_brings_no_week_again(post, database):
    """Though the day was changed meanwhile, and would come once more in it."""
    await post.subscribe("stage:1")
    await post.send()
    friday = plan.changed(await post.of(), Terms(5), NOW, plan.had(await post.last()))
    rests = plan.paused(friday, NOW + 86400)
    await database.write(lambda c: subscriptions.save(c, rests))
    post.at(NOW + 86401)
    assert await post.send() == []
    again = await post.of()
    assert (again.state, again.next_week) == ("active", "2026-W49")
    post.at(NOW + 11 * 86400)
    assert len(await post.send()) == 1


async def test_a_skipped_week_is_left_out(post, database):
    """And noted."""
    await post.subscribe("stage:1")
    found = replace(await post.of(), skip=WEEK)
    await database.write(lambda c: subscriptions.save(c, found))
    assert await post.send() == []
    assert (await post.last()).state == "skipped"
    post.at(NOW + 7 * 86400)
    assert len(await post.send()) == 1


@pytest.mark.parametrize("state", ["withdrawn", "skipped", "missed", "held", "failed"])
async def test_a_week_that_came_to_nothing_comes_on_a_later_day(post, database, state):
    """Where the terms were changed to one: that it comes then was told."""
    await post.subscribe("stage:1")
    await post.offices[0].plan()
    (claim,) = await post.offices[0].claim("stage", 9, 0.0)
    await post.offices[0].close(claim, state, "")
    found = plan.changed(await post.of(), Terms(5), NOW, plan.had(await post.last()))
    assert found.next_week == WEEK
    await database.write(lambda c: subscriptions.save(c, found))
    post.at(NOW + 4 * 86400)
    assert len(await post.send()) == 1
    assert ((await post.last()).week, (await post.last()).state) == (WEEK, "sent")


@pytest.mark.parametrize("state", ["sent", "retracted", "due"])
async def test_a_week_that_was_had_does_not_come_on_a_later_day(post, state):
    """Nor one that is on its way."""
    last = Delivery(WEEK, state, NOW)
    await post.subscribe("stage:1")
    found = plan.changed(await post.of(), Terms(5), NOW, plan.had(last))
    assert found.next_week == "2026-W49"


async def test_what_comes_in_the_moment_of_a_pause_was_sent(post, database):
    """The ledger says so, and the week does not come again."""
    await post.subscribe("stage:1")

    async def pause():
        found = plan.paused(await post.of(), 0.0)
        await database.write(lambda c: known.change(c, [found]))
        assert (await post.last()).state == "withdrawn"

    post.stage.once_posted = pause
    assert len(await post.send()) == 1
    assert (await post.last()).state == "sent"


async def test_curators_see_it_a_day_before_and_once(database, current):
    """Whoever of the replicas is first; what they see is what is sent."""
    post = Post(database, current, replicas=2)
    await post.subscribe("stage:1", day=2)
    previews = [
        Preview(office, lambda: current.retriever, {"stage": post.stage}, "stage:curators")
        for office in post.offices
    ]
    assert [await one.look() for one in previews] == [0, 0] or post.stage.messages
    post.at(NOW + 3600)
    assert sum([await one.look() for one in previews]) <= 1
    ((channel, shown),) = post.stage.messages.values()
    assert channel.id == "stage:curators"
    assert [choice.line.split()[1] for choice in shown.rows[1]] == ["send", "swap", "hold"]
    assert "to 1 places" in shown.note
    post.at(NOW + 86400)
    ((_, sent),) = await post.send()
    assert sent.entry == shown.entry


async def test_a_preview_that_nobody_sees_is_told_once(post, current):
    """It stops no digest: silence means send. When the place takes it, it is shown."""
    await post.subscribe("stage:1", day=2)
    post.at(NOW + 3600)
    (office,) = post.offices
    platforms = {"stage": post.stage}
    shelf = lambda: current.retriever  # noqa: E731
    preview = Preview(office, shelf, platforms, "stage:curators", tell=post.tell)
    post.stage.refuse("stage:curators", "not a member", permanent=True, times=2)
    for number in range(3):
        post.at(NOW + 3600 + 120 * number)
        await preview.once()
    assert post.told == ["the curators see no preview in stage:curators: not a member"]
    assert [channel.id for channel, _ in post.stage.messages.values()] == ["stage:curators"]


async def test_a_group_gets_its_topics_slowly():
    """On Telegram 20 a minute for a group, its topics together; others once a second."""
    pace = Pace()
    turns = [pace.turn(f"telegram:-1:{topic}", True, 100.0) for topic in range(21)]
    assert turns[20] - turns[0] >= 60
    assert pace.turn("telegram:-2", True, 100.0) == 100.0
    assert [pace.turn("slack:T:C", True, 0.0) for _ in range(3)] == [0.0, 1.0, 2.0]


async def test_a_group_with_more_topics_than_a_lease_lasts_gets_them_all(database, current):
    """Whose turn comes after the lease lets the others go first, and takes no turn from them."""
    post = Post(database, current)
    post.stage.name = "telegram"
    slow = Pace(group=offices.LEASE)
    platforms = {"telegram": post.stage}
    deliverer = Deliverer(
        post.offices[0], lambda: current.retriever, platforms, post.tell, QUICK, slow
    )
    await post.subscribe(*(f"telegram:-1:{topic}" for topic in range(3)))
    await deliverer.round()
    await deliverer.settle()
    assert len(post.stage.messages) == 1

    def read(c):
        d = deliveries.deliveries.c
        waiting = select(d.lease_until).where(d.state == "due")
        return c.execute(waiting).scalars().all()

    turns = await database.read(read)
    assert [turn == pytest.approx(NOW + offices.LEASE, abs=1) for turn in turns] == [True, True]


async def test_replicas_keep_a_platforms_pace_together(database):
    """The database gives the turns out: 25 a second on Telegram, of any number of processes."""
    offices_ = [Office(database, GRACE, NOW) for _ in range(4)]
    post = Post.__new__(Post)
    post.database, post.offices = database, offices_
    await post.subscribe(*(f"telegram:{number}" for number in range(100)))
    await offices_[0].plan()
    turns, now = [], NOW
    while len(turns) < 100:
        for office in offices_:
            office.now = now
            turns += [claim.at for claim in await office.claim("telegram", 25, 0.04)]
        now += 0.25
    turns.sort()
    assert all(turns[i + 25] - turns[i] >= 0.99 for i in range(75))
    assert turns[-1] - turns[0] < 6


async def test_every_pick_stands_in_the_history(post, database):
    """Fixed once, with the catalog's revision and the reasons."""
    await post.subscribe("stage:1")
    for week in range(3):
        post.at(NOW + week * 7 * 86400)
        await post.send()

    def read(c):
        return c.execute(select(editions.editions).order_by(editions.editions.c.week)).all()

    rows = await database.read(read)
    assert [row.week for row in rows] == ["2026-W48", "2026-W49", "2026-W50"]
    assert len({row.entry for row in rows}) == 3
    assert len({row.revision for row in rows}) == 1


async def test_buttons_under_a_digest_find_their_entry(post, database):
    """A conversation stands for the message."""
    from bot.store import conversations

    await post.subscribe("stage:1")
    ((_, reply),) = await post.send()
    (message,) = post.stage.messages
    found = await database.read(lambda c: conversations.of_message(c, "stage:1", message))
    assert found.shown == (reply.entry,)


async def test_it_takes_no_time_when_nothing_is_due(post):
    """A look at the clock is two small statements."""
    await post.subscribe("stage:1", day=5)
    begun = time.monotonic()
    for _ in range(10):
        assert await post.deliverers[0].round() == 0
    assert time.monotonic() - begun < 2


async def test_answers_do_not_wait_behind_digests(database, current):
    """However many are due and however slow the platform takes them."""
    house = await House(database, current, time.time, timedelta(days=7), timedelta(hours=24)).open()
    post = Post(database, current)
    await house.say("gpipe")
    begun = time.monotonic()
    await house.say("parameter server")
    alone = time.monotonic() - begun
    await post.subscribe(*(f"stage:{number}" for number in range(300)))
    post.stage.seconds = 1.0
    sending = asyncio.create_task(post.send())
    while not post.deliverers[0]._in_hand:
        await asyncio.sleep(0.01)
    begun = time.monotonic()
    await house.say("ring allreduce")
    assert time.monotonic() - begun < 0.9 + 3 * alone  # behind one of them it would take a second
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await post.deliverers[0].drain(10)


async def test_what_was_posted_is_marked_though_the_database_was_away(post, database):
    """Else it would come twice without anybody's death."""
    await post.subscribe("stage:1")
    away = databases.Outage(database, "deliveries")

    post.stage.once_posted = lambda: away.last(0.2)
    begun = time.monotonic()
    assert len(await post.send()) == 1
    assert time.monotonic() - begun > MARKING[0]  # it was away when it was first marked
    await away.over()
    assert (await post.last()).state == "sent"


async def test_what_nobody_serves_is_said_and_given_up(post):
    """Not at once, for another process may serve it; a terminal waits for its person."""
    await post.subscribe("slack:T:C", "slack:T:D", "slack:T:E", "terminal:ann", "stage:1")
    assert len(await post.send()) == 1
    strays = Strays(post.offices[0], ("stage",), post.tell)
    assert await strays.look() == {}
    post.at(NOW + 700)
    assert [await strays.look() for _ in range(2)] == [{"slack": 3}] * 2
    assert post.told == ["digests wait for slack, which is not set up here: 3 (mlinfra doctor)"]
    assert (await post.last("slack:T:C")).state == "due"
    post.at(NOW + 3 * 86400 + 10)
    assert await strays.look() == {}
    last = await post.last("slack:T:C")
    assert (last.state, last.reason) == ("failed", "its platform is not set up")
    assert post.told[1:] == ["3 of 5 digests of 2026-W48 failed: mlinfra digest status"]
    assert (await post.last("terminal:ann")).state == "due"


async def test_a_terminal_takes_what_is_its_own(post, database):
    """On a database that many share, one person's terminal is no other's."""
    await post.subscribe("stage:1", "stage:2")
    await post.offices[0].plan()
    mine = await Office(database, GRACE, NOW, only="stage:2").claim("stage", 9, 0.0)
    assert [claim.subscription.channel for claim in mine] == ["stage:2"]
    assert [channel.id for channel, _ in await post.send()] == ["stage:1"]
