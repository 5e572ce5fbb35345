"""Why each expert was or was not proposed in a case, as it stood when the ranking was made."""

from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_json, from_json
from matcher.ranking import Ranking

MOST_LEFT_OUT = 200  # of a pool of thousands, the first so many reasons are enough to look back on


def keep(db: Database, case_id: int, ranking: Ranking) -> None:
    """Replace the kept ranking of a case; call inside a transaction."""
    db.execute("DELETE FROM ranked WHERE case_id = ?", [case_id])
    matches = [
        {
            "case_id": case_id,
            "expert_id": match.expert.id,
            "position": position,
            "score": match.score,
            "needs": as_json(match.needs),
            "why": as_json([asdict(why) for why in match.why]),
            "region": match.region,
            "because": "[]",
        }
        for position, match in enumerate(ranking.matches, start=1)
    ]
    left_out = [
        {
            "case_id": case_id,
            "expert_id": left.expert.id,
            "position": None,
            "score": None,
            "needs": "[]",
            "why": "[]",
            "region": None,
            "because": as_json(left.because),
        }
        for left in ranking.left_out[:MOST_LEFT_OUT]
    ]
    db.table("ranked").insert_all(matches + left_out)


def of_case(db: Database, case_id: int) -> list[dict[str, Any]]:
    """The kept ranking: matches in order, then those left out with their reasons."""
    rows = db.query(
        "SELECT r.*, e.name, e.organisation FROM ranked r LEFT JOIN experts e ON e.id = r.expert_id"
        " WHERE case_id = ? ORDER BY position IS NULL, position, expert_id",
        [case_id],
    )
    return [{**row, **{name: from_json(row[name]) for name in ("needs", "why", "because")}} for row in rows]
