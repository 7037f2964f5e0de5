"""How often a place, and a platform, may be written to. Pure: the time comes with each question."""

from __future__ import annotations

# Seconds between any two digests of a platform, all replicas together: the database gives turns
# out. Telegram takes 30 messages a second; the rest is for answers.
GAPS = {"telegram": 1 / 25, "slack": 1 / 20}
CHAT = 1.0  # seconds between two messages to one place
GROUP = 3.0  # on Telegram, where a group takes 20 a minute
MOST = 10_000  # places that are remembered


class Pace:
    """Gives each place its next turn."""

    def __init__(self, group: float = GROUP) -> None:
        self._group = group
        self._next: dict[str, float] = {}

    def next(self, channel: str, now: float) -> float:
        """When a message to a place may go out."""
        return max(now, self._next.get(whole(channel), now))

    def turn(self, channel: str, shared: bool, now: float) -> float:
        """The same; the place is taken until after it."""
        if channel.partition(":")[0] not in GAPS:
            return now
        place = whole(channel)
        at = self.next(channel, now)
        if len(self._next) > MOST:
            self._next = {name: until for name, until in self._next.items() if until > now}
        gap = self._group if shared and channel.startswith("telegram:") else CHAT
        self._next[place] = at + gap
        return at


def gap(platform: str) -> float:
    """The seconds between two digests of a platform."""
    return GAPS.get(platform, 0.0)


def whole(channel: str) -> str:
    """The place that counts for a platform's limits: the group, for its topics."""
    platform, _, rest = channel.partition(":")
    return f"{platform}:{rest.partition(':')[0]}" if platform == "telegram" else channel


def backoff(refused: int) -> float:
    """Seconds before the next try, after so many that did not pass."""
    return min(30.0 * 4.0**refused, 6 * 3600.0)
