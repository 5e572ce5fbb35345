"""Which initiatives agreed to be shown to others, and who would like to meet whom. Finds nothing alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_json, as_text, first, from_json, moment

ToldBy = Literal["initiator", "coordinator"]
ALL = -1  # for LIMIT: no limit


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


@dataclass(frozen=True, slots=True)
class Agreed:
    """What may be shown of a case that agreed: no person, and nothing that somebody wrote but the initiative's name."""

    case_id: int
    reference: str
    name: str | None
    municipality: str | None
    phase: int | None
    needs: tuple[str, ...]


_SHOWN = (
    "SELECT c.id, c.reference, c.initiative, c.municipality, c.phase, c.needs FROM sharing s CROSS JOIN cases c"
    " ON c.id = s.case_id WHERE s.agreed = 1 AND c.state NOT IN (SELECT value FROM json_each(?))"
)


def agreed(db: Database, gone: Collection[str], most: int = ALL) -> list[Agreed]:
    """The `most` cases that agreed last, those in a state of `gone` left out; by their references."""
    rows = db.query(f"{_SHOWN} ORDER BY s.told_at DESC LIMIT ?", [as_json(list(gone)), most])
    return sorted((_agreed(row) for row in rows), key=lambda each: each.reference)


def agreed_in_order(db: Database, gone: Collection[str], most: int, skip: int) -> list[Agreed]:
    """The same by their references: `most` of them, after leaving out the first `skip`."""
    rows = db.query(f"{_SHOWN} ORDER BY c.reference LIMIT ? OFFSET ?", [as_json(list(gone)), most, skip])
    return [_agreed(row) for row in rows]


def agreed_by_phase(db: Database, gone: Collection[str]) -> dict[int | None, int]:
    """How many cases agreed, by the design phase that is known of them."""
    rows = db.execute(f"SELECT phase, count(*) FROM ({_SHOWN}) GROUP BY phase", [as_json(list(gone))])  # noqa: S608
    return {phase: int(count) for phase, count in rows.fetchall()}


def agreed_before(db: Database, gone: Collection[str], reference: str) -> int:
    """How many cases that agreed stand before this reference."""
    sql = f"SELECT count(*) FROM ({_SHOWN} AND c.reference < ?)"  # noqa: S608 - our own words
    return int(db.execute(sql, [as_json(list(gone)), reference]).fetchone()[0])


def _agreed(row: dict[str, Any]) -> Agreed:
    needs = tuple(need["code"] for need in from_json(row["needs"]))
    return Agreed(row["id"], row["reference"], row["initiative"], row["municipality"], row["phase"], needs)


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
