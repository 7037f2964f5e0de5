"""What people say where the bot listens: whether it is for the bot."""

from __future__ import annotations

import time

import pytest

from bot import desk
from bot.command import parse
from bot.model import Channel, Question
from bot.outcome import Context
from bot.overheard import is_meant

ROOM = Channel("slack:T1:C1", shared=True)
OPTED_IN = {"answers": "all"}


def said(words, person="ann"):
    return Question(
        words, channel=ROOM, thread="1", message="2", asker=f"slack:T1:{person}", addressed=False
    )


@pytest.fixture(name="heard", scope="module")
def _heard(retriever):
    """Whether words are taken in a thread whose question ann asked."""
    asked = Question("what is GPipe?", channel=ROOM, thread="1", message="1", asker="slack:T1:ann")
    before = desk.handle(asked, Context(), retriever).conversation

    def heard(words, person="ann", place=None, within=True):
        context = Context(conversation=before if within else None, place=place or {})
        return is_meant(said(words, person), parse(words), context, retriever)

    return heard


AFFAIRS = (
    "is the GPU node down again?",
    "how many GPUs do we have left?",
    "any news from the infra team?",
    "can you send me the dataset?",
    "how do we deploy this to production?",
    "did anyone restart the parameter server?",
    "who owns the parameter server?",
    "which GPU did you use?",
    "where do we keep the model checkpoints?",
    "who is presenting the gpipe paper on friday?",
    "did the allreduce benchmark improve after the change?",
    "have the spark workers been patched?",
    "when can we expect the inference service to be back?",
    "谁来看一下参数服务器的日志？",
    "你们组用的是什么框架？",
    "模型上线了吗？",
    "數據集放在哪了？",
    "周五谁讲 GPipe 那篇？",
    "分布式训练的代码合并了吗？",
)


REPORTS = (
    "the parameter server crashed again",
    "merged the allreduce fix",
    "parameter server logs attached",
    "please review the gradient compression branch",
    "ok, going with data parallelism",
    "thanks, will read the GPipe paper",
    "spark 任务失败",
    "模型训练完成",
    "先用 horovod 试试",
)


@pytest.mark.parametrize("words", [*AFFAIRS, *REPORTS])
def test_what_a_team_says_about_its_own_affairs_is_left_alone(heard, words):
    """Though the catalog has its words, and the bot was asked there before; opted in or not."""
    assert not heard(words)
    assert not heard(words, "bob")
    assert not heard(words, "bob", OPTED_IN, within=False)


@pytest.mark.parametrize(
    "words",
    [
        "is there anything on ring allreduce?",
        "how do I cut communication cost in distributed training?",
        "how do we cut communication cost in distributed training?",
        "can you find me something on asynchronous SGD?",
        "do we have any papers on gradient compression?",
        "could somebody share the gpipe paper link?",
        "when was Angel open-sourced?",
        "has anyone written about stale synchronous parallel?",
        "does Facebook have anything on inference?",
        "how many GPUs did GPipe use?",
        "what about JD?",
        "Angel 开源了吗？",
        "我们怎么减少分布式训练的通信开销？",
        "有没有讲梯度压缩的文章？",
        "大家好，想请教下有没有关于无量系统的文章呀",
        "谷歌在技术债上有哪些教训？",
        "gradient compression",
        "show me talks on spark",
        "流水线并行的资料",
        "https://arxiv.org/abs/1811.06965",
    ],
)
def test_what_is_asked_of_a_catalog_is_answered_to_the_asker(heard, words):
    """Also where it says "we", or is asked of whoever knows."""
    assert heard(words)


@pytest.mark.parametrize("words", ["is the ", "is ", "an x-", "any ", "what is this ", "求", "my "])
def test_a_wall_of_words_holds_nobody_up(heard, words):
    """Whatever stands in it, the beginning is looked at."""
    begun = time.perf_counter()
    heard((words * 4000)[:4000] + "?")
    assert time.perf_counter() - begun < 1.0


def test_a_follow_up_is_anybodys(heard):
    """A clear one; a subject of its own is not."""
    assert heard("what about JD?", "bob")
    assert not heard("is there anything on ring allreduce?", "bob")


@pytest.mark.parametrize(
    "words",
    [
        "in chinese restaurants nearby",
        "only the english version of the contract",
        "中文字幕怎么开",
        "书放桌上了",
        "google it",
    ],
)
def test_a_kind_or_a_language_in_passing_narrows_nothing(heard, words):
    """What people say of something else is no clear follow-up, whoever says it."""
    assert not heard(words, "bob")
    assert not heard(words)


def test_what_somebody_else_tells_of_themselves_is_no_follow_up(heard):
    """It is one of the asker's."""
    told = ("I only read papers", "good talk!", "the english one is better")
    for words in (*told, "after 2016 it got better"):
        assert not heard(words, "bob")
    assert heard("I only read papers")
    for words in ("only papers", "just the chinese ones", "只要论文", "before 2016", "from google"):
        assert heard(words, "bob")
