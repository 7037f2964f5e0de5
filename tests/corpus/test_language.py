"""Languages are told apart by their letters; Simplified and Traditional are OpenCC's."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus
from corpus import language

# Unified ideographs of the BMP. Compatibility forms (U+F900 on) are folded away before, by NFKC.
HAN = "〇" + "".join(chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)))
T2S, S2T = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")


def test_han_list_is_what_opencc_changes():
    """Traditional is what t2s changes; Simplified is what s2t changes and t2s does not."""
    for char in HAN:
        traditional = T2S.convert(char) != char
        assert language.is_traditional(char) == traditional, char
        simplified = S2T.convert(char) != char and not traditional
        other = "习" if char == "说" else "说"
        # Beside one Traditional character a Simplified one makes a tie, two outweigh it.
        assert language.is_traditional(f"們{char}{other}") == (not simplified or traditional), char
        assert language.simplify(char) == T2S.convert(char), char


@given(st.text(st.sampled_from(HAN + "Aa1，。 ")))
def test_simplify_is_opencc(text):
    """Skipping texts without Traditional characters changes no result."""
    assert language.simplify(text) == T2S.convert(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do I train a large model", "en"),
        ("GPipe", "en"),
        ("", "en"),
        ("😀 \ud800 123", "en"),
        ("Verteilte Systeme für maschinelles Lernen", "en"),
        ("怎么把大模型切成流水线训练", "zh-Hans"),
        ("angel 是什么时候开源的", "zh-Hans"),
        ("uber 还是网易那个 infoq 演讲", "zh-Hans"),
        ("parameter server 资料", "zh-Hans"),
        ("讲 stale synchronous parallel 的论文", "zh-Hans"),
        ("分散式機器學習 演算法 理論 有書嗎", "zh-Hant"),
        ("怎麼用 TensorFlow 做分散式訓練", "zh-Hant"),
        ("papers by 刘铁岩", "en"),
        ("what is 无量", "en"),
        ("when was 腾讯 Angel published?", "en"),
        ("〇", "zh-Hans"),
        ("𠮷", "zh-Hans"),
    ],
)
def test_detect(text, expected):
    """Chinese where Han carries the sentence; a Chinese name in an English sentence does not."""
    assert language.detect(text) == expected


def test_text_of_both_scripts_counts_its_characters():
    """More kinds of Traditional than of Simplified, or as many: Traditional. None: Simplified."""
    assert language.is_traditional("訓练")  # one each
    assert language.is_traditional("訓練训")
    assert not language.is_traditional("訓练习")
    assert language.is_traditional("訓練平台")  # 台 is written in both
    assert not language.is_traditional("中文")
    assert not language.is_traditional("")


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("软件和数据库", "軟體和資料庫"),
        ("网络里的内存", "網路裡的記憶體"),
        ("GPU 集群调度", "GPU 叢集排程"),
        ("推理服务器", "推理伺服器"),
        ("头发和发展", "頭髮和發展"),
        ("参数服务器", "參數伺服器"),
        ("超参数调优", "超參數調優"),
        ("可扩展的分区", "可擴展的分區"),
        ("点击率预估", "點擊率預估"),
        ("激活函数和全连接层", "激活函數和全連接層"),
        ("循环神经网络里的循环", "循環神經網路裡的迴圈"),
        ("阿里云上的算子", "阿里雲上的算子"),
        ("only English", "only English"),
        ("", ""),
    ],
)
def test_to_traditional_uses_the_words_of_taiwan(simplified, traditional):
    """Not letter by letter: words and phrases are those that are used there."""
    assert language.to_traditional(simplified) == traditional


def test_no_word_goes_beyond_a_sentence():
    """What the catalog says comes out the same, converted whole and sentence by sentence."""
    whole = opencc.OpenCC("s2twp")
    for path in sorted((Path(corpus.__file__).parent / "data").glob("*.yaml")):
        for text in path.read_text(encoding="utf-8").splitlines():
            sense = language._SENSE.sub(lambda word: language._SENSES[word[0]], whole.convert(text))
            assert language.to_traditional(text) == sense


def test_remembered_sentences_are_not_converted_again():
    """The others are, and a text without Chinese is left alone."""
    before = language._made
    try:
        language.remember({"参数。": "記得。"})
        assert language.to_traditional("参数。参数！ok") == "記得。參數！ok"
        assert language.made_traditional(["参数。参数！", "ok."]) == {
            "参数。": "參數。",
            "参数！": "參數！",
        }
    finally:
        language.remember(before)


def test_half_a_character_is_converted_around():
    """JSON can name one by its number; a text keeps its length."""
    assert language.simplify("還有\ud800嗎") == "还有\ufffd吗"
    assert language.to_traditional("还有\ud800吗") == "還有\ufffd嗎"
    assert language.simplify("还有\ud800") == "还有\ud800"


def test_has_han():
    """Punctuation and kana are no Han."""
    assert language.has_han("a中")
    assert language.has_han("〇")
    assert language.has_han("𠮷")
    assert not language.has_han("，。ひらがな")
    assert not language.has_han("abc")


def test_simplified_text_loads_no_opencc():
    """Its 15 ms are paid only by a text that is converted."""
    program = (
        "import sys; from corpus.language import detect, simplify;"
        "detect('怎么训练'); detect('怎麼訓練'); simplify('怎么训练'); simplify('train');"
        "assert 'opencc' not in sys.modules; assert simplify('訓練') == '训练'"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("text", ["9" * 40_000, "a" * 40_000, "-x" * 20_000, "a." * 20_000])
def test_a_wall_of_letters_is_looked_at_in_time(text):
    """As long as Slack lets a message be; words are looked for addresses in once."""
    began = time.process_time()
    language.is_bare(text)
    assert time.process_time() - began < 1  # the square would take ten seconds
