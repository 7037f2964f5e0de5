"""Events by HTTP: signed by Slack, or refused."""

from __future__ import annotations

import json
import time

import pytest
from databases import Outage
from slack_house import housed
from slack_http import encode, sign

EVENTS = ['{"type": []}', '{"type": "event_callback"}', '{"type": "event_callback", "event": []}']


@pytest.fixture
async def house(current, tmp_path):
    async with housed(current, tmp_path, http=True) as found:
        yield found


@pytest.fixture
def general(house, alice):
    return house.slack.add_channel("general", alice)


async def test_a_mention_a_command_and_a_press(house, alice, general):
    answer = await house.answer(house.slack.say(alice, general, "@mlinfra gpipe pipeline"))
    assert answer.text.startswith("GPipe")
    house.slack.press(alice, answer, "中文")
    house.slack.command(alice, general, "gpipe pipeline")
    await house.slack.until(lambda: len(house.slack.ephemerals(alice)) == 2)
    await house.slack.settled()
    assert max(house.slack.ack_times()) < 3


async def test_the_address_is_proved(house):
    reply = await house.slack.posts.verify("abc")
    assert (reply.status, json.loads(reply.body)["challenge"]) == (200, "abc")


@pytest.mark.parametrize(
    "case",
    [
        "unsigned",
        "wrong secret",
        "wrong body",
        "old",
        "new",
        "words",
        "empty",
        "fraction",
        "digits",
        "far",
        "letters",
    ],
)
async def test_what_slack_did_not_sign_now_is_refused(house, alice, general, case, capsys):
    """Wrong or replayed: refused, and nothing is taken."""
    sent = house.slack.say(alice, general, "@mlinfra gpipe")
    await house.answer(sent)
    body, kind = encode("events_api", house.slack.deliveries[0].payload | {"event_id": "Ev0"})
    now = int(time.time())
    stamps = {"old": now - 400, "new": now + 400, "words": "soon", "empty": "", "fraction": "1.5"}
    stamps |= {"far": "9" * 400}
    stamp = str(stamps.get(case, now)) if case != "digits" else "٣٤٥"
    secret = "other" if case == "wrong secret" else house.slack.signing_secret
    signature = sign(secret, stamp, body) if case != "letters" else "v0=é"
    reply = await house.slack.posts.post(
        body + (" " if case == "wrong body" else ""),
        kind=kind,
        timestamp=stamp,
        signature=signature,
        signed=case != "unsigned",
    )
    assert reply.status in (400, 401)
    await house.slack.quiet()
    assert len(house.slack.replies(sent)) == 1
    assert "error" not in capsys.readouterr().out  # anybody can send such


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '"a"',
        "{}",
        "payload=%7B",
        "payload=",
        '{"type": "event_callback", "team_id": "T1", "event": {"type": "message", "channel": 5}}',
        '{"type": "event_callback", "team_id": [], "event": {"type": [], "channel": {}}}',
        "\x00",
        *EVENTS,
        "payload=[]",
        "[" * 100_000,
    ],
)
async def test_a_malformed_body_is_no_error_of_ours(house, body):
    """Signed or not, it is told what it is."""
    reply = await house.slack.posts.post(body)
    assert reply.status < 500
    assert house.platform.ready


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_what_is_not_as_it_says_is_no_error_of_ours(house, encoding):
    reply = await house.slack.posts.post("no such", headers={"Content-Encoding": encoding})
    assert reply.status == 400


async def test_what_cannot_be_written_down_comes_again(house, alice, general):
    house.slack.courier.gaps = (0.2, 2.0)
    away = Outage(house.database, "inbox")
    await away.begin()
    sent = house.slack.say(alice, general, "@mlinfra gpipe pipeline")
    await house.slack.until(lambda: len(house.slack.posts.replies) == 2)
    await away.end()
    await house.answer(sent)
    assert [reply.status for reply in house.slack.posts.replies][:2] == [500, 500]


async def test_while_it_stops_slack_is_told_to_come_again(house, alice, general):
    await house.platform.stop()
    house.slack.say(alice, general, "@mlinfra gpipe pipeline")
    await house.slack.until(lambda: house.slack.posts.replies)
    assert house.slack.posts.replies[0].status == 503


async def test_events_that_slack_holds_back_are_told_to_the_operator(current, tmp_path, capsys):
    """It is no event among others, and has its own form; it is acked."""
    told = []
    async with housed(current, tmp_path, http=True, told=told) as house:
        body = {"token": "t", "type": "app_rate_limited", "team_id": house.slack.team.id}
        body |= {"minute_rate_limited": 1518467820, "api_app_id": house.slack.app_id}
        reply = await house.slack.posts.post(json.dumps(body))
        assert reply.status == 200
        wrong = await house.slack.posts.post(json.dumps(body), signature="v0=0")
        assert wrong.status == 401
        await house.slack.until(lambda: told)
        assert "app_rate_limited" in told[0]
    assert house.slack.team.id in capsys.readouterr().out
