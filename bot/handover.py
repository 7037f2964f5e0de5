"""What one answer leaves for the next question of the same person, while both are in hand, so that
a burst need not read it back. All but a plain question after a plain question is read anew.
"""

from __future__ import annotations

from bot.command import DIGEST, parse
from bot.inbox import Taken
from bot.lanes import lane
from bot.model import Question
from bot.outcome import Context, Outcome
from corpus.record import replace

Lane = tuple[str, str, str]


class Handover:
    """What is known in each lane after its last answer."""

    def __init__(self) -> None:
        self._known: dict[Lane, Context] = {}

    def keep(self, taken: Taken, outcome: Outcome, answer: str) -> None:
        """An event was answered by a message; the next of its lane may go on from that."""
        name, context = lane(taken.claim.event), taken.context
        plain = isinstance(taken.claim.event, Question) and answer and not outcome.settings
        if not plain or outcome.forget or outcome.again:
            self.end(name)
            return
        if outcome.conversation and context.keeps:
            context = replace(context, conversation=outcome.conversation)
        self._known[name] = replace(context, digest=None)

    def next(self, taken: Taken) -> Taken | None:
        """An event with what is known now; None where that must be read."""
        event = taken.claim.event
        known = self._known.get(lane(event))
        if known is None or not isinstance(event, Question):
            return None
        if event.replies_to or not event.addressed or _needs_more(event):
            return None
        return replace(taken, context=replace(known, late=taken.context.late))

    def end(self, name: Lane) -> None:
        """Nothing of a lane is in hand any more, or what is known cannot be told from here."""
        self._known.pop(name, None)


def _needs_more(event: Question) -> bool:
    """Whether more is to be known: of the paper of the week, or of which answer is to go."""
    command = parse(event.text)
    return command is not None and (command.verb in DIGEST or command.verb == "remove")
