"""How many pages a minute `mlinfra refresh` reads from a server on this machine, and with how much
memory: made articles in HTML, a process of its own for the server.

    python -m bench.pages [PAGES]
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from nasty_server import NastyServer  # noqa: E402

WORDS = (
    "workers pull weights push gradients servers bounded staleness pipeline memory batch schedule "
    "训练 模型 参数 梯度 服务器 流水线"
).split()


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    ready: list[str] = []
    threading.Thread(target=lambda: asyncio.run(_serve(count, ready)), daemon=True).start()
    while not ready:
        pass
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "MLINFRA_DATA_DIR": f"{folder}/data",
            "MLINFRA_CACHE_DIR": f"{folder}/cache",
            "FETCH_ALLOW_HOSTS": ready[0],
            "PYTHONPATH": str(ROOT),
        }
        urls = [f"http://{ready[0]}/p{number}" for number in range(count)]
        command = [sys.executable, "-m", "bot", "refresh", "--json", *urls]
        done = subprocess.run(command, env=environ, capture_output=True, check=False)
    told = json.loads(done.stdout)
    rate = 60 * told["read"] / told["seconds"]
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{told['read']} of {count} pages in {told['seconds']} s: {rate:.0f} a minute")
    print(f"the largest process: {most:.0f} MB")


async def _serve(count: int, ready: list[str]) -> None:
    async with NastyServer() as site:
        for number in range(count):
            site.pages[f"/p{number}"] = ({"Content-Type": "text/html"}, _page(number))
        ready.append(site.place)
        await asyncio.Event().wait()


def _page(number: int) -> bytes:
    draw = random.Random(number)
    text = "".join(
        f"<p>{' '.join(draw.choice(WORDS) for _ in range(60)).capitalize()}.</p>" for _ in range(40)
    )
    head = f"<html><meta charset=utf-8><title>Page {number}</title><body><article>"
    return f"{head}<h1>Page {number}</h1>{text}</article></body></html>".encode()


if __name__ == "__main__":
    main()
