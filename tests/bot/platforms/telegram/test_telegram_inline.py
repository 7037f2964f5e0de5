"""Inline mode, and a private instance that is asked from outside."""

from __future__ import annotations

import pytest
from botapi_server import BotApi
from telegram_trial import trial

from corpus.database import DatabaseError


async def test_results_come_by_rank_in_pages(current, tmp_path):
    """Until there are no more; none comes twice, and Telegram may keep them."""
    async with trial(current, tmp_path) as at:
        ann = at.server.user("Ann")
        page = at.server.inline("papers on distributed training of neural networks", by=ann)
        await at.server.until(lambda: page.answered)
        ids = [result["id"] for result in page.results]
        assert len(ids) == 10
        assert page.cache_time > 0
        while page.next_offset:
            page = page.more()
            await at.server.until(lambda: page.answered)  # noqa: B023
            ids += [result["id"] for result in page.results]
        assert len(ids) == len(set(ids)) <= 50
        again = at.server.inline("papers on distributed training of neural networks", by=ann)
        assert again.cached


async def test_a_chosen_result_is_a_whole_entry_and_no_question(current, tmp_path):
    """Its links and all, where the asker posts it; in the bot's own chat too."""
    async with trial(current, tmp_path) as at:
        server = at.server
        ann = server.user("Ann", language="zh-hans")
        asked = server.inline("gpipe", by=ann)
        await server.until(lambda: asked.answered)
        chat = server.private(ann)
        posted = asked.choose(0, chat)
        assert posted.text.startswith("GPipe: Efficient Training")
        assert "https://arxiv.org/pdf/1811.06965.pdf" in posted.links
        assert "论文" in posted.text
        await server.settled(5, 0.2)
        assert not chat.said


async def test_the_button_leads_to_a_chat_that_asks_the_same(current, tmp_path):
    """By its deep link."""
    async with trial(current, tmp_path) as at:
        server = at.server
        ann = server.user("Ann")
        asked = server.inline("怎么切成流水线", by=ann)
        await server.until(lambda: asked.answered)
        chat = server.private(ann)
        chat.start(asked.button["start_parameter"])
        await server.until(lambda: chat.said)
        assert chat.last.text.startswith("GPipe")
        for query in ("", "zzzqqq xyzzy", "x" * 256):
            empty = server.inline(query, by=ann)
            await server.until(lambda: empty.answered)  # noqa: B023
            assert empty.results == []
            assert empty.button["start_parameter"]


async def test_a_private_instance_serves_its_circle_only(current, tmp_path):
    """Others are told once, groups are left, and inline they find nothing."""
    async with BotApi() as server:
        ann, eve = server.user("Ann"), server.user("Eve", language="zh-hans")
        mine, theirs = server.supergroup(members=[ann, eve]), server.supergroup(members=[eve])
        async with trial(current, tmp_path, server, allowed=frozenset({ann.id, mine.id})):
            inside, outside = server.private(ann), server.private(eve)
            inside.say("gpipe")
            mine.mention("gpipe", by=eve)
            outside.say("gpipe")
            outside.say("gpipe again")
            theirs.mention("gpipe", by=eve)
            asked = server.inline("gpipe", by=eve)
            await server.until(lambda: inside.said and mine.said and asked.answered)
            await server.settled(5, 0.3)
            assert len(outside.said) == len(theirs.said) == 1
            assert "只为特定成员服务" in outside.last.text
            assert not theirs.bot_member.present
            assert mine.bot_member.present
            assert asked.results == []
            assert asked.personal


@pytest.mark.parametrize("notices", [("to", "from"), ("from", "to"), ("to",), ("from",), ()])
async def test_a_private_instance_follows_its_group(current, tmp_path, notices):
    """Whatever tells of the move, and after a start with the old id: a group inside stays so."""
    async with BotApi() as server:
        ann = server.user("Ann")
        old = server.group(members=[ann])
        allowed = frozenset({old.id})
        async with trial(current, tmp_path, server, allowed=allowed):
            new = old.migrate(notices)
            new.mention("gpipe", by=ann)
            await server.until(lambda: new.said)
        question = new.mention("angel", by=ann)
        async with trial(current, tmp_path, server, allowed=allowed):
            await server.until(lambda: new.answers_to(question))
            await server.settled(5, 0.2)
        assert len(new.said) == 2
        assert new.bot_member.present


async def test_a_chosen_language_holds_inline_too(current, tmp_path):
    """Whatever the question is in; so nothing is kept for anybody else."""
    async with trial(current, tmp_path) as at:
        server = at.server
        ann, bob = server.user("Ann"), server.user("Bob")
        chat = server.private(ann)
        chat.say("/zh")
        await server.until(lambda: chat.said)
        await server.settled(5, 0.2)  # it is kept when it has been told
        for query in ("", "gpipe", "papers on distributed training"):
            theirs, others = server.inline(query, by=ann), server.inline(query, by=bob)
            await server.until(lambda: theirs.answered and others.answered)  # noqa: B023
            assert theirs.button["text"] == "打开与机器人的对话"
            assert others.button["text"] == "Open a chat with the bot"
            assert theirs.personal
            assert others.personal
            assert bool(query) == any("论文" in one["description"] for one in theirs.results)
            assert not any("论文" in one["description"] for one in others.results)


async def test_inline_answers_come_though_the_database_is_away(current, tmp_path):
    """What somebody chose is not known then."""

    async def away(person):
        raise DatabaseError(person, None, Exception())

    async with trial(current, tmp_path, chosen=away) as at:
        asked = at.server.inline("gpipe", by=at.server.user("Ann"))
        await at.server.until(lambda: asked.answered)
        assert asked.results


@pytest.mark.parametrize("query", ["gpipe", "中文", "機器學習"])
async def test_an_app_in_traditional_chinese_is_answered_so(current, tmp_path, query):
    """What is written alike in both scripts too."""
    async with trial(current, tmp_path) as at:
        asked = at.server.inline(query, by=at.server.user("Tw", language="zh-TW"))
        await at.server.until(lambda: asked.answered)
        assert asked.results
        said = asked.results[0]["description"] + asked.button["text"]
        assert "開啟" in said
        assert not set("论书图说") & set(said)
