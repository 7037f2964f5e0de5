"""The curated catalog as the tests read it: files, entries, listings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import corpus
from corpus import catalog
from corpus.entries import build
from corpus.model import Entry

DATA = Path(corpus.__file__).with_name("data")


@cache
def files() -> tuple[tuple[str, str], ...]:
    """The catalog's files by name, with their texts."""
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(DATA.iterdir()))


@cache
def parsed() -> catalog.Parsed:
    """What the files hold."""
    return catalog.parse(files())


@cache
def entries() -> tuple[Entry, ...]:
    """Every curated work."""
    return tuple(map(build, parsed().entries))


_FANS = """id: fan-paper
kind: paper
title: 'Of Racks and Fans'
titles: {{en: 'Of Racks and Fans', zh: 机架与风扇}}
ours: [zh]
languages: [en]
authors: [Ann Lee]
organisations: []
year: 2020
venue: null
published: {{en: '2020', zh: '2020'}}
level: title
keywords: [{{en: rack, zh: 机架}}]
summary: {{en: A paper for a test., zh: 测试用的论文。}}
facts: []
links:
- {{url: '{url}', role: main, language: en, form: pdf, health: live}}
listings:
- {{section: [Papers], title: 'Of Racks and Fans', url: '{url}'}}
"""


def fans(url: str) -> str:
    """A catalog file of a paper that is known by its title only, behind an address."""
    return _FANS.format(url=url)
