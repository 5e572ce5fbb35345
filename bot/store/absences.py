"""Absences of advisers as rows: announced, begun, ended. What has to happen then is bot/adviser/absence.py's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_text, first
from expertise.availability import Absence

_COLUMNS = "id, person_id, first_day, last_day, coalesce(substitute_id, '') AS substitute_id, began_at"

_LAST_DAY = (
    "(SELECT max(a.last_day) FROM absences a WHERE a.person_id = experts.id AND a.ended_at IS NULL"
    " AND a.first_day <= :today AND a.last_day >= :today)"
)
_WRONGLY_MARKED = f"id IN (SELECT person_id FROM absences) AND away_until IS NOT {_LAST_DAY}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class KeptAbsence:
    """An absence that counts; `began` tells whether its first day has been dealt with."""

    id: int
    absence: Absence
    began: bool


def keep(db: Database, absence: Absence, now: datetime) -> KeptAbsence:
    """Write an absence down; what it overlaps is over, because the newest word counts."""
    for earlier in of_person(db, absence.person_id, date.min):
        if earlier.absence.overlaps(absence):
            end(db, earlier.id, now)
    row = first(
        db,
        "INSERT INTO absences (person_id, first_day, last_day, substitute_id, announced_at) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        f" RETURNING {_COLUMNS}",
        [
            absence.person_id,
            absence.first_day.isoformat(),
            absence.last_day.isoformat(),
            absence.substitute_id or None,
            as_text(now),
        ],
    )
    assert row is not None
    return _kept(row)


def of_person(db: Database, person_id: str, today: date) -> list[KeptAbsence]:
    """The absences of one person that are not over, the earliest first."""
    return list(_query(db, "person_id = ? AND last_day >= ? ORDER BY first_day, id", person_id, today.isoformat()))


def on(db: Database, day: date) -> tuple[Absence, ...]:
    """Everybody's absence of one day."""
    found = _query(db, "first_day <= ? AND last_day >= ? ORDER BY id", day.isoformat(), day.isoformat())
    return tuple(each.absence for each in found)


def to_begin(db: Database, today: date) -> list[KeptAbsence]:
    """The absences whose first day has come and that nothing was done for yet."""
    days = (today.isoformat(), today.isoformat())
    return list(_query(db, "began_at IS NULL AND first_day <= ? AND last_day >= ? ORDER BY id", *days))


def mark_begun(db: Database, absence_id: int, now: datetime) -> bool:
    """Record that it has begun; False when somebody else did so first."""
    sql = "UPDATE absences SET began_at = ? WHERE id = ? AND began_at IS NULL AND ended_at IS NULL"
    return db.execute(sql, [as_text(now), absence_id]).rowcount == 1


def end(db: Database, absence_id: int, now: datetime) -> bool:
    """Take an absence back, or let it be over before its last day. True when it still counted."""
    sql = "UPDATE absences SET ended_at = ? WHERE id = ? AND ended_at IS NULL"
    return db.execute(sql, [as_text(now), absence_id]).rowcount == 1


def mark_away(db: Database, today: date) -> int:
    """Let the pool say who is away today, so that nobody is introduced who is not there; returns how many changed.

    A pool that was imported anew says nothing of absences, so this is asked again and again.
    """
    sql = f"UPDATE experts SET away_until = {_LAST_DAY} WHERE {_WRONGLY_MARKED}"  # noqa: S608 - our own words
    return db.execute(sql, {"today": today.isoformat()}).rowcount


def needs_marking(db: Database, today: date) -> bool:
    """Whether the pool says something else than the absences do."""
    sql = f"SELECT 1 FROM experts WHERE {_WRONGLY_MARKED} LIMIT 1"  # noqa: S608 - our own words
    return db.execute(sql, {"today": today.isoformat()}).fetchone() is not None


def _query(db: Database, where: str, *parameters: str) -> Iterator[KeptAbsence]:
    sql = f"SELECT {_COLUMNS} FROM absences WHERE ended_at IS NULL AND {where}"  # noqa: S608 - our own names
    return (_kept(row) for row in db.query(sql, list(parameters)))


def _kept(row: dict[str, Any]) -> KeptAbsence:
    absence = Absence(
        person_id=row["person_id"],
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]),
        substitute_id=row["substitute_id"],
    )
    return KeptAbsence(row["id"], absence, row["began_at"] is not None)
