"""Catalog files to entries. Parsing never raises: a fault becomes a problem, the rest is served.

A file holds one entry. An entry with a problem is left out until it is mended; of two with one id
or address the first, in the order of the files, is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import yaml

from corpus import schema
from corpus.entries import Plain
from corpus.errors import CatalogProblem
from corpus.record import record

# A file's path and its text, or why it cannot be read.
File = tuple[str, str | OSError]

_DEEPEST = 50


@record
class Parsed:
    """What the files hold: entries as plain values, sound ones only, and every problem."""

    entries: tuple[Plain, ...]
    problems: tuple[CatalogProblem, ...]


def read(layers: Iterable[Iterable[File]]) -> Parsed:
    """Read layers of files as one catalog, the lowest first."""
    whole = Parsed((), ())
    for files in layers:
        whole = layered(parse(files, {entry["id"] for entry in whole.entries}), whole)
    return whole


def parse(files: Iterable[File], elsewhere: Collection[str] = ()) -> Parsed:
    """Read files, one entry each; `elsewhere` are ids that others may relate to."""
    problems: list[CatalogProblem] = []
    sound: dict[str, Plain] = {}
    nodes: dict[str, yaml.Node] = {}
    owners: dict[str, str] = {}  # id or address -> path of the file it was first seen in
    for path, text in files:
        entry, node, faults = _read(path, text)
        if entry is not None and node is not None:
            faults += _repeats(path, entry, node, owners)
        problems += faults
        if entry is not None and node is not None and not faults:
            sound[path], nodes[path] = entry, node
            owners.update(dict.fromkeys(_names(entry), path))
    entries = tuple(sound.values())
    problems += _dangling(sound, nodes, elsewhere)
    return Parsed(entries, tuple(sorted(problems)))


def layered(upper: Parsed, lower: Parsed) -> Parsed:
    """Two layers as one: an entry of the upper takes the place of those with its id or address."""
    taken = {name for entry in upper.entries for name in _names(entry)}
    free = (entry for entry in lower.entries if taken.isdisjoint(_names(entry)))
    return Parsed((*upper.entries, *free), tuple(sorted((*upper.problems, *lower.problems))))


def _read(
    path: str, text: str | OSError
) -> tuple[Plain | None, yaml.Node | None, list[CatalogProblem]]:
    """One file: its entry if it is sound enough to compare, its node, and its problems."""
    if isinstance(text, OSError):
        return None, None, [CatalogProblem(path, 1, f"cannot be read: {text.strerror}")]
    node = _compose(path, text)
    if isinstance(node, CatalogProblem):
        return None, None, [node]
    # The schema is finite, so an alias that names what it stands in ends as a wrong value.
    faults = [_problem(path, place, reason) for place, reason in schema.entry(node)]
    # BaseLoader leaves every value as it was typed: a keyword 2018 stays a text.
    return (None if faults else yaml.load(text, yaml.CBaseLoader)), node, faults


def _compose(path: str, text: str) -> yaml.Node | CatalogProblem:
    """The document of a file, or why there is none."""
    try:
        deep = _too_deep(text)
        node = None if deep else yaml.compose(text, Loader=yaml.CSafeLoader)
    except UnicodeEncodeError as error:  # a lone surrogate
        line = text.count("\n", 0, error.start) + 1
        return CatalogProblem(path, line, "holds a character that is none")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        return CatalogProblem(path, mark.line + 1 if mark else 1, f"not YAML: {reason}")
    if deep:
        return CatalogProblem(path, deep, f"nested more than {_DEEPEST} deep")
    return CatalogProblem(path, 1, "the file is empty") if node is None else node


def _too_deep(text: str) -> int:
    """The line where a text nests too deep, else 0. Composing it would crash the process."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return event.start_mark.line + 1 if event.start_mark else 1
    return 0


def _repeats(
    path: str, entry: Plain, node: yaml.Node, owners: Mapping[str, str]
) -> list[CatalogProblem]:
    return [
        CatalogProblem(path, _line_of(node, name), f"{name} is already in {owners[name]}")
        for name in _names(entry)
        if name in owners
    ]


def _names(entry: Plain) -> Iterator[str]:
    """What only one entry may have: its id and its addresses."""
    yield entry["id"]
    addresses = dict.fromkeys(link["url"] for link in entry["links"])
    addresses |= dict.fromkeys(link["listed"] for link in entry["links"] if "listed" in link)
    yield from addresses


def _dangling(
    sound: Mapping[str, Plain], nodes: Mapping[str, yaml.Node], elsewhere: Collection[str]
) -> Iterator[CatalogProblem]:
    known = {entry["id"] for entry in sound.values()} | set(elsewhere)
    for path, entry in sound.items():
        for other in entry.get("related", ()):
            if other not in known:
                line = _line_of(nodes[path], other)
                yield CatalogProblem(path, line, f"related: no entry {other}")


def _line_of(node: yaml.Node, value: str) -> int:
    """The line of a scalar in a document, 1 where it is not found."""
    if isinstance(node, yaml.ScalarNode):
        return node.start_mark.line + 1 if node.value == value else 1
    children = (
        [child for pair in node.value for child in pair]
        if isinstance(node, yaml.MappingNode)
        else node.value
    )
    return max((_line_of(child, value) for child in children), default=1)


def _problem(path: str, node: yaml.Node, reason: str) -> CatalogProblem:
    return CatalogProblem(path, node.start_mark.line + 1, reason)
