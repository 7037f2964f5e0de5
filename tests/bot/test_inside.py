"""Answers from inside a page: found, quoted, linked to the very place; nothing of it commands."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import answering, current, quotes
from bot.model import Question
from bot.platforms.terminal.jsonline import line
from bot.settings import Settings
from corpus.model import Extract, Part, Summary
from retrieval import inside
from retrieval.cutting import LEAST, MOST, cut
from retrieval.model import Inner

PDF = "https://arxiv.org/pdf/1811.06965.pdf"  # GPipe's
FILLER = (
    "Each accelerator holds a partition of the layers and works on its share of every mini batch. "
    "The remaining time is spent on communication between neighbouring partitions of the model. "
)
ODD = (
    "We measured a vibration of the cooling fans of the chassis, which slowed the quixotic rack by "
    "three percent until the brackets were tightened."
)
ODD_ZH = "机柜的风扇支架松动，震动让机架慢了百分之三，拧紧螺丝以后恢复正常。"


@pytest.fixture(scope="module")
def tokenizer(retriever):
    return retriever.tokenizer


@pytest.fixture(scope="module", name="deep")
def _deep(retriever, tmp_path_factory):
    """The shipped catalog with a paper of nine pages behind one of its links."""
    parts = [Part(FILLER * 12, page) for page in range(1, 10)]
    parts[6] = Part(FILLER * 5 + ODD + " " + FILLER * 5, 7)
    parts[7] = Part(ODD_ZH + FILLER * 3, 8)
    pieces = cut(Extract(parts=tuple(parts)), retriever.tokenizer)
    folder = tmp_path_factory.mktemp("inside")
    inside.save(folder, "here 1", [(PDF, piece) for piece in pieces])
    opened = inside.load(folder, retriever.derived.addresses).inside
    return retriever.with_pages(opened, retriever.entries)


@pytest.mark.parametrize(
    ("question", "page", "says"),
    [
        ("vibration of cooling fans on the chassis", 7, "cooling fans"),
        ("why were the fan brackets tightened on the quixotic rack?", 7, "quixotic"),
        ("机柜风扇支架松动 震动", 8, "震动"),
    ],
)
def test_what_stands_on_one_page_only_is_found_there(retriever, deep, question, page, says):
    """The catalog alone says nothing of it; the answer quotes it and opens the page."""
    assert retriever.search(question).confidence == "nothing"
    answer = answering.answer(Question(question, None), deep)
    assert answer.confidence != "nothing"
    first = answer.found[0]
    assert first.hit.entry.id == "gpipe"
    assert says in first.snippet.text
    assert first.addresses[0].url == f"{PDF}#page={page}"
    told = json.loads(line(answer))["results"][0]
    assert told["inside"]["page"] == page
    assert told["inside"]["url"].endswith(f"#page={page}")


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("throughput and latency lost to vibration of the cooling fans", 7),
        ("机柜风扇支架松动为什么让吞吐量下降", 8),
    ],
)
def test_what_only_a_page_says_comes_before_what_shares_a_word(retriever, fans, question, page):
    """The catalog has an entry that may answer, for it says one word of many."""
    assert retriever.search(question).confidence == "maybe"
    found = fans.search(question)
    assert (found.confidence, found.hits[0].entry.id) == ("maybe", "gpipe")
    assert found.hits[0].inner.page == page
    behind = [hit.entry.id for hit in found.hits[1:]]
    assert (
        behind
        == [hit.entry.id for hit in retriever.search(question).hits if hit.entry.id != "gpipe"][
            : len(behind)
        ]
    )


@pytest.fixture(scope="module", name="fans")
def _fans(retriever, tmp_path_factory):
    """As above, and the pages name what the catalog names too."""
    english = f"{FILLER} {ODD} Throughput was lost and latency rose meanwhile. {FILLER}"
    chinese = f"{ODD_ZH}吞吐量也下降了。"
    folder = tmp_path_factory.mktemp("fans")
    parts = (Part(english, 7), Part(chinese, 8))
    pieces = cut(Extract(parts=parts), retriever.tokenizer)
    inside.save(folder, "here 1", [(PDF, piece) for piece in pieces])
    opened = inside.load(folder, retriever.derived.addresses).inside
    return retriever.with_pages(opened, retriever.entries)


NAMES = (
    "The zorblax scheduler restarts at three in the morning. We compared it with BytePS, too. "
    "During the tsunami drill somebody unplugged three switches, and nobody waited for long. "
    "寒武林原型经历了三次断电。我们在紫荆集群上把检查点间隔设为十一分钟。"
    "Dropping the warm-up phase raised the perplexity of the Larkspur model to 19.8."
)


@pytest.fixture(scope="module", name="names")
def _names(retriever, tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    pieces = cut(Extract(parts=(Part(NAMES, 3),)), retriever.tokenizer)
    inside.save(folder, "here 1", [(PDF, piece) for piece in pieces])
    opened = inside.load(folder, retriever.derived.addresses).inside
    return retriever.with_pages(opened, retriever.entries)


@pytest.mark.parametrize(
    "question",
    [
        "zorblax",
        "what is zorblax?",
        "寒武林",  # which no dictionary has: it is taken for two words
        "三次断电",
        "byteps",  # which is one letter from a word of the catalog's
        "tsunami drill unplugged switches",  # words of another field, and the page has them
    ],
)
def test_a_name_that_only_a_page_knows_is_found(names, question):
    """Neither mended into another word nor refused as of another field."""
    found = names.search(question)
    assert found.confidence == "maybe"
    assert found.hits[0].inner.page == 3


@pytest.mark.parametrize(
    ("question", "sure"),
    [
        ("紫荆集群的检查点间隔是多少", True),  # a book has clusters and checkpoints, not this one
        ("what happens to Larkspur's perplexity without warm-up", False),  # it says no "happens"
    ],
)
def test_a_page_that_says_all_of_it_stands_before_an_entry_that_says_half(
    retriever, names, question, sure
):
    """However sure the catalog is of its half."""
    assert (retriever.search(question).confidence == "sure") is sure
    found = names.search(question)
    assert (found.confidence, found.hits[0].inner.page) == ("maybe", 3)


@pytest.mark.parametrize("question", ["morning", "tsunami", "tsunami warning", "scheduler tsunami"])
def test_a_word_of_another_field_takes_more_than_itself(retriever, names, question):
    """A page that names it once does not answer what is asked of it."""
    assert names.search(question).confidence == retriever.search(question).confidence


FANS = "vibration of cooling fans on the chassis"


@pytest.mark.parametrize(
    "then", ["only papers", "只要论文", "what about the brackets?", "in english"]
)
def test_a_follow_up_is_answered_from_inside_too(deep, then):
    """What the first question found on a page is not lost by narrowing it."""
    before = deep.search(FANS).conversation(1)
    after = deep.search(then, before)
    assert after.confidence == "maybe"
    assert after.hits[0].entry.id == "gpipe"
    assert after.hits[0].inner.page == 7


@pytest.mark.parametrize("then", ["only books", "only in chinese", "anything else?"])
def test_a_page_does_not_pass_a_filter_that_its_entry_does_not(deep, then):
    """Nor is what was shown already shown once more."""
    before = deep.search(FANS).conversation(1)
    after = deep.search(then, before)
    assert not [hit for hit in after.hits[:1] if hit.inner]


def test_an_answer_in_the_other_language_keeps_its_quote(deep):
    """As the button tells it again, of the same entries."""
    first = deep.search(FANS)
    again = deep.retold(first.questions, [hit.entry.id for hit in first.hits[:1]])
    assert (again.confidence, again.hits[0].inner) == (first.confidence, first.hits[0].inner)


@pytest.mark.parametrize("question", ["gpipe", "pipeline parallelism", "参数服务器", "贾扬清"])
def test_a_title_is_never_drowned(retriever, deep, question):
    """Whatever its pages say, the order is the curated one."""
    before, after = retriever.search(question), deep.search(question)
    assert [hit.entry.id for hit in after.hits] == [hit.entry.id for hit in before.hits]
    assert [hit.score for hit in after.hits] == [hit.score for hit in before.hits]
    assert after.confidence == before.confidence


@pytest.mark.parametrize("question", ["how do I renew my gym membership", "红烧肉怎么做", "asdf"])
def test_nothing_stays_nothing(deep, question):
    assert deep.search(question).confidence == "nothing"


def test_passages_end_with_sentences_and_hold_some_hundred_terms(tokenizer):
    """Nothing is lost and nothing said twice."""
    text = " ".join(f"Sentence number {n} tells how workers share gradients." for n in range(200))
    pieces = cut(Extract(parts=(Part(text, 3, "Design"),)), tokenizer)
    assert " ".join(piece.text for piece in pieces) == text
    assert all(piece.text.endswith(".") for piece in pieces)
    assert {piece.page for piece in pieces} == {3}
    assert all(LEAST <= len(piece.terms) <= MOST for piece in pieces[:-1])
    assert all("design" in piece.terms for piece in pieces)


def test_a_text_without_an_end_is_cut_all_the_same(tokenizer):
    pieces = cut(Extract(parts=(Part("workers " * 5000),)), tokenizer)
    assert len(pieces) > 10
    assert max(len(piece.text) for piece in pieces) < 5000


def test_a_chinese_text_without_an_end_is_cut_at_its_marks(tokenizer):
    """Into passages of the usual size, nothing lost."""
    text = "工作节点把梯度推送给参数服务器，然后等待更新，" * 300
    pieces = cut(Extract(parts=(Part(text),)), tokenizer)
    assert "".join(piece.text for piece in pieces) == text
    assert max(len(piece.terms) for piece in pieces) <= MOST


def test_a_description_alone_is_searched(tokenizer):
    """What a video or a repository says of itself; an abstract in its paper is not said twice."""
    alone = cut(Extract(abstract="A talk on cooling fans."), tokenizer)
    assert [piece.text for piece in alone] == ["A talk on cooling fans."]
    paper = Extract(
        abstract="A talk on\ncooling fans.", parts=(Part("T. A talk on cooling fans.", 1),)
    )
    assert [piece.page for piece in cut(paper, tokenizer)] == [1]


def test_a_web_page_opens_at_the_words_quoted():
    """By a text fragment, escaped; an anchor of the address stays."""
    inner = Inner("https://example.org/a#top", None, "Design", "", 1.0)
    url = quotes.place(inner, "Workers, (on) all-reduce & more: 100% of the words of this one")
    base, _, fragment = url.partition("#top:~:text=")
    assert base == "https://example.org/a"
    assert re.fullmatch(r"[\w%.~]+", fragment)
    assert unquote(fragment) == "Workers, (on) all-reduce & more: 100% of the"


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("服务器拉取参数，算出梯度再推送。每台管一段。", "服务器拉取参数，算出梯度再推送"),
        ("训练 GPT-3 需要 1,024 块 GPU，约“两万”。", "训练 GPT-3 需要 1,024 块 GPU，约“两万”"),
        ("短句。", "短句。"),
        (
            'We use "all-reduce", well-known, to sum 50%',
            'We use "all-reduce", well-known, to sum 50%',
        ),
        ("It’s so – really — as they say. Another one.", "It’s so – really — as they say."),
        ("A heading\nand a paragraph below it", "A heading"),
    ],
)
def test_the_words_that_a_browser_seeks_are_of_one_paragraph(text, fragment):
    """Whole words, Chinese up to a mark; quotes, commas and dashes escaped."""
    url = quotes.place(Inner("https://e.org/a?b=c#:~:text=old", None, "", text, 1.0), text)
    base, _, found = url.partition("#:~:text=")
    assert (base, unquote(found)) == ("https://e.org/a?b=c", fragment)
    assert not re.search(r"[-,&\"' ]", found)


LISTED = (
    "Jobs below ten minutes skip the queue\nJobs of novices wait until the evening\n"
    "Notebooks are frozen after 45 idle minutes\nQuarter\nUtilisation\n"
    "Q1\n41 percent\nQ2\n66 percent"
)


@pytest.mark.parametrize(
    ("question", "quote", "fragment"),
    [
        (
            "when are idle notebooks frozen",
            "Notebooks are frozen after 45 idle minutes Quarter",
            "Notebooks are frozen after 45 idle minutes",
        ),
        (
            "utilisation in each quarter",
            "Quarter Utilisation Q1 41 percent Q2 66 percent",
            "Quarter",
        ),
    ],
)
def test_a_list_is_quoted_by_its_lines(retriever, tokenizer, question, quote, fragment):
    """A browser finds no words across two list entries; cells of a table are told together."""
    (piece,) = cut(Extract(parts=(Part(LISTED),)), tokenizer)
    inner = Inner("https://example.org/a", None, "", piece.text, 1.0)
    marked, address = quotes.quoted(inner, retriever.parse(question), "en", retriever.reader)
    assert marked.text.startswith(f"“{quote}")
    assert unquote(address.url).endswith(f":~:text={fragment}")


HOSTILE = (
    "See https://evil.example/x?a=b or evil.com/path now. @everyone <!channel> <@U123> "
    "<b>bold</b> [a](http://evil.com) `code` /start #tag t.me/evil mailto:a@evil.com "
    "*strong* _slanted_ ~struck~ :tada: +15550100"
)


def test_a_quote_commands_nothing():
    """No link, mention, tag, command or markup comes out of a page's text."""
    text = quotes.harmless(HOSTILE)
    assert not re.search(r"://|[@#<>`]|\w\.[A-Za-z]|(?<!\w)/\w", text)
    assert "evil․com" in text  # it reads the same


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("*bold* and ~gone~ args*", "∗bold∗ and ∼gone∼ args∗"),
        ("_slanted_ __init__ batch_size", "＿slanted＿ ＿＿init＿＿ batch_size"),
        ("done :tada: at 10:30", "done ∶tada: at 10:30"),
        ("call +1 555 0100, buy $EVIL", "call ＋1 555 0100, buy ＄EVIL"),
        ("C++17 costs 5$ and a+b", "C++17 costs 5$ and a+b"),
        ("例子.中国 and 10.0.0.1", "例子․中国 and 10․0.0.1"),
        ("version 2.0, 3.14, e.g. a", "version 2.0, 3.14, e․g. a"),
    ],
)
def test_a_quote_looks_as_ours_do(said, told):
    """No bold, slant, stroke, emoji, number to call or share to look up; what is none stays."""
    assert quotes.harmless(said) == told


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_is_too_hostile_for_a_quote(text):
    found = quotes.harmless(text)
    assert not re.search(r"://|[@#<>`*~]|(?<=[\w-])\.[A-Za-z]", found)
    assert len(found) == len(text)


@pytest.mark.parametrize("platform", ["slack", "telegram", "terminal"])
def test_no_platform_makes_anything_of_a_pages_text(retriever, tokenizer, tmp_path, platform):
    """Quoted, it is words: no link, mention, entity or tag beyond those of our own."""
    part = Part(
        "A vibration of the cooling fans of the chassis. " + HOSTILE, 7, "<!here> @all evil.com"
    )
    pieces = cut(Extract(parts=(part,)), tokenizer)
    inside.save(tmp_path, "here 1", [(PDF, piece) for piece in pieces])
    opened = inside.load(tmp_path, retriever.derived.addresses).inside
    found = retriever.with_pages(opened, retriever.entries)
    answer = answering.answer(Question("vibration of cooling fans on the chassis", None), found)
    assert answer.found[0].hit.inner is not None
    told = _rendered(platform, answer)
    assert "cooling fans" in re.sub(r"\x1b\[[\d;]*m|[*_]|</?[a-z]+>", "", told)
    assert not re.search(r"evil\.(com|example)|<!|<@|@everyone|@all|<b>bold|(?<!\w)/start", told)
    assert not re.search(r"\*strong|_slanted_|~struck|:tada:|\+1555", told)


def _rendered(platform, answer):
    if platform == "terminal":
        from bot.platforms.terminal.look import Look
        from bot.platforms.terminal.render import render

        return render(answer, Look(80, True, True))
    if platform == "slack":
        from bot.platforms.slack.render import render as slack

        return repr(slack(answer))
    from bot.platforms.telegram.render import render as telegram

    return telegram(answer).html


BACKUP = "gpipe efficient training of giant neural networks with backup workers"
SAID = "Stragglers are replaced by backup workers. The parameter server never waits for them."


@pytest.fixture(name="read_with")
def _read_with(own_cache):
    """The shipped catalog with a summary of the page behind one of its links."""

    def read_with(text=SAID, source="extracted", language="en"):
        chosen = Settings(catalog=None, cache=own_cache)
        said = {PDF: Summary(text, language, source, "2026-11-20")}
        inside.save(current.inside_folder(chosen), "here 1", [], {}, said)
        return current.load(chosen).retriever

    return read_with


@pytest.mark.parametrize(
    ("source", "script", "where"),
    [
        ("extracted", "en", "From the page, read 2026-11-20 (arxiv.org)"),
        ("abstract", "en", "The page’s own summary, read 2026-11-20 (arxiv.org)"),
        ("extracted", "zh-Hans", "摘自页面，2026-11-20 读取（arxiv.org）"),
        ("abstract", "zh-Hant", "頁面自帶的摘要，2026-11-20 讀取（arxiv.org）"),
    ],
)
def test_an_entry_in_full_tells_what_its_page_says(retriever, read_with, source, script, where):
    """With its provenance, behind the editor's summary, which stays as it was."""
    before = answering.detail(gpipe(retriever), script)
    after = answering.detail(gpipe(read_with(source=source)), script)
    assert after.summaries[:-1] == before.summaries
    assert after.summaries[-1] == (where, SAID)


def test_an_answer_tells_what_only_the_page_says(retriever, read_with):
    """Where the editor's summary leaves much of the question unsaid; else it stands alone."""
    found = read_with()
    plain = answering.answer(Question("gpipe pipeline parallelism", None), found)
    same = answering.answer(Question("gpipe pipeline parallelism", None), retriever)
    assert plain.found[0].body == same.found[0].body
    asked = BACKUP
    answer = answering.answer(Question(asked, None), found)
    assert answer.found[0].hit.entry.id == "gpipe"
    *editors, last = answer.found[0].body
    assert tuple(editors) == answering.answer(Question(asked, None), retriever).found[0].body
    assert last.text == f"From the page, read 2026-11-20 (arxiv.org): “{SAID}”"
    assert {last.text[start:end] for start, end in last.spans} == {"backup workers"}


def test_a_long_summary_ends_with_a_sentence(read_with):
    summary = answering.detail(gpipe(read_with(f"{SAID} " * 30)), "en").summaries[-1][1]
    assert len(summary) <= quotes.MOST
    assert summary.endswith(".")


@pytest.mark.parametrize("platform", ["slack", "telegram", "terminal"])
def test_a_pages_summary_commands_nothing(read_with, platform):
    """Neither in an entry in full nor in an answer."""
    found = read_with(f"Stragglers have backup workers: {HOSTILE}")
    answer = answering.answer(Question(BACKUP, None), found)
    assert "Stragglers" in answer.found[0].body[-1].text
    for reply in (answer, answering.detail(gpipe(found), "en")):
        told = _rendered(platform, reply)
        assert not re.search(r"evil\.(com|example)|<!|<@|@everyone|<b>bold|(?<!\w)/start", told)


def gpipe(found):
    return next(entry for entry in found.entries if entry.id == "gpipe")


def test_what_was_read_is_in_force_at_the_next_look(own_cache, tokenizer):
    """A new index is swapped in whole; one that is broken is left out."""
    chosen = Settings(catalog=None, cache=own_cache)
    force = current.InForce(chosen)
    assert force.retriever.inside is None
    folder = current.inside_folder(chosen)
    pieces = cut(Extract(parts=(Part(ODD, 7),)), tokenizer)
    inside.save(folder, "here 1", [(PDF, piece) for piece in pieces])
    assert force.renew()
    assert force.retriever.search("vibration of cooling fans").hits[0].inner.page == 7
    assert not force.renew()
    inside.save(folder, "here 2", [])
    assert force.renew()
    assert force.retriever.inside is None
    (folder / "newest").write_text("nonsense")
    assert force.renew()
    assert force.retriever.search("gpipe").hits


def test_pages_of_no_entry_crowd_nobody_out(retriever, tmp_path, tokenizer):
    """However many of them say the same: feeds, and what left the catalog."""
    (piece,) = cut(Extract(parts=(Part(ODD, 7),)), tokenizer)
    others = [(f"https://example.org/{number}", piece) for number in range(99)]
    inside.save(tmp_path, "here 1", [*others, (PDF, piece)])
    opened = inside.load(tmp_path, retriever.derived.addresses).inside
    found = retriever.with_pages(opened, retriever.entries).search(FANS)
    assert found.hits[0].inner.page == 7


def test_a_page_of_no_entry_is_not_shown(retriever, tmp_path, tokenizer):
    """The catalog may have dropped the link since."""
    pieces = cut(Extract(parts=(Part(ODD, 7),)), tokenizer)
    inside.save(tmp_path, "here 1", [("https://elsewhere.example/", one) for one in pieces])
    opened = inside.load(tmp_path, retriever.derived.addresses).inside
    found = retriever.with_pages(opened, retriever.entries)
    found = found.search("vibration of cooling fans on the chassis")
    assert found.confidence == "nothing"


@pytest.mark.parametrize(
    ("copy", "opened"),
    [
        ("https://web.archive.org/web/2020/x", "https://web.archive.org/web/2020/x#page=7"),
        (None, f"https://web.archive.org/web/*/{PDF}"),
    ],
)
def test_a_quote_out_of_a_dead_page_opens_its_copy(own_cache, tokenizer, copy, opened):
    """At the page quoted; where no copy is known, where to look for one."""
    chosen = Settings(catalog=None, cache=own_cache)
    pieces = [(PDF, piece) for piece in cut(Extract(parts=(Part(ODD, 7),)), tokenizer)]
    inside.save(current.inside_folder(chosen), "here 1", pieces, {PDF: ("dead", None, copy)})
    found = current.load(chosen).retriever
    answer = answering.answer(Question(FANS, None), found)
    assert answer.found[0].addresses[0].url == opened
    assert not [one.url for one in answer.found[0].addresses if one.url.startswith(PDF)]


def test_a_quote_out_of_a_dead_substitute_opens_its_copy(own_cache, tokenizer):
    """As the entry does; the list's own link is dead as well."""
    chosen = Settings(catalog=None, cache=own_cache)
    spare = "http://wiki.pathmind.com/ai-infrastructure-machine-learning-operations-mlops"
    copy = f"https://web.archive.org/web/2020/{spare}"
    pieces = [(spare, piece) for piece in cut(Extract(parts=(Part(ODD),)), tokenizer)]
    inside.save(current.inside_folder(chosen), "here 1", pieces, {spare: ("dead", None, copy)})
    first = answering.answer(Question(FANS, None), current.load(chosen).retriever).found[0]
    assert (first.hit.entry.id, first.url) == ("skymind-mlops", copy)
    assert first.addresses[0].url.startswith(f"{copy}#:~:text=")
    assert spare not in [one.url for one in first.addresses]


def test_a_dead_link_is_shown_with_its_copy(own_cache):
    """What was found out over days stands over what the catalog says."""
    chosen = Settings(catalog=None, cache=own_cache)
    copy = "https://web.archive.org/web/2020/x"
    inside.save(current.inside_folder(chosen), "here 1", [], {PDF: ("dead", None, copy)})
    found = current.load(chosen).retriever
    answer = answering.answer(Question("gpipe", None), found)
    assert answer.found[0].url == copy
    assert any(one.warning and one.url == copy for one in answer.found[0].addresses)
