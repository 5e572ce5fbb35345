"""What the staff did at the desk, over all cases, newest first: read only. What is written down is events.py's."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import moment


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody of the staff did; `reference` is "" for what belongs to no case."""

    at: datetime
    event: str
    person: str
    reference: str
    detail: str


def deeds(db: Database, most: int, skip: int = 0) -> list[Deed]:
    """The last things done, `most` of them after leaving out the newest `skip`."""
    rows = db.query(
        "SELECT e.at, e.event, e.person, coalesce(c.reference, '') AS reference, e.detail FROM events e"
        " LEFT JOIN cases c ON c.id = e.case_id WHERE e.person != '' ORDER BY e.id DESC LIMIT ? OFFSET ?",
        [most, skip],
    )
    return [Deed(**{**row, "at": moment(row["at"])}) for row in rows]
