"""An adviser wants to hear of a proposal on another day: that day is kept, and on it the proposal comes once more."""

from dataclasses import replace
from datetime import date, datetime

from sqlite_utils import Database

from bot.brokering import put_before
from bot.clock.one_by_one import one_by_one
from bot.pool_vectors import PoolShelf
from bot.store import cases, proposals, reminders
from bot.turn import AMSTERDAM, Turn
from bot.wiring import Wiring
from matcher.proposal import Case, Proposal


def come_back(turn: Turn, case: Case, proposal: Proposal, day: date) -> None:
    """Remember the day and confirm it; the proposal stays open, and whoever decides earlier may."""
    reminders.keep(turn.db, proposal.id, day)
    turn.note(case, "put_off", "adviser", day.isoformat())
    turn.to_person(turn.person(proposal.adviser_id), case, "later_confirmed", day=day)


def remind(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """Write the reminders of today, from the first hour on; returns how many. Each in a commit of its own."""
    local = now.astimezone(AMSTERDAM)
    waiting = reminders.due(db, local.date()) if local.hour >= wiring.settings.clock.first_hour else []
    if not waiting:
        return 0
    turn = Turn(db, wiring, shelf.current(db), now, cause="reminder")
    return one_by_one(db, waiting, lambda proposal_id: _due(turn, proposal_id), lambda _, due: _remind(turn, due))


def _due(turn: Turn, proposal_id: int) -> Proposal | None:
    """The proposal, unless it was decided or reminded of a moment ago."""
    proposal = proposals.find(turn.db, proposal_id)
    waits = proposal is not None and proposal.state == "open" and reminders.waits(turn.db, proposal_id, turn.today)
    return proposal if waits else None


def _remind(turn: Turn, proposal: Proposal) -> None:
    case = cases.find(turn.db, proposal.case_id)
    assert case is not None, "the database keeps the case of a proposal"
    reminders.forget(turn.db, proposal.id)
    turn = replace(turn, cause=f"reminder:{proposal.id}:{turn.now.date().isoformat()}")
    turn.note(case, "reminded", "bot")
    put_before(turn, case, proposal, "reminder")
