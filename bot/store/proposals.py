"""Proposals as rows: one expert for one case, put to one adviser, decided once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_json, as_text, first, from_json, moment
from matcher.proposal import Proposal, ProposalState

NOBODY_THERE = "nobody_there"
"""The code of why a proposal waits with an adviser who is not there: nobody else was, either."""
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


def hand_over(db: Database, proposal_id: int, adviser_id: str) -> bool:
    """Put an open proposal before another adviser; False when it is no longer open."""
    sql = "UPDATE proposals SET adviser_id = ? WHERE id = ? AND state = 'open'"
    return db.execute(sql, [adviser_id, proposal_id]).rowcount == 1


def keep_what_if(db: Database, proposal_id: int, what_if: Mapping[str, str]) -> None:
    """Keep what would have changed the choice, as the letters of this proposal tell it."""
    db.execute("UPDATE proposals SET what_if = ? WHERE id = ?", [as_json(what_if), proposal_id])


def what_if_of(db: Database, proposal_id: int) -> dict[str, str]:
    """What would have changed the choice: `because` and the expert's id, or nothing."""
    row = first(db, "SELECT what_if FROM proposals WHERE id = ?", [proposal_id])
    return {} if row is None else dict(from_json(row["what_if"]))


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


def replace_accepted(db: Database, proposal_id: int, via: str, now: datetime) -> bool:
    """Let another expert come after an introduction that was made; False when it was not accepted."""
    cursor = db.execute(
        "UPDATE proposals SET state = 'replaced', decided_via = ?, decided_at = ? WHERE id = ? AND state = 'accepted'",
        [via, as_text(now), proposal_id],
    )
    return cursor.rowcount == 1


def take_back_accepted(db: Database, proposal_id: int, via: str, now: datetime) -> bool:
    """The initiator goes no further with a match that was accepted; False when it was not."""
    cursor = db.execute(
        "UPDATE proposals SET state = 'withdrawn', decided_via = ?, decided_at = ? WHERE id = ? AND state = 'accepted'",
        [via, as_text(now), proposal_id],
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


def waiting_for(db: Database, adviser_id: str) -> list[Proposal]:
    """The proposals that wait for one adviser, oldest first."""
    sql = f"SELECT {COLUMNS} FROM proposals WHERE adviser_id = ? AND state = 'open' ORDER BY id"  # noqa: S608
    return [_proposal(row) for row in db.query(sql, [adviser_id])]


def keep_route(db: Database, proposal_id: int, adviser_id: str, because: Sequence[str]) -> None:
    """Remember why a proposal goes to this adviser, as codes."""
    db.execute("UPDATE proposals SET routed = ? WHERE id = ?", [" ".join((adviser_id, *because)), proposal_id])


def route_of(db: Database, proposal_id: int) -> tuple[str, ...]:
    """Why a proposal went to the adviser who has it now; () when a colleague handed it over."""
    row = first(db, "SELECT adviser_id, routed FROM proposals WHERE id = ?", [proposal_id])
    adviser_id, *because = row["routed"].split() if row and row["routed"] else [""]
    return tuple(because) if row is not None and adviser_id == row["adviser_id"] else ()


def left_alone(db: Database) -> list[str]:
    """The ids of advisers with whom a proposal waits though they left, or because nobody was there."""
    rows = db.query(
        "SELECT DISTINCT p.adviser_id FROM proposals p JOIN experts e ON e.id = p.adviser_id WHERE p.state = 'open'"
        " AND (NOT (e.in_pool AND e.active AND e.role = 'adviser') OR p.routed LIKE '% ' || ?) ORDER BY p.adviser_id",
        [NOBODY_THERE],
    )
    return [str(row["adviser_id"]) for row in rows]
