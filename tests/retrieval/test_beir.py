"""Collections in the form of BEIR: figures worked out by hand, and files that are broken."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest

from retrieval import beir, evaluate

HEADER = "query-id\tcorpus-id\tscore\n"
CORPUS = [
    {"_id": "a", "title": "Ring all-reduce", "text": "Gradients pass around a ring of workers."},
    {"_id": "b", "title": "", "text": "A parameter server keeps the weights."},
    {"_id": "c", "title": None, "text": "Workers send gradients to the server."},
    {"_id": "d", "text": "流水线并行把模型切成几段"},
]
QUESTIONS = [
    {"_id": "1", "text": "gradients workers server"},
    {"_id": "2", "text": "流水线并行"},
    {"_id": "3", "text": "never judged"},
]
JUDGED = f"{HEADER}1\ta\t1\n1\tb\t2\n1\tc\t0\n2\td\t1\n"


@pytest.fixture
def make(tmp_path):
    """A collection in a folder; a file may be given as text."""

    def write(corpus=CORPUS, questions=QUESTIONS, judged=JUDGED, at="qrels.tsv") -> Path:
        for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", questions)):
            lines = rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows))
            (tmp_path / name).write_text(lines, encoding="utf-8")
        (tmp_path / at).parent.mkdir(exist_ok=True)
        (tmp_path / at).write_text(judged, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def ask(retriever, capsys):
    """`mlinfra evaluate --beir` on a folder: (status, output, errors)."""

    def run(folder: Path) -> tuple[int, str, str]:
        status = evaluate.main(["--beir", str(folder)], retriever)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_the_figures_are_those_worked_out_by_hand(make, ask) -> None:
    """Question 1 finds c (judged 0), a (1), b (2) in this order; question 2 finds d alone."""
    status, out, _ = ask(make())
    gained = 1 / math.log2(3) + 2 / math.log2(4)
    best = 2 / math.log2(2) + 1 / math.log2(3)
    figures = f"{(gained / best + 1) / 2:>10.4f}{1:>12.4f}"
    assert status == 0
    assert f"4 passages, 2 judged questions\n{'':<24}{'nDCG@10':>10}{'Recall@100':>12}\n" in out
    assert out.splitlines()[2:] == [f"{name:<24}{figures}" for name in ("ours", "rank_bm25")]


def test_words_of_another_field_are_subjects(retriever) -> None:
    """No name of ours is added, and a letter that says nothing here may say all there."""
    terms = beir.of_any_field(retriever.tokenizer)
    assert terms("Vitamin D and the T cells react") == ["vitamin", "d", "t", "cell", "react"]
    assert terms("machine learning of the paper") == ["machin", "learn", "paper"]
    assert not {"的", "了", "=machine learning"} & set(terms("机器学习的论文发表了"))


def test_figures_look_as_deep_as_their_names_say() -> None:
    """nDCG stops at 10, recall at 100; what is relevant and not found lowers both."""
    found = [f"p{at}" for at in range(150)]
    assert beir.ndcg(found, {"p10": 1.0}) == 0
    assert beir.ndcg(found, {"p9": 1.0}) == pytest.approx(1 / math.log2(11))
    assert beir.ndcg(found, {"p0": 3.0, "absent": 3.0}) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert beir.ndcg(found, {f"p{at}": 1.0 for at in range(40)}) == pytest.approx(1)
    assert beir.recall(found, {"p0": 1.0, "p99": 1.0, "p100": 1.0, "absent": 2.0}) == 0.5


def test_ours_and_rank_bm25_rank_alike(monkeypatch) -> None:
    """On random terms, repeated in passages and in questions, and with the drop-in too."""
    chance = random.Random(20261123)
    passages = [
        [f"t{chance.randrange(60)}" for _ in range(chance.randrange(25))] for _ in range(300)
    ]
    for patience in (300, 0):
        monkeypatch.setattr(beir, "PATIENCE", patience)
        mine, peer = beir.ours(passages), beir.theirs(passages)
        for _ in range(50):
            terms = [f"t{chance.randrange(70)}" for _ in range(chance.randrange(6))]
            assert mine(terms) == peer(terms)


def test_qrels_may_lie_in_a_folder_and_numbers_may_be_ids(make, ask) -> None:
    """BEIR's own place is qrels/test.tsv; Cranfield's ids are numbers; spaces may part columns."""
    judged = "query-id corpus-id score\n1 7 1\n"
    folder = make(
        [{"_id": 7, "text": "rings"}], [{"_id": 1, "text": "ring"}], judged, "qrels/test.tsv"
    )
    assert "1.0000      1.0000" in ask(folder)[1]


def test_a_judged_passage_that_is_not_there_counts_as_not_found(make, ask) -> None:
    """Some collections judge passages that they have since lost."""
    status, out, err = ask(make(judged=f"{HEADER}2\td\t1\n2\tlost\t1\n"))
    assert status == 0
    assert "0.5000" in out
    assert "1 judged passages are not in the corpus" in err


def test_a_judged_question_that_is_not_there_is_left_out(make, ask) -> None:
    """The figures are means over the questions there are; how many are missing is told."""
    status, out, err = ask(make(judged=f"{HEADER}2\td\t1\n9\ta\t1\n"))
    assert status == 0
    assert "4 passages, 1 judged questions" in out
    assert "1 judged questions are not among the queries" in err


def test_passages_without_text_are_passages(make, ask) -> None:
    """They count in the averages, are found by their title if they have one, and are told."""
    corpus = [{"_id": "e"}, {"_id": "f", "title": "ring", "text": None}, {"_id": "g", "text": ""}]
    status, out, err = ask(make(CORPUS + corpus, judged=f"{HEADER}2\td\t1\n"))
    assert status == 0
    assert "7 passages, 1 judged questions" in out
    assert "2 passages have no words" in err


def test_of_two_grades_the_later_counts(make) -> None:
    """As in BEIR's own loader; a later 0 takes a judgment back, and below 0 is 0."""
    judged = f"{HEADER}1\ta\t1\n1\tb\t1\n1\ta\t2\n1\tb\t0\n2\td\t1\n1\tc\t-1\n"
    assert beir.judgments(make(judged=judged)) == {"1": {"a": 2.0}, "2": {"d": 1.0}}


def test_windows_lines_marks_and_blanks_are_read(make, ask) -> None:
    """A byte-order mark, CRLF, blank lines, and line separators inside a text do no harm."""
    text = '\ufeff{"_id": "d", "text": "流水线\u2028并行"}\r\n\r\n'
    assert ask(make(corpus=text, judged=JUDGED.replace("\n", "\r\n")))[0] == 0


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"corpus": '{"_id": "a", "text": "x"}\n{"_id": '}, "corpus.jsonl:2: no JSON"),
        ({"corpus": "[1]"}, "corpus.jsonl:1: not a JSON object"),
        ({"corpus": '{"text": "x"}'}, "corpus.jsonl:1: no _id"),
        ({"corpus": '{"_id": "a", "text": 5}'}, "corpus.jsonl:1: no text"),
        ({"corpus": '{"_id": "a", "text": "x"}\n' * 2}, "corpus.jsonl:2: _id 'a' stands a second"),
        ({"corpus": ""}, "corpus.jsonl: no passages"),
        ({"corpus": '{"_id": "a", "text": ""}'}, "corpus.jsonl: no passages"),
        (
            {"questions": '\n{"_id": "1", "text": []}\n{"_id": 2, "text": 2}'},
            "queries.jsonl:3: no text",
        ),
        ({"questions": QUESTIONS[2:]}, "queries.jsonl: none of the judged questions"),
        ({"judged": "1\ta\t1\n"}, "qrels.tsv:1: no header line: query-id corpus-id score"),
        ({"judged": f"{HEADER}1\ta\n"}, "qrels.tsv:2: three columns wanted"),
        ({"judged": f"{HEADER}1\t0\ta\t1\n"}, "qrels.tsv:2: three columns wanted"),
        ({"judged": f"{HEADER}1\ta\tyes\n"}, "qrels.tsv:2: the score 'yes' is no number"),
        ({"judged": f"{HEADER}1\ta\tnan\n"}, "qrels.tsv:2: the score 'nan' is no number"),
        ({"judged": f"{HEADER}1\ta\t0\n"}, "qrels.tsv: no passage is judged relevant"),
        ({"judged": ""}, "qrels.tsv: no passage is judged relevant"),
    ],
)
def test_a_broken_file_is_named_with_its_line(make, ask, broken, told) -> None:
    """No traceback and no figures: the file, the line, what is wrong."""
    folder = make(**broken)
    status, out, err = ask(folder)
    assert (status, out) == (1, "")
    assert f"{folder}/{told}" in err


def test_a_file_that_cannot_be_read_is_named(make, ask) -> None:
    """One that is not there, one in another encoding, one that is a folder."""
    folder = make()
    (folder / "queries.jsonl").write_bytes(
        b'{"_id": "1", "text": "x"}\n{"_id": "2", "text": "\xff"}'
    )
    assert "queries.jsonl:2: not UTF-8" in ask(folder)[2]
    (folder / "queries.jsonl").unlink()
    assert "queries.jsonl: No such file" in ask(folder)[2]
    (folder / "queries.jsonl").mkdir()
    assert "queries.jsonl: Is a directory" in ask(folder)[2]


def test_progress_is_told_in_lines_where_no_terminal_is(make, ask) -> None:
    """On standard error, so that the table can be piped."""
    err = ask(make())[2]
    assert err.splitlines()[0] == "4 passages"
    assert err.splitlines()[-1] == "2 questions to rank_bm25"
