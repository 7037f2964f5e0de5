"""Subscribing, from a place itself: words, buttons, rights, and the bot's coming and going."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from stage import House

from bot import command, phrases
from bot.digest import schedule, sentences
from bot.digest.preview import Preview
from bot.model import Channel, Digest, Form, Joined, Left, Moved, Notice
from bot.store import editions, subscriptions
from bot.subscription import Edition, Filters, Ruling
from corpus.record import replace

PLACE = Channel("stage:1")


@pytest.fixture(name="house")
async def _house(database, current):
    return await House(
        database, current, time.time, timedelta(days=7), timedelta(hours=24), curators={"stage:eve"}
    ).open()


@pytest.fixture(name="kept")
def _kept(database):
    """The subscription of a place, as it is kept."""

    async def kept(channel="stage:1"):
        return await database.read(lambda c: subscriptions.of(c, channel))

    return kept


def chosen(form):
    return {choice.line for _, row in form.rows for choice in row if choice.chosen}


@pytest.mark.parametrize(
    ("line", "verb", "text"),
    [
        ("subscribe", "subscribe", ""), ("/subscribe", "subscribe", ""), ("订阅", "subscribe", ""),
        ("訂閱", "subscribe", ""), ("/订阅 周五 9点 北京", "subscribe", "周五 9点 北京"),
        ("subscribe mon 9:00 Berlin both papers", "subscribe", "mon 9:00 Berlin both papers"),
        ("/订阅每周一上午9点", "subscribe", "每周一上午9点"),
        ("unsubscribe", "unsubscribe", ""), ("退订", "unsubscribe", ""),
        ("/pause until 10-08", "pause", "until 10-08"), ("pause ten days", "pause", "ten days"),
        ("pause two weeks", "pause", "two weeks"),
        ("暂停两周", "pause", "两周"), ("/暂停两周", "pause", "两周"),
        ("暂停到10月8日", "pause", "到10月8日"),
        ("pause", "pause", ""), ("pause for 3 days", "pause", "for 3 days"), ("恢复", "resume", ""),
        ("skip", "skip", ""), ("跳过下一期", "skip", ""), ("/skip the next", "skip", "the next"),
        ("subscriptions", "subscriptions", ""), ("我的订阅", "subscriptions", ""),
        ("/paper", "paper", ""), ("本周论文", "paper", ""), ("/status", "status", ""),
        ("状态", "status", ""), ("暂停半个月", "pause", "半个月"), ("暂停下周", "pause", "下周"),
        ("pause for a fortnight", "pause", "for a fortnight"), ("取消暂停", "resume", ""),
        ("pause next friday", "pause", "next friday"), ("skip the next one", "skip", ""),
        ("this week's paper", "paper", ""), ("my subscriptions", "subscriptions", ""),
        ("订阅论文", "subscribe", "论文"), ("我要訂閱", "subscribe", ""),
        ("暂停推送", "pause", ""), ("停止订阅", "unsubscribe", ""), ("恢复推送", "resume", ""),
        ("skip this one", "skip", ""), ("跳過這期", "skip", ""), ("查看订阅", "subscriptions", ""),
        ("這週的論文", "paper", ""),
        ("subscribe slack:T01:C02AB", "subscribe", "slack:T01:C02AB"),
    ],
)  # fmt: skip
def test_one_grammar_in_both_languages(line, verb, text):
    """With a slash, or said to the bot by name."""
    found = command.parse(line)
    assert (found.verb, found.text) == (verb, text)


@pytest.mark.parametrize(
    "line",
    ["pause training and resume from a checkpoint", "skip connections in resnet",
     "恢复训练的检查点", "resume training", "订阅发布模式的系统", "edition",
     "how to pause a job for two weeks", "status of distributed training",
     "订阅论文推荐系统", "暂停训练两周", "pause the next two jobs", "下周的论文有哪些"],
)  # fmt: skip
def test_questions_stay_questions(line):
    """What begins with a command's word may be one."""
    assert command.parse(line) is None


async def test_one_tap_subscribes_with_sensible_terms(house, kept):
    """Monday morning, in the language spoken; the zone is asked for once."""
    form = await house.say("/subscribe", spoken="zh-Hans")
    found = await kept()
    assert (found.state, found.terms.day, found.terms.minute) == ("active", 1, 540)
    assert (found.terms.zone, found.terms.language) == ("Asia/Shanghai", "zh")
    assert isinstance(form, Form)
    assert "时区" in form.rows[2][0]
    assert "？" in form.rows[2][0]
    asked = await house.say("/subscribe 週五 台北", spoken="zh-Hant", place="stage:4", person="bo")
    assert "時區：臺北" in asked.rows[2][0]
    await house.say("/subscribe Lima", place="stage:2")
    assert (await kept("stage:2")).terms.zone == "America/Lima"
    again = await house.say("/subscribe", place="stage:3")
    assert (await kept("stage:3")).terms.zone == "America/Lima"
    assert "?" not in again.rows[2][0]


async def test_a_press_in_another_language_leaves_that_of_the_digests(house, kept):
    """Traditional stays so; Chinese words change it, and one in English has none of its own."""
    await house.say("訂閱 週五", spoken="zh-Hant")
    (message,) = house.stage.messages
    await house.press("subscribe day 2", message, spoken="en")
    assert ((await kept()).script, (await kept()).terms.language) == ("zh-Hant", "zh")
    await house.say("订阅 周三 双语")
    assert ((await kept()).script, (await kept()).terms.language) == ("zh-Hans", "both")
    await house.say("/subscribe en", place="stage:2", spoken="en", person="bo")
    await house.say("/subscribe zh", place="stage:2", spoken="zh-Hant", person="bo")
    assert (await kept("stage:2")).script == "zh-Hant"


async def test_the_zone_of_the_platform_is_taken(house, kept):
    """Where it tells one, nobody is asked."""
    form = await house.say("/subscribe", zone="Europe/Berlin")
    assert (await kept()).terms.zone == "Europe/Berlin"
    assert form.rows[2][0] == "Time zone: Berlin"


async def test_words_set_everything_at_once(house, kept):
    """In either language; what is not understood changes nothing."""
    await house.say("订阅 周五 下午3点 柏林 双语 书")
    terms = (await kept()).terms
    assert (terms.day, terms.minute, terms.zone) == (5, 900, "Europe/Berlin")
    assert (terms.language, terms.filters) == ("both", Filters(kinds=("book",)))
    reply = await house.say("/subscribe blursday")
    assert "blursday" in reply.lines[0]
    reply = await house.say("/subscribe topic quantum cooking")
    assert "quantum cooking" in reply.lines[0]
    assert (await kept()).terms == terms


async def test_every_term_is_a_button(house, kept):
    """What holds is marked; a press changes the form in its place, and none leads nowhere."""
    form = await house.say("/subscribe")
    (message,) = house.stage.messages
    for row in range(7):
        for place in range(len(form.rows[row][1])):
            line = form.rows[row][1][min(place, len(form.rows[row][1]) - 1)].line
            assert len(f"/{line}".encode()) <= 64
            form = await house.press(line, message)
            assert isinstance(form, Form), (line, form)
            assert line in chosen(form)
            assert len(form.rows[row][1]) <= 12
    assert len(house.stage.messages) == 1
    assert (await kept()).terms.language == "both"
    gone = await house.press("subscribe topic quantum cooking", message)
    assert isinstance(gone, Notice)
    assert len(house.stage.messages) == 1


async def test_pause_until_says_when_it_goes_on(house, kept):
    """It resumes by itself; /resume does at once."""
    await house.say("/subscribe UTC")
    reply = await house.say("pause two weeks")
    found = await kept()
    assert (found.state, found.next_at) == ("paused", found.until)
    assert schedule.local(found.until, "UTC").strftime("%Y-%m-%d %H:%M") in reply.lines[0]
    assert "next one comes" in reply.lines[0]
    assert "Paused until" in (await house.say("/subscriptions")).lines[0]
    await house.say("/resume")
    assert (await kept()).state == "active"
    assert "not paused" in (await house.say("/resume")).lines[0]
    await house.say("/pause")
    assert ((await kept()).state, (await kept()).next_at) == ("paused", 0.0)
    unclear = await house.say("/pause bis 10-08")
    assert "“bis 10-08”" in unclear.lines[0]
    assert "pause until" in unclear.lines[0]


async def test_skip_leaves_the_next_one_out(house, kept):
    """Twice is the same one."""
    await house.say("/subscribe")
    week = (await kept()).next_week
    first = await house.say("/skip")
    assert week in first.lines[0]
    assert (await house.say("跳过")).lines[0].count(week) == 1
    assert (await kept()).skip == week


async def test_unsubscribe_ends_it(house, kept):
    """What needs a subscription then says so."""
    await house.say("/subscribe")
    await house.say("退订")
    assert ((await kept()).state, (await kept()).next_at) == ("ended", 0.0)
    for line in ("/pause", "/resume", "/skip", "/unsubscribe", "/subscriptions"):
        reply = await house.say(line)
        assert reply.choices[0].line == "subscribe"
    await house.say("/subscribe")
    assert (await kept()).state == "active"


async def test_a_pause_tells_the_next_that_is_not_left_out(house, kept):
    """What was skipped before stays so."""
    later = schedule.local(time.time() + 3 * 86400, "UTC").isoweekday()
    await house.say(f"/subscribe UTC day {later}")
    skipped = await house.say("/skip")
    coming = skipped.lines[0].rpartition("comes ")[2]
    then = schedule.local((await kept()).next_at, "UTC").strftime("%Y-%m-%d")
    paused = await house.say(f"/pause until {then}")
    assert paused.lines[0].rpartition("comes ")[2] == coming


async def test_a_new_subscription_inherits_no_skip(house, kept):
    """What was left out of the one that ended comes in the one that begins."""
    await house.say("/subscribe UTC")
    week = (await kept()).next_week
    await house.say("/skip")
    await house.say("/unsubscribe")
    form = await house.say("/subscribe UTC")
    found = await kept()
    assert (found.skip, found.next_week) == ("", week)
    first = schedule.local(found.next_at, "UTC").strftime("%Y-%m-%d")
    assert first in form.title
    await house.say("/skip")
    await house.say("/subscribe 10:00")
    assert (await kept()).skip == week  # other terms of the same one


async def test_in_groups_admins_decide(house, kept):
    """Unless it is opened to all; anyone may look."""
    refused = await house.say("/subscribe", shared=True)
    assert refused.lines == (phrases.ADMINS_ONLY.en,)
    assert await kept() is None
    house.stage.admins = {"stage:ann"}
    await house.say("/subscribe", shared=True)
    assert (await kept()).by == "stage:ann"
    for line in ("pause", "skip", "unsubscribe", "resume", "subscribe fri"):
        assert (await house.say(line, person="bob", shared=True)).lines == (phrases.ADMINS_ONLY.en,)
    for line in ("/subscriptions", "/paper", "/status"):
        assert await house.say(line, person="bob", shared=True) is not None
    await house.say("/settings here digest all", shared=True)
    await house.say("/pause", person="bob", shared=True)
    assert (await kept()).state == "paused"


async def test_subscriptions_tell_what_when_and_the_last(house):
    """Here, and what the same person set elsewhere."""
    await house.say("/subscribe fri 9:00 Berlin both")
    reply = await house.say("/subscriptions")
    assert "Fridays 09:00 (Berlin), in both languages" in reply.lines[0]
    assert "next one comes Fri" in reply.lines[0]
    assert reply.lines[1] == sentences.NONE_YET.en
    other = await house.say("/subscriptions", place="stage:2")
    assert "stage:1" in other.lines[1]
    for line in ("/subscriptions", "/status"):
        others = await house.say(line, place="stage:3", shared=True)
        assert "stage:1" not in "".join(others.lines)  # what a person has is not for a group
    status = await house.say("/status")
    assert status.lines[0].startswith("mlinfra is here: 57 works, catalog ")


async def test_paper_is_this_weeks_anywhere(house):
    """Subscribed or not; its buttons work."""
    digest = await house.say("/paper")
    assert isinstance(digest, Digest)
    assert digest.rows[1][0].line == "subscribe"
    (message,) = house.stage.messages
    for choice in digest.rows[0]:
        reply = await house.press(choice.line, message)
        assert not isinstance(reply, Notice), (choice.line, reply)
    await house.say("/subscribe books zh")
    mine = await house.say("本周论文")
    assert mine.entry.startswith("book-")
    assert mine.script == "zh-Hans"


async def test_thrown_out_it_rests_and_comes_back(house, kept):
    """Also in the topics of a group; a pause that was asked for stays."""
    house.stage.admins = {"stage:ann"}
    for place in ("stage:-1:1", "stage:-1:2", "stage:-1:3"):
        await house.say("/subscribe", place=place, shared=True)
    await house.say("/pause", place="stage:-1:3", shared=True)
    group = Channel("stage:-1", shared=True)
    await house.take(Left("stage:l", group))
    assert [(await kept(f"stage:-1:{n}")).why for n in (1, 2, 3)] == ["left", "left", "asked"]
    told = [reply for channel, reply in house.stage.messages.values() if channel.id == "stage:ann"]
    assert len(told) == 2
    assert "the bot is no longer there" in told[0].lines[0]
    reply = await house.take(Joined("stage:j", group, "stage:ann"))
    assert "goes on here" in reply.lines[0]
    assert [(await kept(f"stage:-1:{n}")).state for n in (1, 2, 3)] == [
        "active",
        "active",
        "paused",
    ]


async def test_back_again_it_tells_the_next_that_is_not_left_out(house):
    """What was skipped before stays so."""
    await house.say("/subscribe fri 9:00 Berlin")
    skipped = await house.say("/skip")
    await house.take(Left("stage:l", Channel("stage:1")))
    reply = await house.take(Joined("stage:j", Channel("stage:1"), "stage:ann", greets=False))
    coming = skipped.lines[0].rpartition("comes ")[2]
    assert coming in reply.lines[0]


async def test_a_subscription_outlives_its_place(house, kept):
    """It follows the new id, with the topics."""
    house.stage.admins = {"stage:ann"}
    await house.say("/subscribe fri", place="stage:-1", shared=True)
    await house.say("/subscribe sat", place="stage:-1:7", shared=True)
    await house.take(Moved("stage:m", Channel("stage:-1", True), Channel("stage:-100", True)))
    assert await kept("stage:-1") is None
    assert ((await kept("stage:-100")).terms.day, (await kept("stage:-100:7")).terms.day) == (5, 6)


async def test_forget_me(house, kept):
    """One's own ends; that of a group goes on without the name."""
    house.stage.admins = {"stage:ann"}
    await house.say("/subscribe", place="stage:2", shared=True)
    await house.say("/subscribe")
    await house.say("/forget")
    assert await kept() is None
    assert (await kept("stage:2")).by == ""


async def test_curators_send_swap_and_hold(house, database):
    """Nobody else; the swap is what is sent, and the preview says so."""
    fixed = Edition(Filters(), "2026-W48", "gpipe", "r", ("first",))
    edition = await database.write(lambda c: editions.fix(c, fixed))
    refused = await house.press(f"edition swap {edition.id}", "m")
    assert refused.lines == (sentences.CURATORS_ONLY.en,)
    swapped = await house.press(f"edition swap {edition.id}", "m", person="eve")
    assert swapped.entry != "gpipe"
    now = await database.read(lambda c: editions.of(c, Filters(), "2026-W48"))
    assert now.entry == swapped.entry
    again = await house.press(f"edition swap {edition.id}", "m", person="eve")
    assert again.entry not in ("gpipe", swapped.entry)
    await house.press(f"edition hold {edition.id}", "m", person="eve")
    ledger = await database.read(lambda c: editions.ledger(c, Filters()))
    assert "hold" in {ruling.kind for ruling in ledger.rulings}
    await house.press(f"edition send {edition.id}", "m", person="eve")
    ledger = await database.read(lambda c: editions.ledger(c, Filters()))
    assert {ruling.kind for ruling in ledger.rulings} == {"skip"}
    gone = await house.press("edition swap 999", "m", person="eve")
    assert gone.lines == (sentences.NO_EDITION.en,)


async def test_a_second_subscription_does_not_bring_a_week_again(house, database, kept):
    """The week that came counts, whoever asks when."""
    from bot.store import deliveries
    from bot.subscription import Due

    await house.say("/subscribe UTC")
    found = await kept()
    week = schedule.week_at(found.next_at, "UTC")
    due = Due(found.id, week, "stage", found.next_at, "sent")
    await database.write(lambda c: deliveries.plan(c, [due], found.next_at))
    await house.say("/unsubscribe")
    await house.say("/subscribe UTC")
    assert (await kept()).next_week > week
    assert (await kept()).id == found.id


def test_previews_need_a_channel_of_ours(current):
    """One on a platform that is not served shows nothing."""
    preview = Preview(None, lambda: current.retriever, {}, "stage:c")
    assert replace(PLACE).platform == "stage"
    import asyncio

    assert asyncio.run(preview.look()) == 0


async def test_a_channel_is_subscribed_from_its_admins_own_chat(house, kept):
    """The person must rule there and the bot must be able to post; buttons name the place too."""
    refused = await house.say("/subscribe stage:-77")
    assert refused.lines == (sentences.NO_PLACE.en,)
    house.stage.places = {"stage:-77"}
    refused = await house.say("/subscribe stage:-77")
    assert refused.lines == (phrases.ADMINS_ONLY.en,)
    assert await kept("stage:-77") is None
    house.stage.admins = {"stage:ann"}
    form = await house.say("/subscribe stage:-77 fri 9:00 Berlin both")
    assert form.title.startswith("stage:-77: Paper of the week")
    (last,) = [m for m, (_, reply) in house.stage.messages.items() if reply is form]
    assert house.stage.messages[last][0].id == "stage:1"
    found = await kept("stage:-77")
    assert (found.terms.day, found.shared, found.by) == (5, True, "stage:ann")
    assert await kept() is None
    for line in [choice.line for _, row in form.rows for choice in row][:9]:
        assert " stage:-77" in line
        assert isinstance(await house.press(line, last), Form)
    assert await kept() is None
    await house.say("/pause stage:-77 two weeks")
    assert (await kept("stage:-77")).until > 0
    assert "Paused until" in (await house.say("/subscriptions")).lines[1]
    await house.say("/unsubscribe stage:-77")
    assert (await kept("stage:-77")).state == "ended"


async def test_what_is_said_in_one_breath_is_done_in_order(house, kept):
    """Each command knows what the one before it did."""
    await house.say("gpipe")
    await house.take(*(house.line(text) for text in ("gpipe", "/subscribe", "/pause", "更多")))
    assert (await kept()).state == "paused"
    await house.take(*(house.line(text) for text in ("/resume", "/skip", "/subscriptions")))
    assert ((await kept()).state, (await kept()).skip) == ("active", (await kept()).next_week)


async def test_what_is_left_out_is_not_the_next(house, kept):
    """What is told is when one comes; /resume takes the skip back."""
    await house.say("/subscribe UTC")
    found = await kept()
    first = schedule.local(found.next_at, "UTC").strftime("%Y-%m-%d")
    second = schedule.local(found.next_at + 7 * 86400, "UTC").strftime("%Y-%m-%d")
    await house.say("/skip")
    told = await house.say("/subscriptions")
    assert second in told.lines[0]
    assert first not in told.lines[0]
    assert found.next_week in told.lines[1]
    assert first in (await house.say("/resume")).lines[0]
    assert (await kept()).skip == ""
    assert first in (await house.say("/subscriptions")).lines[0]


async def test_a_place_that_ended_makes_room_for_one_that_moves(house, kept):
    """Else a group that moves to where one was once would lose its own."""
    house.stage.admins = {"stage:ann"}
    await house.say("/subscribe", place="stage:-2", shared=True)
    await house.say("/unsubscribe", place="stage:-2", shared=True)
    await house.say("/subscribe sat", place="stage:-1", shared=True)
    await house.take(Moved("stage:m", Channel("stage:-1", True), Channel("stage:-2", True)))
    found = await kept("stage:-2")
    assert (found.state, found.terms.day) == ("active", 6)
    assert await kept("stage:-1") is None


async def test_what_the_operator_holds_no_button_sends(house, database):
    """It says how it goes on; a hold of the one Edition is lifted by Send."""
    fixed = Edition(Filters(), "2026-W48", "gpipe", "r", ("first",))
    edition = await database.write(lambda c: editions.fix(c, fixed))
    await database.write(lambda c: editions.rule(c, Ruling("hold", "2026-W48", "*")))
    told = await house.press(f"edition send {edition.id}", "m", person="eve")
    assert "mlinfra digest publish 2026-W48" in told.lines[0]
    ledger = await database.read(lambda c: editions.ledger(c, Filters()))
    assert [ruling.kind for ruling in ledger.rulings] == ["hold"]


async def test_what_is_overheard_subscribes_nothing(house, kept):
    """A place that is named in talk between others."""
    house.stage.places, house.stage.admins = {"stage:-77"}, {"stage:ann"}
    await house.take(replace(house.line("/subscribe stage:-77"), addressed=False))
    assert await kept("stage:-77") is None
