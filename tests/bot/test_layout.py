from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.terminal.layout import Style, cells, clean, clip, paint, wrap
from bot.platforms.terminal.look import Look

CHINESE = (
    "把层层相接的网络切成几段，放到多块加速器上；小批量再拆成微批次（micro-batch），依次流过"
    "“流水线”。梯度最后同步更新，结果与切几段无关：反向时重算激活，省内存！"
)
MIXED = st.text(st.sampled_from("ab（）「」，。 中文字·(x)[]“”…—🙂é\u0301"), max_size=200)


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_chinese_is_wrapped_by_the_cells_it_takes(width):
    """No line is wider than the terminal, none begins with closing punctuation."""
    lines = [CHINESE[start:end] for start, end in wrap(CHINESE, width)]
    assert max(map(cells, lines)) <= width
    assert not any(line[0] in "，。；：！）”" for line in lines)
    assert not any(line[-1] in "（“" for line in lines)
    assert "".join(lines) == CHINESE


@pytest.mark.parametrize("width", [20, 40, 80])
def test_an_address_is_never_broken(width):
    """It must stay one to be clicked and copied."""
    url = "https://mp.weixin.qq.com/s?__biz=MzIzMjU1NTg3Ng==&mid=2247485870&idx=1&sn=3c40e9"
    lines = [f"见 {url} 。"[start:end] for start, end in wrap(f"见 {url} 。", width)]
    assert any(url in line for line in lines)


@given(MIXED, st.integers(min_value=4, max_value=60))
def test_wrapping_loses_nothing_but_blanks(text, width):
    """The lines hold every character in order, within the width where a word allows it."""
    lines = [text[start:end] for start, end in wrap(text, width)]
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(cells(line) <= width for line in lines)


@given(MIXED, st.integers(min_value=10, max_value=60), st.integers(min_value=10, max_value=200))
def test_clipping_keeps_the_lines_it_is_given(text, width, most):
    """What is cut off ends in an ellipsis and takes no more lines."""
    clipped = clip(text, width, most)
    assert len(wrap(clipped, width)) <= -(-most // width)
    assert clipped == text or clipped.endswith("…")


@given(st.text())
def test_cleaned_text_commands_no_terminal(text):
    """No control, escape, mark of direction or lone surrogate is left."""
    cleaned = clean(text)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\ud800-\udfff]", cleaned
    )


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("中文", 4), ("e\u0301", 1), ("🙂", 2), ("ｗ", 2), ("“a”", 3), ("", 0)],
)
def test_cells_are_counted_as_terminals_do(text, width):
    assert cells(text) == width


def test_a_line_closes_the_styles_it_opens():
    """A style that runs over a line break is opened again on the next line."""
    text = "one two three"
    lines = paint(text, wrap(text, 7), [Style(0, 13, "1"), Style(4, 7, "4")])
    assert lines == ["\x1b[1mone \x1b[0m\x1b[1;4mtwo\x1b[0m", "\x1b[1mthree\x1b[0m"]


@pytest.mark.parametrize(
    ("environ", "terminal", "plain", "look"),
    [
        ({"TERM": "xterm"}, True, False, Look(80, True, False)),
        ({"TERM": "xterm", "COLUMNS": "40"}, True, False, Look(40, True, False)),
        ({"TERM": "xterm-kitty"}, True, False, Look(80, True, True)),
        ({"TERM": "xterm", "VTE_VERSION": "7003"}, True, False, Look(80, True, True)),
        ({"TERM": "xterm-kitty"}, False, False, Look(80)),
        ({"TERM": "xterm-kitty"}, True, True, Look(80)),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, True, False, Look(80)),
        ({"TERM": "dumb"}, True, False, Look(80)),
        ({}, True, False, Look(80)),
        ({"COLUMNS": "3"}, False, False, Look(20)),
        ({"COLUMNS": "-1"}, False, False, Look(80)),
        ({"COLUMNS": "9999"}, False, False, Look(120)),
        ({"COLUMNS": "9" * 5000}, False, False, Look(80)),
    ],
)
def test_a_look_is_no_more_than_the_terminal_can(environ, terminal, plain, look):
    """Pipes, dumb terminals, NO_COLOR and --plain get plain text."""
    assert Look.of(environ, terminal, None, plain) == look
