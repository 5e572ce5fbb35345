"""How much post waits and since when, and the first and last moments in the store. What to do about it: elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the oldest does."""

    count: int
    oldest: datetime | None


def messages(db: Database) -> Waiting:
    """Messages that came in and were not handled yet."""
    return _waiting(db, "SELECT count(*) AS n, min(received_at) AS at FROM messages WHERE state = 'received'", [])


def letters(db: Database, now: datetime) -> Waiting:
    """Letters that should have left by now; those on a page wait for their reader and not for us."""
    sql = (
        "SELECT count(*) AS n, min(due_at) AS at FROM letters WHERE state IN ('waiting', 'sending') AND due_at <= ?"
        " AND channel IN ('mail', 'chat')"
    )
    return _waiting(db, sql, [as_text(now)])


def _waiting(db: Database, sql: str, values: list[str]) -> Waiting:
    row = first(db, sql, values)
    assert row is not None
    return Waiting(int(row["n"]), moment(row["at"]) if row["at"] else None)


def first_message(db: Database) -> datetime | None:
    """When the first message came in that is still known."""
    return _moment(db, "SELECT min(received_at) AS at FROM messages")


def newest_moment(db: Database) -> datetime | None:
    """The last moment at which something came in or happened."""
    return _moment(
        db, "SELECT max(at) AS at FROM (SELECT max(received_at) AS at FROM messages UNION SELECT max(at) FROM events)"
    )


def _moment(db: Database, sql: str) -> datetime | None:
    row = first(db, sql)
    return moment(row["at"]) if row and row["at"] else None
