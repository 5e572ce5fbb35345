"""Proposals as rows: one expert for one case, put to one adviser, decided once."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment
from matcher.proposal import Proposal, ProposalState

COLUMNS = "id, case_id, expert_id, adviser_id, state, reason, created_at, decided_at"


def _proposal(row: dict[str, Any]) -> Proposal:
    decided = moment(row["decided_at"]) if row["decided_at"] else None
    return Proposal(**{**row, "created_at": moment(row["created_at"]), "decided_at": decided})


def keep_new(db: Database, case_id: int, expert_id: str, adviser_id: str, now: datetime) -> Proposal:
    """Make an open proposal. The database refuses a second open one for the same case."""
    row = first(
        db,
        "INSERT INTO proposals (case_id, expert_id, adviser_id, state, created_at)"  # noqa: S608 - our own names
        f" VALUES (?, ?, ?, 'open', ?) RETURNING {COLUMNS}",
        [case_id, expert_id, adviser_id, as_text(now)],
    )
    assert row is not None
    return _proposal(row)


def find(db: Database, proposal_id: int) -> Proposal | None:
    """One proposal."""
    row = first(db, f"SELECT {COLUMNS} FROM proposals WHERE id = ?", [proposal_id])  # noqa: S608 - our own names
    return None if row is None else _proposal(row)


def of_case(db: Database, case_id: int) -> list[Proposal]:
    """The proposals of a case, oldest first."""
    rows = db.query(f"SELECT {COLUMNS} FROM proposals WHERE case_id = ? ORDER BY id", [case_id])  # noqa: S608
    return [_proposal(row) for row in rows]


def decide(db: Database, proposal_id: int, state: ProposalState, reason: str, via: str, now: datetime) -> bool:
    """Write the decision on an open proposal; False when somebody was first."""
    cursor = db.execute(
        "UPDATE proposals SET state = ?, reason = ?, decided_via = ?, decided_at = ? WHERE id = ? AND state = 'open'",
        [state, reason, via, as_text(now), proposal_id],
    )
    return cursor.rowcount == 1


def open_of_case(db: Database, case_id: int) -> Proposal | None:
    """The proposal that waits in a case."""
    sql = f"SELECT {COLUMNS} FROM proposals WHERE case_id = ? AND state = 'open'"  # noqa: S608 - our own names
    row = first(db, sql, [case_id])
    return None if row is None else _proposal(row)


def accepted_of_case(db: Database, case_id: int) -> Proposal | None:
    """The proposal that was accepted in a case."""
    sql = f"SELECT {COLUMNS} FROM proposals WHERE case_id = ? AND state = 'accepted'"  # noqa: S608 - our own names
    row = first(db, sql, [case_id])
    return None if row is None else _proposal(row)


def decided(db: Database) -> list[Proposal]:
    """Every proposal that an adviser accepted or declined, oldest first."""
    sql = f"SELECT {COLUMNS} FROM proposals WHERE state IN ('accepted', 'declined') ORDER BY id"  # noqa: S608
    return [_proposal(row) for row in db.query(sql)]
