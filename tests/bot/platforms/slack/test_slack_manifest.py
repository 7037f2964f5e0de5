"""Manifests, program and docs say the same: what is taken is subscribed to, what is called is
allowed, and nothing more.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import slack_methods
import slack_server  # noqa: F401  # its methods are in the table
import yaml

from bot.platforms.slack import names
from bot.platforms.slack.app import ENDINGS, PANE
from bot.platforms.slack.calls import METHODS
from bot.platforms.slack.intake import EVENTS
from bot.platforms.slack.workspaces import OF_APP, SCOPES

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "deploy/slack"
MANIFESTS = ["manifest.yaml", "manifest-http.yaml"]
OF_EVENTS = {  # by Slack's reference of events
    "app_mention": {"app_mentions:read"},
    "assistant_thread_context_changed": {"assistant:write"},
    "assistant_thread_started": {"assistant:write"},
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_id_changed": {"channels:read"},
    "channel_left": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_left": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
}


@pytest.fixture(params=MANIFESTS)
def text(request):
    return (FOLDER / request.param).read_text(encoding="utf-8")


@pytest.fixture
def manifest(text):
    return yaml.safe_load(text)


def subscribed(manifest):
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_what_is_taken_is_subscribed_to_and_nothing_else(manifest):
    taken = {*EVENTS, *PANE} - {"message"}
    taken |= {f"message.{kind}" for kind in ("channels", "groups", "im", "mpim")}
    assert subscribed(manifest) == taken | set(ENDINGS)


def test_the_scopes_are_the_least(manifest):
    """What is called, what is subscribed to, and the command; no more."""
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    needed = {"commands"}
    for event in subscribed(manifest):
        needed |= OF_EVENTS.get(event, set())
    for any_of in METHODS.values():
        if any_of and not set(any_of) & OF_APP:
            assert scopes & set(any_of), any_of
            needed |= set(any_of) if len(any_of) == 1 else set()
    assert scopes == needed == SCOPES - OF_APP


def test_every_scope_and_event_has_its_reason(text, manifest):
    named = subscribed(manifest) | set(manifest["oauth_config"]["scopes"]["bot"])
    for name in named:
        (line,) = re.findall(rf"^\s+- {re.escape(name)}\b(?![:.]).*$", text, re.MULTILINE)
        assert " # " in line, line


def test_what_is_shown_has_its_events(manifest):
    """The Home tab, the agent pane, the buttons: each feature is switched on and heard of."""
    assert manifest["features"]["app_home"]["home_tab_enabled"] is True
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert manifest["features"]["agent_view"]
    assert {"app_home_opened", *PANE} <= subscribed(manifest)
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["settings"]["token_rotation_enabled"] is False  # a token is kept as it is


def test_commands_and_shortcuts_are_those_we_listen_to(manifest):
    (command,) = manifest["features"]["slash_commands"]
    (shortcut,) = manifest["features"]["shortcuts"]
    assert command["command"] == names.COMMAND
    assert (shortcut["type"], shortcut["callback_id"]) == ("message", names.SHORTCUT)


def test_one_is_for_socket_mode_and_one_for_http():
    socket, http = (yaml.safe_load((FOLDER / name).read_text("utf-8")) for name in MANIFESTS)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in str(socket)
    assert http["settings"]["socket_mode_enabled"] is False
    addresses = re.findall(r"https://bot\.example\.org(/\S+)", (FOLDER / MANIFESTS[1]).read_text())
    assert set(addresses) == {"/slack/events", "/slack/oauth_redirect"}


def test_the_server_of_the_tests_asks_for_the_same_scopes():
    """A method that our table allows by a scope is allowed by it there too."""
    for method, scopes in METHODS.items():
        theirs, _ = slack_methods.METHODS[method]
        assert not theirs or set(scopes) & set(theirs), method


def test_every_method_is_in_the_table():
    """A call that is written anywhere in the platform's folder."""
    called = set()
    for path in (ROOT / "bot/platforms/slack").glob("*.py"):
        called |= set(re.findall(r'"((?:[a-z]+\.)+[a-z]+[A-Za-z]*)"', path.read_text("utf-8")))
    families = {method.partition(".")[0] for method in METHODS}
    assert {name for name in called if name.partition(".")[0] in families} == set(METHODS)


@pytest.mark.parametrize("page", ["docs/slack.md", "docs/slack.zh.md"])
def test_the_docs_name_what_there_is(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    told = set(re.findall(r"`([a-z_]+(?:[:.][a-z]+)?)`", text))
    kinds = {scope for scope in told if re.fullmatch(r"[a-z_]+:[a-z]+", scope)}
    assert kinds | {"commands"} == SCOPES | OF_APP
    events = subscribed(yaml.safe_load((FOLDER / MANIFESTS[0]).read_text(encoding="utf-8")))
    assert told >= events | {"commands"}
    shortcut = yaml.safe_load((FOLDER / MANIFESTS[0]).read_text("utf-8"))["features"]["shortcuts"]
    assert shortcut[0]["name"] in text
    assert f"`{names.COMMAND}`" in text
    for name in (*MANIFESTS, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert name in text, name
