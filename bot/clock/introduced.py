"""When the initiator of an introduction is asked how it went, and when its case ends without an answer.

What is asked, and what the answers lead to, is bot/initiator/following_up.py's; when it is due tells deadlines.py.
"""

from datetime import datetime

from sqlite_utils import Database

from bot.brokering import keep_state
from bot.clock.deadlines import NextStep, Waits, of_introduction
from bot.clock.one_by_one import in_office_hours
from bot.initiator import following_up
from bot.pool_vectors import PoolShelf
from bot.store import cases, waits
from bot.turn import Turn
from bot.wiring import Wiring
from matcher.proposal import Case

STATE = "introduced"


def go_on(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """What the clock calls: every introduction gets what is due; returns how many did. Each in its own commit."""
    return in_office_hours(db, wiring, shelf, now, STATE, _introduced, _due, _act)


def _introduced(db: Database) -> list[int]:
    return waits.cases_in(db, STATE)


def next_step(turn: Turn, told_by: Waits, case: Case) -> NextStep | None:
    """What an introduction gets next and when; None for a case in another state."""
    if case.state != "introduced":
        return None
    return of_introduction(told_by, waits.history(turn.db, case.id), case.opened_at)


def _due(turn: Turn, told_by: Waits, case_id: int) -> NextStep | None:
    case = cases.find(turn.db, case_id)
    step = next_step(turn, told_by, case) if case is not None else None
    return step if step is not None and step.at <= turn.now else None


def _act(turn: Turn, _told_by: Waits, case_id: int, step: NextStep) -> None:
    case = cases.find(turn.db, case_id)
    assert case is not None
    written = len(waits.history(turn.db, case.id))  # a letter's key has to be of this occasion alone
    turn = Turn(turn.db, turn.wiring, turn.pool, turn.now, cause=f"introduced:{case_id}:{written}")
    if step.what == "ask":
        following_up.ask_how_it_went(turn, case)
    elif step.what == "ask_again":
        following_up.ask_once_more(turn, case)
    else:
        _close(turn, case)


def _close(turn: Turn, case: Case) -> None:
    """The end, with which the expert has room again; the questions keep waiting for an answer after all."""
    case = keep_state(turn, case, "closed")
    turn.note(case, "closed", "bot", "no_follow_up")
    turn.to_initiator(case, "case_closed", turn.invite_initiator(case), after_introduction=True)
