"""What the bench shows: a table a corpus, the machine, and a picture of each percentile."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.engines import OURS
from bench.measure import Row

PACKAGES = ("numpy", "numba", "rank-bm25", "bm25s", "tantivy", "bm25-turbo")
COLORS = ("#d62728", "#ff7f0e", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#8c564b", "#7f7f7f")
COLUMNS = {
    "p50_us": "p50 µs", "p99_us": "p99 µs", "build_s": "build s", "mb": "MB",
    "rss_mb": "RSS MB", "build_rss_mb": "build RSS", "cold_ms": "cold ms", "cold_ratio": "x json",
    "overlap": "top 10", "identical": "same list",
}  # fmt: skip
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 70, 130, 30, 50


def machine() -> dict[str, Any]:
    """Where the figures come from."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "processor": processor(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": versions,
    }


def processor() -> str:
    """The processor's name as Linux gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")


def table(title: str, rows: Mapping[str, Row]) -> str:
    """A table in Markdown: figures, and for the times what they are in multiples of our best."""
    lines = [f"### {title}", "", f"| engine | {' | '.join(COLUMNS.values())} |"]
    lines.append("|---" * (len(COLUMNS) + 1) + "|")
    for name, row in rows.items():
        if "failed" in row:
            lines.append(f"| {name} | not run: {row['failed'][:80]} |" + " |" * (len(COLUMNS) - 1))
            continue
        cells = [cell(key, row, rows) for key in COLUMNS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def cell(key: str, row: Row, rows: Mapping[str, Row]) -> str:
    """One figure, with its ratio to our better one where it is a time of search."""
    value = row["bytes"] / 1e6 if key == "mb" else row.get(key)
    if value is None:
        return "-"
    ours = [rows[name][key] for name in OURS if key in rows.get(name, {})]
    ratio = f" ({value / min(ours):.2f}x)" if key in ("p50_us", "p99_us") and ours else ""
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}{ratio}"


def picture(results: Mapping[int, Mapping[str, Row]], key: str, title: str) -> str:
    """Lines over the number of passages, both axes logarithmic, as SVG."""
    names = list(dict.fromkeys(name for rows in results.values() for name in rows))
    points = {
        name: [
            (size, rows[name][key]) for size, rows in results.items() if key in rows.get(name, {})
        ]
        for name in names
    }
    values = [value for line in points.values() for _, value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    axes = Axes(math.log10(min(results)), math.log10(max(results)), low, high)
    body = [*axes.drawn(list(results)), f'<text x="{LEFT}" y="18" font-size="14">{title}</text>']
    for number, (name, line) in enumerate(points.items()):
        body += drawn_line(name, line, number, axes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
        + "".join(body)
        + "</svg>\n"
    )


class Axes:
    """Places of sizes and times on the picture."""

    def __init__(self, left: float, right: float, low: int, high: int) -> None:
        """Span these powers of ten."""
        self._left, self._right, self._low, self._high = left, max(right, left + 1), low, high

    def place(self, size: float, microseconds: float) -> tuple[float, float]:
        """Where a point is."""
        across = (math.log10(size) - self._left) / (self._right - self._left)
        up = (math.log10(microseconds) - self._low) / max(self._high - self._low, 1)
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )

    def drawn(self, sizes: list[int]) -> Iterator[str]:
        """Grid and labels."""
        for power in range(self._low, self._high + 1):
            x, y = self.place(sizes[0], 10.0**power)
            yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10**power:,} µs</text>'
        for size in sizes:
            x, y = self.place(size, 10.0**self._low)
            yield f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{size:,}</text>'
        yield f'<text x="{LEFT}" y="{HEIGHT - 10}">passages</text>'


def drawn_line(name: str, line: list[tuple[int, float]], number: int, axes: Axes) -> Iterator[str]:
    """One engine's line, its dots and its name in the legend."""
    color, width = COLORS[number % len(COLORS)], 3 if name in OURS else 1.5
    places = [axes.place(size, value) for size, value in line]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"/>'
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>'
    y = TOP + 16 * number
    yield f'<rect x="{WIDTH - RIGHT + 12}" y="{y}" width="10" height="10" fill="{color}"/>'
    yield f'<text x="{WIDTH - RIGHT + 28}" y="{y + 9}">{name}</text>'
