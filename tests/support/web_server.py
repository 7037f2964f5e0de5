"""A web server on a port of its own, http or https, which notes what it is asked."""

from __future__ import annotations

import ssl
from typing import Self

from aiohttp import web


class WebServer:
    """Answers everything with the same JSON while it is entered; `asked` has a line each."""

    def __init__(
        self, context: ssl.SSLContext | None = None, answer: object = None, status: int = 200
    ) -> None:
        self.asked: list[str] = []
        self.address = ("127.0.0.1", 0)
        self._answer = {"ok": True, "result": True} if answer is None else answer
        self._context = context
        self._status = status

    @property
    def url(self) -> str:
        """Its direct address."""
        host, port = self.address
        return f"http{'s' if self._context else ''}://{host}:{port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._context)
        await site.start()
        self.address = self._runner.addresses[0][:2]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path_qs}")
        return web.json_response(self._answer, status=self._status)
