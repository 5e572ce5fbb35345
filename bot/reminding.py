"""An adviser wants to hear of a proposal on another day: that day is kept, and on it the proposal comes once more."""

from datetime import date, datetime

from sqlite_utils import Database

from bot.brokering import put_before
from bot.pool_vectors import PoolShelf
from bot.store import cases, proposals, reminders
from bot.store.database import transaction
from bot.turn import AMSTERDAM, Turn
from bot.wiring import Wiring
from matcher.pool import PoolVectors
from matcher.proposal import Case, Proposal

FIRST_HOUR = 8  # Amsterdam time: at the beginning of a working day


def come_back(turn: Turn, case: Case, proposal: Proposal, day: date) -> None:
    """Remember the day and confirm it; the proposal stays open, and whoever decides earlier may."""
    reminders.keep(turn.db, proposal.id, day)
    turn.note(case, "put_off", "adviser", day.isoformat())
    turn.to_person(turn.person(proposal.adviser_id), case, "later_confirmed", day=day)


def remind(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """Write the reminders of today, from the first hour on; returns how many. Each in a commit of its own."""
    local = now.astimezone(AMSTERDAM)
    waiting = reminders.due(db, local.date()) if local.hour >= FIRST_HOUR else []
    if not waiting:
        return 0
    pool = shelf.current(db)
    return sum(_remind(db, wiring, pool, proposal_id, now) for proposal_id in waiting)


def _remind(db: Database, wiring: Wiring, pool: PoolVectors, proposal_id: int, now: datetime) -> bool:
    """Remind of one proposal, unless it was decided or reminded of a moment ago."""
    with transaction(db):
        proposal = proposals.find(db, proposal_id)
        case = cases.find(db, proposal.case_id) if proposal is not None else None
        if not reminders.forget(db, proposal_id) or proposal is None or case is None or proposal.state != "open":
            return False
        turn = Turn(db, wiring, pool, now, cause=f"reminder:{proposal_id}:{now.date().isoformat()}")
        turn.note(case, "reminded", "bot")
        put_before(turn, case, proposal, "reminder")
    return True
