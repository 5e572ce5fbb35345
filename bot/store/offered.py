"""The experts that an adviser was shown for a proposal, each with the number it keeps in every letter and page."""

from collections.abc import Iterable

from sqlite_utils import Database


def of_proposal(db: Database, proposal_id: int) -> dict[int, str]:
    """Number → expert id, in order; number 1 is the expert of the proposal itself."""
    rows = db.query("SELECT number, expert_id FROM offered WHERE proposal_id = ? ORDER BY number", [proposal_id])
    return {row["number"]: row["expert_id"] for row in rows}


def add(db: Database, proposal_id: int, experts: Iterable[str]) -> None:
    """Give the next numbers to these experts; one who has a number already keeps it."""
    for expert_id in experts:
        db.execute(
            "INSERT INTO offered (proposal_id, number, expert_id) SELECT ?, coalesce(max(number), 0) + 1, ?"
            " FROM offered WHERE proposal_id = ? ON CONFLICT (proposal_id, expert_id) DO NOTHING",
            [proposal_id, expert_id, proposal_id],
        )
