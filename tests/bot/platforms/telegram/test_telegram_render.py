"""Any text as Telegram shows it: read by the server's own reader of HTML, it is the text."""

from __future__ import annotations

import re

import crowded
import pytest
from botapi_html import parse_html
from botapi_text import units
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import answering, notices
from bot.digest import sentences
from bot.model import (
    Address,
    Answer,
    Channel,
    Choice,
    Detail,
    Digest,
    Form,
    Found,
    Marked,
    Notice,
    Question,
)
from bot.phrases import tell
from bot.platforms.telegram import keyboard, pieces, render
from bot.platforms.telegram.pieces import Piece
from bot.platforms.telegram.request import encoded
from corpus.record import replace

HOSTILE = st.text(
    st.sampled_from("<>&\"'/\\|=;#ab b 中😀\u202e\x00\n`_*[](){}")
    | st.characters(exclude_categories=["Cs"]),
    max_size=80,
)
ANY = HOSTILE | st.sampled_from(
    ["</b>", "<a href='javascript:x'>", "&lt;b&gt;", "&amp;amp;", "]]>", "<!--", "\ud83d", "a\x00b"]
)
URLS = ANY | st.sampled_from(
    ["https://a.org/x?y=1&z=2#q", 'https://a.org/"><b>', "https://a.org/(x)|y", "tg://user?id=1"]
)


@given(st.lists(st.builds(Piece, ANY.map(pieces.clean), URLS.map(pieces.address), st.booleans())))
def test_pieces_are_read_as_they_were_written(found):
    """No text becomes markup, none is lost, and the length is what Telegram counts."""
    text, _, _ = parse_html(pieces.html(found))
    assert text == pieces.seen(found)
    assert units(text) == pieces.length(found)


@given(ANY, st.integers(0, 60))
def test_a_cut_text_is_no_longer_than_asked(text, most):
    """And begins as the whole does."""
    whole = pieces.plain(text)
    cut = pieces.clipped(whole, most)
    assert pieces.length(cut) <= max(most, 0)
    assert pieces.seen(whole).startswith(pieces.seen(cut).removesuffix("…"))
    pieces.seen(cut).encode()


@given(st.dictionaries(st.sampled_from("abc"), ANY))
def test_a_form_is_what_it_was(values):
    """Whatever stands in it; halves of characters are replaced."""
    from urllib.parse import parse_qsl

    read = dict(parse_qsl(encoded(values).decode(), keep_blank_values=True))
    assert read == {name: text.encode("utf-8", "replace").decode() for name, text in values.items()}


@pytest.fixture(scope="session", name="answers")
def _answers(retriever):
    asked = ("parameter server", "分布式训练", "uber 还是网易", "skymind", "zzzqqq", "刘铁岩的书")
    return [answering.answer(Question(text), retriever) for text in asked]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_answer_of_hostile_words_is_one_message_of_700_at_the_most(answers, data):
    """The first line begins with the best title; the plain text has no markup to fail on."""
    answer = spoilt(data.draw(st.sampled_from(answers)), data.draw)
    shown = render.render(answer)
    text, _, _ = parse_html(shown.html)
    assert units(text) <= 700
    assert units(shown.plain) <= 4096
    assert len(shown.keyboard) <= 2
    if answer.confidence != "nothing" and answer.first == 1:
        title = pieces.clean(answer.found[0].title.text).strip()
        assert title.partition("\n")[0][:20] in text
    assert len(render.alert(answer).encode("utf-16-le")) // 2 <= 200


def spoilt(answer: Answer, draw) -> Answer:
    """An answer with hostile texts in it, some of them long."""
    words = st.builds(lambda text, times: text * times, ANY, st.sampled_from([1, 1, 3, 30]))

    def marked():
        text = draw(words)
        ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
        return Marked(text, tuple(zip(ends[::2], ends[1::2], strict=False)))

    def found(hit: Found) -> Found:
        title = Marked("T" + draw(words))
        brief, url = draw(words), draw(URLS)
        body = tuple(marked() for _ in hit.body)
        return replace(
            hit, title=title, about=marked(), brief=brief, url=url, body=body, snippet=marked()
        )

    return replace(
        answer, found=tuple(map(found, answer.found)), follows=(draw(words),), places=(draw(words),)
    )


def test_every_entry_can_be_told_in_full_and_inline(retriever):
    """In one message, with every link of it."""
    for entry in retriever.entries:
        for script in ("en", "zh-Hans", "zh-Hant"):
            shown = render.render(answering.detail(entry, script))
            text, entities, dropped = parse_html(shown.html)
            assert units(text) <= 4096
            assert len(entities) <= 100
            assert not dropped
            links = [entity["url"] for entity in entities if entity["type"] == "text_link"]
            assert len(links) >= len(entry.links)


def test_buttons_say_64_bytes_at_the_most():
    """An entry with a longer id is named by its number."""
    long = "x" * 80
    row = keyboard.under(Notice(("a",), (Choice("b", f"open {long}"),)))[0]
    assert len(row[0]["callback_data"].encode()) == 64
    form = Form("en", "t", (("n", (Choice("on", "settings a b", chosen=True),)),))
    assert keyboard.under(form) == [[{"text": "✓ on", "callback_data": "settings a b"}]]


@pytest.mark.parametrize("script", ["en", "zh-Hans", "zh-Hant"])
def test_the_menu_needs_only_what_the_message_shows(script):
    """Opened, then closed, the keyboard is what it was."""
    first = [{"text": "6 Details", "callback_data": "open gpipe"}]
    shown = {"inline_keyboard": [first, [{"text": "x", "callback_data": f"menu {script}"}]]}
    opened = keyboard.turned(f"menu {script}", shown)
    data = [button["callback_data"] for row in opened for button in row]
    assert {"more", "similar gpipe", "only paper", "good", "remove"} <= set(data)
    assert opened[0] == first
    assert all(len(line.encode()) <= 64 for line in data)
    assert all(len(row) <= 3 for row in opened[1:])
    closed = keyboard.turned(data[-1], {"inline_keyboard": opened})
    assert closed[0] == first
    assert closed[1][1]["callback_data"] == f"menu {script}"
    assert keyboard.turned("menu en", None) is None
    assert keyboard.turned("menu en", {"inline_keyboard": [[{"text": "a"}]]}) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_further_hit_has_its_title_kind_organisation_and_year(retriever, language):
    """However long the titles of a page are: as much of each as tells it from the others."""
    for entry in retriever.entries:
        answer = answering.answer(Question(entry.title[:30], language=language), retriever)
        lines = parse_html(render.render(answer).html)[0].splitlines()
        for number, hit in enumerate(answer.found[1:], 2):
            line = next(line for line in lines if line.startswith(f"{number} "))
            assert "".join(hit.title.text.split())[:40] in "".join(line.split())
            assert f" · {hit.brief}" in line


def test_the_words_asked_for_are_bold_in_what_an_entry_is(retriever):
    """An organisation, say."""
    shown = render.render(answering.answer(Question("京东 训练"), retriever))
    assert "文章 · <b>京东</b> · 2017" in shown.html


def test_a_cut_body_still_says_how_little_is_known(retriever):
    """Where its last sentence said so."""
    asked = "lessons google learned the hard way maintaining ml systems"
    answer = answering.answer(Question(asked), retriever)
    assert answer.found[0].body[-1].text.endswith("Known by its title only.")
    best = render.render(answer).html.partition("\n2 ")[0]
    assert "nown by its title only" in best


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_a_link_is_closed_the_way_round_it_stands(retriever, language):
    """However crowded: the new address of what has moved, a copy of what is dead."""
    told = 0
    for answer in crowded.answers(retriever, language):
        text, entities, _ = parse_html(render.render(answer).html)
        assert units(text) <= 700
        links = [entity.get("url") for entity in entities]
        for needed in (one for one in answer.found[0].addresses if one.needed):
            told += 1
            assert pieces.address(needed.url) in links, (answer.question, needed)
    assert told > 9


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_note_stands_at_the_end_in_any_case(retriever, language):
    """Within 700 characters, however crowded; of a refusal and of an entry in full too."""
    note = "Asked in a topic that is closed to the bot: “" + "word " * 12 + "”"
    crowd = [*crowded.answers(retriever, language)]
    crowd.append(answering.answer(Question("kv cache of vllm", language=language), retriever))
    for answer in crowd:
        text, _, _ = parse_html(render.render(answer, note).html)
        assert text.endswith(note)
        assert units(text) <= 700
    for entry in retriever.entries:
        text, _, _ = parse_html(render.render(answering.detail(entry, "en"), note).html)
        assert text.endswith(note)
        assert units(text) <= 4096


@pytest.mark.parametrize("language", ["en", "zh"])
def test_only_a_caution_is_added_to_a_cut_body(retriever, language):
    """Not whatever else stands last in the line of an entry, such as its year."""
    asked = [entry.title for entry in retriever.entries] + ["梯度下降综述", "gradient descent"]
    known = 0
    for text in asked:
        answer = answering.answer(Question(text, language=language), retriever)
        best = answer.found[0]
        if answer.confidence == "nothing" or best.caution:
            continue
        known += 1
        last = best.brief.rpartition(" · ")[2]
        lines = render.render(answer).plain.splitlines()
        assert not [one for one in lines[2:4] if one.endswith(f" · {last}")], text
    assert known > 9


@pytest.mark.parametrize("script", ["zh-Hans", "zh-Hant"])
def test_a_command_is_told_as_telegram_takes_it(script):
    """In a group it shows a bot none with Chinese letters, nor can one tap on them."""
    place = Channel("telegram:-1", shared=True)
    zone = tell(sentences.ROW_ZONE, script)
    told = [
        notices.help_(place, script),
        Notice((tell(sentences.NOT_SUBSCRIBED, script), tell(sentences.STATE_PAUSED, script))),
        Form(script, "/訂閱", ((zone, ()), (tell(sentences.WHICH_ZONE, script), ()))),
    ]
    for reply in told:
        text = render.render(reply).plain
        assert not re.search(r"(?<![\w/])/[^\sA-Za-z0-9]", text), text
    assert "/subscribe" in render.render(told[2]).plain


@settings(max_examples=80, deadline=None)
@given(words=st.builds(lambda text, n: text * n, ANY, st.sampled_from([1, 2, 30])), url=URLS)
def test_no_reply_of_hostile_words_is_refused(words, url):
    """An entry in full, a notice, a form, a digest: markup that Telegram reads, within its limits,
    and nothing in it is marked but what we mark.
    """
    one = Address(words, words, url, words, warning=True, needed=True)
    rows = ((Choice(words, f"open {words}"), Choice(words, "more", chosen=True)),)
    told, known = (words, words), (words, (words, words))
    digest = Digest(
        *("en", words, "x", words, words, url, words, (words, words), (words,), (one,)),
        *(((words, url),), words, words, rows, words),
    )
    replies = (
        Detail("en", words, words, url, words, words, (told,), (one,), (words,), (known,), ""),
        Notice((words, "x"), rows[0]),
        Form("en", words, ((words, rows[0]),)),
        digest,
    )
    for reply in replies:
        shown = render.render(reply)
        text, entities, _ = parse_html(shown.html)
        assert units(text) <= 4096
        assert units(shown.plain) <= 4096
        assert {entity["type"] for entity in entities} <= {"bold", "text_link"}
        for button in (button for row in shown.keyboard for button in row):
            assert button["text"].strip()
            assert 1 <= len(button["callback_data"].encode()) <= 64
