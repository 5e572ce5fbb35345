"""Cases that a coordinator decides on: open, approved, declined. Which case needs one is the rules' work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from bot.store.rows import as_text, first

State = Literal["open", "approved", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Review:
    """One question to the coordinator."""

    id: int
    case_id: int
    state: State
    reason: str


def open_review(db: Database, case_id: int, now: datetime) -> int:
    """Put a case before the coordinator; returns the review's id."""
    row = first(
        db,
        "INSERT INTO reviews (case_id, state, created_at) VALUES (?, 'open', ?) RETURNING id",
        [case_id, as_text(now)],
    )
    assert row is not None
    return int(row["id"])


def find(db: Database, review_id: int) -> Review | None:
    """One review."""
    row = first(db, "SELECT id, case_id, state, reason FROM reviews WHERE id = ?", [review_id])
    return None if row is None else Review(**row)


def open_of_case(db: Database, case_id: int) -> Review | None:
    """The review that waits in a case."""
    row = first(db, "SELECT id, case_id, state, reason FROM reviews WHERE case_id = ? AND state = 'open'", [case_id])
    return None if row is None else Review(**row)


def decide(db: Database, review_id: int, state: State, reason: str, via: str, now: datetime) -> bool:
    """Decide an open review; False when somebody was first."""
    cursor = db.execute(
        "UPDATE reviews SET state = ?, reason = ?, decided_via = ?, decided_at = ? WHERE id = ? AND state = 'open'",
        [state, reason, via, as_text(now), review_id],
    )
    return cursor.rowcount == 1


def withdraw_of_case(db: Database, case_id: int, now: datetime) -> None:
    """Close the open review of a case that stops."""
    db.execute(
        "UPDATE reviews SET state = 'withdrawn', decided_at = ? WHERE case_id = ? AND state = 'open'",
        [as_text(now), case_id],
    )
