"""What people do reaches a real bolt app, by Socket Mode and by signed HTTP, as Slack sends it."""

from __future__ import annotations

from slack_trial import actions, bolt, button, client, echo, served, socket

TITLE = {"type": "plain_text", "text": "More"}


@served
async def test_a_mention_comes_twice_and_is_answered_in_its_thread(slack):
    """app_mention and message both come; the answer stands in the thread; acks are timed."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice)
    async with socket(slack, echo(slack)):
        asked = slack.say(alice, general, "@mlinfra what is <vLLM> & co?")
        (answer,) = await slack.until(lambda: slack.replies(asked))
        await slack.settled()
    assert answer.text == f"you said {slack.bot.mention} what is &lt;vLLM&gt; &amp; co?"
    kinds = {delivery.event["type"] for delivery in slack.deliveries[:2]}
    assert kinds == {"app_mention", "message"}
    first = slack.deliveries[0].payload
    assert first["authorizations"][0]["user_id"] == slack.bot.id
    assert first["event"]["client_msg_id"] == asked.client_msg_id
    assert first["event"]["event_ts"] == asked.ts
    own = slack.deliveries[2].event
    assert (own["bot_id"], own["thread_ts"]) == (slack.bot.bot_id, asked.ts)
    assert 0 < max(slack.ack_times()) < 3


@served
async def test_the_app_sees_only_what_it_may(slack):
    """No event without its scope, its subscription, or the bot in the channel."""
    alice = slack.add_user("alice")
    here, away = slack.add_channel("here", alice), slack.add_channel("away", alice, bot=False)
    async with socket(slack, echo(slack)):
        slack.say(alice, away, "@mlinfra hi")
        slack.team.token.scopes.discard("channels:history")
        slack.say(alice, here, "hi")
        slack.subscribed = {"message.im"}
        slack.say(alice, here, "@mlinfra hi")
        slack.say(alice, slack.dm(alice), "hi")
        await slack.settled()
    reasons = [reason for reason, _ in slack.undelivered]
    assert reasons[:2] == ["not in the channel", "missing scope: channels:history"]
    assert "not subscribed: app_mention" in reasons
    assert [d.event["channel_type"] for d in slack.events()] == ["im"]


@served
async def test_edits_previews_and_deletions_are_told_apart(slack):
    """An edit has `edited` and mentions again; a preview has none; a parent leaves a tombstone."""
    alice, seen = slack.add_user("alice"), []
    general = slack.add_channel("general", alice)
    app = bolt(slack)

    @app.event("message")
    async def message(event):
        seen.append(event)

    @app.event("app_mention")
    async def mentioned(event):
        seen.append(event)

    async with socket(slack, app):
        asked = slack.say(alice, general, "see https://example.org")
        await slack.settled()
        slack.unfurl(asked)
        slack.edit(asked, "@mlinfra hi")
        await slack.settled()
        slack.say(alice, general, "reply", thread=asked)
        slack.delete(asked)
        slack.delete(slack.say(alice, general, "bye"))
        await slack.until(lambda: len(seen) == 8)
    preview, edit, again = seen[1:4]
    assert "edited" not in preview["message"]
    assert preview["message"]["text"] == preview["previous_message"]["text"]
    assert edit["message"]["edited"]["user"] == alice.id
    assert (again["type"], "edited" in again) == ("app_mention", True)
    subtypes = [event.get("subtype") for event in seen[4:]]
    assert sorted(map(str, subtypes)) == ["None", "None", "message_changed", "message_deleted"]
    (changed,) = [e for e in seen[4:] if e.get("subtype") == "message_changed"]
    assert changed["message"]["subtype"] == "tombstone"
    assert changed["message"]["user"] == "USLACKBOT"
    assert changed["previous_message"]["user"] == alice.id


@served
async def test_a_command_is_answered_to_its_user_and_shared(slack):
    """An ack's words are an ephemeral; its button works, and shares by the response_url."""
    alice, app = slack.add_user("alice"), bolt(slack)
    general = slack.add_channel("general", alice, bot=False)

    @app.command("/mlinfra")
    async def command(ack, body):
        await ack(text=body["text"], blocks=actions(button("Share", "share")))

    @app.action("share")
    async def share(ack, body, respond):
        await ack()
        assert body["container"]["is_ephemeral"]
        await respond(text="shared", response_type="in_channel", replace_original=False)
        await respond(delete_original=True)

    async with socket(slack, app):
        slack.command(alice, general, "vllm")
        (shown,) = await slack.until(lambda: slack.ephemerals(alice))
        assert (shown.text, shown.plain, shown.buttons) == ("vllm", "[Share]", ["Share"])
        slack.press(alice, shown, "Share")
        await slack.until(lambda: slack.messages(general) and not slack.ephemerals(alice))
    assert [m.text for m in slack.messages(general)] == ["shared"]


@served
async def test_modals_open_fill_submit_and_close(slack):
    """A press opens a modal; a wrong submission shows its errors; a right one closes it."""
    alice, app, seen = slack.add_user("alice"), bolt(slack), []
    dm = slack.dm(alice)
    field = {"type": "plain_text_input", "action_id": "word"}
    ask = {"type": "input", "block_id": "ask", "label": TITLE, "element": field}
    view = {"type": "modal", "callback_id": "asks", "title": TITLE, "submit": TITLE}
    view |= {"notify_on_close": True, "blocks": [ask, *actions(button("Inside", "inside"))]}

    @app.action("more")
    async def more(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.action("inside")
    async def inside(ack, body):
        await ack()
        seen.append(body["view"]["id"])

    @app.view("asks")
    async def asks(ack, view):
        word = view["state"]["values"]["ask"]["word"]["value"]
        await (ack(response_action="errors", errors={"ask": "no"}) if word == "bad" else ack())

    @app.view_closed("asks")
    async def closed(ack):
        await ack()
        seen.append("closed")

    async with socket(slack, app):
        posted = await client(slack).chat_postMessage(
            channel=dm.id, text="x", blocks=actions(button("⋯ More", "more"))
        )
        message = dm.messages[posted["ts"]]
        slack.press(alice, message, "More")
        modal = await slack.until(lambda: slack.modal(alice))
        await slack.press(alice, modal, "Inside").done()
        slack.fill(modal, "word", "bad")
        await slack.submit(modal).done()
        assert modal.errors == {"ask": "no"}
        slack.fill(modal, "word", "good")
        await slack.submit(modal).done()
        assert slack.modal(alice) is None
        slack.press(alice, message, "More")
        await slack.close_view(await slack.until(lambda: slack.modal(alice))).done()
    assert seen == [modal.id, "closed"]


@served
async def test_home_shortcut_and_agent_pane(slack):
    """The home tab, a message shortcut and the agent pane come with what they need."""
    alice, app, seen = slack.add_user("alice"), bolt(slack), []
    general = slack.add_channel("general", alice, bot=False)

    @app.event("app_home_opened")
    async def home(event, client):
        view = {"type": "home", "blocks": actions(button("Deutsch", "de"))}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("de")
    async def press(ack, body):
        await ack()
        seen.append(body["view"]["type"])

    @app.shortcut("find")
    async def find(ack, body, respond):
        await ack()
        await respond(text=f"found {body['message']['text']}")

    @app.event("assistant_thread_started")
    async def started(event, client):
        thread = event["assistant_thread"]
        prompts = [{"title": "Hi", "message": "hi"}]
        where = {"channel_id": thread["channel_id"], "thread_ts": thread["thread_ts"]}
        await client.assistant_threads_setSuggestedPrompts(**where, prompts=prompts)
        seen.append(thread["context"]["channel_id"])

    async with socket(slack, app):
        slack.open_home(alice)
        await slack.press(alice, await slack.until(lambda: slack.home(alice)), "Deutsch").done()
        slack.shortcut(alice, slack.say(alice, general, "link"), "find")
        await slack.until(lambda: slack.ephemerals(alice))
        pane = slack.open_agent(alice, viewing=general)
        await slack.until(lambda: slack.prompts.get(pane.channel.id))
    assert slack.ephemerals(alice)[0].text == "found link"
    assert seen == ["home", general.id]
