"""How much one may ask in a minute; the clock is a number."""

from __future__ import annotations

from bot.limits import MOST, PLACE, Limits


def test_a_person_is_told_once_and_may_go_on_after_a_minute():
    """The window slides."""
    limits = Limits(3)
    assert [limits.ask("ann", "here", at) for at in (0, 1, 2, 3, 4)] == ["yes"] * 3 + ["tell", "no"]
    assert limits.ask("ann", "here", 60) == "yes"  # the first one is a minute old
    assert limits.ask("ann", "here", 60.5) == "no"
    assert limits.ask("ann", "here", 63.5) == "yes"


def test_a_person_is_limited_everywhere_together():
    """Another place is no other person; another person is."""
    limits = Limits(2)
    assert [limits.ask("ann", place, 0) for place in "abc"] == ["yes", "yes", "tell"]
    assert limits.ask("bob", "a", 0) == "yes"


def test_a_place_is_limited_too():
    """Many people in one place are a crowd: it is told once, not each of them."""
    limits = Limits(1)
    verdicts = [limits.ask(f"p{number}", "here", 0) for number in range(PLACE + 3)]
    assert verdicts == ["yes"] * PLACE + ["tell", "no", "no"]
    assert limits.ask(f"p{PLACE + 2}", "there", 0) == "yes"
    assert limits.ask("late", "here", 60) == "yes"


def test_what_was_asked_elsewhere_counts_too():
    """Where others answer as well, the more of the two counts holds."""
    limits = Limits(3)
    assert limits.ask("ann", "here", 0, (2, 17)) == "yes"
    assert limits.ask("ann", "here", 1, (3, 3)) == "tell"
    assert limits.ask("bob", "here", 2, (0, 18)) == "tell"
    assert limits.ask("bob", "there", 3, (0, 0)) == "yes"


def test_who_asks_little_is_not_counted_elsewhere():
    """From a quarter on of what is allowed; a minute later it is little again."""
    limits = Limits(8)
    heard = []
    for at in range(4):
        heard.append(limits.much("ann", "here", at))
        limits.ask("ann", "here", at)
    assert heard == [False, False, True, True]
    assert not limits.much("bob", "here", 4)
    assert not limits.much("ann", "here", 70)


def test_what_is_remembered_does_not_grow_without_end():
    """Who has asked nothing for a minute is forgotten."""
    limits = Limits(5)
    for number in range(3 * MOST):
        limits.ask(f"p{number}", f"c{number}", number)
    assert len(limits._asked) <= MOST + 200
