"""Filters: found in plain words of both languages and in prefixes, and who passes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import filters, years
from retrieval.model import Filters

PIECES = st.sampled_from(
    [
        *("kind:", "org:", "year:", "lang:", "author:", "KIND：", '"', "paper", "论文", "google"),
        *(
            "before ",
            "after ",
            "2015",
            "2018年",
            "之前",
            "-",
            "到",
            "in English",
            "中文的",
            " ",
            "x",
        ),
        *("from ", "to ", "2010s", "İ", "\ud800", "\0"),
    ]
)
ANY = st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)


@pytest.fixture(name="check")
def _check(retriever):
    """A question asks for just these filters, and for no others."""

    def check(question, kinds=(), organisations=(), languages=(), years=None, **names):
        expected = Filters(
            frozenset(kinds),
            frozenset(organisations),
            frozenset(languages),
            years,
            frozenset(names.get("authors", ())),
            frozenset(names.get("venues", ())),
        )
        assert retriever.parse(question).filters == expected

    return check


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("papers on sgd", ["paper"]),
        ("梯度压缩的论文", ["paper"]),
        ("梯度壓縮的論文", ["paper"]),
        ("a book about serving", ["book"]),
        ("有什么书", ["book"]),
        ("any courses?", ["course"]),
        ("有课程吗", ["course"]),
        ("talks on deep learning", ["talk"]),
        ("演讲视频", ["talk"]),
        ("papers or books", ["paper", "book"]),
        ("phd thesis", ["thesis"]),
        ("博士论文", ["thesis"]),
        ("conferences on ml systems", ["conference"]),
        ("开源项目", ["project"]),
        ("幻灯片", ["slides"]),
        ("parameter server", []),
    ],
)
def test_kinds_in_plain_words(check, question, kinds):
    """One's word for a kind, plural or not; a longer word hides the one inside it."""
    check(question, kinds=kinds)


@pytest.mark.parametrize(
    ("question", "organisations"),
    [
        ("what has tencent done", ["tencent"]),
        ("腾讯的平台", ["tencent"]),
        ("騰訊的平台", ["tencent"]),
        ("Microsoft Research Asia", ["msra"]),
        ("微软亚洲研究院", ["msra"]),
        ("MSRA", ["msra"]),
        ("4Paradigm or 京东", ["4paradigm", "jd"]),
        ("阿里 PAI", ["alibaba"]),
        ("a fair price for it", []),
        ("META", ["facebook"]),
        ("meta learning", []),
    ],
)
def test_organisations_in_plain_words(check, question, organisations):
    """By any of their names; a name that is a word, too, only as it is written."""
    check(question, organisations=organisations)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("in 2018", (2018, 2018)),
        ("2018年", (2018, 2018)),
        ("before 2015", (1900, 2014)),
        ("older than 2015", (1900, 2014)),
        ("2015年以前", (1900, 2014)),
        ("2015 之前", (1900, 2014)),
        ("until 2016", (1900, 2016)),
        ("up to 2016", (1900, 2016)),
        ("after 2016", (2017, 2100)),
        ("newer than 2016", (2017, 2100)),
        ("since 2016", (2016, 2100)),
        ("From 2016 on", (2016, 2100)),
        ("2016年以来", (2016, 2100)),
        ("2016 年之后", (2016, 2100)),
        ("2015-2018", (2015, 2018)),
        ("2015–2018", (2015, 2018)),
        ("2018 to 2015", (2015, 2018)),
        ("from 2015 to 2018", (2015, 2018)),
        ("between 2012 and 2014", (2012, 2014)),
        ("2015年到2018年", (2015, 2018)),
        ("2015至2018年", (2015, 2018)),
        ("in the 2010s", (2010, 2019)),
        ("2010年代", (2010, 2019)),
        ("12018 parameters", None),
        ("version 20.18", None),
        ("1618", None),
    ],
)
def test_years_and_ranges(check, question, years):
    """Both ends are included; "before" and "after" leave the year itself out."""
    check(question, years=years)


@pytest.mark.parametrize(
    ("question", "languages"),
    [
        ("in English", ["en"]),
        ("written in chinese", ["zh"]),
        ("i prefer chinese, is there a text on pipelines", ["zh"]),
        ("english ones only", ["en"]),
        ("Chinese version", ["zh"]),
        ("中文的", ["zh"]),
        ("用中文写的", ["zh"]),
        ("英文版", ["en"]),
        ("中文或英文", ["zh", "en"]),
        ("english?", ["en"]),
        ("chinese material", ["zh"]),
        ("only chinese", ["zh"]),
        ("what about english", ["en"]),
        ("just english please", ["en"]),
        ("ok, only chinese please", ["zh"]),
        ("外文的", ["en"]),
        ("国产框架有哪些", []),
        ("only chinese word segmentation", []),
        ("chinese companies", []),
        ("training in china", []),
    ],
)
def test_languages(check, question, languages):
    """A language to read in, not a nation."""
    check(question, languages=languages)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "kind:paper org:tencent year:2018 lang:zh",
            {"kinds": ["paper"], "organisations": ["tencent"], "languages": ["zh"],
             "years": (2018, 2018)},
        ),
        ("kind:论文 org:腾讯", {"kinds": ["paper"], "organisations": ["tencent"]}),
        ("KIND：papers", {"kinds": ["paper"]}),
        ("kind: book", {"kinds": ["book"]}),
        ('org:"microsoft research asia"', {"organisations": ["msra"]}),
        ("year:2015-2018", {"years": (2015, 2018)}),
        ("year:2016..2018", {"years": (2016, 2018)}),
        ("lang:english", {"languages": ["en"]}),
        ("lang:中文", {"languages": ["zh"]}),
        ("lang:zh-CN", {"languages": ["zh"]}),
        ("kind:paper kind:book", {"kinds": ["paper", "book"]}),
        ("kind:book papers", {"kinds": ["book"]}),
        ("kind:", {}),
        ("lang:fr", {}),
        ("year:18", {}),
        ("kind:nonsense", {}),
        ("mankind:paper", {"kinds": ["paper"]}),
        ("kind:collection", {"kinds": ["collection"]}),
        ("kind:projects", {"kinds": ["project"]}),
        ("year:>2015", {"years": (2016, 2100)}),
        ("year:2016-", {"years": (2016, 2100)}),
        ("类型：论文 机构：腾讯", {"kinds": ["paper"], "organisations": ["tencent"]}),
        ("author:bottou", {"authors": ["=Léon Bottou"]}),
        ('author:"Kim Hazelwood"', {"authors": ["kim hazelwood"]}),
        ("author:dean", {"authors": ["dean"]}),
        ("作者：贾扬清", {"authors": ["=Yangqing Jia"]}),
        ("venue:NeurIPS", {"venues": ["=NIPS"]}),
        ("author:nobody", {}),
        ("venue:nowhere", {}),
    ],
)  # fmt: skip
def test_prefixes(check, question, expected):
    """A prefix takes any name of what it means, outdoes plain words, and never fails."""
    check(question, **expected)


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("kind:paper gpipe", "gpipe"),
        ("gpipe org:google year:2018", "gpipe"),
        ("author:bottou", "bottou"),
        ('author:"Leon Bottou"', '"Leon Bottou"'),
        ("kind:nonsense", "nonsense"),
    ],
)
def test_what_a_prefix_does_not_take_stays(tokenizer, question, left):
    """Of the same length, so that places hold; an author and an unknown value are words."""
    _, text = filters.prefixed(question, tokenizer)
    assert len(text) == len(question)
    assert text.strip(": ").split() == left.split()


@pytest.mark.parametrize(
    ("question", "lists"),
    [
        ("any courses?", True),
        ("what has Tencent published?", True),
        ("腾讯发表过什么", True),
        ("谷歌的论文", True),
        ("papers before 2015", True),
        ("2018年的论文", True),
        ("中文的书", True),
        ("一共有多少篇论文", True),
        ("最早的三篇", True),
        ("kind:paper year:2018", True),
        ("papers on gpipe", False),
        ("tencent recommender system", False),
        ("gpipe", False),
        ("hello", False),
    ],
)
def test_a_question_of_filters_alone_lists(retriever, question, lists):
    """Nothing but filters and noise: the whole list is the answer."""
    assert retriever.parse(question).lists is lists


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("papers by jeff dean", {"kinds": ["paper"], "authors": ["=Jeff Dean"]}),
        ("史春奇写的", {"authors": ["=Shi Chunqi"]}),
        ("anything at ICML", {"venues": ["=ICML"]}),
        ("artificial intelligence", {}),
        ("personal web page", {}),
    ],
)
def test_authors_and_venues_in_plain_words(check, question, names):
    """Whoever wrote something here, and wherever it appeared; a subject is neither."""
    check(question, **names)


def test_passing(retriever):
    """An entry passes by its own kind or a further link's, any organisation, language, year."""
    at = {entry.id: position for position, entry in enumerate(retriever.entries)}
    of = retriever.derived.traits[at["gpipe"]]
    wanted = Filters(
        frozenset({"paper", "book"}), frozenset({"google"}), frozenset({"en"}), (2018, 2019)
    )
    assert set(filters.passed(wanted, of)) == {"kind", "organisation", "language", "year"}
    other = Filters(frozenset({"book"}), frozenset({"jd"}), frozenset({"zh"}), (2001, 2002))
    assert list(filters.passed(other, of)) == []
    assert list(filters.passed(Filters(), of)) == []
    assert filters.asked(Filters()) == []
    assert filters.asked(other) == ["kind", "organisation", "language", "year"]


@given(ANY)
def test_any_text_has_filters(retriever, text):
    """Never an error; years in order; spans inside the text."""
    found, rest = filters.prefixed(text, retriever.tokenizer)
    assert len(rest) == len(text)
    when, spoken = years.said(text), filters.languages(text)
    plain = filters.find(retriever.tokenizer.terms(text), spoken=spoken, when=when.years)
    for asked in (found.years, plain.years):
        assert asked is None or 1900 <= asked[0] <= asked[1] + 1 <= 2101
    spans = [*when.spans, *(place for _, place in spoken)]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
