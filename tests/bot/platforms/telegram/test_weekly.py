"""The paper of the week on Telegram, over real sockets: subscribed in the chat, sent once."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from botapi_server import BotApi

from bot import migrations
from bot.digest import schedule
from bot.store import ledger, subscriptions
from bot.subscription import Subscription, Terms
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
    week, at = schedule.missed(terms, now)
    with engine.begin() as connection:
        for channel in channels:
            one = Subscription(channel, True, terms, next_week=week, next_at=at)
            subscriptions.save(connection, one)


async def run(server, tmp_path, cache, *arguments):
    import asyncio

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
    code, told, errors = await run(server, tmp_path, cache, "digest", "correct", week)
    assert (code, told) == (0, "3 done, 0 failed\n"), errors
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
