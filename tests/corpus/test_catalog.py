"""The catalog holds the list, whole and exact; a broken file is told and the rest is served."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import curated
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corpus import awesome, catalog
from corpus.entries import build
from corpus.errors import CatalogProblem

LIST = Path(__file__).with_name("awesome-ml-infra.md").read_text(encoding="utf-8")
SOUND = dict(curated.files())["gpipe.yaml"]
OTHER = dict(curated.files())["cocoa.yaml"].replace("related:", "related: [] #")


def problems(text: str) -> list[tuple[int, str]]:
    """What is wrong with one file."""
    return [(problem.line, problem.reason) for problem in catalog.parse([("f", text)]).problems]


def edited(field: str, line: str | None) -> tuple[int, str]:
    """The sound file with the line that starts so replaced or taken out, and where it stood."""
    lines = SOUND.replace("related: [", "related: [] #").split("\n")
    at = next(n for n, text in enumerate(lines) if text.startswith(field))
    lines[at : at + 1] = [] if line is None else [line]
    return at + 1, "\n".join(lines)


def check(field: str, line: str | None, reason: str) -> None:
    """The edited line is the problem, and the only one."""
    at, text = edited(field, line)
    assert problems(text) == [(at if line is not None else 1, reason)]


def test_curated_files_have_no_problem():
    """57 works, one a file, each named as its file."""
    assert curated.parsed().problems == ()
    assert len(curated.entries()) == 57
    assert [f"{entry.id}.yaml" for entry in curated.entries()] == [
        name for name, _ in curated.files()
    ]


def test_every_place_of_the_list_is_in_the_catalog():
    """Under its section path, with its exact title, address and further links; and nothing more."""
    ours = Counter(listing for entry in curated.entries() for listing in entry.listings)
    assert ours == Counter(awesome.parse(LIST))


def test_every_link_of_the_list_can_be_opened_from_its_entry():
    """Each of the 68 is a link of the entry, by its own address or by the one it has moved to."""
    for entry in curated.entries():
        known = {link.url for link in entry.links} | {link.listed for link in entry.links}
        for listing in entry.listings:
            assert {listing.url, *(url for _, url in listing.also)} <= known
        listed = {
            url for place in entry.listings for url in (place.url, *dict(place.also).values())
        }
        for link in entry.links:
            assert (link.listed or link.url) in listed, f"{entry.id}: {link.url} is of no list"


def test_the_work_listed_three_times_is_one_entry():
    """The Facebook paper stands under Papers and twice under Facebook."""
    repeated = [entry for entry in curated.entries() if len(entry.listings) > 1]
    assert [(entry.id, len(entry.listings)) for entry in repeated] == [("fb-applied-ml", 3)]


def test_first_link_is_the_main_one():
    """The title leads to the work itself."""
    for entry in curated.entries():
        assert entry.links[0].role == "main", entry.id


def test_dead_link_has_a_way_on():
    """It says what is wrong, and a substitute or a related work behind a living link stands by."""
    alive = {entry.id for entry in curated.entries() if entry.links[0].health == "live"}
    for entry in curated.entries():
        for link in entry.links:
            if link.health == "dead":
                assert link.note, f"{entry.id}: what is wrong with {link.url}?"
                assert link.substitute or link.inferred or alive & set(entry.related), entry.id


def test_inferred_address_only_where_the_listed_one_is_in_doubt():
    """A guess is offered where a link may fail, never beside a living one."""
    for entry in curated.entries():
        for link in entry.links:
            if link.inferred:
                assert link.health in ("moved", "at-risk", "dead"), f"{entry.id}: {link.url}"
                assert link.inferred not in (link.url, link.listed)


def test_related_entries_are_others():
    """No entry points to itself, none to one entry twice."""
    for entry in curated.entries():
        assert entry.id not in entry.related
        assert len(set(entry.related)) == len(entry.related)


def test_missing_field():
    """The entry's first line is named: the field has none."""
    check("year:", None, "year is missing")
    check("level:", None, "level is missing")


def test_unknown_words_of_closed_lists():
    """The problem lists what would be right."""
    check(
        "level:",
        "level: guess",
        "level: must be one of full, part, related, known, title, not 'guess'",
    )
    at, text = edited("kind:", "kind: novel")
    ((line, reason),) = problems(text)
    assert line == at
    assert reason.startswith("kind: must be one of paper, thesis, book")
    assert reason.endswith("not 'novel'")


def test_wrong_values():
    """Each by its own line, with the reason and what stands there."""
    check("id:", "id: GPipe", "id: must be lower-case words joined by hyphens, not 'GPipe'")
    check("year:", "year: soon", "year: must be a year, not 'soon'")
    check("arxiv:", "arxiv: arXiv:1811", "arxiv: must be an arXiv number, not 'arXiv:1811'")
    check("arxiv:", "added: 2026-02-30", "added: must be a day as 2026-11-25, not '2026-02-30'")
    check("arxiv:", "added: 20261125", "added: must be a day as 2026-11-25, not '20261125'")
    check("title:", "title: ''", "title: must be a text")
    check("title:", r'title: "a\ab"', "title: holds a control or a broken character")
    check("title:", "title: a\ufffdb", "title: holds a control or a broken character")
    check("languages:", "languages: en", "languages: must be a list")
    check("languages:", "languages: []", "languages: needs at least 1")
    at, text = edited("  zh: GPipe", None)
    assert problems(text) == [(at - 1, "titles: zh is missing")]


@pytest.mark.parametrize(
    "url",
    [
        "arxiv.org/x",
        "ftp://a.b/c",
        "https://",
        "http://localhost/x",
        "http://a b.c",
        "http://u@a.b",
        "''",
    ],
)
def test_bad_address(url):
    """Only an http or https address with a host that has a name, and nobody's password."""
    ((_, reason),) = problems(edited("- url:", f"- url: {url}")[1])
    assert reason.startswith("links: url: must be an http or https address")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_summary_missing_in_a_language(language):
    """Both languages, or the entry is not served."""
    entry = yaml.safe_load(SOUND)
    del entry["summary"][language]
    ((_, reason),) = problems(yaml.safe_dump(entry, allow_unicode=True))
    assert reason == f"summary: {language} is missing"


def test_odd_keys():
    """Unknown, double and nameless fields are each told."""
    check("arxiv:", "arXiv: '1811.06965'", "unknown field arXiv")
    check("arxiv:", "id: again", "id stands twice")
    check("arxiv:", "? [a]\n: b", "a field's name must be a text")
    check("arxiv:", "<<: {id: x}", "unknown field <<")


def test_every_problem_of_a_file_is_told():
    """Not the first alone: a curator mends a file in one go."""
    text = SOUND.replace("kind: paper", "kind: novel").replace("level: known", "level: guess")
    assert len(problems(text)) == 2


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
        ("id: a\n b: [", 2, "not YAML: mapping values are not allowed in this context"),
        ("id: a\nkind: 'x", 2, "not YAML: found unexpected end of stream"),
        ("id: a\nkind: *x", 2, "not YAML: found undefined alias"),
        ("id: a\nkind: \ud800", 2, "holds a character that is none"),
        ("- id: a", 1, "must be a mapping with id, kind, title"),
        ("id: a\nfacts: " + "[" * 100_000, 2, "nested more than 50 deep"),
        ("- " * 100_000, 1, "nested more than 50 deep"),
    ],
)
def test_file_that_is_no_entry(text, line, reason):
    """Not YAML, nothing, too deep for the parser's stack: a problem with its line."""
    found, why = problems(text)[0]
    assert found == line
    assert why.startswith(reason)


@pytest.mark.parametrize(
    "text", ["&a [*a]", "id: &a {x: *a}", "facts: &f [*f]", "&a {id: *a, *a : b}"]
)
def test_alias_that_names_itself(text):
    """A loop is a wrong value, not an endless walk."""
    assert problems(text)


def test_of_two_with_one_id_or_address_the_first_is_served():
    """The second is told where the first stands; neither order nor the rest is touched."""
    copy = SOUND.replace("id: gpipe", "id: gpipe-again")
    same = OTHER.replace("id: cocoa", "id: gpipe")
    parsed = catalog.parse([("a", SOUND), ("b", copy), ("c", same), ("d", OTHER)])
    assert [entry["id"] for entry in parsed.entries] == ["gpipe", "cocoa"]
    url = "https://arxiv.org/pdf/1811.06965.pdf"
    line = copy[: copy.rindex(url)].count("\n") + 1
    assert CatalogProblem("b", line, f"{url} is already in a") in parsed.problems
    assert CatalogProblem("c", 1, "gpipe is already in a") in parsed.problems


def test_related_entry_that_is_not_there():
    """Told at its line; the entry itself is served."""
    text = SOUND.replace("related: [device-placement-rl, jcf-papers]", "related:\n- nobody")
    parsed = catalog.parse([("f", text)])
    assert parsed.problems == (CatalogProblem("f", text.count("\n"), "related: no entry nobody"),)
    assert [entry["id"] for entry in parsed.entries] == ["gpipe"]


def test_values_stay_as_typed():
    """A keyword 2018 and a title no are texts; nothing or null is an unknown year."""
    text = SOUND.replace("title: 'GPipe: Efficient", "title: no #").replace(
        "{en: large model,", "{en: 2018,"
    )
    for unknown in ("null", "~", "Null", ""):
        (plain,) = catalog.parse([("f", text.replace("year: 2018", f"year: {unknown}"))]).entries
        entry = build(plain)
        assert (entry.title, entry.year) == ("no", None)
        assert "2018" in [keyword.en for keyword in entry.keywords]


def test_a_broken_file_leaves_the_rest():
    """56 of 57 are served, whatever became of the one."""
    names = dict(curated.files())
    for broken in ("", "\ud800", "[" * 5000, SOUND[:500], "id: gpipe"):
        parsed = catalog.parse((names | {"gpipe.yaml": broken}).items())
        assert len(parsed.entries) == 56
        assert {problem.path for problem in parsed.problems} >= {"gpipe.yaml"}
        assert [build(entry) for entry in parsed.entries]


SCRAPS = st.sampled_from(
    [
        *"[]{}&*!|>'\"%@`#,:?-~\n\t ",
        "\n- ",
        ": ",
        "id",
        "facts",
        "&a",
        "*a",
        "<<",
        "---\n",
        "!!null",
    ]
)
LINES = st.sampled_from(SOUND.split("\n"))


@given(
    st.lists(SCRAPS | LINES | st.text(max_size=5)).map("\n".join) | st.lists(SCRAPS).map("".join)
)
def test_parsing_never_raises(text):
    """Any text is entries or problems, never both for one file, never neither."""
    parsed = catalog.parse([("f", text)])
    assert bool(parsed.entries) != bool(parsed.problems)


@given(st.integers(0, len(SOUND)), st.integers(0, 60), SCRAPS | st.text(max_size=3))
def test_a_slip_of_the_hand_never_raises(at, length, typed):
    """What is served after any one edit can be built."""
    for plain in catalog.parse([("f", SOUND[:at] + typed + SOUND[at + length :])]).entries:
        build(plain)
