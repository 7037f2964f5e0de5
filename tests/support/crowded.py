"""Answers that leave an entry little room, for whoever lays them out."""

from __future__ import annotations

from collections.abc import Iterator

from bot import answering
from bot.model import Answer, Question
from corpus.model import Language
from retrieval.retriever import Retriever


def answers(retriever: Retriever, language: Language) -> Iterator[Answer]:
    """For each entry one that has it among others that fit too, where any is found."""
    for entry in retriever.entries:
        asked = f"{entry.title[:20]} distributed machine learning platform"
        found = answering.answer(Question(asked, language=language), retriever)
        if found.confidence != "nothing":
            yield found
