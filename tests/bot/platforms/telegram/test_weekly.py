"""The paper of the week on Telegram, over real sockets: subscribed in the chat, sent once."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from botapi_server import BotApi
from curators import Week
from telegram_trial import serving, trial

from bot import migrations
from bot.digest import schedule
from bot.digest.deliver import Deliverer
from bot.digest.office import Office
from bot.store import editions, ledger, subscriptions
from bot.subscription import Filters, Subscription, Terms
from corpus.database import connect


@pytest.fixture(name="engine")
def _engine(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'mlinfra.db'}")
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(name="server")
async def _server():
    async with BotApi() as api:
        yield api


def subscribe(engine, *channels, ago=5.0):
    now = time.time()
    day = schedule.local(now - ago, "UTC")
    terms = Terms(day.isoweekday(), day.hour * 60 + day.minute, "UTC", "both")
    week, at = schedule.missed(terms, now) if ago > 0 else schedule.following(terms, now)
    with engine.begin() as connection:
        for channel in channels:
            one = Subscription(channel, True, terms, next_week=week, next_at=at)
            subscriptions.save(connection, one)


async def run(server, tmp_path, cache, *arguments, **environ):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "MLINFRA_DATA_DIR": str(tmp_path),
            "MLINFRA_CACHE_DIR": str(cache),
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_BASE_URL": server.url,
            **environ,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), errors.decode()


async def test_send_posts_what_is_due_once_and_silently(server, engine, tmp_path, cache, current):
    """One screen, without a preview card; a second run posts nothing; then retracted."""
    assert current
    ann = server.user("Ann")
    chats = [server.private(ann), server.supergroup(admins=[ann]), server.channel(admins=[ann])]
    subscribe(engine, *(f"telegram:{chat.id}" for chat in chats))
    code, told, errors = await run(server, tmp_path, cache, "digest", "send")
    assert (code, told) == (0, "3 sent\n"), errors
    for chat in chats:
        message = chat.last
        assert message.silent
        assert message.preview == {"is_disabled": True}
        assert "Paper of the week" in message.text
        assert len(message.text) < 2200
    code, told, _ = await run(server, tmp_path, cache, "digest", "send")
    assert (code, told) == (0, "nothing due\n")
    assert server.counts["sendMessage"] == 3
    week = schedule.week_at(time.time(), "UTC")
    before = [chat.last.text for chat in chats]
    code, told, errors = await run(server, tmp_path, cache, "digest", "correct", week)
    assert (code, told) == (0, "3 done, 0 failed\n"), errors
    assert [chat.last.text for chat in chats] == before  # why this one, and what was new, too
    code, told, errors = await run(server, tmp_path, cache, "digest", "retract", week)
    assert (code, told) == (0, "3 done, 0 failed\n"), errors
    assert all("Paper of the week" not in text for chat in chats for text in chat.texts)


async def test_a_chat_that_threw_us_out_rests_and_a_moved_one_is_followed(
    server, engine, tmp_path, cache, current
):
    """As the send itself shows, where no update told it."""
    assert current
    ann = server.user("Ann")
    blocked, group = server.private(ann), server.group(admins=[ann])
    subscribe(engine, f"telegram:{blocked.id}", f"telegram:{group.id}")
    blocked.block()
    new = group.migrate()
    code, _, errors = await run(server, tmp_path, cache, "digest", "send")
    assert code == 0, errors
    assert "Paper of the week" in new.last.text
    with engine.connect() as connection:
        rests = subscriptions.of(connection, f"telegram:{blocked.id}")
        moved = subscriptions.of(connection, f"telegram:{new.id}")
        assert (rests.state, rests.why) == ("paused", "left")
        assert ledger.last(connection, moved.id).state == "sent"


async def test_a_channel_is_subscribed_from_its_admins_private_chat(tmp_path, current):
    """Both sides' rights are asked of Telegram: the person's, and the bot's to post."""
    async with trial(current, tmp_path) as found:
        api = found.server
        ann, bob = api.user("Ann"), api.user("Bob")
        news = api.channel("News", admins=[ann], username="ml_news")
        closed = api.channel("Closed", admins=[ann], bot=None)
        for person, place, told in (
            (bob, "@ml_news", "Only an admin"),
            (ann, f"telegram:{closed.id}", "There is no such place"),
            (ann, f"telegram:{bob.id}", "There is no such place"),
            (ann, "@ml_news", "Paper of the week"),
            (ann, f"telegram:{news.id}", "Paper of the week"),
            (ann, "https://t.me/ml_news", "Paper of the week"),
            (ann, str(news.id), "Paper of the week"),
        ):
            chat = api.private(person)
            before = len(chat.texts)
            chat.say(f"/subscribe {place} fri 9:00 Berlin")
            await api.until(lambda chat=chat, before=before: len(chat.texts) > before)
            await found.service.settle()
            assert told in chat.texts[-1], (place, chat.texts)
        engine = connect(f"sqlite:///{tmp_path / 'trial.db'}")
        with engine.connect() as connection:
            (one,) = subscriptions.every(connection)
        engine.dispose()
        assert (one.channel, one.terms.day) == (f"telegram:{news.id}", 5)


async def test_a_reader_of_a_channel_presses_for_themselves(tmp_path, current):
    """What they are told they see alone: a channel is its admin's to write in."""
    async with trial(current, tmp_path) as found:
        api = found.server
        ann, bob = api.user("Ann"), api.user("Bob")
        news = api.channel("News", admins=[ann], username="ml_news")
        chat = api.private(ann)
        chat.say("/subscribe @ml_news")
        await api.until(lambda: chat.texts)
        await found.service.settle()
        due = (await found.database.read(subscriptions.every))[0].next_at
        office = Office(found.database, timedelta(days=3), due + 1)

        async def tell(*words):
            raise AssertionError(words)

        platforms = {"telegram": found.telegram}
        await Deliverer(office, lambda: current.retriever, platforms, tell, 0.01).send_due(20)
        digest = news.last
        for person, word, told in (
            (bob, "Details", digest.text.splitlines()[1]),
            (bob, "Similar", ""),
            (bob, "Skip the next", "Only an admin"),
            (bob, "Change or stop", "Paper of the week: Mondays"),
            (ann, "Skip the next", "is left out"),
        ):
            press = news.press(word, by=person, message=digest)
            await api.until(lambda press=press: press.answered)
            await found.service.settle()
            assert press.alert, word
            assert told in press.text, (word, press.text)
        assert news.last is digest
        (one,) = await found.database.read(subscriptions.every)
        assert one.skip == one.next_week


async def test_a_topic_is_a_place_of_its_own(tmp_path, current):
    """Subscribed by the group's admin, from within it."""
    async with trial(current, tmp_path) as found:
        api = found.server
        ann, bob = api.user("Ann"), api.user("Bob")
        forum = api.forum(admins=[ann], members=[bob])
        topic = forum.add_topic("papers")
        forum.say("/subscribe zh 北京", by=bob, topic=topic)
        await api.until(lambda: any("管理员" in text for text in forum.texts))
        forum.say("/subscribe zh 北京", by=ann, topic=topic)
        await api.until(lambda: any("本周论文" in text for text in forum.texts))
        await found.service.settle()
        engine = connect(f"sqlite:///{tmp_path / 'trial.db'}")
        with engine.connect() as connection:
            (one,) = subscriptions.every(connection)
        engine.dispose()
        assert one.channel == f"telegram:{forum.id}:{topic.id}"


async def test_a_closed_topic_falls_back_to_general_once(server, engine, tmp_path, cache, current):
    """It says who can move it, and rests."""
    assert current
    ann = server.user("Ann")
    forum = server.forum(admins=[ann])
    topic = forum.add_topic("papers")
    subscribe(engine, f"telegram:{forum.id}:{topic.id}")
    forum.close_topic(topic)
    code, _, errors = await run(server, tmp_path, cache, "digest", "send")
    assert code == 0, errors
    assert "topic of yours is closed" in forum.last.text
    assert "an admin moves it" in " ".join(forum.last.text.split())
    assert forum.last.silent
    with engine.connect() as connection:
        one = subscriptions.of(connection, f"telegram:{forum.id}:{topic.id}")
    assert (one.state, one.why) == ("paused", "topic")


async def test_served_digests_come_while_questions_are_answered(
    server, engine, tmp_path, cache, current
):
    """By serve itself, at the pace that Telegram takes: 25 a second, batch upon batch."""
    assert current
    ann = server.user("Ann")
    chats = [server.private(server.user(f"U{number}")) for number in range(90)]
    subscribe(engine, *(f"telegram:{chat.id}" for chat in chats))
    asking = server.private(ann)

    def work():
        with serving(
            server, tmp_path, MLINFRA_DATA_DIR=str(tmp_path), MLINFRA_CACHE_DIR=str(cache)
        ):
            server.wait(lambda: any(chat.texts for chat in chats), 20)
            begun = time.monotonic()
            asking.say("gpipe")
            server.wait(lambda: asking.texts, 10)
            waited = time.monotonic() - begun
            server.wait(lambda: all(chat.texts for chat in chats), 20)
            return waited, time.monotonic() - begun

    waited, drained = await asyncio.to_thread(work)
    assert waited < 1
    assert drained < 10  # 90 / 25 are four
    assert all(len(chat.texts) == 1 for chat in chats)


async def test_curators_swap_hold_and_send_in_their_group(tmp_path, current):
    """A day before, once; what they press counts, and too late is said."""
    async with BotApi() as api:
        ann = api.user("Ann")
        place = api.supergroup("Curators", admins=[ann])
        at = f"telegram:{place.id}"
        async with trial(current, tmp_path, api, curators={at}) as found:
            week = Week(current, found.database, {"telegram": found.telegram}, at)
            readers = [api.private(api.user(f"U{number}")) for number in range(3)]
            await week.subscribe(*(f"telegram:{chat.id}" for chat in readers), hours=25)
            assert await week.look() == 0
            await week.subscribe(*(f"telegram:{chat.id}" for chat in readers))
            assert [await week.look(), await week.look()] == [1, 0]
            first = await week.title()
            assert first in place.last.text
            assert "to 3 places (no filter). Silence means send." in place.last.text

            async def press(word, told):
                before = len(place.texts)
                place.press(word, by=ann)
                await api.until(lambda: len(place.texts) > before)
                await found.service.settle()
                assert told in place.texts[-1], place.texts[-1]

            await press("Swap", f"{week.week} has another one now")
            second = await week.title()
            assert second != first
            assert second in place.last.text
            await press("Hold", "is held back")
            assert await week.send() == {"held": 3}
            assert not any(chat.texts for chat in readers)
            place.press("Send", by=ann, message=place.messages[-2])
            await api.until(lambda: "sent as it stands" in place.texts[-1])
            await found.service.settle()
            assert await week.send(later=0.2) == {"sent": 3}
            assert all(second in chat.last.text for chat in readers)
            place.press("Swap", by=ann, message=place.messages[-3])
            await api.until(lambda: "gone out to 3 places already" in place.texts[-1])
            assert await week.title() == second
            assert await week.counts() == {"sent": 3}


async def test_curators_who_are_silent_send(tmp_path, current):
    """What they saw is what is sent; nobody else's press counts."""
    async with BotApi() as api:
        ann, bob = api.user("Ann"), api.user("Bob")
        place = api.supergroup("Curators", admins=[ann], members=[bob])
        async with trial(current, tmp_path, api) as found:  # whose curators are others
            at = f"telegram:{place.id}"
            week = Week(current, found.database, {"telegram": found.telegram}, at)
            reader = api.private(ann)
            await week.subscribe(f"telegram:{reader.id}")
            assert await week.look() == 1
            title = await week.title()
            press = place.press("Swap", by=bob)
            await api.until(lambda: press.answered)
            await found.service.settle()
            assert await week.title() == title
            assert await week.send() == {"sent": 1}
            assert title in reader.last.text


async def test_cron_shows_the_curators_and_sends(server, engine, tmp_path, cache, current):
    """A curators' place that we cannot write to keeps no digest back; the operator hears of it."""
    assert current
    ann = server.user("Ann")
    reader, later, boss = server.private(ann), server.private(server.user("Bob")), server.group()
    subscribe(engine, f"telegram:{reader.id}")
    subscribe(engine, f"telegram:{later.id}", ago=-3600)
    away = {"CURATOR_CHANNEL": "telegram:-100999", "OPERATOR_CHANNEL": f"telegram:{boss.id}"}
    code, told, errors = await run(server, tmp_path, cache, "digest", "send", **away)
    assert (code, told) == (0, "1 sent\n"), errors
    assert "curators see no preview in telegram:-100999" in boss.last.text
    with engine.begin() as connection:
        connection.execute(editions.editions.update().values(lease_until=0.0))
    place = server.supergroup("Curators", admins=[ann])
    there = {"CURATOR_CHANNEL": f"telegram:{place.id}"}
    code, told, errors = await run(server, tmp_path, cache, "digest", "send", **there)
    assert (code, told) == (0, "nothing due\n"), errors
    assert "Silence means send" in place.last.text
    assert not later.texts


async def test_cron_says_what_waits_for_a_platform_that_is_not_set_up(
    server, engine, tmp_path, cache, current
):
    """Each time, and to the operator too; the others get theirs."""
    assert current
    reader, boss = server.private(server.user("Ann")), server.group()
    subscribe(engine, f"telegram:{reader.id}", "slack:T1:C1")
    operator = {"OPERATOR_CHANNEL": f"telegram:{boss.id}"}
    code, told, errors = await run(server, tmp_path, cache, "digest", "send", **operator)
    assert (code, told) == (0, "1 sent, 1 waiting for slack, which is not set up\n"), errors
    assert "digests wait" in errors
    assert "digests wait for slack, which is not set up here: 1 (mlinfra doctor)" in boss.last.text
    told = (await run(server, tmp_path, cache, "digest", "send"))[1]
    assert told == "1 waiting for slack, which is not set up\n"
    code, told, _ = await run(server, tmp_path, cache, "doctor")
    assert code == 1
    assert "1 on slack, which is not set up" in told


async def test_blocked_it_rests_and_goes_on_when_unblocked(tmp_path, current):
    """As Telegram tells of it; a channel's too, when the bot is made its admin again."""
    async with trial(current, tmp_path) as found:
        api = found.server
        ann = api.user("Ann")
        chat, news = api.private(ann), api.channel("News", admins=[ann], username="ml_news")

        async def states():
            await found.service.settle()
            one = await found.database.read(subscriptions.every)
            return {place.channel: (place.state, place.why) for place in one}

        async def until(*wanted):
            names = (f"telegram:{chat.id}", f"telegram:{news.id}")
            for _ in range(100):
                if await states() == dict(zip(names, wanted, strict=True)):
                    return
                await asyncio.sleep(0.1)
            raise AssertionError(await states())

        chat.say("/subscribe fri 9:00 Berlin")
        await api.until(lambda: chat.texts)
        chat.say("/subscribe @ml_news")
        await until(("active", ""), ("active", ""))
        chat.block()
        news.kick_bot()
        await until(("paused", "left"), ("paused", "left"))
        chat.unblock()
        news.promote_bot()
        await until(("active", ""), ("active", ""))


async def test_served_curators_press_what_they_see(server, engine, tmp_path, cache, current):
    """As the program is set up: whoever is in CURATOR_CHANNEL, and nobody elsewhere."""
    assert current
    ann, bob = server.user("Ann"), server.user("Bob")
    place, reader = server.supergroup("Curators", admins=[ann], members=[bob]), server.private(ann)
    subscribe(engine, f"telegram:{reader.id}", ago=-23 * 3600)
    environ = {"MLINFRA_DATA_DIR": str(tmp_path), "MLINFRA_CACHE_DIR": str(cache)}

    def work():
        with serving(server, tmp_path, CURATOR_CHANNEL=f"telegram:{place.id}", **environ) as bot:
            server.wait(lambda: any("Silence means send" in text for text in place.texts), 20)
            for word, told in (("Swap", "has another one now"), ("Hold", "is held back")):
                place.press(word, by=bob)
                server.wait(lambda told=told: told in place.texts[-1], 10)
            bot.stop()  # what was told is kept after it

    await asyncio.to_thread(work)
    assert not reader.texts
    with engine.connect() as connection:
        week = subscriptions.of(connection, f"telegram:{reader.id}").next_week
        ledger_ = editions.ledger(connection, Filters())
    kinds = {ruling.kind for ruling in ledger_.rulings if ruling.week == week}
    assert kinds == {"skip", "hold"}
