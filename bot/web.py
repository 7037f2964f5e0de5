"""The one HTTP surface: what platforms offer, and how the service is. It decides nothing."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from bot import metrics
from bot.settings import ALIVE, METRICS, READY

# Whether a part of the service is ready, by its name.
Checks = Callable[[], Awaitable[Mapping[str, bool]]]

Application = web.Application
LARGEST = 4 * 1024 * 1024  # bytes of a request


def surface(
    routes: Sequence[web.AbstractRouteDef], checks: Checks, metrics_token: str | None
) -> Application:
    """The application: routes of platforms, and /healthz, /readyz, /metrics."""

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_: web.Request) -> web.Response:
        found = await checks()
        return web.json_response(dict(found), status=200 if all(found.values()) else 503)

    async def counted(request: web.Request) -> web.Response:
        if not _is_bearer(request.headers.get("Authorization", ""), metrics_token):
            raise web.HTTPNotFound
        return web.Response(
            body=metrics.page(), headers={"Content-Type": "text/plain; version=0.0.4"}
        )

    application = web.Application(client_max_size=LARGEST)
    application.add_routes(
        [
            web.get(ALIVE, alive),
            web.get(READY, ready),
            web.route("*", METRICS, counted),  # a 405 would tell that they are there
            *routes,
        ]
    )
    return application


class Listening:
    """The surface on a port, from `async with` to its end."""

    def __init__(self, application: Application, host: str, port: int) -> None:
        # No log of addresses and paths; who is still sending at the end is cut off.
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        self._host = host
        self._port = port

    @property
    def port(self) -> int:
        """The port that it got, where any was asked for by 0."""
        return int(self._runner.addresses[0][1])

    async def __aenter__(self) -> Listening:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


def _is_bearer(given: str, token: str | None) -> bool:
    """Whether a header holds the token, compared in constant time."""
    kind, _, shown = given.partition(" ")
    return (
        token is not None
        and kind.lower() == "bearer"
        and hmac.compare_digest(shown.strip().encode(errors="replace"), token.encode())
    )
