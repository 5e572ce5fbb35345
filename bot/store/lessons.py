"""What initiatives learned, as rows: told after an introduction or recorded by a coordinator. Words nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_json, as_text, first, from_json, moment
from bot.store.sharing import ToldBy

ALL = -1  # as SQLite understands LIMIT: no limit
LessonState = Literal["waiting", "shared", "hidden"]
"""An initiator's own words wait until a coordinator has read them."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson; `initiative` and `municipality` may be "", `needs` are topic codes."""

    id: int
    case_id: int | None
    initiative: str
    municipality: str
    needs: tuple[str, ...]
    lesson: str
    state: LessonState
    told_by: ToldBy
    told_at: datetime


def _lesson(row: dict[str, Any]) -> Lesson:
    return Lesson(**{**row, "needs": tuple(from_json(row["needs"])), "told_at": moment(row["told_at"])})


def add(db: Database, initiative: str, municipality: str, needs: Sequence[str], lesson: str, now: datetime) -> None:
    """Keep what a coordinator recorded; others may read it at once."""
    db.execute(
        "INSERT INTO lessons (initiative, municipality, needs, lesson, state, told_by, told_at)"
        " VALUES (?, ?, ?, ?, 'shared', 'coordinator', ?)",
        [initiative, municipality, as_json(list(needs)), lesson, as_text(now)],
    )


def tell(
    db: Database, case_id: int, initiative: str, municipality: str, needs: Sequence[str], lesson: str, now: datetime
) -> None:
    """Keep what an initiator told, in place of what was told before; it waits for a coordinator again."""
    cells = [initiative, municipality, as_json(list(needs)), lesson, as_text(now)]
    db.execute(
        "INSERT INTO lessons (case_id, initiative, municipality, needs, lesson, state, told_by, told_at)"
        " VALUES (?, ?, ?, ?, ?, 'waiting', 'initiator', ?)"
        " ON CONFLICT (case_id) WHERE told_by = 'initiator' DO UPDATE SET initiative = excluded.initiative,"
        " municipality = excluded.municipality, needs = excluded.needs, lesson = excluded.lesson,"
        " state = 'waiting', told_at = excluded.told_at",
        [case_id, *cells],
    )


def told_in(db: Database, case_id: int) -> Lesson | None:
    """What the initiator of a case told."""
    row = first(db, "SELECT * FROM lessons WHERE case_id = ? AND told_by = 'initiator'", [case_id])
    return None if row is None else _lesson(row)


def settle(db: Database, lesson_id: int, state: LessonState) -> bool:
    """Share a lesson with others or keep it from them; False when there is none of this number."""
    return db.execute("UPDATE lessons SET state = ? WHERE id = ?", [state, lesson_id]).rowcount > 0


def with_state(db: Database, state: LessonState, most: int = ALL, skip: int = 0) -> list[Lesson]:
    """The lessons in a state, the newest first: `most` of them, after leaving out the first `skip`."""
    sql = "SELECT * FROM lessons WHERE state = ? ORDER BY id DESC LIMIT ? OFFSET ?"
    return [_lesson(row) for row in db.query(sql, [state, most, skip])]


def count(db: Database, state: LessonState) -> int:
    """How many lessons are in a state."""
    row = first(db, "SELECT count(*) AS n FROM lessons WHERE state = ?", [state])
    return int(row["n"]) if row else 0
