"""The figures: by hand, and against the formulas of the published sample's own metrics."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Entry, Text
from retrieval import evaluate
from retrieval.evaluate import Judgment, Outcome
from retrieval.model import Explanation, Hit, Passage, Query, Result

GRADES = st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(1, 3), min_size=1)
RANKINGS = st.permutations("abcdefghijklmnop").flatmap(
    lambda ids: st.integers(0, 16).map(lambda count: tuple(ids[:count]))
)
FILES = {
    "tune-a.yaml": """
- {q: one, lang: en, type: content, gold: {a: 3, b: 2}}
- {q: 二, lang: zh, type: fact, gold: {b: 3}}
- {q: none, lang: en, type: none, gold: {}}
- {q: also none, lang: zh, type: none, gold: {}}
""",
    "hold-a.yaml": """
- {q: later, lang: en, type: follow-up, after: [one], gold: {c: 3}}
""",
}
ANSWERS = {
    "one": ("sure", "ab"),
    "二": ("nothing", "cb"),
    "none": ("nothing", "a"),
    "also none": ("maybe", "c"),
    "later": ("sure", "bc"),
}


class Said:
    """A retriever that answers as it was told, and remembers what it was asked."""

    def __init__(self, answers=None):
        self.answers = {**ANSWERS, **(answers or {})}
        self.heard = []

    def search(self, question, conversation=None, limit=10):
        self.heard.append((question, conversation.questions if conversation else ()))
        confidence, ids = self.answers[question]
        hits = tuple(map(_hit, ids))
        query = Query(question, "en", {}, {})
        return Result(query, confidence, hits[:limit], questions=(question,))


def _hit(name):
    text = Text("", "")
    entry = Entry(
        id=name, kind="paper", title=name, titles=text, ours=(), languages=("en",), authors=(),
        organisations=(), year=None, venue=None, published=text, arxiv=None, level="known",
        unsure=(), gap=None, keywords=(), summary=text, facts=(), links=(), listings=(),
        related=(),
    )  # fmt: skip
    return Hit(entry, 1.0, Passage(0, ()), Explanation({}))


def outcome(grades, ids, answered=True, language="en", kind="content"):
    return Outcome(Judgment("q", language, kind, grades), answered, "sure", tuple(ids))


def published(gold, ranked):
    """What `shared/questions/metrics.py` gives: success@1, success@3, MRR@10, nDCG@10."""
    ranked = ranked[:10]
    grades = [gold.get(one, 0) for one in ranked]
    first = next((at for at, grade in enumerate(grades) if grade == 3), None)
    dcg = sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades))
    best = sorted(gold.values(), reverse=True)[:10]
    ideal = sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(best))
    return (
        float(first == 0),
        float(first is not None and first < 3),
        0.0 if first is None else 1 / (first + 1),
        dcg / ideal,
    )


@pytest.fixture(name="folder")
def _folder(tmp_path):
    """A folder of judged questions."""
    folder = tmp_path / "judgments"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(name="check")
def _check(folder, capsys):
    """What `evaluate` prints on the folder, and its exit code."""

    def check(*arguments, code=0, answers=None):
        found = evaluate.main(["--judgments", str(folder), *map(str, arguments)], Said(answers))
        assert found == code
        return capsys.readouterr().out

    return check


@pytest.mark.parametrize(
    ("grades", "ids", "s1", "s3", "mrr", "ndcg"),
    [
        ({"a": 3}, "a", 1, 1, 1, 1),
        ({"a": 3}, "bca", 0, 1, 1 / 3, 0.5),
        ({"a": 3}, "bcda", 0, 0, 0.25, 1 / math.log2(5)),
        ({"a": 3}, "", 0, 0, 0, 0),
        ({"a": 3}, "bcdefghijka", 0, 0, 0, 0),
        ({"a": 2}, "a", 0, 0, 0, 1),
        ({"a": 3, "b": 1}, "ba", 0, 1, 0.5, (1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3))),
    ],
)
def test_figures_by_hand(grades, ids, s1, s3, mrr, ndcg):
    """Grade 3 is the exact thing; gain 2^grade - 1; ten places count."""
    one = outcome(grades, ids)
    assert evaluate.success(one, 1) == s1
    assert evaluate.success(one, 3) == s3
    assert evaluate.reciprocal_rank(one) == pytest.approx(mrr)
    assert evaluate.ndcg(one) == pytest.approx(ndcg)


@given(GRADES, RANKINGS)
def test_figures_are_those_of_the_published_sample(grades, ids):
    """Ours and theirs on any grades and any ranking."""
    one = outcome(grades, ids)
    ours = (
        evaluate.success(one, 1),
        evaluate.success(one, 3),
        evaluate.reciprocal_rank(one),
        evaluate.ndcg(one),
    )
    assert ours == pytest.approx(published(grades, ids))


def test_a_summary_is_the_mean():
    """Ranking over the answerable, refusals over them too, false answers over the rest."""
    found = evaluate.summary(
        [outcome({"a": 3}, "a"), outcome({"a": 3}, "b", answered=False), outcome({}, "a"),
         outcome({}, "", answered=False), outcome({}, "", answered=False)]
    )  # fmt: skip
    assert found["n"] == 5
    assert found["s@1"] == found["mrr"] == found["ndcg"] == 0.5
    assert found["refused"] == 0.5
    assert found["answered"] == pytest.approx(1 / 3)
    assert "answered" not in evaluate.summary([outcome({"a": 3}, "a")])
    assert "s@1" not in evaluate.summary([outcome({}, "a")])
    assert evaluate.summary([]) == {"n": 0.0}


def test_groups_are_languages_and_types():
    """All first; each outcome in its language and in its type."""
    outcomes = [outcome({}, "", language=lang, kind=kind) for lang in ("zh", "en") for kind in "ba"]
    found = evaluate.groups(outcomes)
    assert list(found) == ["all", "en", "zh", "a", "b"]
    assert [len(group) for group in found.values()] == [4, 2, 2, 2, 2]


def test_the_table_has_a_line_a_group(check):
    """With a dash where a figure is about no question."""
    lines = check().splitlines()
    cells = {line.split()[0]: line.split()[1:] for line in lines[1:]}
    assert cells["all"] == ["5", "0.333", "1.000", "0.667", *cells["all"][4:5], "0.333", "0.500"]
    assert cells["none"] == ["2", "-", "-", "-", "-", "-", "0.500"]
    assert cells["fact"][-2:] == ["1.000", "-"]


def test_a_split_is_the_files_that_begin_so(check):
    """And a split that is not there is said."""
    assert check("--split", "tune").splitlines()[1].split()[:2] == ["all", "4"]
    assert check("--split", "hold").splitlines()[1].split()[:2] == ["all", "1"]
    assert "no judged questions" in check("--split", "nope", code=1)


def test_misses_are_printed(check):
    """What was asked, what came, what should have come; right answers are not printed."""
    misses = [line for line in check("--misses").splitlines() if " | " in line]
    assert [line.split(" | ")[1] for line in misses] == ["one / later", "二", "also none"]
    assert "['b', 'c'] | gold {'c': 3}" in misses[0]


def test_a_saved_run_is_compared(check, tmp_path):
    """Nothing changed: 0. The questions whose first answer changed: 1, each in a line."""
    saved = tmp_path / "run.json"
    check("--save", saved)
    firsts = {key: one["first"] for key, one in json.loads(saved.read_text("utf-8")).items()}
    assert firsts == {
        "one": "a",
        "二": "nothing",
        "none": "nothing",
        "also none": "c",
        "one / later": "b",
    }
    assert check("--against", saved).endswith("0 first answers changed\n")
    changed = check(
        "--against", saved, code=1, answers={"二": ("sure", "b"), "one": ("maybe", "a")}
    )
    assert changed.endswith("1 first answers changed\n二: nothing -> b\n")


def test_a_new_question_is_no_change(check, tmp_path):
    """Only what was asked before can have changed."""
    saved = tmp_path / "run.json"
    check("--split", "tune", "--save", saved)
    assert "0 first answers changed" in check("--against", saved)


def test_a_follow_up_is_asked_in_its_conversation(folder):
    """The earlier questions go first, and are not judged again."""
    retriever = Said()
    evaluate.run(evaluate.load(folder, "hold"), evaluate.conversed(retriever))
    assert retriever.heard == [("one", ()), ("later", ("one",))]


def test_a_fit_is_written(retriever, tmp_path):
    """On the questions of the split, to the file that was named."""
    folder = tmp_path / "judgments"
    folder.mkdir()
    rows = [
        {"q": "gpipe", "lang": "en", "type": "title", "gold": {"gpipe": 3}},
        {"q": "parameter server", "lang": "en", "type": "title", "gold": {"angel-repo": 3}},
        {"q": "nginx 反向代理怎么配置", "lang": "zh", "type": "none", "gold": {}},
        {"q": "训练 pizza", "lang": "zh", "type": "none", "gold": {}},
    ]
    (folder / "tune.yaml").write_text(json.dumps(rows), encoding="utf-8")
    path = tmp_path / "fitted.tsv"
    assert evaluate.main(["--judgments", str(folder), "--fit", str(path)], retriever) == 0
    assert path.read_text("utf-8").startswith("bias\t")
