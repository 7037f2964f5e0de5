"""Refuse blocks and views where Slack does, in Slack's words as far as they are known. Pure.

Not known, so worded here: repeated ids, and a list that is too short. Newer blocks (card, plan, …)
are known by name only.
"""

from __future__ import annotations

import json
from typing import Any

from slack_shapes import BLOCKS, HOME, MODAL, NOT_IN_VIEWS, Json, Problems, problem

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_CHARACTERS = 13_200  # of a message; nobody has published the sum, this fits all reports:
BLOCK_COST = 42  # 11,341 characters in 45 blocks are refused, 9,597 in 50 are taken


def check_blocks(blocks: Any, surface: str = "message", at: str = "/blocks") -> Problems:
    """What Slack would refuse in the blocks of a message, modal or home."""
    found: Problems = []
    if not isinstance(blocks, list):
        return [f"must provide an array [json-pointer:{at}]"]
    if len(blocks) > MOST_BLOCKS[surface]:
        problem(found, f"no more than {MOST_BLOCKS[surface]} items allowed", at)
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        _block(block, surface, f"{at}/{number}", found)
        if isinstance(block, dict):
            _ids(block, seen, f"{at}/{number}", found)
    return found


def _block(block: Any, surface: str, at: str, found: Problems) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in BLOCKS or (surface != "message" and kind in NOT_IN_VIEWS):
        problem(found, f"unsupported type: {kind}", f"{at}/type")
        return
    BLOCKS[str(kind)](block, at, found)
    if kind == "section" and not ("text" in block or "fields" in block):
        problem(found, "must define either `fields` or `text`", at)
    if kind == "image" and not ("image_url" in block or "slack_file" in block):
        problem(found, "must define either `slack_file` or `image_url`", at)


def _ids(block: Json, seen: set[str], at: str, found: Problems) -> None:
    name = block.get("block_id")
    if name in seen:
        problem(found, f"`block_id` {name} already exists", f"{at}/block_id")
    seen |= {name} if isinstance(name, str) else set()
    elements = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
    used: set[str] = set()
    for number, element in enumerate(e for e in elements if isinstance(e, dict)):
        action = element.get("action_id")
        if isinstance(action, str) and action in used:
            problem(found, f"`action_id` {action} already exists", f"{at}/elements/{number}")
        used |= {action} if isinstance(action, str) else set()


def check_view(view: Any) -> Problems:
    """What Slack would refuse in a view."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in ("modal", "home"):
        return [f"unsupported type: {kind} [json-pointer:/view/type]"]
    found: Problems = []
    (MODAL if kind == "modal" else HOME)(view, "/view", found)
    blocks = view.get("blocks", [])
    found += check_blocks(blocks, str(kind), "/view/blocks")
    asks = isinstance(blocks, list) and any(b.get("type") == "input" for b in blocks)
    if kind == "modal" and asks and "submit" not in view:
        problem(found, "missing required field: submit", "/view")
    return found


def size(blocks: list[Json]) -> int:
    """What a message's blocks count towards its limit."""
    return _characters(blocks) + BLOCK_COST * len(blocks)


def _characters(value: Any) -> int:
    if isinstance(value, list):
        return sum(_characters(part) for part in value)
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(map(_characters, value.values()))


def view_bytes(view: Json) -> int:
    """A view's size as Slack counts it against 250 kB."""
    return len(json.dumps(view).encode())
