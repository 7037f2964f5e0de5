"""What every platform promises, as tests that each platform's own test class inherits.

A class gives the fixture `scene`: an async object with `say(text, person="ann", shared=False)`,
which returns the reply as a person reads it, as plain text ("" where there is none), and `shared`,
whether the platform has places that others read too; where it has, also `make_admin(person)`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot import answering, phrases
from bot.model import Question
from bot.phrases import tell

TRANSCRIPTS = yaml.safe_load(Path(__file__).with_name("transcripts.yaml").read_text("utf-8"))
QUESTIONS = [
    "请问怎么把大模型切成流水线训练？",
    "lessons google learned the hard way maintaining ml systems",
    "那 angel 是什么时候开源的",
    "分散式機器學習 演算法 理論 有書嗎",
    "how do i cut communication cost in distributed training",
    "skymind intro to distributed training",
    "uber 还是网易那个 infoq 演讲",
    "https://arxiv.org/abs/1604.00981v3",
    "what has Tencent published?",
    "any courses?",
    "papers from 2016",
    "talks",
    "腾讯发表过什么",
    "facebok infrastucture ml",
]
PAGED = ["articles in chinese", "/papers"]
PHRASES = {  # a command, and what its reply says
    "/help": phrases.HELP[0],
    "/topics": phrases.TOPICS_SECTIONS,
    "/privacy": phrases.PRIVACY[1],
    "/settings": phrases.SETTINGS,
    "/forget": phrases.FORGOTTEN,
    "/more": phrases.ASK_FIRST,
    "/nosuch": phrases.COMMANDS,
    "/similar": phrases.ASK_FIRST,
}


def flat(text):
    """A text without blanks and case: where a line breaks is a platform's own affair."""
    return re.sub(r"\s+", "", text).casefold()


def stand_in_order(text, titles):
    """Each is sought behind the one before: "Angel" stands in other titles too."""
    text, place = flat(text), 0
    for title in (flat(title)[:40] for title in titles):
        assert title in text[place:], (title, text)
        place = text.index(title, place) + len(title)


class Conformance:
    """The promises."""

    @pytest.mark.parametrize("question", QUESTIONS)
    async def test_the_hits_are_those_of_the_search_in_its_order(self, scene, current, question):
        """No platform ranks, leaves out or adds."""
        answer = answering.answer(Question(question), current.retriever)
        stand_in_order(await scene.say(question), [found.title.text for found in answer.found])

    @pytest.mark.parametrize("question", PAGED)
    async def test_a_further_page_has_the_next_hits_of_the_search(self, scene, current, question):
        """Five a page, however long their titles are."""
        asked = question.replace("/papers", "kind:paper")
        titles = [hit.entry.title for hit in current.retriever.search(asked, limit=10).hits]
        stand_in_order(await scene.say(question), titles[:5])
        stand_in_order(await scene.say("/more"), titles[5:10])

    @pytest.mark.parametrize("line", PHRASES)
    @pytest.mark.parametrize("language", ["en", "zh"])
    async def test_a_command_says_the_same_everywhere(self, scene, line, language):
        """In the language that was chosen."""
        await scene.say(f"/settings language {language}")
        phrase = tell(PHRASES[line], "en" if language == "en" else "zh-Hans")
        assert flat(phrase) in flat(await scene.say(line))

    @pytest.mark.parametrize("name", TRANSCRIPTS)
    async def test_a_conversation_goes_as_written(self, scene, current, name):
        """The transcripts, line by line, by the ids of the entries that a reply shows."""
        titles = {entry.id: flat(entry.title)[:40] for entry in current.retriever.entries}
        for turn in TRANSCRIPTS[name]:
            text = flat(await scene.say(turn["say"]))
            if "first" in turn:
                best = titles[turn["first"]]
                others = [title for title in titles.values() if title in text]
                assert best in text, (turn, text)
                assert min(others, key=text.find) == best, (turn, text)
            for shown in turn.get("shows", ()):
                assert flat(shown) in text, (turn, text)
            for hidden in turn.get("hides", ()):
                assert flat(hidden) not in text, (turn, text)

    async def test_first_contact_is_one_message_of_five_lines(self, scene):
        """What there is, three questions to try, the commands."""
        text = await scene.say("/start")
        assert len(text.strip().splitlines()) <= 5
        for sample in phrases.SAMPLES:
            assert flat(tell(sample, "en")) in flat(text)

    async def test_a_setting_of_a_person_stays(self, scene):
        """Until it is changed again."""
        await scene.say("/zh")
        assert flat("论文") in flat(await scene.say("gpipe pipeline parallelism"))
        await scene.say("/settings language auto")
        assert flat("paper") in flat(await scene.say("what is gpipe pipeline parallelism"))

    async def test_setting_a_place_takes_its_admin(self, scene):
        """Everyone else is told who may."""
        if not scene.shared:
            pytest.skip("one person alone has every right")
        line = "settings here language zh"
        refused = await scene.say(line, person="bob", shared=True)
        assert flat(phrases.ADMINS_ONLY.en) in flat(refused)
        await scene.make_admin("bob")
        form = await scene.say(line, person="bob", shared=True)
        assert flat(phrases.SETTINGS.zh) in flat(form)

    async def test_nothing_found_leads_on(self, scene):
        """What is covered, and the nearest, which are no answers."""
        text = flat(await scene.say("how do I cut KV cache memory when serving an LLM with vLLM?"))
        assert flat(phrases.NOTHING.en) in text
        assert "2004–2018" in text
        assert flat(phrases.NEAREST.en) in text

    async def test_hostile_text_is_only_text(self, scene):
        """It is answered like any other, and rings and marks nothing."""
        for text in (
            "<b>gpipe</b> &amp; <!channel> @here",
            "gpipe `*_~[x](http://e.vil)",
            "a" * 3000,
        ):
            assert await scene.say(text)
