"""How a pick and a digest look where one types `mlinfra digest`."""

from __future__ import annotations

import json

from bot.digest.pick import Pick
from bot.model import Digest


def explain(picked: Pick) -> None:
    """Every candidate with what decides, the one to be taken first."""
    print(f"\ncatalog {picked.revision}, edition: {picked.filters.key or 'no filter'}")
    print(f"{len(picked.candidates)} candidates; had last, turn of the kind, new, load, lot:")
    for candidate in picked.candidates:
        shown, _, turn, old, load, lot = candidate.rank
        had = candidate.shown or "never"
        new = f"since {candidate.arrived}" if not old else "no"
        print(
            f"  {had if shown else 'never':9} {turn} {new:14} {load:6.3f} {lot}"
            f"  {candidate.entry.kind:8} {candidate.entry.id}"
        )


def told(digest: Digest, platform: str) -> str:
    """A digest as a platform shows it, without a token."""
    match platform:
        case "telegram":
            from bot.platforms.telegram.render import render

            message = render(digest)
            rows = [" | ".join(button["text"] for button in row) for row in message.keyboard]
            return "\n".join((message.html, "", *(f"[{row}]" for row in rows)))
        case "slack":
            from bot.platforms.slack.render import render as blocks

            return json.dumps(blocks(digest).body(), ensure_ascii=False, indent=1)
        case _:
            from bot.platforms.terminal.look import Look
            from bot.platforms.terminal.render import render as lay_out

            return lay_out(digest, Look(80), hints=True).rstrip()
