"""Questions of an adviser to an initiator that went through us, and whether an answer came."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first


@dataclass(frozen=True, slots=True)
class AdviserQuestion:
    """What an adviser asked, and whether an answer came."""

    words: str
    answered: bool


def keep(db: Database, case_id: int, proposal_id: int, question: str, now: datetime) -> int:
    """Store a question that is put to the initiator; returns its number."""
    row = first(
        db,
        "INSERT INTO adviser_questions (case_id, proposal_id, question, asked_at) VALUES (?, ?, ?, ?) RETURNING id",
        [case_id, proposal_id, question, as_text(now)],
    )
    assert row is not None
    return int(row["id"])


def waiting_in(db: Database, case_id: int) -> str | None:
    """The newest question of a case that has no answer yet."""
    row = first(
        db,
        "SELECT question FROM adviser_questions WHERE case_id = ? AND answered_at IS NULL ORDER BY id DESC LIMIT 1",
        [case_id],
    )
    return None if row is None else str(row["question"])


def last_of(db: Database, proposal_id: int) -> AdviserQuestion | None:
    """The newest question about a proposal, one that still waits before all others."""
    row = first(
        db,
        "SELECT question, answered_at IS NOT NULL AS answered FROM adviser_questions WHERE proposal_id = ?"
        " ORDER BY answered, id DESC LIMIT 1",
        [proposal_id],
    )
    return None if row is None else AdviserQuestion(str(row["question"]), bool(row["answered"]))


def mark_answered(db: Database, case_id: int, now: datetime) -> None:
    """An answer came: it counts for every question of the case that waited."""
    sql = "UPDATE adviser_questions SET answered_at = ? WHERE case_id = ? AND answered_at IS NULL"
    db.execute(sql, [as_text(now), case_id])
