"""What a question in a thread is about: the message that the thread is under."""

from __future__ import annotations

import pytest

LINK = "look: https://arxiv.org/abs/1811.06965v2"
ABOUT = ["what is this about?", "这篇讲什么", "這篇有收錄嗎？", ""]


@pytest.mark.parametrize("words", ABOUT)
async def test_words_that_point_at_a_link_ask_for_it(house, alice, bob, general, words):
    root = house.slack.say(bob, general, LINK)
    house.slack.say(alice, general, f"@mlinfra {words}".strip(), thread=root)
    await house.slack.until(lambda: house.slack.replies(root, by=house.slack.bot))
    assert house.slack.replies(root, by=house.slack.bot)[0].text.startswith("GPipe")
    assert max(house.slack.ack_times()) < 3


async def test_a_question_of_its_own_is_not_about_it(house, alice, bob, general):
    root = house.slack.say(bob, general, LINK)
    for words in ("any papers on the parameter server?", "help"):
        before = len(house.slack.replies(root, by=house.slack.bot))
        house.slack.say(alice, general, f"@mlinfra {words}", thread=root)
        found = await house.slack.until(
            lambda n=before: house.slack.replies(root, by=house.slack.bot)[n:]
        )
        assert not found[0].text.startswith("GPipe")
    assert not house.slack.calls_of("conversations.replies")


async def test_an_edit_points_as_well(house, alice, bob, general):
    root = house.slack.say(bob, general, LINK)
    asked = house.slack.say(alice, general, "@mlinfra dynamic control flow", thread=root)
    answer = await house.slack.until(lambda: house.slack.replies(root, by=house.slack.bot))
    house.slack.edit(asked, "@mlinfra what is this about?")
    await house.slack.until(lambda: answer[0].text.startswith("GPipe"))


@pytest.mark.parametrize("error", ["missing_scope", "thread_not_found"])
async def test_where_slack_does_not_tell_it_is_asked_as_it_is(house, alice, bob, general, error):
    root = house.slack.say(bob, general, LINK)
    house.slack.fail("conversations.replies", error)
    house.slack.say(alice, general, "@mlinfra what is this about?", thread=root)
    found = await house.slack.until(lambda: house.slack.replies(root, by=house.slack.bot))
    assert "Ask a question in a few words" in found[0].text


async def test_what_is_said_under_our_answer_is_about_the_conversation(house, alice):
    """Its words are ours, and no question: what they are about is the first work of the answer."""
    place = house.slack.dm(alice)
    answer = await house.answer(house.slack.say(alice, place, "parameter server"))
    house.slack.say(alice, place, "what is this about?", thread=answer)
    found = await house.slack.until(lambda: house.slack.replies(answer, by=house.slack.bot))
    assert found[0].text.startswith("More Effective Distributed ML")
