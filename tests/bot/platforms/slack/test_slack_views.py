"""Modals, response_urls and installations end and are guarded as Slack does it."""

from __future__ import annotations

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_trial import client, error, refused, section, served


@served
async def test_modals_need_a_fresh_trigger(slack):
    """A trigger_id lives three seconds, once; three views stack; a hash guards an update."""
    alice, web = slack.add_user("alice"), client(slack)
    title = {"type": "plain_text", "text": "More"}
    view = {"type": "modal", "title": title, "blocks": [section("hi")]}
    old = slack.trigger(alice, slack.team)
    slack.pass_time(3.1)
    assert await error(web.views_open(trigger_id=old, view=view)) == "expired_trigger_id"
    new = slack.trigger(alice, slack.team)
    shown = (await web.views_open(trigger_id=new, view=view))["view"]
    assert await error(web.views_open(trigger_id=new, view=view)) == "exchanged_trigger_id"
    assert slack.modal(alice).plain == "More\nhi"
    update = {"view_id": shown["id"], "view": view}
    await web.views_update(**update, hash=shown["hash"])
    assert await error(web.views_update(**update, hash=shown["hash"])) == "hash_conflict"
    for _ in range(2):
        await web.views_push(trigger_id=slack.trigger(alice, slack.team), view=view)
    more = web.views_push(trigger_id=slack.trigger(alice, slack.team), view=view)
    assert await error(more) == "push_limit_reached"
    long = view | {"title": {"type": "plain_text", "text": "x" * 25}}
    answer = await refused(web.views_open(trigger_id=slack.trigger(alice, slack.team), view=long))
    assert answer["error"] == "invalid_arguments"
    assert "/view/title/text" in answer["response_metadata"]["messages"][-1]
    await web.views_publish(user_id=alice.id, view={"type": "home", "blocks": [section("home")]})
    assert slack.home(alice).plain == "home"


@served
async def test_response_urls_end(slack):
    """Five posts in thirty minutes; they replace, delete and whisper."""
    alice = slack.add_user("alice")
    general = slack.add_channel("general", alice, bot=False)
    hook = AsyncWebhookClient(slack.hook(general, alice, None))
    for number in range(5):
        kind = "in_channel" if number == 0 else "ephemeral"
        assert (await hook.send(text=f"{number}", response_type=kind)).status_code == 200
    sixth = await hook.send(text="6")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
    assert len(slack.ephemerals(alice)) == 4
    (public,) = slack.messages(general)
    again = AsyncWebhookClient(slack.hook(general, alice, public))
    await again.send(text="new", replace_original=True)
    assert (public.text, len(public.edits)) == ("new", 1)
    await again.send(delete_original=True)
    assert slack.messages(general) == []
    slack.pass_time(1801)
    assert "expired_url" in (await again.send(text="late")).body


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's, with aiohttp 3.14
@served
async def test_the_app_is_installed_by_a_code(slack):
    """A code is good once, for its address; the new token works, the bot keeps its id."""
    other = slack.add_team("other", installed=False, enterprise="E1")
    admin, web = slack.add_user("root", team=other, admin=True), client(slack)
    ours = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    code = slack.code_for(admin, other, "https://a.example/done", {"chat:write"})
    wrong = web.oauth_v2_access(code=code, redirect_uri="https://b.example/", **ours)
    assert await error(wrong) == "bad_redirect_uri"
    told = await web.oauth_v2_access(code=code, redirect_uri="https://a.example/done", **ours)
    assert (told["team"]["id"], told["enterprise"]["id"]) == (other.id, "E1")
    assert told["scope"] == "chat:write"
    assert (await client(slack, told["access_token"]).auth_test())["user_id"] == other.bot.id
    again = web.oauth_v2_access(code=code, redirect_uri="https://a.example/done", **ours)
    assert await error(again) == "code_already_used"
    await client(slack, told["access_token"]).auth_revoke()
    assert await error(client(slack, told["access_token"]).auth_test()) == "token_revoked"
