"""The paper of the week and its terms as blocks: within Slack's limits, whole; nothing rings."""

from __future__ import annotations

import itertools
import json
import re

import pytest
import slack_blocks
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_mrkdwn import marks, unescaped
from slack_world import texts

from bot.command import Command
from bot.digest import forms, subscribing
from bot.digest.compose import Issue, compose
from bot.model import Address, Channel, Choice, Digest, Press
from bot.outcome import Context
from bot.platforms.slack import views
from bot.platforms.slack.markup import escape
from bot.platforms.slack.render import render
from bot.subscription import Delivery, Filters, Known, Subscription, Terms

WEEK = "2026-W48"
SCRIPTS = ["en", "zh-Hans", "zh-Hant"]
LOUD = ["<!channel>", "<!here>", "<@U1>", "<!subteam^S1|all>", "<https://e.vil|x>", "*", "|", "\n"]
HOSTILE = st.lists(st.sampled_from(LOUD) | st.text(max_size=8), max_size=8).map("".join)


def checked(message):
    """What holds for every message; the texts of its blocks."""
    blocks = json.loads(json.dumps(message.blocks, ensure_ascii=False))
    assert slack_blocks.check_blocks(blocks) == []
    assert slack_blocks.size(blocks) < 12_000
    assert 0 < len(message.text) < 4000
    shown = texts(blocks)
    for text in (message.text, *shown):
        assert not unescaped(text), text
        assert not any(mark.rings or mark.kind in ("room", "unknown") for mark in marks(text)), text
    return "\n".join(shown)


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("spoken", SCRIPTS)
def test_every_work_makes_a_digest_that_fits(retriever, language, spoken):
    """Blocks and text say it all: title, facts, addresses, why; each button in words."""
    for entry in retriever.entries:
        fresh = tuple(retriever.entries)[:6]
        digest = compose(
            Issue(WEEK, entry, ("again:2026-W02", "balance"), fresh),
            retriever.entries,
            language,
            spoken,
        )
        message = render(digest)
        shown = checked(message)
        for text in (digest.heading, digest.title, digest.about, digest.why):
            assert escape(text) in message.text
            assert escape(text) in shown
        for fact in digest.facts:
            assert escape(fact[:100]) in message.text
            assert escape(fact[:100]) in shown
        for one in digest.addresses:
            assert escape(one.host) in shown
        rows = [block for block in message.blocks if block["type"] == "actions"]
        labels = [button["text"]["text"] for row in rows for button in row["elements"]]
        assert labels == [choice.label for row in digest.rows for choice in row]
        assert not message.text.endswith("…")


@settings(deadline=None)
@given(words=HOSTILE)
def test_no_digest_can_ring(words):
    """Whatever a title, a page's note or a fact holds."""
    url = f"https://example.org/{words}"
    one = Address(words, words, url, words, warning=True)
    choices = ((Choice(words or "x", "similar x", about=words),),)
    checked(
        render(
            Digest(
                *("en", words, "x", words, words, url, words, (words, words), (words,), (one,)),
                *(((words, url),), words, words, choices, words),
            )
        )
    )


TERMS = [
    Terms(),
    Terms(5, 1439, "Asia/Shanghai", "both"),
    Terms(7, 0, "America/Argentina/ComodRivadavia", "zh", Filters(("paper", "book", "course"))),
    Terms(
        3,
        615,
        "Europe/Berlin",
        "both",
        Filters(
            ("paper", "book", "talk", "article"),
            ("parameter server", "distributed training", "gradient compression", "参数服务器"),
            ("Tencent", "Google", "Carnegie Mellon University", "Microsoft Research Asia"),
        ),
    ),
]


def typed(text):
    """Commands as Slack leaves them to us."""
    return re.sub(r"(?<![\w/.])/(?=subscribe|订阅|訂閱)", "/mlinfra ", text)


STATES = [("active", ""), ("paused", "asked"), ("paused", "refused"), ("ended", "")]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("terms", "state"), [*itertools.product(TERMS, STATES)])
def test_the_terms_stand_whole_in_a_message_and_in_the_home_tab(retriever, terms, state, script):
    """The sentence, every row under its name, what holds now marked; names are unique."""
    where = "slack:T1:C1"
    one = Subscription(where, True, terms, "slack:T1:U1", script, state=state[0], why=state[1])
    form = forms.form(one, retriever.entries, script, guessed=terms.zone == "UTC")
    message = render(form)
    checked(message)
    view = views.home(form, "D1")
    assert slack_blocks.check_view(view) == []
    for found in (
        json.dumps(message.blocks, ensure_ascii=False),
        message.text,
        json.dumps(view["blocks"], ensure_ascii=False),
    ):
        said = found
        for text in (form.title, *(name for name, _ in form.rows)):
            assert escape(typed(text)) in said, text
        assert not re.search(r"(?<![\w/.])/subscribe", said)
    for found in (message.blocks, view["blocks"]):
        buttons = [
            button for block in found if block["type"] == "actions" for button in block["elements"]
        ]
        assert sum(button["text"]["text"].startswith("✓ ") for button in buttons) >= 4
        rows = [(name, choice) for name, choices in form.rows for choice in choices]
        for (name, choice), button in zip(rows, buttons, strict=False):
            spoken = button["accessibility_label"]
            assert choice.label in spoken
            assert typed(name)[:20] in spoken


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_person_has_elsewhere_is_listed(retriever, script):
    """`subscriptions` and `status`, however many places there are."""
    many = tuple(
        Subscription(f"slack:T1:C{n}", True, TERMS[n % 4], "slack:T1:U1", script, id=n)
        for n in range(1, 40)
    )
    last = Delivery(WEEK, "failed", 1.0, "<!channel> is_archived")
    known = Known(1.0, many[0], last, many[1:])
    context = Context(digest=known)
    press = Press("subscriptions", "k", Channel("slack:T1:U1"), "slack:T1:U1", "1")
    for verb in ("subscriptions", "status"):
        outcome = subscribing.obey(Command(verb), press, context, retriever.entries, script)
        checked(render(outcome.reply))
