"""A review that no coordinator decides on: one reminder, by which it can be decided. Reports tell of it elsewhere."""

from datetime import datetime

from sqlite_utils import Database

from bot.clock.deadlines import NextStep, Waits, of_review
from bot.clock.one_by_one import in_office_hours
from bot.coordinator.reviewing import review_facts
from bot.pool_vectors import PoolShelf
from bot.store import cases, reviews, waits
from bot.turn import AMSTERDAM, Turn
from bot.wiring import Wiring


def remind(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """What the clock calls: one reminder a review that waits too long; returns how many. Each in its own commit."""
    return in_office_hours(db, wiring, shelf, now, "late_review", waits.open_reviews, _due, _remind)


def _due(turn: Turn, told_by: Waits, review_id: int) -> NextStep | None:
    review = reviews.find(turn.db, review_id)
    case = cases.find(turn.db, review.case_id) if review is not None else None
    if review is None or case is None or review.state != "open":
        return None
    step = of_review(told_by, waits.history(turn.db, case.id), case.opened_at)
    return step if step is not None and step.at <= turn.now else None


def _remind(turn: Turn, _told_by: Waits, review_id: int, step: NextStep) -> None:
    review = reviews.find(turn.db, review_id)
    case = cases.find(turn.db, review.case_id) if review is not None else None
    assert case is not None
    turn = Turn(turn.db, turn.wiring, turn.pool, turn.now, cause=f"late_review:{review_id}")
    turn.note(case, "review_reminded", "bot")
    secret = turn.invite("review", review_id, turn.wiring.settings.programme.coordinator)
    day = step.begun.astimezone(AMSTERDAM).date()
    turn.to_coordinator(case, "review_reminder", secret, day=day, **review_facts(turn, case))
