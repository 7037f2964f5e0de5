"""The command line as a shell runs it: real pipes, a real terminal, real exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from terminal import Terminal

from bot.commands import ask

ROOT = Path(__file__).parents[2]
SLOW_IMPORTS = {"jieba", "numpy", "yaml", "opencc", "Stemmer", "argparse", "readline", "pathlib"}


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory):
    """One cache for all: a start is quick after the first."""
    Terminal.cache = tmp_path_factory.mktemp("cache")


def _environ(**more):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "MLINFRA_CACHE_DIR": str(Terminal.cache),
        "MLINFRA_DATA_DIR": tempfile.mkdtemp(dir=Terminal.cache),
        **more,
    }


@pytest.fixture(name="run")
def _run(tmp_path):
    """Run `python -m bot` to its end."""

    def run(*arguments, stdin=b"", **environ):
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=_environ(**environ),
            timeout=60,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("arguments", "code", "shown"),
    [
        (["--help"], 0, "usage: mlinfra"),
        (["ask", "--help"], 0, "--json"),
        (["chat", "--help"], 0, "--plain"),
        (["--version"], 0, "mlinfra "),
        (["ask", "gpipe"], 0, "1 GPipe"),
        (["ask", "pipeline", "parallelism", "--plain"], 0, "1 GPipe"),
        (["ask", "--lang", "zh", "gpipe"], 0, "我们的译名"),
        (["ask", "--explain", "gpipe"], 0, "boost: coverage"),
        (["ask", "zzzqqq"], 0, "Nothing in the catalog on this."),
        (["ask", ""], 0, "Ask a question in a few words"),
        (["ask", b"\xff\xfe gpipe"], 0, "1 GPipe"),
        (["catalog", "check"], 0, "57 entries, no problems"),
        ([], 2, "usage: mlinfra"),
        (["ask"], 2, "usage: mlinfra ask"),
        (["ask", "--nosuch", "x"], 2, "usage: mlinfra ask"),
        (["nosuch"], 2, "no command 'nosuch'"),
        (["serve"], 2, "no platform is set up"),
        (["serve", "--help"], 0, "until SIGTERM"),
        (["db"], 2, "usage: mlinfra db"),
        (["db", "upgrade"], 0, "the database is at step 00"),
        (["catalog"], 2, "usage: mlinfra catalog"),
        (["catalog", "check", "nosuch"], 2, "no such folder"),
    ],
)
def test_a_verb_does_its_work_and_tells_how_it_went(run, arguments, code, shown):
    """0 done, 2 usage; no escape and no traceback through a pipe, under LANG=C too."""
    done = run(*arguments, LANG="C", TERM="xterm")
    output = (done.stdout + done.stderr).decode()
    assert done.returncode == code, output
    assert shown in output
    assert "\x1b" not in output
    assert "Traceback" not in output


def test_all_that_keeps_a_service_from_starting_is_told_at_once(run):
    """Settings, proxies and certificates: one round is enough."""
    wrong = {"ASK_PER_MINUTE": "0", "ALL_PROXY": "ftp://proxy", "SSL_CERT_DIR": "/no/folder"}
    found = run("serve", **wrong)
    told = [line.split()[1].decode() for line in found.stderr.splitlines()]
    assert (found.returncode, told) == (2, ["no", *wrong])
    found = run("serve", **wrong, TELEGRAM_BOT_TOKEN="no token/")
    told = [line.split()[1].decode() for line in found.stderr.splitlines()]
    assert told == ["ASK_PER_MINUTE", "TELEGRAM_BOT_TOKEN", "ALL_PROXY", "SSL_CERT_DIR"]


def test_a_port_that_is_taken_is_told_by_its_settings(run):
    """It is the operator's to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        api = {"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_API_BASE_URL": f"http://127.0.0.1:{port}"}
        found = run("serve", HTTP_PORT=port, **api)
    assert found.returncode == 2
    assert b"HTTP_HOST and HTTP_PORT: 127.0.0.1 port" in found.stderr
    assert found.stderr.endswith(b"in use\n")


def test_help_imports_nothing_slow():
    """A command does not pay for what it does not use."""
    code = "import sys; from bot.cli import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        env=_environ(),
        check=True,
    )
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not loaded & SLOW_IMPORTS


def test_each_line_of_a_pipe_gets_its_line_of_json(run):
    """In order; a blank line and bytes that are no text too."""
    done = run(
        "ask", "--json", "-", stdin="gpipe\n\n参数服务器\r\n".encode() + b"\xff\xed\xa0\x80\n"
    )
    lines = [json.loads(text) for text in done.stdout.decode().splitlines()]
    assert [line["question"] for line in lines[:3]] == ["gpipe", "", "参数服务器"]
    assert [line["answered"] for line in lines] == [True, False, True, False]
    assert lines[0]["results"][0]["id"] == "gpipe"
    assert done.stderr == b""


def test_an_answer_is_flushed_before_the_next_question():
    """A program can hold a conversation through the pipe."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environ(),
    ) as child:
        for question in ("gpipe", "mlbase"):
            child.stdin.write(question.encode() + b"\n")
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["results"][0]["id"] == question
        child.stdin.close()
    assert child.returncode == 0


def test_a_reader_that_leaves_is_left_quietly():
    """`mlinfra ask … | head -1`"""
    command = f"yes gpipe | head -2000 | {sys.executable} -m bot ask --json - | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"({command}) || test $? = 141"],
        capture_output=True,
        env=_environ(),
        timeout=60,
        check=True,
    )
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">/dev/full"])
@pytest.mark.parametrize("verb", ["chat", "ask gpipe", "--help"])
def test_a_closed_or_full_stream_is_no_fault(closed, verb):
    """A sentence at most."""
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m bot {verb} {closed}"],
        input=b"gpipe\n",
        capture_output=True,
        env=_environ(),
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr


def test_a_piped_chat_answers_each_line_without_prompt_or_banner(run):
    """And obeys commands."""
    done = run("chat", stdin=b"gpipe\n\n/zh\n1\n/quit\nmlbase\n")
    text = done.stdout.decode()
    assert text.startswith("1 GPipe")
    assert "> " not in text
    assert "我们的译名" in text
    assert "内容要点及依据" in text
    assert "MLbase" not in text
    assert done.stderr == b""


def test_every_problem_of_a_catalog_is_told_with_its_place(run, tmp_path):
    """path:line: reason, and exit 1."""
    (tmp_path / "bad.yaml").write_text("id: Bad Id\nkind: poem\n", encoding="utf-8")
    (tmp_path / "worse.yaml").write_text("a: [", encoding="utf-8")
    done = run("catalog", "check", str(tmp_path))
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 1
    assert all(re.match(r".+\.yaml:\d+: \S", line) for line in lines)
    assert any("bad.yaml:2: kind" in line for line in lines)
    served = run("ask", "gpipe", MLINFRA_CATALOG_DIR=str(tmp_path))
    assert served.stdout.startswith(b"1 GPipe")
    assert re.search(rb"worse.yaml:\d: not YAML", served.stderr)


@pytest.mark.parametrize(
    ("arguments", "environ", "escapes"),
    [
        (["chat"], {"TERM": "xterm-256color"}, True),
        (["chat"], {"TERM": "dumb"}, False),
        (["chat"], {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (["chat", "--plain"], {"TERM": "xterm"}, False),
    ],
)
def test_a_chat_in_a_terminal_greets_answers_and_leaves(arguments, environ, escapes):
    """Escapes only where they are wanted; Ctrl-D leaves with 0."""
    terminal = Terminal(arguments, _environ(LANG="C.UTF-8", **environ))
    seen = terminal.until("> ")
    assert len(seen.strip().splitlines()) <= 6
    terminal.type("gpipe\n")
    seen += terminal.until("/zh for Chinese")
    assert "GPipe: Efficient Training" in re.sub(r"\x1b\[[0-9;]*m", "", seen)
    assert ("\x1b" in seen) == escapes
    terminal.until("> ")
    terminal.type("\x04")
    assert terminal.code() == 0


@pytest.mark.parametrize("leave", ["\x03", "/quit\n", "退出\n"])
def test_a_chat_is_left_quietly(leave):
    """Ctrl-C with 130, a command with 0; no traceback."""
    terminal = Terminal(["chat"], _environ(LANG="zh_CN.UTF-8", TERM="xterm"))
    assert "试试：" in terminal.until("> ")
    terminal.type(leave)
    try:
        seen = terminal.until("\x00", seconds=5)
    except AssertionError as rest:
        seen = str(rest)
    assert "Traceback" not in seen
    assert terminal.code() == (130 if leave == "\x03" else 0)


def test_an_interrupt_of_a_batch_is_130():
    """Quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environ(),
    ) as child:
        child.stdin.write(b"gpipe\n")
        child.stdin.flush()
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, complaint = child.communicate(timeout=20)
    assert child.returncode == 130
    assert complaint == b""


@pytest.mark.slow
def test_ten_thousand_questions_do_not_grow_the_memory():
    """After the first thousand, under 16 MB more."""
    questions = (
        "gpipe",
        "参数服务器",
        "怎样减少通信开销",
        "tensorflow at google",
        "zzz{}",
        "第{}篇论文",
    )
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environ(),
    ) as child:
        sizes = []
        for number in range(10_000):
            question = questions[number % len(questions)].format(number) + f" {number % 97}"
            child.stdin.write(question.encode() + b"\n")
            child.stdin.flush()
            child.stdout.readline()
            if number in (1000, 9999):
                status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
                sizes.append(int(re.search(r"VmRSS:\s+(\d+)", status)[1]))
        child.stdin.close()
    assert sizes[1] - sizes[0] < 16_000


@pytest.mark.parametrize(
    "line", ["gpipe", "what is gpipe", "-", "--json gpipe", "gpipe --plain --explain", "--json -"]
)
def test_a_plain_question_is_read_as_argparse_would(line):
    """Words and flags are read without argparse, which takes a tenth of a start."""
    arguments = line.split()
    parsed = ask.parser().parse_intermixed_args(arguments)
    assert ask.read(arguments) == ask.Chosen(**vars(parsed))
