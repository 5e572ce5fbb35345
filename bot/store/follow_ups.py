"""What an introduction brought: whether it helped, the phase the initiative is in now, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first
from inbox.follow_up import Helped


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the initiator of a case told so far; None and "" stand for what was not told."""

    case_id: int
    helped: Helped | None = None
    phase: int | None = None
    next: str = ""


def begin(db: Database, case_id: int, now: datetime) -> None:
    """Write down that a case is asked how it went; what was told before is forgotten."""
    db.execute("INSERT OR REPLACE INTO follow_ups (case_id, asked_at) VALUES (?, ?)", [case_id, as_text(now)])


def of_case(db: Database, case_id: int) -> FollowUp | None:
    """What was told after the introduction; None when nobody asked."""
    row = first(db, "SELECT case_id, helped, phase, next FROM follow_ups WHERE case_id = ?", [case_id])
    return None if row is None else FollowUp(**row)


def keep(db: Database, told: FollowUp, now: datetime) -> None:
    """Write down what is told so far."""
    db.execute(
        "UPDATE follow_ups SET helped = ?, phase = ?, next = ?, answered_at = ? WHERE case_id = ?",
        [told.helped, told.phase, told.next, as_text(now), told.case_id],
    )
