"""The paper of the week on Slack, over real sockets: subscribed in the channel, sent once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_house import housed

from bot.digest.deliver import Deliverer
from bot.digest.office import Office
from bot.store import ledger, subscriptions


@pytest.fixture
async def house(current, tmp_path):
    async with housed(current, tmp_path) as found:
        yield found
        await found.slack.settled()
        assert not found.slack.warned(), found.slack.warned()


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
def deliver(house, current, monkeypatch):
    """Send everything, as if the next week had come."""
    monkeypatch.setattr("bot.digest.deliver.WAIT", 0.01)

    async def tell(*words):
        raise AssertionError(words)

    async def deliver():
        await house.service.settle()

        def later(connection):
            found = subscriptions.every(connection)
            return max((one.next_at for one in found), default=0.0)

        now = max(await house.database.read(later), 1.0) + 1
        office = Office(house.database, timedelta(days=3), now)
        deliverer = Deliverer(office, lambda: current.retriever, {"slack": house.platform}, tell)
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
