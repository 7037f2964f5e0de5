"""Years: every way of naming a range or an order, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import years

PIECES = st.sampled_from(
    ["2015", "15年", "一八年", "年", "以前", "before ", "since ", ">", "=", "-", "最新", "latest "]
)
ANY = st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018年", (2018, 2018)),
        ("18年的新闻", (2018, 2018)),
        ("一八年发表的", (2018, 2018)),
        ("二〇一七年", (2017, 2017)),
        ("95年", (1995, 1995)),
        ("90年代的论文", (1990, 1999)),
        ("2015年之後的", (2015, 2100)),
        ("2018年以來的", (2018, 2100)),
        ("九十年代的论文", (1990, 1999)),
        ("2010年代", (2010, 2019)),
        ("12年到13年", (2012, 2013)),
        ("15年以前的", (1900, 2014)),
        ("since 2016", (2016, 2100)),
        ("2016 onwards", (2016, 2100)),
        ("2016 or later", (2016, 2100)),
        ("2016年及以后", (2016, 2100)),
        ("not before 2016", (2016, 2100)),
        ("no later than 2015", (1900, 2015)),
        ("2015 or earlier", (1900, 2015)),
        ("截至2014年", (1900, 2014)),
        ("pre-2012", (1900, 2011)),
        ("post 2016", (2017, 2100)),
        (">2015", (2016, 2100)),
        (">= 2015", (2015, 2100)),
        ("<2015", (1900, 2014)),
        ("2015+", (2015, 2100)),
        ("2012 through 2014", (2012, 2014)),
        ("2017 or 2018", (2017, 2018)),
        ("2013、2014年", (2013, 2014)),
        ("around 2013", (2012, 2014)),
        ("2013年前后", (2012, 2014)),
    ],
)
def test_a_range_is_read_as_it_is_typed(text, expected):
    """In words of both languages, in signs, with two digits and with Chinese ones."""
    assert years.ranged(text) == years.said(text).years == expected


@pytest.mark.parametrize(
    "text",
    [
        "on 2048 gpus",
        "用2000台机器",
        "2048",
        "10年经验",
        "近20年",
        "vgg19 年",
        "三四年",
        "二十年",
        "1.18年",
        "第15年",
        "12015",
        "年",
    ],
)
def test_what_counts_years_names_none(text):
    """How long something took, an amount, a part of a name."""
    assert years.ranged(text) is years.said(text).years is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2016-", (2016, 2100)),
        ("-2016", (1900, 2016)),
        (">2015", (2016, 2100)),
        ("2013..2014", (2013, 2014)),
        ("2018", (2018, 2018)),
        ("18", None),
    ],
)
def test_a_prefix_takes_an_open_range(value, expected):
    """`year:2016-` is from then on; all that plain words say is taken too."""
    assert years.typed(value) == expected


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("latest papers", "newest"),
        ("the most recent one", "newest"),
        ("recent work on pipelines", "newest"),
        ("papers from the last two years", "newest"),
        ("papers sorted by year", "newest"),
        ("最新的论文", "newest"),
        ("腾讯最新文章", "newest"),
        ("第一篇讲异步的论文", "oldest"),
        ("最早讲参数服务器的", "oldest"),
        ("the first paper about pipelines", "oldest"),
        ("which one came first", "oldest"),
        ("近五年的", "newest"),
        ("按时间排序", "newest"),
        ("oldest paper", "oldest"),
        ("the very first paper", "oldest"),
        ("最早的书", "oldest"),
        ("早期的论文", "oldest"),
        ("新进展", None),
        ("谷歌最早用几千台机器", None),
        ("the greatest test", None),
        ("early stopping", None),
        ("news", None),
    ],
)
def test_an_order_is_asked_for_by_its_words(text, order):
    """A superlative beside what is looked for, not any word that holds one."""
    assert years.said(text).order == order


@given(ANY)
def test_any_text_has_years(text):
    """Never an error; in order; the spans inside the text."""
    found = years.ranged(text)
    assert found is None or 1900 <= found[0] <= found[1] + 1 <= 2101
    assert years.said(text).order in ("newest", "oldest", None)
    assert all(0 <= start < end <= len(text) for start, end in years.said(text).spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("papers from last year", (2019, 2019)),
        ("去年的论文", (2019, 2019)),
        ("前年发表的", (2018, 2018)),
        ("今年的新闻", (2020, 2020)),
        ("published this year", (2020, 2020)),
        ("from the year before last", (2018, 2018)),
        ("papers of this decade", (2020, 2029)),
        ("talks from the last decade", (2010, 2020)),
        ("papers from ten years ago", (2009, 2011)),
        ("五年前的文章", (2014, 2016)),
        ("last year i saw a talk on ssp", None),
        ("去年看过一个演讲", None),
        ("近五年的论文", None),
        ("10年经验", None),
        ("a year of deep learning", None),
    ],
)
def test_years_count_from_today(text, expected):
    """Where they are said of works, not of when the asker saw one."""
    assert years.relative(text, 2020) == expected


@given(ANY)
def test_any_text_counts_from_today_or_does_not(text):
    """A range, or none."""
    found = years.relative(text, 2020)
    assert found is None or found[0] <= found[1]
