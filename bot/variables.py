"""Every variable of the environment that we read, with its meaning. docs/settings.md and
deploy/.env.example are made of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from corpus.record import record


@record
class Variable:
    """A name of the environment: what it sets, what holds without it, and its part of the docs."""

    part: str
    what: str
    default: str = ""
    secret: bool = False  # may also be given as a file, by NAME_FILE


VARIABLES: Mapping[str, Variable] = {
    "DATABASE_URL": Variable(
        "State",
        "Where state is kept: `sqlite:///PATH` for one process, "
        "`postgresql://USER:PASSWORD@HOST/NAME` (or `postgres://`) for many.",
        "`mlinfra.db` in MLINFRA_DATA_DIR",
        secret=True,
    ),
    "MLINFRA_DATA_DIR": Variable(
        "State",
        "The folder of the database. Back it up.",
        "`mlinfra` in XDG_DATA_HOME, else in `~/.local/share`",
    ),
    "MLINFRA_CACHE_DIR": Variable(
        "State",
        "The folder of what can be made again.",
        "`mlinfra` in XDG_CACHE_HOME, else in `~/.cache`",
    ),
    "MLINFRA_CATALOG_DIR": Variable(
        "State", "A folder of entries that stand over the shipped ones.", "none"
    ),
    "CONVERSATION_DAYS": Variable(
        "State", "How many days follow-ups and buttons find their question; 0 keeps none.", "7"
    ),
    "PENDING_HOURS": Variable(
        "State",
        "A question that waited longer than this, as after a long outage, is not answered late: "
        "its chat gets one line with an “ask again” button.",
        "24",
    ),
    "ASK_PER_MINUTE": Variable(
        "State",
        "Questions that one person may ask in a minute; a place may ask six times that. Up to four "
        "processes on one database keep to it together.",
        "20",
    ),
    "HTTP_HOST": Variable("HTTP", "The address to listen on.", "127.0.0.1"),
    "HTTP_PORT": Variable(
        "HTTP",
        "The port to listen on. Without it nothing listens, unless a platform needs it: then 8080.",
        "none",
    ),
    "PUBLIC_URL": Variable("HTTP", "The address by which the world reaches this surface.", "none"),
    "METRICS_TOKEN": Variable(
        "HTTP",
        "The bearer token of `/metrics`, which is not there without one.",
        "none",
        secret=True,
    ),
    "TELEGRAM_BOT_TOKEN": Variable(
        "Telegram",
        "The token that BotFather gave. Telegram is served if it is set.",
        "none",
        secret=True,
    ),
    "TELEGRAM_API_BASE_URL": Variable(
        "Telegram",
        "The root of a Bot API server, to which `/bot<token>` is appended.",
        "`https://api.telegram.org`",
    ),
    "TELEGRAM_WEBHOOK_URL": Variable(
        "Telegram", "The https address for a webhook; without it updates are polled.", "none"
    ),
    "TELEGRAM_WEBHOOK_SECRET": Variable(
        "Telegram",
        "What Telegram proves itself with at the webhook: 1-256 of A-Z a-z 0-9 _ -.",
        "derived from the token",
        secret=True,
    ),
    "TELEGRAM_ALLOWED_IDS": Variable(
        "Telegram",
        "Ids of the users and chats that may use this instance, with commas between.",
        "everybody",
    ),
    "SLACK_BOT_TOKEN": Variable(
        "Slack", "The bot token (`xoxb-…`) of one workspace.", "none", secret=True
    ),
    "SLACK_APP_TOKEN": Variable(
        "Slack",
        "The app token (`xapp-…`): Socket Mode, also beside a signing secret.",
        "none",
        secret=True,
    ),
    "SLACK_SIGNING_SECRET": Variable(
        "Slack", "Verifies what Slack posts to `/slack/events`.", "none", secret=True
    ),
    "SLACK_CLIENT_ID": Variable("Slack", "The client id: many workspaces, by OAuth.", "none"),
    "SLACK_CLIENT_SECRET": Variable("Slack", "The secret of the client id.", "none", secret=True),
    "SLACK_API_BASE_URL": Variable(
        "Slack", "The root of the Web API, ending in `/api/`.", "`https://slack.com/api/`"
    ),
    "SLACK_TOKEN_KEY": Variable(
        "Slack",
        "A key that encrypts the tokens of workspaces at rest; any text of 16 characters or more.",
        "not encrypted",
        secret=True,
    ),
    "OPERATOR_CHANNEL": Variable(
        "People",
        "The channel that is told of faults: `telegram:-100…` or `slack:T…:C…`. Whoever is in it "
        "may do there what admins and curators may.",
        "none",
    ),
    "CURATOR_CHANNEL": Variable(
        "People",
        "The channel that sees the paper of the week a day before, with Send, Swap and Hold; "
        "whoever is in it may press.",
        "none",
    ),
    "CURATORS": Variable(
        "People", "Users who keep the catalog: `telegram:42`, `slack:T…:U…`, with commas.", "none"
    ),
    "DIGEST_GRACE_DAYS": Variable(
        "State",
        "After a time away, a paper of the week that is later than this is not sent any more; 0 is "
        "an hour.",
        "3",
    ),
    "FETCH_ALLOW_HOSTS": Variable(
        "Links",
        "`HOST:PORT`, or `HOST` for all of its ports, with commas between, that pages are fetched "
        "from although they lead into a private network. They are yours: no pause is made between "
        "their pages.",
        "none; only public addresses are fetched",
    ),
    "FETCH_CONTACT": Variable(
        "Links",
        "An address or a mailbox that sites are told with every page fetched, to reach you by.",
        "none",
    ),
    "FEEDS": Variable(
        "Links",
        "Addresses of feeds, RSS or Atom, with commas between. They are read with the links; "
        "`mlinfra catalog candidates` lists what they tell of that the catalog has not.",
        "none",
    ),
    "REFRESH_HOURS": Variable(
        "Links",
        "How often a running service looks for links that are due, and reads them: from 0.0003, a "
        "second, to 720. 0: never, only `mlinfra refresh` does.",
        "1",
    ),
    "LOG_FORMAT": Variable("Logs", "`json` or `console`.", "`console` on a terminal, else `json`"),
}


def page() -> str:
    """docs/settings.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "Made by `make settings` from `bot/variables.py`. All are variables of the environment."
    yield "One that is empty counts as unset. A secret can be kept in a file: `NAME_FILE` is its"
    yield "path. Whatever is wrong is told at once, and the program leaves with 2."
    for part in dict.fromkeys(variable.part for variable in VARIABLES.values()):
        yield from ("", f"## {part}", "", "| variable | what | unset |", "|---|---|---|")
        for name, variable in VARIABLES.items():
            if variable.part == part:
                file = f", `{name}_FILE`" if variable.secret else ""
                yield f"| `{name}`{file} | {variable.what} | {variable.default} |"


def example() -> str:
    """deploy/.env.example."""
    return "\n".join(_example_lines()) + "\n"


def _example_lines() -> Iterator[str]:
    import textwrap  # not needed by a start

    yield "# Made by `make settings` from bot/variables.py. Copy it to `.env`. A setting counts"
    yield "# once the `#` before its name is gone and a value stands behind `=`."
    part = ""
    for name, variable in VARIABLES.items():
        if variable.part != part:
            part = variable.part
            yield from ("", f"# -- {part} --")
        for text in ("", variable.what, f"Unset: {variable.default}."):
            yield from textwrap.wrap(text, 98, initial_indent="# ", subsequent_indent="# ") or [""]
        yield f"# {name}="
        if variable.secret:
            yield f"# {name}_FILE="


if __name__ == "__main__":
    print(example() if "example" in sys.argv else page(), end="")
