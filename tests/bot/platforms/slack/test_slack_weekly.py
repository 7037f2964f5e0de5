"""The paper of the week on Slack, over real sockets: subscribed in the channel, sent once."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import timedelta

import pytest
from curators import Week
from slack_house import housed
from slack_server import SlackServer

from bot import migrations
from bot.digest import schedule
from bot.digest.deliver import Deliverer
from bot.digest.office import Office
from bot.digest.watch import Returns
from bot.store import ledger, subscriptions
from bot.subscription import Subscription, Terms
from corpus.database import connect


@pytest.fixture
def alice(house):
    return house.slack.add_user("alice", admin=True, tz="Europe/Berlin")


@pytest.fixture
def general(house, alice):
    return house.slack.add_channel("general", alice)


@pytest.fixture
def kept(house, general):
    """The channel's subscription, and its last delivery."""

    async def kept():
        await house.service.settle()

        def read(connection):
            one = subscriptions.of(connection, f"slack:{general.team.id}:{general.id}")
            return one, one and ledger.last(connection, one.id)

        return await house.database.read(read)

    return kept


@pytest.fixture
def deliver(house, current):
    """Send everything, as if the next week had come."""

    async def tell(*words):
        raise AssertionError(words)

    async def deliver():
        await house.service.settle()

        def later(connection):
            found = subscriptions.every(connection)
            return max((one.next_at for one in found), default=0.0)

        now = max(await house.database.read(later), 1.0) + 1
        office = Office(house.database, timedelta(days=3), now)
        deliverer = Deliverer(
            office, lambda: current.retriever, {"slack": house.platform}, tell, 0.01
        )
        await deliverer.send_due(20)
        return deliverer.outcomes

    return deliver


async def test_a_mention_subscribes_the_channel_in_the_askers_zone(house, alice, general, kept):
    """Slack knows the zone, so nobody is asked."""
    form = await house.answer(house.slack.say(alice, general, "@mlinfra subscribe fri 9:00 both"))
    assert "Berlin" in form.text
    one, _ = await kept()
    assert (one.terms.zone, one.terms.day, one.terms.language) == ("Europe/Berlin", 5, "both")


async def test_a_digest_comes_once_on_one_screen(house, alice, general, kept, deliver):
    """Blocks and text say the same; its buttons work; no cards."""
    await house.answer(house.slack.say(alice, general, "@mlinfra subscribe both"))
    assert (await deliver())["sent"] == 1
    (message,) = [
        one
        for one in house.slack.messages(general, by=house.slack.bot)
        if one.text.startswith("Paper of the week ·")
    ]
    assert message.thread_ts == ""
    assert len(message.text) < 3000
    rows = [block for block in message.blocks if block["type"] == "actions"]
    assert len(rows) == 2
    _, last = await kept()
    assert last.state == "sent"


async def test_an_archived_channel_rests_and_goes_on(house, alice, general, kept, deliver):
    """Unarchived, from the next one."""
    await house.answer(house.slack.say(alice, general, "@mlinfra subscribe"))
    house.slack.archive(general, alice)
    await house.slack.settled()
    await house.service.settle()
    one, _ = await kept()
    assert (one.state, one.why) == ("paused", "left")
    assert not await deliver()
    house.slack.unarchive(general, alice)
    await house.slack.settled()
    await house.service.settle()
    one, _ = await kept()
    assert one.state == "active"


async def test_refused_by_slack_it_is_a_strike(house, alice, general, kept, deliver):
    """An archived channel that no event told of."""
    await house.answer(house.slack.say(alice, general, "@mlinfra subscribe"))
    await kept()
    general.archived = True
    assert (await deliver())["put off"] == 1
    one, last = await kept()
    assert one.strikes == 1
    assert last.state == "due"
    assert last.reason


async def test_the_command_and_its_buttons(house, alice, general, kept):
    """`/mlinfra subscribe`, shown to who gave it; a press changes the form in its place."""
    house.slack.command(alice, general, "subscribe")
    shown = await house.slack.until(lambda: house.slack.ephemerals(alice, general))
    await kept()
    house.slack.press(alice, shown[-1], "Fri")
    await house.slack.settled()
    one, _ = await kept()
    assert one.terms.day == 5


async def test_the_home_tab_has_it(house, alice):
    """For the person's own direct messages."""
    house.slack.open_home(alice)
    home = await house.slack.until(lambda: house.slack.home(alice))
    house.slack.press(alice, home, "Paper of the week")
    await house.slack.until(lambda: "Time zone" in str(house.slack.home(alice).blocks))
    house.slack.press(alice, house.slack.home(alice), "Get it every week")
    await house.slack.settled()
    await house.service.settle()
    (one,) = await house.database.read(subscriptions.every)
    assert (one.state, one.terms.zone) == ("active", "Europe/Berlin")


@pytest.fixture
def news(house, alice):
    """A channel beside the one that it is said in; the bot is in it."""
    return house.slack.add_channel("ml-news", alice)


@pytest.fixture
def there(house, news):
    async def there(channel=news):
        await house.slack.settled()
        await house.service.settle()
        name = f"slack:{channel.team.id}:{channel.id}"
        return await house.database.read(lambda connection: subscriptions.of(connection, name))

    return there


@pytest.mark.parametrize(
    "form", ["<#{id}|ml-news>", "<#{id}>", "<#{id}|>", "#ml-news", "#ML-News", "{id}"]
)
async def test_another_channel_by_a_command(house, alice, general, news, there, kept, form):
    """Marked up by Slack or not, by its name or id: the terms are there, not here."""
    place = form.format(id=news.id)
    house.slack.command(alice, general, f"subscribe {place} fri 9:00 Tokyo both", raw=True)
    shown = await house.slack.until(lambda: house.slack.ephemerals(alice, general))
    assert f"<#{news.id}>" in shown[-1].text
    one = await there()
    assert (one.terms.day, one.terms.zone, one.shared) == (5, "Asia/Tokyo", True)
    assert (await kept())[0] is None
    house.slack.press(alice, shown[-1], "Thu")
    await house.slack.settled()
    assert (await there()).terms.day == 4
    assert (await kept())[0] is None


@pytest.mark.parametrize("form", ["<#{id}|ml-news>", "#ml-news", "slack:{team}:{id}"])
async def test_another_channel_by_a_mention(house, alice, general, news, there, form):
    """And all that a subscription can be told."""
    place = form.format(id=news.id, team=news.team.id)
    us = f"<@{house.slack.bot.id}>"
    for words, state in (
        (f"subscribe {place} fri", "active"),
        (f"pause {place} two weeks", "paused"),
        (f"resume {place}", "active"),
        (f"unsubscribe {place}", "ended"),
    ):
        house.slack.say(alice, general, f"{us} {words}", raw=True)
        assert (await there()).state == state, words


async def test_another_channel_takes_both_sides_rights(house, alice, general, news, there):
    """An admin, and a channel that the bot is in; direct messages are nobody else's."""
    bob = house.slack.add_user("bob")
    away = house.slack.add_channel("away", alice, bot=False)
    closed = house.slack.add_channel("closed", alice)
    closed.archived = True
    direct = house.slack.dm(bob)
    said = {
        (bob, f"<#{news.id}|ml-news>"): "Only an admin",
        (alice, f"<#{away.id}|away>"): "no such place",
        (alice, "#away"): "no such place",
        (alice, f"<#{closed.id}|closed>"): "no such place",
        (alice, "#nowhere"): "no such place",
        (alice, f"slack:{direct.team.id}:{direct.id}"): "no such place",
    }
    for count, ((person, place), words) in enumerate(said.items(), 1):
        line = f"<@{house.slack.bot.id}> subscribe {place}"
        sent = house.slack.say(person, general, line, raw=True)
        assert words in (await house.answer(sent)).text, (place, count)
    for channel in (news, away, closed, direct):
        assert await there(channel) is None


async def test_a_private_channel_is_found_on_any_page(house, alice, general, there):
    """Slack tells two hundred at a time."""
    for number in range(230):
        house.slack.add_channel(f"c{number}", alice)
    last = house.slack.add_channel("zz-private", alice, kind="group")
    house.slack.command(alice, general, "subscribe #zz-private")
    await house.slack.until(lambda: house.slack.ephemerals(alice, general))
    assert (await there(last)).state == "active"


async def test_what_people_say_to_each_other_subscribes_nothing(house, alice, general, news, there):
    """In a thread that the bot takes part in, but not said to it."""
    first = house.slack.say(alice, general, "@mlinfra gpipe")
    await house.answer(first)
    house.slack.say(alice, general, f"subscribe <#{news.id}|ml-news> fri", thread=first, raw=True)
    house.slack.say(alice, general, f"/subscribe slack:{news.team.id}:{news.id}", thread=first)
    assert await there() is None


async def test_curators_swap_hold_and_send_in_their_channel(current, tmp_path):
    """A day before, once; what they press counts, and too late is said."""
    curators = set()
    async with housed(current, tmp_path, curators=curators) as house:
        slack = house.slack
        alice = slack.add_user("alice")
        place = slack.add_channel("curators", alice)
        readers = [slack.add_channel(f"readers{number}", alice) for number in range(3)]
        names = [f"slack:{channel.team.id}:{channel.id}" for channel in (place, *readers)]
        curators.add(names[0])
        week = Week(current, house.database, {"slack": house.platform}, names[0])
        await week.subscribe(*names[1:])
        assert [await week.look(), await week.look()] == [1, 0]
        (shown,) = slack.messages(place, by=slack.bot)
        first = await week.title()
        assert first in shown.text
        assert "to 3 places (no filter). Silence means send." in shown.text

        async def press(surface, word, told):
            slack.press(alice, surface, word)
            (found,) = await slack.until(
                lambda: [m for m in slack.messages(place, by=slack.bot)[-1:] if told in m.text]
            )
            await house.service.settle()
            return found

        swapped = await press(shown, "Swap", f"{week.week} has another one now")
        second = await week.title()
        assert second != first
        assert second in swapped.text
        await press(swapped, "Hold", "is held back")
        assert await week.send() == {"held": 3}
        assert not any(slack.messages(channel, by=slack.bot) for channel in readers)
        await press(swapped, "Send", "sent as it stands")
        assert await week.send(later=0.2) == {"sent": 3}
        for channel in readers:
            (message,) = slack.messages(channel, by=slack.bot)
            assert second in message.text
        await press(shown, "Swap", "gone out to 3 places already")
        assert await week.title() == second
        await slack.settled()
        assert not slack.warned(), slack.warned()


async def test_a_subscription_follows_its_channels_new_id(house, alice, general, there, deliver):
    """As Slack gives one when a channel is shared or made private."""
    await house.answer(house.slack.say(alice, general, "@mlinfra subscribe fri"))
    before = f"slack:{general.team.id}:{general.id}"
    house.slack.change_id(general)
    assert (await there(general)).terms.day == 5
    assert await house.database.read(lambda c: subscriptions.of(c, before)) is None
    assert (await deliver())["sent"] == 1
    assert house.slack.messages(general, by=house.slack.bot)[-1].text.startswith("Paper of the")


async def test_refused_three_times_it_rests_and_who_subscribed_is_told(
    house, current, alice, general, there
):
    """In their direct messages; invited again, it goes on."""
    await house.answer(house.slack.say(alice, general, "@mlinfra subscribe"))
    due = (await there(general)).next_at
    general.archived = True  # and no event told of it

    async def tell(*words):
        raise AssertionError(words)

    for hours in (0, 2, 9):
        office = Office(house.database, timedelta(days=3), due + 1 + hours * 3600)
        platforms = {"slack": house.platform}
        await Deliverer(office, lambda: current.retriever, platforms, tell, 0.01).send_due(20)
    one = await there(general)
    assert (one.state, one.why) == ("paused", "refused")
    (told,) = house.slack.messages(house.slack.dm(alice), by=house.slack.bot)
    assert "could not be delivered" in told.text
    assert f"<#{general.id}>" in told.text
    house.slack.unarchive(general, alice)
    await house.slack.until(
        lambda: "goes on here" in house.slack.messages(general, by=house.slack.bot)[-1].text
    )
    assert (await there(general)).state == "active"


async def test_a_token_taken_back_rests_after_the_days_of_grace_until_it_is_given_again(
    house, current, alice, general, there
):
    """Until then the operator may mend it, and is told; channels and direct messages alike."""
    await house.answer(house.slack.say(alice, general, "@mlinfra subscribe"))
    direct = house.slack.dm(alice)
    await house.answer(house.slack.say(alice, direct, "subscribe"))
    due = (await there(general)).next_at
    token = general.team.token
    token.revoked = True  # and no event told of it
    told, platforms = [], {"slack": house.platform}

    async def tell(sentence, kind):
        told.append(f"{kind}: {sentence}")

    for days in (0, 3):
        office = Office(house.database, timedelta(days=3), due + 1 + days * 86390)
        await Deliverer(office, lambda: current.retriever, platforms, tell, 0.01).send_due(20)
        state = "active" if not days else "paused"
        assert (await there(general)).state == state
    assert "token_revoked" in told[0]
    assert {(await there(place)).why for place in (general, direct)} == {"revoked"}
    assert await Returns(office, platforms).look() == 0
    token.revoked = False
    assert await Returns(office, platforms).look() == 2
    for place in (general, direct):
        one = await there(place)
        assert (one.state, one.why) == ("active", "")
        assert one.next_at > due + 1


async def test_cron_sends_once_without_taking_anything_in(cache, current, tmp_path):
    """`mlinfra digest send` on its own: who is archived is a strike, a second run posts nothing."""
    assert current
    async with SlackServer.running() as slack:
        alice = slack.add_user("alice")
        rooms = [slack.add_channel(f"c{number}", alice) for number in range(4)]
        rooms[3].archived = True
        engine = connect(f"sqlite:///{tmp_path / 'mlinfra.db'}")
        migrations.upgrade(engine)
        now = time.time()
        day = schedule.local(now - 60, "UTC")
        terms = Terms(day.isoweekday(), day.hour * 60 + day.minute, "UTC", "both")
        week, at = schedule.missed(terms, now)
        names = [f"slack:{room.team.id}:{room.id}" for room in rooms]
        with engine.begin() as connection:
            subscriptions.save_all(
                connection,
                [Subscription(name, True, terms, next_week=week, next_at=at) for name in names],
            )
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "MLINFRA_DATA_DIR": str(tmp_path),
            "MLINFRA_CACHE_DIR": str(cache),
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_BASE_URL": slack.base_url,
        }

        async def send():
            done = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "digest", "send"),
                env=environ,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            out, errors = await asyncio.wait_for(done.communicate(), 60)
            return done.returncode, out.decode(), errors.decode()

        code, told, errors = await send()
        assert (code, told) == (0, "1 put off, 3 sent\n"), errors
        assert (await send())[:2] == (0, "nothing due\n")
        assert [len(slack.messages(room, by=slack.bot)) for room in rooms] == [1, 1, 1, 0]
        with engine.connect() as connection:
            assert subscriptions.of(connection, names[3]).strikes == 1
        engine.dispose()


async def test_a_command_where_the_bot_is_not_subscribes_nothing(house, alice, there):
    """It is heard in any channel; digests would come to none of them."""
    away = house.slack.add_channel("away", alice, bot=False)
    house.slack.command(alice, away, "subscribe fri")
    shown = await house.slack.until(lambda: house.slack.ephemerals(alice, away))
    assert "bring me there first" in shown[-1].text
    assert await there(away) is None
    house.slack.join(house.slack.bot, away, alice)
    house.slack.command(alice, away, "subscribe fri")
    await house.slack.until(lambda: len(house.slack.ephemerals(alice, away)) > 1)
    assert (await there(away)).state == "active"


@pytest.mark.parametrize("kind", ["im", "mpim"])
async def test_a_command_in_direct_messages_subscribes_where_the_bot_is(house, alice, there, kind):
    """It is heard between two people too, whose words are theirs alone; in a group with the bot it
    needs no scope beyond the manifest's.
    """
    house.slack.team.token.scopes -= {"im:read", "mpim:read"}
    bob = house.slack.add_user("bob")
    with_us = house.slack.add_channel("", alice, *[bob][: kind == "mpim"], kind=kind)
    away = house.slack.add_channel("", alice, bob, kind=kind, bot=False)
    for place, words in ((away, "bring me there first"), (with_us, "Fri")):
        house.slack.command(alice, place, "subscribe fri")
        shown = await house.slack.until(lambda place=place: house.slack.ephemerals(alice, place))
        assert words in shown[-1].text
    assert await there(away) is None
    assert (await there(with_us)).state == "active"
