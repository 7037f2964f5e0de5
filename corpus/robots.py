"""robots.txt as RFC 9309 has it: the group for us or for all, the longest rule wins. Pure.

Matching takes time linear in rule and path: `*` is found step by step, never by trying back.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from corpus.record import record

AGENT = "mlinfra-bot"
LONGEST = 500_000  # bytes that are read
_MOST_RULES = 10_000
_TOKEN = re.compile(r"\*|[a-z_-]*")  # a robot's name, without the version behind it
_SAFE = "/?&=+$,;:@!*'()[]~%-._"


@record
class Rules:
    """What a site allows us. Each rule: whether it allows, and its path with `*` and `$`."""

    lines: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0  # seconds between pages that the site asks for

    def allows(self, path: str) -> bool:
        """Whether a path, with its query, may be fetched."""
        path = _plain(path)
        best = (-1, True)
        for allowed, rule in self.lines:
            if _matches(rule, path):
                best = max(best, (len(rule), allowed))
        return best[1]


ALL = Rules()


def parse(text: str) -> Rules:
    """The rules for us, or those for everybody where we have none."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    naming = False
    for line in text.lstrip("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        field, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            agent = _TOKEN.match(value.lower())[0]  # type: ignore[index]  # it may be empty
            agents = [*agents, agent] if naming else [agent]
            naming = True
            groups.setdefault(agent, [])
        elif field in ("allow", "disallow", "crawl-delay"):
            naming = False
            for agent in agents:
                groups[agent].append((field, value))
    return _rules(groups.get(AGENT, groups.get("*", [])))


def _rules(fields: list[tuple[str, str]]) -> Rules:
    lines = tuple(
        (field == "allow", _plain(value))
        for field, value in fields[:_MOST_RULES]
        if field != "crawl-delay" and value
    )
    delays = [_seconds(value) for field, value in fields if field == "crawl-delay"]
    return Rules(lines, max(delays, default=0.0))


def _seconds(value: str) -> float:
    try:
        return max(0.0, float(value))
    except ValueError:
        return 0.0


def _plain(path: str) -> str:
    """A path in one spelling: escapes as they must be, all else as it reads."""
    return quote(unquote(path, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape")


def _matches(rule: str, path: str) -> bool:
    whole = rule.endswith("$")
    first, *later = (rule[:-1] if whole else rule).split("*")
    if not path.startswith(first):
        return False
    if not later:
        return not whole or path == first
    at = len(first)
    *middle, last = later
    for piece in middle:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if whole:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
