"""Nobody answered "is this right?" or "same or new?": after a day the case goes on without it. Decides no case."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from bot import confirming
from bot.pool_vectors import PoolShelf
from bot.store import asked, cases
from bot.store.database import transaction
from bot.turn import Turn
from bot.wiring import Wiring

PATIENCE = timedelta(days=1)


def go_on(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """Let every case go on that waits for no more than such an answer; returns how many. Each in its own commit."""
    waiting = [known.case_id for known in asked.silent(db, now - PATIENCE) if confirming.may_go_on(known)]
    if not waiting:
        return 0
    pool = shelf.current(db)
    gone = 0
    for case_id in waiting:
        with transaction(db):
            case = cases.find(db, case_id)
            turn = Turn(db, wiring, pool, now, cause=f"silence:{case_id}:{now.date().isoformat()}")
            gone += case is not None and confirming.go_on_without_answer(turn, case) is not None
    return gone
