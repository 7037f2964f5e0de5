"""What goes out to the world with: the way out, whose certificates are believed, who we are."""

from __future__ import annotations

from collections.abc import Mapping

from bot import proxies
from bot.settings import Settings
from corpus.fetch import Fetcher


def fetcher(settings: Settings, environ: Mapping[str, str]) -> Fetcher:
    """The fetcher as the operator has set it up."""
    return Fetcher(
        proxies.ssl_context(environ),
        contact=settings.fetch_contact,
        allowed=settings.fetch_allow,
        proxy=lambda url: proxies.proxy_for(url, environ),
    )
