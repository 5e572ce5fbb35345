"""Who waits for whom, read from the history: the rows that the clock looks at. What is due then is deadlines.py's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from bot.store.rows import first, moment

_HEARD = (
    "SELECT max(m.received_at) AS at FROM messages m JOIN cases c ON c.id = m.case_id WHERE c.id = ?"
    " AND m.state = 'handled' AND m.sender = c.initiator AND m.kind NOT IN ('automatic', 'spam')"
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history of a case; they stand in the order of writing, whatever the clock said."""

    event: str
    at: datetime
    actor: str
    detail: str = ""


def history(db: Database, case_id: int) -> tuple[Happened, ...]:
    """What happened in a case, the first line first."""
    rows = db.query("SELECT event, at, actor, detail FROM events WHERE case_id = ? ORDER BY id", [case_id])
    return tuple(Happened(row["event"], moment(row["at"]), row["actor"], row["detail"]) for row in rows)


def open_proposals(db: Database) -> list[int]:
    """The proposals that no adviser decided on, by number."""
    return [int(row["id"]) for row in db.query("SELECT id FROM proposals WHERE state = 'open' ORDER BY id")]


def cases_in(db: Database, *states: str) -> list[int]:
    """The cases in one of these states, by number."""
    marks = ", ".join("?" * len(states))
    rows = db.query(f"SELECT id FROM cases WHERE state IN ({marks}) ORDER BY id", list(states))  # noqa: S608
    return [int(row["id"]) for row in rows]


def open_reviews(db: Database) -> list[int]:
    """The reviews that no coordinator decided on, by number."""
    return [int(row["id"]) for row in db.query("SELECT id FROM reviews WHERE state = 'open' ORDER BY id")]


def last_heard(db: Database, case_id: int) -> datetime | None:
    """When its initiator last wrote in a case, no machine of theirs; None when nothing of that is known."""
    row = first(db, _HEARD, [case_id])
    return moment(row["at"]) if row is not None and row["at"] else None


def days_away(db: Database, person_id: str) -> frozenset[date]:
    """The days on which an adviser was, is or will be away; of an absence that was ended, those up to its end."""
    rows = db.query(
        "SELECT first_day, last_day, ended_at FROM absences WHERE person_id = ?"
        " AND (ended_at IS NULL OR began_at IS NOT NULL)",
        [person_id],
    )
    return frozenset(day for row in rows for day in _days(row["first_day"], row["last_day"], row["ended_at"]))


def _days(first_day: str, last_day: str, ended_at: str | None) -> Iterator[date]:
    day, last = date.fromisoformat(first_day), date.fromisoformat(last_day)
    if ended_at is not None:
        last = min(last, moment(ended_at).date() - timedelta(days=1))
    while day <= last:
        yield day
        day += timedelta(days=1)
