"""The pool of experts and advisers as rows, and how many open matches each of them has."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_json, first, from_json
from expertise.experts import Expert

LISTS = ("needs", "regions", "languages")


def _row(expert: Expert) -> dict[str, Any]:
    return {
        "id": expert.id,
        "name": expert.name,
        "organisation": expert.organisation,
        "role": expert.role,
        "email": expert.email,
        "telegram": expert.telegram,
        "needs": as_json(expert.needs),
        "profile": expert.profile,
        "regions": as_json(expert.regions),
        "languages": as_json(expert.languages),
        "capacity": expert.capacity,
        "active": int(expert.active),
        "away_until": expert.away_until.isoformat() if expert.away_until else None,
        "in_pool": 1,
    }


def _expert(row: dict[str, Any]) -> Expert:
    return _expert_of(tuple(row.items()))


@lru_cache(maxsize=4096)
def _expert_of(row_cells: tuple[tuple[str, Any], ...]) -> Expert:
    """The pool is read for every message, and its rows hardly ever change."""
    row = dict(row_cells)
    cells = {name: value for name, value in row.items() if name != "in_pool"}
    cells |= {name: tuple(from_json(row[name])) for name in LISTS}
    cells["active"] = bool(row["active"])
    cells["away_until"] = date.fromisoformat(row["away_until"]) if row["away_until"] else None
    return Expert(**cells)


def replace(db: Database, experts: Iterable[Expert]) -> None:
    """Make the pool exactly these people; call inside a transaction.

    Somebody who left stays as a row out of the pool, because earlier proposals name him or her.
    """
    db.execute("UPDATE experts SET in_pool = 0")
    db.table("experts").upsert_all((_row(expert) for expert in experts), pk="id")


def keep_one(db: Database, expert: Expert) -> None:
    """Write somebody of the pool as he or she is now."""
    db.table("experts").upsert(_row(expert), pk="id")


def everyone(db: Database) -> tuple[Expert, ...]:
    """The pool, by id."""
    return tuple(_expert(row) for row in db.query("SELECT * FROM experts WHERE in_pool = 1 ORDER BY id"))


def find(db: Database, expert_id: str) -> Expert | None:
    """One person, also when no longer in the pool."""
    row = first(db, "SELECT * FROM experts WHERE id = ?", [expert_id])
    return None if row is None else _expert(row)


def with_address(db: Database, email: str) -> Expert | None:
    """The person with exactly this mail address, also when no longer in the pool."""
    row = first(db, "SELECT * FROM experts WHERE email = ? ORDER BY in_pool DESC, active DESC, id", [email])
    return None if row is None else _expert(row)


def loads(db: Database, besides: int | None = None) -> dict[str, int]:
    """Matches in progress an expert: proposed, accepted or introduced in a case that is not closed.

    Those of the case `besides` do not count.
    """
    rows = db.query(
        "SELECT p.expert_id, count(*) AS n FROM cases c CROSS JOIN proposals p ON p.case_id = c.id"  # those few first
        " WHERE p.state IN ('open', 'accepted') AND c.closed_at IS NULL AND c.id IS NOT ? GROUP BY p.expert_id",
        [besides],
    )
    return {row["expert_id"]: row["n"] for row in rows}


def adviser_loads(db: Database) -> dict[str, int]:
    """Proposals that wait for a decision, an adviser."""
    rows = db.query("SELECT adviser_id, count(*) AS n FROM proposals WHERE state = 'open' GROUP BY adviser_id")
    return {row["adviser_id"]: row["n"] for row in rows}
