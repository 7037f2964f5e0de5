"""A reply as blocks and text: within Slack's limits, nothing rings, links end where they end."""

from __future__ import annotations

import json
import re

import crowded
import pytest
import slack_blocks
from hypothesis import given
from hypothesis import strategies as st
from slack_mrkdwn import marks, unescaped
from slack_world import texts

from bot import answering, buttons, notices, phrases
from bot.model import Address, Answer, Channel, Choice, Detail, Form, Marked, Notice, Question
from bot.phrases import tell
from bot.platforms.slack import markup, views
from bot.platforms.slack.payloads import Said
from bot.platforms.slack.render import render
from corpus.record import replace

LOUD = ["<!channel>", "<!here>", "<!everyone>", "<!subteam^S1|all>", "<@U1>", "<@W1|x>", "@here"]
LOUD += [
    "<#C1>",
    "&lt;!here&gt;",
    "<https://e.vil|click>",
    "a|b",
    ">",
    "<",
    "&",
    "*",
    "_",
    "`",
    "\n",
]
HOSTILE = st.lists(st.sampled_from(LOUD) | st.text(max_size=8), max_size=8).map("".join)
SPOT = {"channel": "C1", "message": "1.2"}
URL = HOSTILE.map("https://example.org/".__add__)


def check(reply, share=False):
    """What holds for every message."""
    message = render(reply, share)
    blocks = json.loads(json.dumps(message.blocks))
    assert slack_blocks.check_blocks(blocks) == []
    assert slack_blocks.size(blocks) < 12_000
    assert 0 < len(message.text) < 4000
    for text in (message.text, *texts(blocks)):
        assert not unescaped(text), text
        assert not any(mark.rings or mark.kind in ("room", "unknown") for mark in marks(text)), text
    assert "link_names" not in message.body()
    return message


def spoil(answer, words, url):
    """An answer with its texts replaced by hostile ones."""
    found = tuple(
        replace(
            one,
            title=Marked(words, ((0, len(words)),)),
            translation=Marked(words),
            url=url,
            about=Marked(words),
            brief=words,
            body=(Marked(words, ((0, len(words) // 2),)),),
            addresses=(Address(words, words, url, words),),
        )
        for one in answer.found
    )
    return replace(answer, question=words, found=found, follows=(words,), places=(words,))


class Held:
    """An answer that says little of itself where a property fails."""

    def __init__(self, answer):
        self.answer = answer


@pytest.fixture(scope="module")
def answer(retriever):
    return answering.answer(Question("distributed training"), retriever)


@pytest.fixture(scope="module")
def held(answer):
    return Held(answer)


@given(words=HOSTILE, url=URL)
def test_no_text_can_ring(held, words, url):
    """Of the catalog, of a page or of a question."""
    check(spoil(held.answer, words, url), share=True)
    check(replace(spoil(held.answer, words, url), confidence="nothing"))
    check(Notice((words or "x", words), (Choice(words or "x", "more", about=words),)))
    check(Form("en", words or "x", ((words or "x", (Choice(words or "x", "zh", True),)),)))
    one = (Address(words, words, url, words),)
    check(
        Detail("en", words, words, url, words, words, ((words, words),), one, (words,), (), words)
    )


@given(words=HOSTILE)
def test_what_is_read_is_what_was_meant(words):
    """Text typed by somebody, as Slack writes it, is read back as it was."""
    plain = " ".join(words.replace("\xa0", " ").split())
    told = markup.read(markup.escape(plain), "U0")
    assert told == " ".join(markup.clean(plain).split())


@pytest.mark.parametrize("scheme", ["mailto", "tel"])
def test_what_slack_links_by_itself_is_read_as_it_was_typed(scheme):
    assert markup.read(f"ask <{scheme}:+49|+49> about gpipe", "U0") == "ask +49 about gpipe"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.org/x|y", "https://a.org/x%7Cy"),
        ("https://a.org/x_(y)", "https://a.org/x_(y)"),
        ("https://a.org/?a=1&b=<2>", "https://a.org/?a=1&b=%3C2%3E"),
        ("https://a.org/a b\n", "https://a.org/a%20b"),
    ],
)
def test_an_address_is_safe(url, target):
    (mark,) = marks(markup.link(url, "a|b <c>"))
    assert (mark.kind, mark.target) == ("link", target)


def test_only_the_web_is_linked():
    assert markup.link("javascript:alert(1)", "x") == "x"


@pytest.mark.parametrize("script", ["en", "zh-Hans", "zh-Hant"])
def test_every_entry_fits(retriever, script):
    """In full, in each language: nothing of the catalog is cut."""
    for entry in retriever.entries:
        message = check(answering.detail(entry, script), share=True)
        assert not message.text.endswith("…") or entry.id == "fb-applied-ml"  # 6,600 characters


@pytest.mark.parametrize("script", ["en", "zh-Hans", "zh-Hant"])
def test_notices_and_views_fit(retriever, script):
    place = Channel("slack:T:C", shared=True)
    form = notices.form(place, {"language": "zh"}, {}, script)
    for reply in (
        notices.greeting(retriever.entries, place, script),
        notices.help_(place, script),
        notices.topics(retriever.entries, script),
        notices.privacy(7, script),
        form,
    ):
        assert "/quit" not in check(reply).text
    for view in (
        views.home(form, "D1"),
        views.menu(Said("menu", "a question", "slack:T:U", f"{script} 1 gpipe"), SPOT),
        views.sentence(phrases.DONE.zh, script),
    ):
        assert slack_blocks.check_view(view) == []


CROWDED = [
    "any courses?",
    "what has Tencent published?",
    "papers from 2016",
    "/papers",
    "talks",
    "articles in chinese",
    "google papers",
    "facebok infrastucture ml",
    "tencent angel",
    "serving machine learning models guide",
    "stale sychronous paralell paramter sever",
    "what does a good machine learning platform need",
    "腾讯发表过什么",
    "参数服务器有什么资料",
    "机器学习运维分哪几个阶段",
    "skymind intro to distributed training",
    "那京东的呢",
]


def visible(message):
    """What one sees of a message, buttons aside."""
    shown = [block for block in message.blocks if block["type"] != "actions"]
    text = re.sub(r"<[^|>]*\|([^>]*)>", r"\1", "\n".join(texts(shown)))
    return text.replace("\u200b", "").replace("*", "").replace("&amp;", "&")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("question", ["gpipe", "distributed training", *CROWDED])
def test_a_phone_shows_the_answer_without_scrolling(retriever, question, language):
    """700 characters, the title first; each further hit with its kind, organisation and year."""
    found = answering.answer(Question(question, language=language), retriever)
    message = check(found)
    seen = visible(message)
    assert len(seen) <= 700, len(seen)
    first, perhaps = message.text.splitlines()[0], found.confidence == "maybe"
    assert first.startswith(tell(phrases.PERHAPS, found.script)) == perhaps
    assert first.endswith(markup.escape(found.found[0].title.text))
    for number, hit in enumerate(found.found[1:], 2):
        line = next(line for line in seen.splitlines() if line.startswith(f"{number} "))
        assert "".join(hit.title.text.split())[:40] in "".join(line.split())
        assert hit.brief in line


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_a_link_is_closed_the_way_round_it_stands(retriever, language):
    """However crowded: the new address of what has moved, a copy of what is dead."""
    told = 0
    for answer in crowded.answers(retriever, language):
        shown = "\n".join(texts(list(render(answer).blocks)))
        for needed in (one for one in answer.found[0].addresses if one.needed):
            told += 1
            assert markup.address(needed.url) in shown, (answer.question, needed)
    assert told > 9


def test_how_far_we_are_from_the_work_is_said_where_the_summary_is_cut(retriever):
    """Of a talk that is known by its title, the summary says so at its end."""
    answer = answering.answer(Question("talks"), retriever)
    assert answer.found[0].body[-1].text.count("title") or "title" in answer.found[0].brief
    assert "known by its title only" in render(answer).text.splitlines()[1]


def test_at_most_two_rows_each_button_named(answer):
    message = check(answer, share=True)
    rows = [block for block in message.blocks if block["type"] == "actions"]
    assert len(rows) == 2
    for row, choices in zip(rows, buttons.under(answer), strict=True):
        for button, choice in zip(row["elements"], choices, strict=False):
            assert button["text"]["text"] == choice.label
            assert button["accessibility_label"] == markup.cut(choice.about, 75)
        for button in row["elements"]:
            assert button["text"]["text"].strip()
            label = button["accessibility_label"]
            titles = [found.title.text[:20] for found in answer.found]
            assert any(title in label for title in titles) or label == phrases.SHARE.en


def test_bold_shows_inside_chinese(retriever):
    """Slack takes * for bold at the edge of a word only."""
    found = answering.answer(Question("请问怎么把大模型切成流水线训练？"), retriever)
    text = "\n".join(texts(list(render(found).blocks)))
    assert re.search("\u200b\\*[^*]+\\*\u200b", text)
    assert "\u200b" not in render(found).text
    assert isinstance(found, Answer)
