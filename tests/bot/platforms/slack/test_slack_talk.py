"""What people do in Slack, and what the bot says to it, by adapter, service and desk."""

from __future__ import annotations

import pytest

from bot import phrases

ASKED = "@mlinfra how do i cut communication cost in distributed training"


async def test_a_mention_is_answered_once_in_its_thread(house, alice, general):
    """It comes as two events, and each of them again."""
    sent = house.slack.say(alice, general, ASKED)
    answer = await house.answer(sent)
    for delivery in list(house.slack.deliveries[:2]):
        house.slack.courier.send("events_api", delivery.payload)
    await house.slack.quiet()
    assert [reply.ts for reply in house.slack.replies(sent)] == [answer.ts]
    assert answer.thread_ts == sent.ts
    assert answer.text.startswith(("CoCoA", "More Effective", "TensorFlow", "A Hitch"))
    assert max(house.slack.ack_times()) < 3


@pytest.mark.parametrize("said", ["@mlinfra: help", "@mlinfra, help", "@mlinfra：帮助"])
async def test_a_mark_behind_its_name_belongs_to_the_name(house, alice, general, said):
    """As people write to each other."""
    answer = await house.answer(house.slack.say(alice, general, said))
    assert phrases.HELP[0].en in answer.text or phrases.HELP[0].zh in answer.text


async def test_a_direct_message_is_answered_beside_it(house, alice):
    answer = await house.answer(
        house.slack.say(alice, house.slack.dm(alice), "参数服务器有什么资料")
    )
    assert answer.thread_ts == ""
    assert "论文" in answer.text


async def test_a_thread_in_a_direct_message_is_about_what_it_is_under(house, alice):
    """The answer, or the question; and what was said in it before."""
    place = house.slack.dm(alice)
    first = house.slack.say(alice, place, "parameter server")
    answer = await house.answer(first)
    await house.answer(house.slack.say(alice, place, "gpipe pipeline parallelism"))
    for under in (answer, first):
        said = house.slack.say(alice, place, "1", thread=under)
        told = await house.answer(said)
        assert told.text.startswith(answer.text.partition("\n")[0])
        assert told.thread_ts == under.ts
    house.slack.say(alice, place, "remove", thread=answer)
    await house.slack.until(lambda: answer.deleted)


async def test_the_text_says_all_that_the_blocks_say(house, alice, general):
    """A screen reader has the text alone; buttons name their entry."""
    answer = await house.answer(house.slack.say(alice, general, ASKED))
    for block in answer.blocks:
        for button in block.get("elements", ()) if block["type"] == "actions" else ():
            if button["value"].startswith("open "):
                title = button["accessibility_label"].partition(": ")[2].removesuffix("…")
                assert title.removesuffix(", in full")[:40] in answer.text
    assert sum(block["type"] == "actions" for block in answer.blocks) == 2
    for link in answer.links:
        assert link.replace("&", "&amp;") in answer.text


async def test_an_edit_changes_the_answer(house, alice, general):
    sent = house.slack.say(alice, general, "@mlinfra gpipe pipeline parallelism")
    answer = await house.answer(sent)
    house.slack.edit(sent, "@mlinfra what is the parameter server")
    await house.slack.until(lambda: answer.edits)
    assert not answer.text.startswith("GPipe")
    assert len(house.slack.replies(sent)) == 1


async def test_a_preview_is_no_edit(house, alice, general):
    sent = house.slack.say(alice, general, "@mlinfra gpipe https://arxiv.org/abs/1811.06965")
    answer = await house.answer(sent)
    house.slack.unfurl(sent)
    await house.slack.quiet()
    assert not answer.edits


async def test_a_mention_that_an_edit_adds_is_answered(house, alice, general):
    sent = house.slack.say(alice, general, "gpipe pipeline parallelism")
    assert await house.nothing(sent)
    house.slack.edit(sent, "@mlinfra gpipe pipeline parallelism")
    assert (await house.answer(sent)).text.startswith("GPipe")


async def test_a_deleted_question_leaves_no_answer(house, alice, general):
    """Posted: it is taken away. The thread's tombstone, which Slack's own voice says, is a deletion
    too; that of an answer is not.
    """
    sent = house.slack.say(alice, general, ASKED)
    answer = await house.answer(sent)
    house.slack.delete(sent)
    await house.slack.until(lambda: answer.deleted)


async def test_a_deleted_direct_message_leaves_no_answer(house, alice):
    sent = house.slack.say(alice, house.slack.dm(alice), "gpipe")
    answer = await house.answer(sent)
    house.slack.delete(sent)
    await house.slack.until(lambda: answer.deleted)


async def test_a_question_deleted_while_it_is_answered_leaves_no_answer(house, alice, general):
    """Slack takes the reply's thread away: what stands alone is deleted at once."""
    house.slack.fail("chat.postMessage", delay=0.4)
    sent = house.slack.say(alice, general, ASKED)
    await house.slack.until(lambda: house.slack.calls_of("chat.postMessage"))
    house.slack.delete(sent)
    await house.slack.until(lambda: house.slack.calls_of("chat.delete"))
    await house.slack.quiet()
    assert all(said.deleted for said in house.slack.said())


@pytest.mark.parametrize("gone", [False, True])
async def test_a_server_that_tells_no_threads_is_looked_at(house, alice, general, gone):
    """Not all that speaks as Slack says where a reply stands: no answer is taken for a stray."""
    house.slack.tells_threads = False
    house.slack.fail("chat.postMessage", delay=0.4)
    sent = house.slack.say(alice, general, ASKED)
    await house.slack.until(lambda: house.slack.calls_of("chat.postMessage"))
    if gone:
        house.slack.delete(sent)
    await house.slack.until(lambda: house.slack.said())
    await house.slack.quiet()
    assert [said.deleted for said in house.slack.said()] == [gone]


async def test_a_thread_goes_on_without_a_mention(house, alice, bob, general):
    """The asker's next question, a clear follow-up of anyone; no chat, and no word to another."""
    carol = house.slack.add_user("carol")
    general.members.append(carol)
    sent = house.slack.say(alice, general, "@mlinfra parameter server")
    first = await house.answer(sent)
    house.slack.say(bob, general, "only papers", thread=sent)
    second = await house.answer(sent, 2)
    assert second.text != first.text
    house.slack.say(alice, general, "gpipe pipeline parallelism", thread=sent)
    assert (await house.answer(sent, 3)).text.startswith("GPipe")
    for person, words in (
        (carol, "gpipe pipeline parallelism is what I read yesterday"),
        (alice, "thanks!"),
        (alice, "@bob have a look at gpipe"),
        (bob, "lunch at noon?"),
    ):
        house.slack.say(person, general, words, thread=sent)
    await house.slack.quiet()
    assert len(house.slack.replies(sent)) == 3


async def test_stop_ends_it(house, alice, general):
    sent = house.slack.say(alice, general, "@mlinfra parameter server")
    await house.answer(sent)
    house.slack.say(alice, general, "stop", thread=sent)
    assert phrases.STOPPED.en in (await house.answer(sent, 2)).text
    house.slack.say(alice, general, "only papers", thread=sent)
    await house.slack.quiet()
    assert len(house.slack.replies(sent)) == 2


async def test_bots_and_what_nobody_asked_are_left_alone(house, alice, general):
    robot = house.slack.add_bot("ci")
    general.members.append(robot)
    sent = house.slack.say(robot, general, ASKED)
    plain = house.slack.say(alice, general, "what is the parameter server")
    assert await house.nothing(sent)
    assert await house.nothing(plain)


async def test_slacks_own_voice_is_left_alone(house, general):
    """Slackbot has no bot_id, and repeats what people told it to, as reminders."""
    voice = house.slack.add_user("slackbot")
    voice.id = "USLACKBOT"
    general.members.append(voice)
    assert await house.nothing(house.slack.say(voice, general, ASKED))


async def test_a_channel_that_opted_in_is_answered_without_a_mention(house, alice, general):
    alice.admin = True
    form = house.slack.say(alice, general, "@mlinfra settings here answers all")
    await house.answer(form)
    asked = house.slack.say(alice, general, "gpipe pipeline parallelism")
    assert (await house.answer(asked)).text.startswith("GPipe")
    assert await house.nothing(house.slack.say(alice, general, "lunch at noon?"))


async def test_a_file_may_come_with_a_question(house, alice, general):
    files = [{"id": "F1", "name": "a.png"}]
    sent = house.slack.say(alice, general, "@mlinfra gpipe pipeline parallelism", files=files)
    assert (await house.answer(sent)).text.startswith("GPipe")


async def test_a_link_is_looked_up(house, alice, general):
    sent = house.slack.say(alice, general, "@mlinfra https://arxiv.org/abs/1604.00981v3")
    answer = await house.answer(sent)
    assert answer.text.startswith("Revisiting Distributed Synchronous SGD")
    assert "in the catalog, under" in answer.text


@pytest.mark.parametrize("kind", ["guest", "stranger"])
async def test_a_guest_may_ask_and_not_configure(house, alice, kind):
    guest = house.slack.add_user("gus", admin=True, **{kind: True})
    place = house.slack.add_channel("place", alice, guest)
    answer = await house.answer(house.slack.say(guest, place, ASKED))
    assert answer.buttons
    refused = await house.answer(
        house.slack.say(guest, place, "@mlinfra settings here language zh")
    )
    assert phrases.ADMINS_ONLY.en in refused.text


async def test_somebody_of_another_workspace_is_answered_as_by_our_own(house, alice):
    """Slack Connect: Slack names their workspace with what they say, and ours beside it."""
    other = house.slack.add_team("other", installed=False)
    eve = house.slack.add_user("eve", team=other, admin=True, stranger=True)
    place = house.slack.add_channel("place", alice, eve, shared=True)
    sent = house.slack.say(alice, place, ASKED)
    first = await house.answer(sent)
    said = house.slack.say(eve, place, "only papers", thread=sent)
    second = await house.answer(said, 2)
    assert "paper" in second.text
    mine = house.slack.say(eve, place, "@mlinfra gpipe pipeline parallelism")
    answer = await house.answer(mine)
    house.slack.press(eve, answer, "⋯ More")
    menu = await house.slack.until(lambda: house.slack.modal(eve))
    house.slack.press(eve, menu, "Helpful")
    await house.slack.until(lambda: phrases.THANKS.en in menu.plain)
    house.slack.edit(mine, "@mlinfra dynamic control flow in tensorflow")
    await house.slack.until(lambda: answer.text.startswith("Dynamic Control Flow"))
    house.slack.delete(mine)
    await house.slack.until(lambda: answer.deleted)
    refused = house.slack.say(eve, place, "@mlinfra settings here language zh")
    assert phrases.ADMINS_ONLY.en in (await house.answer(refused)).text
    house.slack.press(eve, first, "⋯ More")
    menu = await house.slack.until(lambda: (m := house.slack.modal(eve)) is not menu and m)
    house.slack.press(eve, menu, "Remove this answer")
    await house.slack.until(lambda: phrases.ASKER_ONLY.en in menu.plain)


async def test_details_are_shown_to_who_pressed(house, alice, bob, general):
    answer = await house.answer(house.slack.say(alice, general, "@mlinfra gpipe pipeline"))
    house.slack.press(bob, answer, "1 Details")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(bob))
    assert shown.text.startswith("GPipe")
    assert shown.thread_ts == answer.thread_ts
    assert not house.slack.ephemerals(alice)


async def test_the_other_language_is_for_who_pressed_alone(house, alice, bob, general):
    answer = await house.answer(house.slack.say(alice, general, "@mlinfra gpipe pipeline"))
    house.slack.press(bob, answer, "中文")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(bob))
    assert "论文" in shown.text
    assert not answer.edits
    house.slack.press(bob, shown, "1 详情")
    found = await house.slack.until(lambda: house.slack.ephemerals(bob)[1:])
    assert "清单中的位置" in found[0].text


async def test_in_a_direct_message_the_language_changes_in_place(house, alice):
    answer = await house.answer(house.slack.say(alice, house.slack.dm(alice), "gpipe pipeline"))
    house.slack.press(alice, answer, "中文")
    await house.slack.until(lambda: answer.edits)
    assert "论文" in answer.text


async def test_a_menu_of_a_version_that_told_no_language_says_that_it_is_too_old(
    house, alice, general
):
    """It opened in Chinese for all."""
    answer = await house.answer(house.slack.say(alice, general, "@mlinfra gpipe"))
    buttons = [one for block in answer.blocks for one in block.get("elements", ())]
    opens = next(one for one in buttons if one.get("value", "").startswith("menu"))
    house.slack.pick(alice, answer, opens["action_id"], value="menu")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    assert shown.text == phrases.TOO_OLD.en


async def test_the_menu_opens_and_leads_on(house, alice, general):
    """More in place, similar in the thread, a verdict in the menu."""
    answer = await house.answer(house.slack.say(alice, general, "@mlinfra distributed training"))
    house.slack.press(alice, answer, "⋯ More")
    menu = await house.slack.until(lambda: house.slack.modal(alice))
    house.slack.press(alice, menu, "Similar to 1")
    await house.slack.until(lambda: phrases.DONE.en in menu.plain)
    assert len(house.slack.replies(answer)) == 2
    house.slack.press(alice, answer, "⋯ More")
    menu = await house.slack.until(lambda: (m := house.slack.modal(alice)) is not menu and m)
    house.slack.press(alice, menu, "Helpful")
    await house.slack.until(lambda: phrases.THANKS.en in menu.plain)


async def test_more_results_take_the_place_of_the_first(house, alice, general):
    answer = await house.answer(house.slack.say(alice, general, "@mlinfra distributed training"))
    house.slack.press(alice, answer, "⋯ More")
    menu = await house.slack.until(lambda: house.slack.modal(alice))
    house.slack.press(alice, menu, "More results")
    await house.slack.until(lambda: answer.edits)


async def test_an_answer_is_removed_by_its_asker_only(house, alice, bob, general):
    answer = await house.answer(house.slack.say(alice, general, ASKED))
    for person, words in ((bob, phrases.ASKER_ONLY.en), (alice, phrases.REMOVED.en)):
        assert not answer.deleted
        house.slack.press(person, answer, "⋯ More")
        menu = await house.slack.until(lambda person=person: house.slack.modal(person))
        house.slack.press(person, menu, "Remove this answer")
        await house.slack.until(lambda menu=menu, words=words: words in menu.plain)
    assert answer.deleted


async def test_remove_may_be_typed_in_the_thread(house, alice, bob, general):
    """By who asked, named or not; by an admin who names the bot; by nobody else."""
    sent = house.slack.say(alice, general, ASKED)
    first = await house.answer(sent)
    house.slack.say(bob, general, "remove", thread=sent)
    await house.slack.quiet(0.3)
    assert house.slack.replies(sent) == [first]
    said = house.slack.say(bob, general, "@mlinfra remove", thread=sent)
    refusal = await house.answer(said, 2)
    assert phrases.ASKER_ONLY.en in refusal.text
    house.slack.say(alice, general, "撤回", thread=sent)
    await house.slack.until(lambda: first.deleted)
    second = await house.answer(house.slack.say(bob, general, ASKED))
    alice.admin = True
    house.slack.say(alice, general, "@mlinfra remove", thread=second)
    await house.slack.until(lambda: second.deleted)
    assert not house.slack.errors()


async def test_remove_may_be_typed_in_a_direct_message(house, alice):
    answer = await house.answer(house.slack.say(alice, house.slack.dm(alice), "gpipe"))
    house.slack.say(alice, house.slack.dm(alice), "删除")
    await house.slack.until(lambda: answer.deleted)
    asked = await house.answer(house.slack.say(alice, house.slack.dm(alice), "remove"))
    assert asked.text == phrases.REMOVE_WHAT.en


async def test_a_slash_command_is_answered_alone_and_shared_on_demand(house, alice, general):
    house.slack.command(alice, general, "gpipe pipeline parallelism")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    assert shown.text.startswith("GPipe")
    assert not house.slack.messages(general, by=house.slack.bot)
    house.slack.press(alice, shown, phrases.SHARE.en)
    (shared,) = await house.slack.until(lambda: house.slack.messages(general, by=house.slack.bot))
    await house.slack.until(lambda: not house.slack.ephemerals(alice))
    assert shared.text.startswith("GPipe")
    house.slack.press(alice, shared, "1 Details")
    await house.slack.until(lambda: house.slack.ephemerals(alice))


async def test_what_one_alone_sees_in_another_language_goes_on_in_it(house, alice, general):
    """Slack names no message that we could find again: its buttons know. So it is shared, too."""

    async def seen(words):
        """What alice alone sees, and says this, in its text or on a button."""
        return await house.slack.until(
            lambda: next(
                (
                    message
                    for message in house.slack.ephemerals(alice)
                    if words in message.text or words in message.buttons
                ),
                None,
            )
        )

    house.slack.command(alice, general, "distributed training")
    house.slack.press(alice, await seen("中文"), "中文")
    shown = await seen("English")
    house.slack.press(alice, shown, "1 详情")
    detail = await seen("清单中的位置")
    house.slack.press(alice, shown, "⋯ 更多")
    menu = await house.slack.until(lambda: house.slack.modal(alice))
    house.slack.press(alice, menu, "更多结果")
    await seen("6 详情")
    house.slack.press(alice, detail, phrases.SHARE.zh)
    (shared,) = await house.slack.until(lambda: house.slack.messages(general, by=house.slack.bot))
    assert "清单中的位置" in shared.text


@pytest.mark.parametrize("how", ["typed", "pressed"])
async def test_an_entry_in_full_is_shared_as_it_is(house, alice, general, how):
    """By its number, or by the button under an answer that one alone saw."""
    house.slack.command(alice, general, "gpipe pipeline parallelism")
    (first,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    if how == "typed":
        house.slack.command(alice, general, "1")
    else:
        house.slack.press(alice, first, "1 Details")
    shown = (await house.slack.until(lambda: house.slack.ephemerals(alice)[1:]))[0]
    house.slack.press(alice, shown, phrases.SHARE.en)
    (shared,) = await house.slack.until(lambda: house.slack.messages(general, by=house.slack.bot))
    assert shared.text == shown.text


@pytest.mark.parametrize("words", ["more", "newer", "similar 1", "only papers"])
async def test_what_goes_on_from_before_is_not_offered_to_all(house, alice, general, words):
    """Its words asked once more would go on from it, and share another answer."""
    for number, said in enumerate(("parameter server", words)):
        house.slack.command(alice, general, said)
        shown = await house.slack.until(lambda n=number: house.slack.ephemerals(alice)[n:])
        await house.service.settle()
        assert (phrases.SHARE.en in shown[0].buttons) == (number == 0)


async def test_what_is_shared_by_two_presses_is_shared_once(house, alice, general):
    """Before the first of them has taken the button away."""
    house.slack.command(alice, general, "gpipe pipeline parallelism")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    for _ in range(2):
        house.slack.press(alice, shown, phrases.SHARE.en)
    await house.slack.quiet()
    assert len(house.slack.messages(general, by=house.slack.bot)) == 1


async def test_a_thread_under_a_shared_answer_goes_on_from_it(house, alice, general):
    """The answer itself is what the thread begins with; named or not."""
    house.slack.command(alice, general, "parameter server")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    house.slack.press(alice, shown, phrases.SHARE.en)
    (shared,) = await house.slack.until(lambda: house.slack.messages(general, by=house.slack.bot))
    await house.service.settle()  # nobody replies within the milliseconds until it is kept
    said = house.slack.say(alice, general, "only papers", thread=shared)
    first = await house.answer(said)
    assert "parameter server" in first.text
    said = house.slack.say(alice, general, "@mlinfra 2", thread=shared)
    assert "In the list" in (await house.answer(said, 2)).text
    for gone in (1, 0):
        await house.service.settle()
        house.slack.say(alice, general, "remove", thread=shared)
        await house.slack.until(lambda gone=gone: len(house.slack.replies(shared)) == gone)
    house.slack.say(alice, general, "@mlinfra remove", thread=shared)
    await house.slack.until(lambda: shared.deleted)


async def test_a_command_goes_on_from_the_command_before_it(house, alice, bob, general):
    """One's own, in the place; the thread of a mention is another conversation."""

    async def told(person, text):
        count = len(house.slack.ephemerals(person))
        house.slack.command(person, general, text)
        found = await house.slack.until(lambda: house.slack.ephemerals(person)[count:])
        await house.service.settle()
        return found[0].text

    await told(alice, "parameter server")
    assert "6 " in await told(alice, "more")
    assert "In the list" in await told(alice, "2")
    assert phrases.ASK_FIRST.en in await told(bob, "more")
    assert "paper" in await told(alice, "only papers")
    assert phrases.REMOVE_WHAT.en in await told(alice, "remove")


async def test_where_the_bot_is_no_member_a_command_works_too(house, alice):
    away = house.slack.add_channel("away", alice, bot=False)
    house.slack.team.token.scopes.discard("chat:write.public")
    house.slack.command(alice, away, "gpipe pipeline parallelism")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    house.slack.press(alice, shown, "中文")
    found = await house.slack.until(lambda: house.slack.ephemerals(alice)[1:])
    assert "论文" in found[0].text
    house.slack.press(alice, shown, phrases.SHARE.en)
    (shared,) = await house.slack.until(lambda: house.slack.messages(away, by=house.slack.bot))
    house.slack.press(alice, shared, "1 Details")
    assert await house.slack.until(lambda: house.slack.ephemerals(alice)[1:])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", phrases.HELP[0].en),
        ("zh", phrases.CHINESE_NOW.zh),
        ("topics", "Sections"),
        ("书", "book"),
        ("zh gpipe pipeline", "论文"),
    ],
)
async def test_a_slash_command_knows_the_commands(house, alice, general, text, words):
    house.slack.command(alice, general, text)
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    assert words in shown.text


async def test_the_language_of_the_client_is_spoken(house, general):
    """Where the words tell none."""
    wei = house.slack.add_user("wei", locale="zh-TW")
    general.members.append(wei)
    answer = await house.answer(house.slack.say(wei, general, "@mlinfra help"))
    assert "用幾個詞或一句話提問" in answer.text


async def test_a_message_is_looked_up_by_its_shortcut(house, alice, bob):
    away = house.slack.add_channel("away", alice, bob, bot=False)
    sent = house.slack.say(bob, away, "have you seen https://arxiv.org/abs/1604.00981 ?")
    house.slack.shortcut(alice, sent, "find_in_catalog")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    assert shown.text.startswith("Revisiting Distributed Synchronous SGD")


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ({"attachments": [{"title_link": "https://arxiv.org/abs/1811.06965"}]}, "GPipe"),
        (
            {"attachments": [{"is_share": True, "from_url": "https://a.org", "text": "gpipe"}]},
            "GPipe",
        ),
        ({"attachments": [{"text": "about gpipe"}]}, "GPipe"),
        ({"files": [{"id": "F1", "name": "gpipe.pdf"}]}, "GPipe"),
        (
            {
                "blocks": [
                    {"type": "section", "text": {"type": "mrkdwn", "text": "*gpipe* pipeline"}},
                    {"type": "actions", "elements": []},
                ]
            },
            "GPipe",
        ),
    ],
)
async def test_a_message_without_words_is_looked_up_by_what_it_shows(
    house, alice, general, shown, title
):
    """Another app's: a card, a message passed on, a file, blocks alone."""
    sent = house.slack.say(house.slack.add_bot("news"), general, "")
    for name, value in shown.items():
        setattr(sent, name, value)
    house.slack.shortcut(alice, sent, "find_in_catalog")
    (found,) = await house.slack.until(lambda: house.slack.ephemerals(alice))
    assert found.text.startswith(title)


async def test_the_home_tab_shows_every_setting(house, alice):
    house.slack.open_home(alice)
    home = await house.slack.until(lambda: house.slack.home(alice))
    assert phrases.YOUR_LANGUAGE.en in home.plain
    assert "/mlinfra topics" in home.plain
    house.slack.press(alice, home, "中文")
    await house.slack.until(lambda: phrases.YOUR_LANGUAGE.zh in home.plain)
    house.slack.press(alice, home, phrases.WHAT_IS_KEPT.zh)
    told = await house.slack.until(lambda: house.slack.modal(alice))
    assert phrases.PRIVACY[1].zh in told.plain


async def test_the_home_tab_shows_nothing_set_where_all_is_forgotten(house, alice):
    house.slack.open_home(alice)
    home = await house.slack.until(lambda: house.slack.home(alice))
    house.slack.press(alice, home, "中文")
    await house.slack.until(lambda: "✓ 中文" in home.buttons)
    house.slack.press(alice, home, phrases.FORGET_ME.zh)
    told = await house.slack.until(lambda: house.slack.modal(alice))
    assert phrases.FORGOTTEN.zh in told.plain
    await house.slack.until(lambda: "✓ 中文" not in home.buttons)


async def test_the_agent_pane_suggests_and_answers(house, alice):
    pane = house.slack.open_agent(alice)
    prompts = await house.slack.until(lambda: house.slack.prompts.get(pane.channel.id))
    assert len(prompts["prompts"]) == 3
    assert prompts["thread_ts"] is None
    sent = house.slack.say(alice, pane.channel, "gpipe pipeline parallelism", thread=pane)
    await house.slack.until(lambda: house.slack.replies(sent, by=house.slack.bot))
    assert house.slack.replies(pane)[-1].text.startswith("GPipe")


async def test_without_an_agent_pane_all_else_works(house, alice):
    house.slack.team.agents = False
    pane = house.slack.open_agent(alice)
    house.slack.fail("chat.postMessage", delay=1.5)
    sent = house.slack.say(alice, pane.channel, "gpipe pipeline parallelism", thread=pane)
    await house.slack.until(lambda: sent.reactions)
    await house.slack.until(lambda: not sent.reactions)


@pytest.mark.parametrize("seconds", [0.0, 1.6])
async def test_a_sign_stands_only_while_the_work_is_long(house, alice, general, seconds):
    house.slack.fail("chat.postMessage", delay=seconds)
    sent = house.slack.say(alice, general, ASKED)
    await house.answer(sent)
    await house.slack.quiet()
    assert bool(house.slack.calls_of("reactions.add")) == (seconds > 1)
    assert not sent.reactions


async def test_the_pane_shows_a_status_while_the_work_is_long(house, alice):
    pane = house.slack.open_agent(alice)
    house.slack.fail("chat.postMessage", delay=1.6)
    house.slack.say(alice, pane.channel, "gpipe pipeline parallelism", thread=pane)
    await house.slack.until(lambda: house.slack.status(pane.channel, pane.ts))
    await house.slack.until(lambda: not house.slack.status(pane.channel, pane.ts))


async def test_who_brings_it_is_greeted_once(house, alice):
    place = house.slack.add_channel("new", alice, bot=False)
    for _ in range(2):
        house.slack.join(house.slack.bot, place, inviter=alice)
        await house.slack.settled()
        await house.service.settle()
    (greeting,) = house.slack.messages(place, by=house.slack.bot)
    assert phrases.SAMPLES[0].en in greeting.text
    house.slack.press(alice, greeting, phrases.SAMPLES[0].en)
    await house.slack.until(lambda: house.slack.replies(greeting))


async def test_a_place_keeps_its_settings_under_a_new_id(house, alice, general):
    alice.admin = True
    await house.answer(house.slack.say(alice, general, "@mlinfra settings here language zh"))
    house.slack.change_id(general)
    await house.slack.quiet()
    assert "论文" in (await house.answer(house.slack.say(alice, general, "@mlinfra gpipe"))).text


async def test_an_organisation_is_one_bot_of_many_workspaces(house):
    """Payloads without a workspace of their own are of the user's."""
    team = house.slack.team
    team.enterprise, team.org_wide = "E1", True
    ann = house.slack.add_user("ann")
    place = house.slack.add_channel("place", ann)
    answer = await house.answer(house.slack.say(ann, place, "@mlinfra gpipe pipeline"))
    house.slack.press(ann, answer, "中文")
    (shown,) = await house.slack.until(lambda: house.slack.ephemerals(ann))
    assert "论文" in shown.text
    house.slack.press(ann, answer, "More")
    menu = await house.slack.until(lambda: house.slack.modal(ann))
    house.slack.press(ann, menu, "Remove this answer")
    await house.slack.until(lambda: answer.deleted)


async def test_the_same_twice_is_answered_once(house, alice, general):
    first = house.slack.say(alice, general, ASKED)
    await house.answer(first)
    again = house.slack.say(alice, general, ASKED)
    other = house.slack.say(alice, general, "@mlinfra parameter servers in use")
    await house.answer(other)
    assert not house.slack.replies(again)
    await house.answer(house.slack.say(alice, general, ASKED, thread=first))  # another place


async def test_an_edit_that_takes_the_mention_away_takes_the_answer_away(house, alice, general):
    """Of a question and of one in its thread; put back, it is answered anew."""
    sent = house.slack.say(alice, general, "@mlinfra gpipe pipeline parallelism")
    answer = await house.answer(sent)
    further = house.slack.say(alice, general, "@mlinfra dynamic control flow", thread=sent)
    second = await house.answer(further, 2)
    house.slack.edit(further, "dynamic control flow")
    await house.slack.until(lambda: second.deleted)
    assert not answer.deleted
    house.slack.edit(sent, "gpipe pipeline parallelism")
    await house.slack.until(lambda: answer.deleted)
    house.slack.edit(sent, "@mlinfra gpipe pipeline parallelism")
    again = await house.answer(sent)
    assert again.text == answer.text


@pytest.mark.parametrize("text", ["thanks, all clear", "<@BOB> only papers?"])
async def test_an_edit_into_what_is_for_others_takes_the_answer_away(
    house, alice, bob, general, text
):
    """A follow-up that turns into thanks, or to somebody else."""
    sent = house.slack.say(alice, general, "@mlinfra gpipe pipeline parallelism")
    await house.answer(sent)
    further = house.slack.say(alice, general, "only papers", thread=sent)
    answer = await house.answer(further, 2)
    house.slack.edit(further, text.replace("<@BOB>", bob.mention))
    await house.slack.until(lambda: answer.deleted)


async def test_an_edit_of_a_follow_up_changes_its_answer(house, alice, general):
    """It needs no mention after the edit either."""
    sent = house.slack.say(alice, general, "@mlinfra parameter server")
    await house.answer(sent)
    further = house.slack.say(alice, general, "only papers", thread=sent)
    answer = await house.answer(further, 2)
    house.slack.edit(further, "only books")
    await house.slack.until(lambda: answer.edits)
    assert not answer.deleted


async def test_an_edit_among_others_is_not_ours(house, alice, bob, general):
    said = house.slack.say(alice, general, f"hi {bob.mention}")
    house.slack.edit(said, f"hello {bob.mention}")
    await house.slack.quiet()
    assert not house.slack.calls_of("chat.delete")
    assert not house.slack.calls_of("chat.postMessage")
