"""A reply that comes back as the same value is rendered once; any other one for itself."""

from __future__ import annotations

from bot.model import Notice
from bot.rendered import HALF, Rendered


def test_the_same_reply_is_rendered_once():
    """And another one that says the same is another one."""
    seen = []
    rendered = Rendered(lambda reply: seen.append(reply) or "\n".join(reply.lines))
    reply = Notice(("hello",))
    assert [rendered.of(reply), rendered.of(reply)] == ["hello", "hello"]
    assert len(seen) == 1
    assert rendered.of(Notice(("hello",))) == "hello"
    assert len(seen) == 2


def test_a_reply_that_is_gone_gives_its_message_to_no_other_one():
    """A value that was forgotten may leave its place in memory, and its id, to the next."""
    rendered = Rendered(lambda reply: reply.lines[0])
    for number in range(HALF):
        assert rendered.of(Notice((str(number),))) == str(number)
