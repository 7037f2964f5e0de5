"""The bot at work in a workspace of the test server, and who is there."""

from __future__ import annotations

import pytest
from slack_house import housed


@pytest.fixture
async def house(current, tmp_path):
    """The bot, by Socket Mode; at the end all is settled, and Slack has warned of nothing."""
    async with housed(current, tmp_path) as found:
        yield found
        await found.slack.settled()
        assert not found.slack.warned(), found.slack.warned()


@pytest.fixture
def alice(house):
    """Somebody who asks."""
    return house.slack.add_user("alice")


@pytest.fixture
def bob(house):
    """Somebody else."""
    return house.slack.add_user("bob")


@pytest.fixture
def general(house, alice, bob):
    """A channel of both."""
    return house.slack.add_channel("general", alice, bob)
