"""The one HTTP surface, over real sockets."""

from __future__ import annotations

import io

import aiohttp
import pytest
from aiohttp import web

from bot.web import LARGEST, Listening, surface

TOKEN = "m3trics"


@pytest.fixture(name="get")
async def _get():
    """Ask a surface: (status, text, headers)."""
    state = {"index": True, "database": True, "telegram": True}

    async def checks():
        return state

    async def hook(request):
        return web.Response(text=str(len(await request.read())))

    async with (
        Listening(surface([web.post("/hook", hook)], checks, TOKEN), "127.0.0.1", 0) as listening,
        aiohttp.ClientSession(f"http://127.0.0.1:{listening.port}") as client,
    ):

        async def get(path, method="GET", **more):
            async with client.request(method, path, **more) as answer:
                return answer.status, await answer.text(), answer.headers

        get.state = state
        yield get


async def test_it_is_alive(get):
    """Whatever else may be."""
    get.state["database"] = False
    assert (await get("/healthz"))[:2] == (200, "ok\n")


async def test_ready_names_each_part(get):
    """503 as long as one is not ready."""
    status, text, _ = await get("/readyz")
    assert (status, '"telegram": true' in text) == (200, True)
    get.state["telegram"] = False
    status, text, _ = await get("/readyz")
    assert (status, '"telegram": false' in text) == (503, True)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 404),
        ("", 404),
        ("Bearer", 404),
        ("Bearer wrong", 404),
        (f"Basic {TOKEN}", 404),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN} ", 200),
        (f"Bearer {TOKEN}", 200),
        ("Bearer \u4e2d\u6587", 404),
    ],
)
async def test_metrics_take_their_token(get, header, status):
    """Who has none learns nothing, not even that they are there."""
    headers = {} if header is None else {"Authorization": header}
    found, text, more = await get("/metrics", headers=headers)
    assert found == status
    if status == 200:
        assert "mlinfra_events" in text
        assert more["Content-Type"].startswith("text/plain; version=0.0.4")
    else:
        assert (found, text) == ((await get("/nosuch"))[0], (await get("/nosuch"))[1])


async def test_metrics_do_not_tell_that_they_are_there(get):
    """Not by refusing a method, as another path would not."""
    for method in ("POST", "OPTIONS", "PUT"):
        assert (await get("/metrics", method))[:2] == (await get("/nosuch", method))[:2]


async def test_there_are_no_metrics_without_a_token():
    """An operator who set none shows none."""

    async def checks():
        return {}

    async with (
        Listening(surface([], checks, None), "127.0.0.1", 0) as listening,
        aiohttp.ClientSession(f"http://127.0.0.1:{listening.port}") as client,
        client.get("/metrics", headers={"Authorization": "Bearer None"}) as answer,
    ):
        assert answer.status == 404


async def test_a_platform_adds_what_it_needs(get):
    """And no request is larger than there is sense in."""
    assert (await get("/hook", "POST", data=b"x" * 10))[:2] == (200, "10")
    assert (await get("/hook", "POST", data=io.BytesIO(b"x" * (LARGEST + 1))))[0] == 413
