"""Folding: what looks the same matches, and every folded character knows where it came from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fold import fold

# Every kind of character, with the awkward ones often: controls, surrogates, marks, RTL, Han.
AWKWARD = st.sampled_from(
    "\0\x1b\ud800\udfff\u200f\u202e\u00ad\u0301\u0345ß²ﬁİıǅ臺灣機Å㎏①ｱ한⑩ﷺ🙏🏽"
)
# OpenCC takes 薴 to 苧 and that to 苎: the only character that folds twice.
ANY = st.text(st.one_of(st.characters(exclude_characters="薴"), AWKWARD))


@pytest.fixture(name="check")
def _check():
    """A text folds to another, and nothing is left that would fold again."""

    def check(text, folded):
        assert fold(text).text == folded
        assert fold(folded).text == folded

    return check


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("GPipe", "gpipe"),
        ("ＧＰｉｐｅ　２", "gpipe 2"),
        ("TuX²", "tux2"),
        ("H₂O ①", "h2o 1"),
        ("naïve Müller", "naive muller"),
        ("re\u0301sume\u0301", "resume"),
        ("ﬁne-tuning", "fine-tuning"),
        ("Straße", "strasse"),
        ("ﾃﾝｿﾙ", "テンソル"),
        ("參數伺服器", "参数伺服器"),
        ("機器學習，深度學習", "机器学习,深度学习"),
        ("𝒢𝒫𝒾𝓅𝑒", "gpipe"),
        ("", ""),
    ],
)
def test_what_reads_the_same_folds_the_same(check, text, folded):
    """Width, case, accents, ligatures and script do not part two words."""
    check(text, folded)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("a\0b", "a b"), ("a\x1b[1m", "a [1m"), ("a\ud800b", "a b"), ("a\r\nb", "a  b")],
)
def test_what_cannot_be_read_parts_words(check, text, folded):
    """A control character or half a surrogate pair is a blank."""
    check(text, folded)


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200f", "\u202e", "\ufeff", "\u2060"])
def test_what_cannot_be_seen_parts_nothing(check, mark):
    """A soft hyphen, a zero-width or a right-to-left mark inside a word is not there."""
    check(f"pipe{mark}line", "pipeline")


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("die Straße dort", "strasse", "Straße"),
        ("TuX² now", "tux2", "TuX²"),
        ("a re\u0301sume\u0301 b", "resume", "re\u0301sume\u0301"),
        ("用參數伺服器訓練", "参数", "參數"),
        ("so\u00adft", "soft", "so\u00adft"),
    ],
)
def test_a_span_covers_what_was_written(text, word, found):
    """A stretch of the folded text leads back to the whole stretch of the original."""
    folded = fold(text)
    start = folded.text.index(word)
    assert text[slice(*folded.span(start, start + len(word)))] == found


@given(ANY)
def test_any_text_folds(text):
    """Never an error; origins ascend within the text, one for each character and the end."""
    folded = fold(text)
    assert len(folded.origins) == len(folded.text) + 1
    assert list(folded.origins) == sorted(folded.origins)
    assert folded.origins[-1] == len(text)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(ANY)
def test_folding_twice_is_folding_once(text):
    """What is folded stays as it is."""
    once = fold(text).text
    assert fold(once).text == once


@given(ANY, st.dictionaries(st.text("ab臺器", min_size=1, max_size=3), st.text("xy台", min_size=1)))
def test_replaced_words_keep_their_places(text, words):
    """Another spelling, shorter or longer, stands for the stretch that it replaces."""
    words = {fold(word).text: other for word, other in words.items()}
    folded = fold(text)
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")
    replaced = folded.replaced(pattern, words)
    assert replaced.text == pattern.sub(lambda match: words[match[0]], folded.text)
    assert len(replaced.origins) == len(replaced.text) + 1
    for at in range(len(replaced.text)):
        start, end = replaced.span(at, at + 1)
        assert 0 <= start < end <= len(text)
