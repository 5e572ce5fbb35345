"""A case and its proposals: what they hold, the one table of allowed changes for each, and what comes next.

Who decides and how it is told does not belong here; docs/states.md shows the tables as diagrams.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from inbox.found_need import Need
from inbox.known_facts import Facts
from inbox.message import Channel
from matcher.rules import Eligibility, Verdict

if TYPE_CHECKING:  # lists of cases start without what ranking needs to count
    from matcher.ranking import Ranking

CaseState = Literal[
    "new", "asking", "review", "proposed", "accepted",
    "introduced", "unserved", "referred", "withdrawn", "closed",
]  # fmt: skip
CaseEvent = Literal[
    "facts_missing", "facts_complete", "needs_review", "outside_area", "reviewed_yes", "reviewed_no",
    "proposed", "no_expert", "adviser_accepted", "adviser_declined", "consent_given", "consent_refused",
    "follow_up_done", "withdrawn", "closed", "kept_no_longer", "reopened",
]  # fmt: skip
ProposalState = Literal["open", "accepted", "declined", "replaced", "expired", "withdrawn"]
ProposalEvent = Literal[
    "adviser_accepted", "adviser_declined", "other_picked", "handed_over", "expired", "initiator_withdrew"
]
State = TypeVar("State", bound=str)
Event = TypeVar("Event", bound=str)

MOST_ROUNDS = 3
"""After so many rounds of questions a person looks, instead of a fourth round."""


class NotAllowed(ValueError):
    """The event cannot happen in this state."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question of one initiator. `consent` tells whether contact details may go to an expert (None: not asked).

    `contact` is the mail address or phone number that somebody without a mail address told beside the conversation.
    """

    id: int
    reference: str
    initiator: str
    initiator_name: str
    channel: Channel
    language: str
    state: CaseState
    facts: Facts
    needs: tuple[Need, ...]
    eligibility: Eligibility | None
    rounds_asked: int
    consent: bool | None
    opened_at: datetime
    contact: str = ""

    @property
    def reachable_at(self) -> str:
        """Where an expert can reach the initiator, outside the conversation with us; "" while that is not known."""
        return self.contact or (self.initiator if "@" in self.initiator else "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One expert put before one adviser for one case, decided once."""

    id: int
    case_id: int
    expert_id: str
    adviser_id: str
    state: ProposalState
    reason: str
    created_at: datetime
    decided_at: datetime | None


CASE_CHANGES: Mapping[tuple[CaseState, CaseEvent], CaseState] = {
    ("new", "facts_missing"): "asking",
    ("new", "facts_complete"): "new",
    ("new", "needs_review"): "review",
    ("new", "outside_area"): "referred",
    ("new", "proposed"): "proposed",
    ("new", "no_expert"): "unserved",
    ("new", "withdrawn"): "withdrawn",
    ("new", "closed"): "closed",
    ("new", "kept_no_longer"): "closed",
    ("asking", "facts_missing"): "asking",
    ("asking", "facts_complete"): "new",
    ("asking", "needs_review"): "review",
    ("asking", "outside_area"): "referred",
    ("asking", "proposed"): "proposed",
    ("asking", "no_expert"): "unserved",
    ("asking", "withdrawn"): "withdrawn",
    ("asking", "closed"): "closed",
    ("asking", "kept_no_longer"): "closed",
    ("review", "needs_review"): "review",
    ("review", "facts_missing"): "asking",
    ("review", "outside_area"): "referred",
    ("review", "reviewed_yes"): "new",
    ("review", "reviewed_no"): "closed",
    ("review", "withdrawn"): "withdrawn",
    ("review", "closed"): "closed",
    ("review", "kept_no_longer"): "closed",
    ("proposed", "proposed"): "proposed",
    ("proposed", "no_expert"): "unserved",
    ("proposed", "facts_missing"): "asking",
    ("proposed", "needs_review"): "review",
    ("proposed", "outside_area"): "referred",
    ("proposed", "adviser_accepted"): "accepted",
    ("proposed", "adviser_declined"): "proposed",
    ("proposed", "withdrawn"): "withdrawn",
    ("proposed", "closed"): "closed",
    ("proposed", "kept_no_longer"): "closed",
    ("accepted", "adviser_declined"): "proposed",
    ("accepted", "consent_given"): "introduced",
    # Without consent the details stay here: the initiator gets the expert's and may make contact.
    ("accepted", "consent_refused"): "introduced",
    ("accepted", "withdrawn"): "withdrawn",
    ("accepted", "closed"): "closed",
    ("accepted", "kept_no_longer"): "closed",
    ("introduced", "follow_up_done"): "closed",
    ("introduced", "withdrawn"): "withdrawn",
    ("introduced", "closed"): "closed",
    ("introduced", "kept_no_longer"): "closed",
    ("introduced", "reopened"): "new",
    ("unserved", "proposed"): "proposed",
    ("unserved", "no_expert"): "unserved",
    ("unserved", "facts_missing"): "asking",
    ("unserved", "needs_review"): "review",
    ("unserved", "outside_area"): "referred",
    ("unserved", "withdrawn"): "withdrawn",
    ("unserved", "closed"): "closed",
    ("unserved", "kept_no_longer"): "closed",
    ("referred", "reopened"): "new",
    ("withdrawn", "reopened"): "new",
    ("closed", "reopened"): "new",
}
CASE_ENDS: frozenset[CaseState] = frozenset({"referred", "withdrawn", "closed"})

PROPOSAL_CHANGES: Mapping[tuple[ProposalState, ProposalEvent], ProposalState] = {
    ("open", "adviser_accepted"): "accepted",
    ("open", "adviser_declined"): "declined",
    ("open", "other_picked"): "replaced",
    ("open", "handed_over"): "open",
    ("open", "expired"): "expired",
    ("open", "initiator_withdrew"): "withdrawn",
    ("accepted", "adviser_declined"): "declined",
    ("accepted", "other_picked"): "replaced",
    ("accepted", "initiator_withdrew"): "withdrawn",
}
# An accepted proposal may stay so for good: it is the introduction that was made.
PROPOSAL_ENDS: frozenset[ProposalState] = frozenset({"accepted", "declined", "replaced", "expired", "withdrawn"})


def change_case(state: CaseState, event: CaseEvent) -> CaseState:
    """Return the state after the event. Raises NotAllowed when the table has no such change."""
    return _change(CASE_CHANGES, state, event)


def change_proposal(state: ProposalState, event: ProposalEvent) -> ProposalState:
    """Return the state after the event. Raises NotAllowed when the table has no such change."""
    return _change(PROPOSAL_CHANGES, state, event)


def mermaid(changes: Mapping[tuple[State, Event], State], start: State, ends: Collection[State]) -> str:
    """Return a table of changes as a Mermaid state diagram, one line a change, in the table's order."""
    lines = ["stateDiagram-v2", f"    [*] --> {start}"]
    lines += [f"    {before} --> {after}: {event}" for (before, event), after in changes.items()]
    lines += [f"    {state} --> [*]" for state in sorted(ends)]
    return "\n".join(lines) + "\n"


def next_step(
    verdict: Verdict, needs: Sequence[Need], ranking: Ranking, rounds_asked: int, *, reviewed: bool = False
) -> CaseEvent:
    """Decide what happens to a case after everything told so far was understood.

    `rounds_asked` counts the rounds of questions sent; `reviewed` means that a coordinator let the
    case take part, which settles everything about its facts except a place outside the area.
    """
    if verdict.eligibility == "outside_area":
        return "outside_area"
    if verdict.eligibility == "review" and not reviewed:
        return "needs_review"
    if not needs or (verdict.eligibility == "incomplete" and not reviewed):
        return "facts_missing" if rounds_asked < MOST_ROUNDS else "needs_review"
    return "proposed" if ranking.matches else "no_expert"


def _change(changes: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    after = changes.get((state, event))
    if after is None:
        raise NotAllowed(f"{event} can't happen in state {state}")
    return after
