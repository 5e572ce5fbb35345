"""The proposals that wait for one adviser, and the letter that lists them. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from bot.adviser.page_links import own_page
from bot.store import absences, cases, pool, proposals
from bot.turn import AMSTERDAM, Turn
from expertise.availability import is_away
from expertise.experts import Expert
from matcher.proposal import Case, Proposal


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits, with its case, the expert in it, and why it came to this adviser (codes)."""

    proposal: Proposal
    case: Case
    expert: Expert
    because: tuple[str, ...]

    @property
    def since(self) -> date:
        """The day on which it was made, in the Netherlands."""
        return self.proposal.created_at.astimezone(AMSTERDAM).date()


def of(db: Database, adviser: Expert) -> tuple[Waiting, ...]:
    """What waits for an adviser, the oldest first."""
    return tuple(waiting_of(db, proposal) for proposal in proposals.waiting_for(db, adviser.id))


def waiting_of(db: Database, proposal: Proposal) -> Waiting:
    """One proposal with all that is told of it."""
    case, expert = cases.find(db, proposal.case_id), pool.find(db, proposal.expert_id)
    assert case is not None, "the database keeps the case of a proposal"
    assert expert is not None, "the database keeps the expert of a proposal"
    return Waiting(proposal, case, expert, proposals.route_of(db, proposal.id))


def tell(turn: Turn, adviser: Expert) -> int:
    """Write the adviser a letter with everything that waits and the link to the own page; returns how much waits."""
    waiting = of(turn.db, adviser)
    page = own_page(turn, adviser)
    listed = [waiting_facts(turn, each) for each in waiting]
    turn.to_person(adviser, None, "open_proposals", page.secret, proposals=listed, page_link=page.link)
    return len(waiting)


def tell_stuck(turn: Turn, adviser: Expert, waiting: Sequence[Waiting], last_day: date | None) -> None:
    """Tell the coordinator what waits with an adviser who is not there, and that nobody else is there either.

    `last_day` is that of the absence; None for somebody who has left.
    """
    listed = [waiting_facts(turn, each) for each in waiting]
    turn.to_coordinator(
        None,
        "proposals_stuck",
        adviser_name=adviser.name,
        has_left=last_day is None,
        last_day=last_day,
        proposals=listed,
    )


def last_day_away(turn: Turn, adviser: Expert) -> date | None:
    """The last day of an absence that holds today; None for somebody who is not away."""
    days = [each.last_day for each in absences.on(turn.db, turn.today) if each.person_id == adviser.id]
    return max(days, default=adviser.away_until if is_away(adviser, turn.today) else None)


def waiting_facts(turn: Turn, waiting: Waiting) -> dict[str, Any]:
    """A proposal as letters and pages list it; no contact detail of the initiator is among it."""
    case = waiting.case
    return {
        "id": waiting.proposal.id,
        "reference": case.reference,
        "initiative": case.facts.initiative or "",
        "municipality": case.facts.municipality or "",
        "labels": [turn.wiring.label(need.code) for need in case.needs],
        "expert": waiting.expert.name,
        "organisation": waiting.expert.organisation,
        "since": waiting.since,
        "because": waiting.because,
        "colleague": "",
    }
