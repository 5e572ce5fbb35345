"""Nobody answered "is this right?" or "same or new?": after a day the case goes on without it. Decides no case."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.clock.one_by_one import one_by_one
from bot.initiator import confirming
from bot.pool_vectors import PoolShelf
from bot.store import asked, cases
from bot.turn import Turn
from bot.wiring import Wiring
from matcher.proposal import Case

PATIENCE = timedelta(days=1)


def go_on(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """Let every case go on that waits for no more than such an answer; returns how many. Each in its own commit."""
    waiting = [known.case_id for known in asked.silent(db, now - PATIENCE) if confirming.may_go_on(known)]
    if not waiting:
        return 0
    turn = Turn(db, wiring, shelf.current(db), now, cause="silence")
    return one_by_one(db, waiting, lambda case_id: _due(turn, case_id), lambda _, case: _go_on(turn, case))


def _due(turn: Turn, case_id: int) -> Case | None:
    """The case when it still waits for such an answer, and has done so long enough."""
    case = cases.find(turn.db, case_id)
    if case is None or not any(known.case_id == case_id for known in asked.silent(turn.db, turn.now - PATIENCE)):
        return None
    return case if confirming.needs_no_answer(case, asked.of_case(turn.db, case_id)) else None


def _go_on(turn: Turn, case: Case) -> None:
    turn = replace(turn, cause=f"silence:{case.id}:{turn.now.date().isoformat()}")
    confirming.go_on_without_answer(turn, case)
