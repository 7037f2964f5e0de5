"""Block Kit is checked as Slack checks it, and read as a person would read it."""

from __future__ import annotations

import pytest
from slack_blocks import check_blocks, check_view
from slack_mrkdwn import marks, plain, unescaped


def words(text, kind="plain_text"):
    return {"type": kind, "text": text}


def button(**more):
    return {"type": "button", "text": words("Go"), **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def section(text="x", **more):
    return {"type": "section", "text": words(text, "mrkdwn"), **more}


def menu(kind, count):
    options = [{"text": words(f"{n}"), "value": f"{n}"} for n in range(count)]
    return {"type": kind, "action_id": kind, "options": options}


def feedback(**more):
    side = {"text": words("Good"), "value": "1"}
    sides = {"positive_button": side, "negative_button": side}
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", **sides, **more}]}


def field(**more):
    return {"type": "input", "label": words("A"), "element": {"type": "plain_text_input"}, **more}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000, accessory=button(url="https://x.org/" + "x" * 2900)),
        {"type": "section", "fields": [words("x" * 2000, "mrkdwn")] * 10},
        {"type": "header", "text": words("x" * 150)},
        {"type": "divider", "block_id": "x" * 255},
        {"type": "context", "elements": [words("x", "mrkdwn")] * 10},
        actions(*[button(value="x" * 2000, action_id=f"{n}") for n in range(25)]),
        actions(menu("overflow", 5), menu("static_select", 100)),
        feedback(action_id="f"),
        field(),
        {"type": "markdown", "text": "# x"},
        {"type": "image", "image_url": "https://x.org/x.png", "alt_text": "x"},
    ],
)
def test_good_blocks_pass(block):
    """Everything up to Slack's limits is taken."""
    assert check_blocks([block]) == []


@pytest.mark.parametrize(
    ("block", "at", "says"),
    [
        (section("x" * 3001), "/text/text", "less than 3001"),
        (section(""), "/text/text", "more than 0"),
        ({"type": "section"}, "", "must define either"),
        ({"type": "section", "fields": [words("x")] * 11}, "/fields", "no more than 10"),
        ({"type": "section", "fields": [words("x" * 2001)]}, "/fields/0/text", "less than 2001"),
        (section(accessory={"type": "plain_text_input"}), "/accessory/type", "unsupported type"),
        (section(colour="red"), "", "invalid additional property: colour"),
        ({"type": "header", "text": words("x" * 151)}, "/text/text", "less than 151"),
        ({"type": "header", "text": words("x", "mrkdwn")}, "/text/type", "valid enum"),
        ({"type": "header"}, "", "missing required field: text"),
        ({"type": "divider", "block_id": "x" * 256}, "/block_id", "less than 256"),
        ({"type": "context", "elements": [words("x")] * 11}, "/elements", "no more than 10"),
        ({"type": "context", "elements": []}, "/elements", "no less than 1"),
        (actions(*[button(action_id=f"{n}") for n in range(26)]), "/elements", "no more than 25"),
        (actions(button(text=words("x" * 76))), "/elements/0/text/text", "less than 76"),
        (actions(button(text=words("x", "mrkdwn"))), "/elements/0/text/type", "valid enum"),
        (actions(button(value="x" * 2001)), "/elements/0/value", "less than 2001"),
        (actions(button(url="https://" + "x" * 3000)), "/elements/0/url", "less than 3001"),
        (actions(button(url="not one")), "/elements/0/url", "valid URL"),
        (actions(button(action_id="x" * 256)), "/elements/0/action_id", "less than 256"),
        (actions(button(accessibility_label="x" * 76)), "/accessibility_label", "less than 76"),
        (actions(button(style="red")), "/elements/0/style", "valid enum"),
        (actions(button(action_id="a"), button(action_id="a")), "/elements/1", "already exists"),
        (actions(menu("overflow", 1)), "/options", "no less than 2"),
        (actions(menu("overflow", 6)), "/options", "no more than 5"),
        (actions(menu("static_select", 101)), "/options", "no more than 100"),
        (feedback(extra=1), "/elements/0", "invalid additional property"),
        ({"type": "context_actions", "elements": [button()]}, "/type", "unsupported type"),
        ({"type": "poem"}, "/type", "unsupported type: poem"),
        ("text", "/type", "unsupported type"),
    ],
)
def test_wrong_blocks_are_refused(block, at, says):
    """Each limit is refused one beyond, at its place."""
    problems = check_blocks([block])
    assert any(says in problem and problem.endswith(f"{at}]") for problem in problems), problems


def test_blocks_are_counted_and_named_once():
    """Fifty blocks in a message, a hundred in a view; no block_id twice."""
    assert "no more than 50" in check_blocks([section()] * 51)[0]
    assert check_blocks([section()] * 100, "modal") == []
    assert "no more than 100" in check_blocks([section()] * 101, "home")[0]
    assert "already exists" in check_blocks([section(block_id="a"), section(block_id="a")])[0]
    assert check_blocks({}) == ["must provide an array [json-pointer:/blocks]"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": words("x" * 25)}, "less than 25"),
        ({"submit": words("x" * 25)}, "less than 25"),
        ({"close": words("x" * 25)}, "less than 25"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"callback_id": "x" * 256}, "less than 256"),
        ({"blocks": [field()]}, "missing required field: submit"),
        ({"blocks": [feedback()]}, "unsupported type"),
        ({"type": "page"}, "unsupported type"),
        ({"colour": "red"}, "invalid additional property"),
    ],
)
def test_wrong_views_are_refused(change, says):
    """A modal's parts have limits of their own."""
    view = {"type": "modal", "title": words("x" * 24), "blocks": [section()]}
    assert check_view(view) == []
    assert any(says in problem for problem in check_view(view | change))


def test_marks_are_found():
    """What rings and what links comes out of a text; what is escaped does not."""
    text = "<@U1> <!channel> <!subteam^S1|@x> <#C1|c> <https://x.org/?a=1&amp;b|x> "
    text += "https://y.org &lt;!here&gt;"
    found = [(mark.kind, mark.target, mark.rings) for mark in marks(text)]
    assert found == [
        ("user", "U1", True),
        ("channel", "channel", True),
        ("subteam", "S1", True),
        ("room", "C1", False),
        ("link", "https://x.org/?a=1&b", False),
        ("link", "https://y.org", False),
    ]


def test_bare_signs_are_found():
    """& < > belong escaped; in a mention, a link, an entity or a quote they are markup."""
    assert unescaped("a < b & c > d") == ["<", "&", ">"]
    assert unescaped("> quote\n<@U1> <https://x.org?a=1&b=2|x> &amp; &lt;") == []


def test_blocks_are_read_in_order():
    """The plain rendering is what a reader sees, from top to bottom."""
    blocks = [
        {"type": "header", "text": words("Title")},
        section("*1.* <https://x.org|vLLM> &amp; co", accessory=button()),
        {"type": "divider"},
        {"type": "context", "elements": [words("small", "mrkdwn")]},
        actions(button(), menu("overflow", 2)),
    ]
    assert plain(blocks) == "Title\n*1.* vLLM & co\n[Go]\n---\nsmall\n[Go] [0] [1]"
