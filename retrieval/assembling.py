"""A retriever put together of its parts."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Entry
from retrieval import confidence
from retrieval.derived import Derived
from retrieval.memory import Memory
from retrieval.mend import Mender
from retrieval.model import Engine, Passage
from retrieval.reading import Reader
from retrieval.retriever import Retriever
from retrieval.tokenize import Tokenizer


def assemble(
    entries: Sequence[Entry],
    passages: Sequence[Passage],
    engine: Engine,
    derived: Derived,
    tokenizer: Tokenizer,
    reader: Reader,
) -> Retriever:
    """A retriever of its parts."""
    return Retriever(
        entries=entries,
        passages=passages,
        engine=engine,
        derived=derived,
        tokenizer=tokenizer,
        reader=reader,
        mender=Mender(tokenizer, derived.words),
        curated=[at for at, (_, fact) in enumerate(derived.places) if fact is None],
        calibration=confidence.load(),
        memory=Memory(),
    )
