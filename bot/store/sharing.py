"""Which initiatives agreed to be shown to others, and who would like to meet whom. Finds nothing alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

ToldBy = Literal["initiator", "coordinator"]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whether an initiative agreed that others hear of it: `case_id` is None for one of the shipped portfolio."""

    code: str
    case_id: int | None
    agreed: bool
    told_by: ToldBy
    told_at: datetime


def _sharing(row: dict[str, Any]) -> Sharing:
    return Sharing(row["code"], row["case_id"], bool(row["agreed"]), row["told_by"], moment(row["told_at"]))


def keep(db: Database, code: str, case_id: int | None, agreed: bool, told_by: ToldBy, now: datetime) -> None:
    """Write down a yes or a no; a later one goes before an earlier one."""
    db.execute(
        "INSERT OR REPLACE INTO sharing (code, case_id, agreed, told_by, told_at) VALUES (?, ?, ?, ?, ?)",
        [code, case_id, int(agreed), told_by, as_text(now)],
    )


def find(db: Database, code: str) -> Sharing | None:
    """What an initiative said; None when it was never asked."""
    row = first(db, "SELECT * FROM sharing WHERE code = ?", [code])
    return None if row is None else _sharing(row)


def everyone(db: Database) -> dict[str, Sharing]:
    """Every yes and no by the code of the initiative."""
    return {row["code"]: _sharing(row) for row in db.query("SELECT * FROM sharing ORDER BY code")}


def not_asked(db: Database, limit: int) -> list[int]:
    """The cases that were introduced to an expert and never said whether others may hear of them, newest first."""
    sql = (
        "SELECT id FROM cases WHERE state IN ('introduced', 'closed') AND substr(initiator, 1, 7) != 'erased:'"
        " AND id NOT IN (SELECT case_id FROM sharing WHERE case_id IS NOT NULL) AND id IN"
        " (SELECT case_id FROM events WHERE event = 'introduced') ORDER BY id DESC LIMIT ?"
    )
    return [int(row["id"]) for row in db.query(sql, [limit])]


def wish(db: Database, case_id: int, code: str, now: datetime) -> bool:
    """The initiator of a case would like to meet an initiative; False when that was known."""
    sql = "INSERT OR IGNORE INTO contact_wishes (case_id, code, wished_at) VALUES (?, ?, ?)"
    return db.execute(sql, [case_id, code, as_text(now)]).rowcount > 0


def wishes_of(db: Database, case_id: int) -> frozenset[str]:
    """Whom the initiator of a case would like to meet."""
    return frozenset(row["code"] for row in db.query("SELECT code FROM contact_wishes WHERE case_id = ?", [case_id]))
