"""Days on which an adviser wants to hear of a proposal again; one a proposal, gone once it was sent."""

from datetime import date

from sqlite_utils import Database


def keep(db: Database, proposal_id: int, day: date) -> None:
    """Remind of this proposal on this day, instead of on any other."""
    db.execute(
        "INSERT INTO reminders (proposal_id, day) VALUES (?, ?) ON CONFLICT (proposal_id) DO UPDATE SET day ="
        " excluded.day",
        [proposal_id, day.isoformat()],
    )


def due(db: Database, today: date) -> list[int]:
    """The open proposals of which somebody wants to hear today or earlier, by number."""
    rows = db.query(
        "SELECT proposal_id FROM reminders JOIN proposals p ON p.id = proposal_id WHERE day <= ? AND p.state = 'open'"
        " ORDER BY proposal_id",
        [today.isoformat()],
    )
    return [row["proposal_id"] for row in rows]


def waits(db: Database, proposal_id: int, today: date) -> bool:
    """Whether a reminder of this proposal is due today or was before."""
    sql = "SELECT 1 FROM reminders WHERE proposal_id = ? AND day <= ?"
    return db.execute(sql, [proposal_id, today.isoformat()]).fetchone() is not None


def forget(db: Database, proposal_id: int) -> bool:
    """No reminder of this proposal any more; False when there was none."""
    return db.execute("DELETE FROM reminders WHERE proposal_id = ?", [proposal_id]).rowcount == 1
