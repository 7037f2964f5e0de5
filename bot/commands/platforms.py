"""The platforms that are set up, connected. Each is imported only where it is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat import Platform
from bot.current import InForce
from bot.operator import Operator
from bot.settings import Settings, Slack
from bot.store import settings as stored
from corpus.database import Database


def served(settings: Settings) -> Sequence[str]:
    """The names of those that are set up."""
    return [name for name in ("telegram", "slack") if getattr(settings, name)]


def waiting(settings: Settings, places: Mapping[str, int]) -> Mapping[str, int]:
    """Of places with a subscription on each platform, those on one that is not set up: nothing
    comes there. A terminal gets its own when its person opens it.
    """
    known = (*served(settings), "terminal")
    return {name: count for name, count in places.items() if name not in known}


def connect(
    settings: Settings,
    current: InForce,
    environ: Mapping[str, str],
    database: Database,
) -> Sequence[Platform]:
    """A platform for each part of the settings that is there.

    `current` answers what goes past the inbox, as inline questions do; `environ` names the proxies;
    the database keeps what a platform must.
    """
    found: dict[str, Platform] = {}
    operator = Operator(settings.operator_channel, found)  # whom a platform may tell by another
    if settings.telegram is not None:
        from bot.platforms.telegram.adapter import Telegram

        inside = [*_chats(settings.operator_channel), *_chats(settings.curator_channel)]

        async def chosen(person: str) -> str:
            return await database.read(lambda kept: stored.language(kept, person))

        found["telegram"] = Telegram(settings.telegram, current, environ, inside, chosen)
    if settings.slack is not None:
        public_url = settings.public_url
        found["slack"] = _slack(
            settings.slack, environ, database, public_url, operator, current.finds
        )
    return list(found.values())


def _slack(
    part: Slack,
    environ: Mapping[str, str],
    database: Database,
    public_url: str | None,
    operator: Operator,
    finds: Callable[[str], bool],
) -> Platform:
    from bot import proxies
    from bot.platforms.slack.adapter import Slack as Adapter
    from bot.platforms.slack.workspaces import One, Workspaces

    def proxy(url: str) -> str | None:
        return proxies.proxy_for(url, environ, socks=False)

    if part.bot_token:
        workspaces: Workspaces = One(part.bot_token)
    else:
        from bot.platforms.slack.installations import Many

        workspaces = Many(part, database, public_url)
    ssl = proxies.ssl_context(environ)
    return Adapter(part, workspaces, proxy, ssl, operator.tell, finds)


def _chats(operator: str | None) -> Sequence[int]:
    """The operator's chat on Telegram, which is served whoever else is."""
    platform, _, rest = (operator or "").partition(":")
    return [int(rest.partition(":")[0])] if platform == "telegram" else []
