"""Pictures as SVG: a plane with a grid, lines, dots, words. No more than the bench needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GRID, INK = "#ddd", "#222"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plane:
    """A rectangle of the picture, and the values that its sides stand for."""

    left: float
    top: float
    right: float
    bottom: float
    across: tuple[float, float]
    up: tuple[float, float]

    def place(self, x: float, y: float) -> Point:
        """Where a point is."""
        (west, east), (south, north) = self.across, self.up
        return (
            self.left + (x - west) / (east - west) * (self.right - self.left),
            self.bottom - (y - south) / (north - south) * (self.bottom - self.top),
        )

    def rows(self, labels: Mapping[float, str]) -> Iterable[str]:
        """Lines across, with their values beside them."""
        for value, label in labels.items():
            _, y = self.place(self.across[0], value)
            yield f'<path d="M{self.left:g} {y:.1f}H{self.right:g}" stroke="{GRID}"/>'
            yield words(self.left - 6, y + 4, label, anchor="end")

    def columns(self, labels: Mapping[float, str], lines: bool = False) -> Iterable[str]:
        """The values along the foot, with lines up where wished."""
        for value, label in labels.items():
            x, _ = self.place(value, self.up[0])
            if lines:
                yield f'<path d="M{x:.1f} {self.top:g}V{self.bottom:g}" stroke="{GRID}"/>'
            yield words(x, self.bottom + 18, label, anchor="middle")


def picture(width: int, height: int, size: int, body: Iterable[str]) -> str:
    """The whole, on white."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="{size}">'
        '<rect width="100%" height="100%" fill="white"/>' + "".join(body) + "</svg>\n"
    )


def words(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    size: int = 0,
    color: str = INK,
    halo: bool = False,
) -> str:
    """A line of text; no size is the picture's own. A halo keeps it legible across lines."""
    marks = "" if anchor == "start" else f' text-anchor="{anchor}"'
    marks += f' font-size="{size}"' if size else ""
    marks += ' stroke="white" stroke-width="4" paint-order="stroke"' if halo else ""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}"{marks}>{text}</text>'


def line(places: Sequence[Point], color: str, width: float = 1.5, dashes: str = "") -> str:
    """A line through places."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"{marks}/>'


def dot(place: Point, color: str, radius: float = 3) -> str:
    """A filled circle."""
    return f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius:g}" fill="{color}"/>'


def box(left: float, top: float, width: float, height: float, color: str) -> str:
    """A filled rectangle."""
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{color}"/>'
    )
