"""What the bench shows: a table a corpus, the machine, and a picture of each percentile."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench import drawing
from bench.drawing import Plane, words
from bench.engines import OURS
from bench.measure import Row

PACKAGES = ("numpy", "numba", "rank-bm25", "bm25s", "tantivy", "bm25-turbo")
COLORS = ("#d62728", "#ff7f0e", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#8c564b", "#7f7f7f")
COLUMNS = {
    "p50_us": "p50 µs", "p99_us": "p99 µs", "build_s": "build s", "mb": "MB",
    "rss_mb": "RSS MB", "build_rss_mb": "build RSS", "cold_ms": "cold ms", "cold_ratio": "x json",
    "overlap": "top 10", "identical": "same list",
    "weighted_ratio": "weighted", "filtered_ratio": "half filtered",
}  # fmt: skip
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 660, 400, 90, 130, 30, 50


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


def ratios(results: Mapping[int, Mapping[str, Row]]) -> str:
    """How many times as fast as the best peer we are, at each size and percentile."""
    lines = ["| passages | percentile | best peer | " + " | ".join(OURS) + " |", "|---" * 5 + "|"]
    for size, rows in results.items():
        for key in ("p50_us", "p99_us"):
            known = {name: row[key] for name, row in rows.items() if key in row}
            peers = {name: value for name, value in known.items() if name not in OURS}
            if not peers or not known.keys() & set(OURS):
                continue
            best = min(peers, key=peers.__getitem__)
            cells = [
                f"{known[name]:.1f} µs ({peers[best] / known[name]:.2f} x as fast)"
                if name in known
                else "-"
                for name in OURS
            ]
            peer = f"{best}: {peers[best]:.1f} µs"
            lines.append(f"| {size:,} | {key[:3]} | {peer} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def told(results: Mapping[int, Mapping[str, Row]], machine: Mapping[str, Any], source: str) -> str:
    """What docs/speed.md shows: where it was measured, the ratios, every table."""
    versions = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    where = (
        f"Measured on {machine['processors']} processors ({machine['processor']}), load "
        f"{machine['load'][0]:.1f}, Python {machine['python']}, {versions}; text: {source}.\n"
    )
    tables = [table(f"{size:,} passages", rows) for size, rows in results.items()]
    return "\n".join([where, ratios(results), *tables])


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
    sizes = {math.log10(size): f"{size:,}" for size in results}
    powers = {float(power): f"{10**power:,} µs" for power in range(low, high + 1)}
    across = min(sizes), max(max(sizes), min(sizes) + 1)
    plane = Plane(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM, across, (low, max(high, low + 1)))
    body = [*plane.rows(powers), *plane.columns(sizes), words(LEFT, HEIGHT - 10, "passages")]
    body.append(words(LEFT, 18, title, size=14))
    for number, (name, line) in enumerate(points.items()):
        body += drawn_line(name, line, number, plane)
    return drawing.picture(WIDTH, HEIGHT, 11, body)


def drawn_line(
    name: str, values: list[tuple[int, float]], number: int, plane: Plane
) -> Iterator[str]:
    """One engine's line, its dots and its name in the legend."""
    color = COLORS[number % len(COLORS)]
    places = [plane.place(math.log10(size), math.log10(value)) for size, value in values]
    yield drawing.line(places, color, 3 if name in OURS else 1.5)
    yield from (drawing.dot(place, color) for place in places)
    y = TOP + 16 * number
    yield drawing.box(WIDTH - RIGHT + 12, y, 10, 10, color)
    yield words(WIDTH - RIGHT + 28, y + 9, name)
