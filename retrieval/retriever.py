"""Retriever.search: question -> query -> engine -> rank -> hits.

A Retriever holds what a search needs, whole, and never changes: to change anything, build another
and swap it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

from corpus.model import Entry
from corpus.record import record, replace
from retrieval import addresses, boosts, confidence, filters, followup, rank, years
from retrieval import query as query_rules
from retrieval.confidence import Calibration
from retrieval.derived import Derived
from retrieval.followup import Step
from retrieval.inside import Inside
from retrieval.memory import Memory
from retrieval.mend import Mender
from retrieval.model import (
    Confidence,
    Conversation,
    Engine,
    Explanation,
    Filters,
    Hit,
    Passage,
    Query,
    Result,
)
from retrieval.negation import without_people
from retrieval.rank import Scored, Shares
from retrieval.reading import Reader
from retrieval.tokenize import Tokenizer
from retrieval.verdict import leading

RELATED = 0.5  # to be named as related by the catalog, among those like an entry
_FRESH = Conversation()
DEPTH = 5  # questions of a conversation that a follow-up still builds on


@record
class Retriever:
    """The catalog as it can be searched."""

    entries: Sequence[Entry]
    passages: Sequence[Passage]
    engine: Engine
    tokenizer: Tokenizer
    reader: Reader
    mender: Mender
    derived: Derived
    curated: Sequence[int]  # entry -> position of its curated passage
    calibration: Calibration
    memory: Memory  # of this retriever alone: another one has another
    inside: Inside | None = None  # the pages behind the links, where some were read

    def with_pages(self, inside: Inside | None, entries: Sequence[Entry]) -> Retriever:
        """The same with what was read behind the links, and what was found out about these."""
        return replace(self, inside=inside, entries=entries, memory=Memory())

    def search(
        self, question: str, conversation: Conversation | None = None, limit: int = 10
    ) -> Result:
        """The entries that answer a question, best first, with how sure the first is.

        At most `limit` of them, but a question for a list gets all that pass.
        """
        before = conversation or _FRESH
        query = self.parse(question)
        step = followup.step(question, query, bool(before.questions))
        if step.move == "noise":
            return Result(query, "nothing", (), "noise").stayed(before)
        if step.move in ("more", "similar") and not before.questions:
            return Result(query, "nothing", (), "more")
        if step.move in ("open", "similar"):
            return self._about(query, before, step, limit)
        if step.move == "more":
            result = self._searched(self._resumed(before.questions), before.seen, limit)
            result = self._with_inner(result, before.questions, len(result.hits), before.seen)
            return replace(result.stayed(before), intent="more", listed=())
        asked = (question, years.present(), limit, before if step.move == "refine" else None)
        if step.move == "refine":
            return self.memory.recall(asked, lambda: self._refined(query, question, before, limit))
        return self.memory.recall(asked, lambda: self._first(query, question, limit))

    def _first(self, query: Query, question: str, limit: int) -> Result:
        """What a question finds that stands alone."""
        if query.addresses and not (query.clues or self._known(query)):
            result = replace(self._elsewhere(query, limit), questions=(question,))
        else:
            result = self._searched(query, (), limit, (question,))
            result = self._with_inner(result, (question,), limit)
        if limit and not result.hits:  # nothing is near: where one may begin
            begin = self.derived.entrances(query.script[:2])
            return replace(result, hits=tuple(self._hit(query, Scored(at)) for at in begin))
        return self._with_neighbours(result, limit) if query.addresses else result

    def _known(self, query: Query) -> bool:
        return any(address in self.derived.addresses for address in query.addresses)

    def _elsewhere(self, query: Query, limit: int) -> Result:
        """What is near to an address that the catalog has not, by the words in it."""
        read = self.parse(" ".join(map(addresses.words, query.addresses)))
        near = replace(query, terms=read.terms, typed=read.typed, clues=read.clues)
        return Result(near, "nothing", self._searched(near, (), limit).hits)

    def _with_neighbours(self, result: Result, limit: int) -> Result:
        """Behind the works whose addresses were pasted alone, those most like the first."""
        if result.query.clues or not result.hits:
            return result
        near = self.similar(result.hits[0].entry.id, limit)
        return replace(result, hits=rank.beside(result.hits, near)[:limit])

    def _with_inner(
        self, result: Result, questions: Sequence[str], limit: int, without: Collection[str] = ()
    ) -> Result:
        """The result with the passages of pages that say more of what some questions come to.

        One that answers comes first, where nothing else does half of it: none that is left out.
        """
        if self.inside is None or not questions:
            return result
        at = self.derived.positions
        sought = self.inside.sought(questions, self.tokenizer, self.mender, result.query)
        top = at[result.hits[0].entry.id] if result.hits else None
        found = self.inside.search(sought, self.derived.fields, top)
        if not found:
            return result
        hits = [replace(hit, inner=found.get(at[hit.entry.id])) for hit in result.hits]
        result = replace(result, hits=tuple(hits))
        if result.query.lists:
            return result
        # Narrowed, a question that no entry says a word of still lists those that pass.
        silent = result.query.narrowed and not any(hit.explanation.shares for hit in hits[:1])
        before = hits[0] if hits and not silent and result.confidence != "nothing" else None
        may = {e: one for e, one in found.items() if self.entries[e].id not in without}
        leads = leading(may, sought, self.tokenizer, result, before)
        if leads is None:
            return result
        best, told = leads
        first = replace(self._hit(result.query, Scored(best)), inner=may[best])
        unmet = boosts.unmet(result.query, Scored(best), self.derived)
        if unmet and result.query.narrowed:
            return result
        known = [hit for hit in hits if hit.entry.id == first.entry.id]
        rest = [hit for hit in hits if hit.entry.id != first.entry.id]
        hits = [*(known or [first]), *rest][:limit]
        words = sought.query if not known else result.query  # to mark words of the passage
        return replace(result, query=words, confidence=told, hits=tuple(hits), unmet=unmet)

    def parse(self, question: str) -> Query:
        """A question as it is searched."""
        return self.memory.recall((question, years.present()), lambda: self._parse(question))

    def _parse(self, question: str) -> Query:
        query = query_rules.parse(question, self.tokenizer, self.mender, self.engine)
        query = without_people(filters.with_names(query, self.derived.names))
        return query.pasted if query.addresses and self._known(query) else query

    def similar(self, entry: str, limit: int = 10) -> tuple[Hit, ...]:
        """The entries most like one, by id: by its titles and keywords, the related ones first."""
        known = self.entries[own := self.derived.positions[entry]]
        words = [text for pair in (known.titles, *known.keywords) for text in (pair.en, pair.zh)]
        query = replace(self.parse("; ".join(words)), filters=Filters())
        found = {one.entry: one for one in self.ranked(query)}
        top = max((one.score for one in found.values()), default=boosts.NO_MATCH)
        for at in self._at(known.related):
            boosts.at(found, at).boosts["related"] = RELATED * top
        best = (one for one in rank.ordered(found) if one.entry != own)
        return tuple(self._hit(query, one) for one in islice(best, limit))

    def retold(self, questions: Sequence[str], shown: Sequence[str]) -> Result:
        """What a conversation has come to, told of the same entries once more."""
        query = self._resumed(questions)
        best = self.ranked(query)
        scored = {one.entry: one for one in best}
        hits = tuple(self._hit(query, scored.get(at) or Scored(at)) for at in self._at(shown))
        found = Result(query, self._confidence(query, best), hits, questions=tuple(questions))
        others = [one for one in self.derived.positions if one not in shown[:1]]
        return self._with_inner(found, questions, len(hits), others)

    def _about(self, query: Query, before: Conversation, step: Step, limit: int) -> Result:
        """One of the entries shown, opened, or those like it."""
        wanted = followup.numbered(before, step.number)
        at = next(iter(self._at(wanted)), None)
        if at is None:  # not so many were shown, or the catalog has changed since
            return Result(query, "nothing", (), "open").stayed(before)
        if step.move == "similar":
            found = Result(query, "sure", self.similar(wanted[0], limit), "similar")
            return replace(found.stayed(before), listed=())
        return Result(query, "sure", (self._hit(query, Scored(at)),), "open").stayed(before)

    def _refined(self, query: Query, question: str, before: Conversation, limit: int) -> Result:
        earlier = self._resumed(before.questions)
        shown = self._at(before.meant)
        year = next((year for at in shown if (year := self.entries[at].year)), None)
        seen = followup.left_out(question, before.shown)
        if followup.wants_same_authors(question) and shown:
            names = "; ".join(author.en for author in self.entries[shown[0]].authors)
            whole = replace(self.parse(names), script=query.script)
            seen = before.meant[:1]
        else:
            whole = followup.merged(earlier, query, question, year)
            if year and whole.filters.years and not (query.filters or earlier.filters):
                whole = replace(whole, beside=shown[0])
        whole = replace(whole, narrowed=True)
        result = self._searched(whole, seen, limit)
        if seen[1:] and (not result.hits or result.unmet):  # others were shown, behind the first
            behind = self._searched(whole, seen[:1], limit)
            result = behind if behind.hits and not behind.unmet else result
            if query.lists and not result.hits:  # "any other conference?" is not of that venue
                result = self._searched(query, seen[:1], limit)
        if "year" in result.unmet and followup.compares(question):  # none is: what is near, not it
            result = self._searched(whole, before.shown[:1], limit)
        # "any courses?" after a subject that has none asks for all; "any on that?" does not.
        anew = query.lists and not earlier.lists and not followup.refers(question)
        if "kind" in result.unmet and query.filters.kinds and anew:
            return replace(self._searched(query, seen, limit), questions=(question,))
        said = followup.dated(question, query.script, year)
        questions = (*before.questions, said)[-DEPTH:]
        result = self._with_inner(result, (*before.questions, question), limit, seen)
        result = replace(result, questions=questions, seen=seen)
        if result.confidence == "nothing" and query.subjects:  # what was asked before is not ours
            alone = self._first(query, question, limit)
            return result if alone.confidence == "nothing" else alone
        return result

    def _at(self, ids: Sequence[str]) -> list[int]:
        """Where entries stand, those that the catalog still has."""
        positions = self.derived.positions
        return [positions[one] for one in ids if one in positions]

    def _resumed(self, questions: Sequence[str]) -> Query:
        """The query that a conversation has come to."""
        query = followup.come_to(questions, self.parse)
        return replace(query, narrowed=len(questions) > 1)

    def _searched(
        self,
        query: Query,
        without: Collection[str],
        limit: int,
        questions: tuple[str, ...] = (),
    ) -> Result:
        best = self.ranked(query)
        if without:
            best = [one for one in best if self.entries[one.entry].id not in without]
        unmet = boosts.unmet(query, best[0], self.derived) if best else ()
        shown = best if query.lists and not unmet else best[:limit]  # a list is answered whole
        hits = tuple([self._hit(query, one) for one in shown])
        sure = self._confidence(query, best)
        return Result(query, sure, hits, unmet=unmet, questions=questions)

    def ranked(self, query: Query) -> list[Scored]:
        """Every entry that shares something with a query, best first."""
        scored = rank.group(self.engine, self.derived.places, query.terms)
        boosts.lift(scored, query, self.derived)
        return boosts.kept(query, rank.ordered(scored), self.derived)

    def features(self, query: Query, best: Sequence[Scored]) -> dict[str, float]:
        """What speaks for the best of the scored entries."""
        entry = best[0].entry
        curated, fields = self.curated[entry], self.derived.fields[entry]
        return confidence.features(query, best, self.engine, curated, fields)

    def _confidence(self, query: Query, best: Sequence[Scored]) -> Confidence:
        if not best:
            return "nothing"
        if query.addresses and self._known(query):
            return "sure"
        about = bool(query.filters.kinds and query.subjects)
        verdict = self.calibration.verdict(self.features(query, best), about)
        if verdict == "nothing" and "beside" in best[0].boosts:
            return "nothing" if boosts.unmet(query, best[0], self.derived) else "maybe"
        return verdict

    def _hit(self, query: Query, scored: Scored) -> Hit:
        curated = self.curated[scored.entry]
        fact = scored.fact_position
        shares = Shares(self.engine, curated, fact, query.terms)
        fields = self.derived.fields[scored.entry]
        return Hit(
            self.entries[scored.entry],
            scored.score,
            self.passages[curated if fact is None else fact],
            Explanation(shares, tuple(scored.boosts.items()), query.typed, fields),
        )
