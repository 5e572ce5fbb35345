"""What coordinators write down about a case for each other, and who of them looks after it. No initiator reads it."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment


@dataclass(frozen=True, slots=True)
class Note:
    """Words about a case; `event` is what was done with them ("note" for nothing else), `person` who did it."""

    at: datetime
    person: str
    event: str
    text: str


def keep(db: Database, case_id: int, note: Note) -> None:
    """Write a note down."""
    db.execute(
        "INSERT INTO case_notes (case_id, at, person, event, text) VALUES (?, ?, ?, ?, ?)",
        [case_id, as_text(note.at), note.person, note.event, note.text],
    )


def of_case(db: Database, case_id: int) -> list[Note]:
    """The notes of a case, oldest first."""
    rows = db.query("SELECT at, person, event, text FROM case_notes WHERE case_id = ? ORDER BY id", [case_id])
    return [Note(**{**row, "at": moment(row["at"])}) for row in rows]


def owner_of(db: Database, case_id: int) -> str:
    """Who looks after a case, as an address; "" for nobody in particular."""
    row = first(db, "SELECT person FROM case_owners WHERE case_id = ?", [case_id])
    return str(row["person"]) if row else ""


def keep_owner(db: Database, case_id: int, person: str, now: datetime) -> None:
    """Somebody looks after a case from now on; "" for nobody in particular."""
    db.execute("DELETE FROM case_owners WHERE case_id = ?", [case_id])
    if person:
        db.execute("INSERT INTO case_owners (case_id, person, since) VALUES (?, ?, ?)", [case_id, person, as_text(now)])
