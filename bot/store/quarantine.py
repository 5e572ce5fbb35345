"""Messages that could not be read: seen by a person, given another try, or put aside. Why reading fails is not here."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

PUT_ASIDE = "put_aside"
"""What became of a message that a person dealt with."""
ALL = -1  # as SQLite understands LIMIT: no limit
_COLUMNS = "id, channel, received_at, problem, coalesce(envelope_sender, sender, '') AS sender, length(raw) AS size"


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message in quarantine; `problem` is a code, `size` counts bytes."""

    id: int
    channel: str
    received_at: datetime
    problem: str
    sender: str
    size: int


def everything(db: Database, most: int = ALL, skip: int = 0) -> list[Stuck]:
    """Messages in quarantine, oldest first: `most` of them, after leaving out the first `skip`."""
    sql = f"SELECT {_COLUMNS} FROM messages WHERE state = 'quarantined' ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608
    return [Stuck(**{**row, "received_at": moment(row["received_at"])}) for row in db.query(sql, [most, skip])]


def count(db: Database) -> int:
    """How many messages are in quarantine."""
    row = first(db, "SELECT count(*) AS n FROM messages WHERE state = 'quarantined'")
    return int(row["n"]) if row else 0


def find(db: Database, message_id: int) -> Stuck | None:
    """One message in quarantine."""
    sql = f"SELECT {_COLUMNS} FROM messages WHERE id = ? AND state = 'quarantined'"  # noqa: S608 - our own
    row = first(db, sql, [message_id])
    return None if row is None else Stuck(**{**row, "received_at": moment(row["received_at"])})


def raw_of(db: Database, message_id: int, most: int) -> bytes:
    """The first bytes of a message as it came in."""
    row = first(db, "SELECT substr(raw, 1, ?) AS raw FROM messages WHERE id = ?", [most, message_id])
    return bytes(row["raw"]) if row else b""


def hold(db: Database, message_id: int, problem: str) -> bool:
    """Put a message that was read before a person after all; False when a person dealt with it before."""
    sql = "UPDATE messages SET state = 'quarantined', problem = ? WHERE id = ? AND state = 'handled'"
    return db.execute(sql, [problem, message_id]).rowcount == 1


def try_again(db: Database, message_id: int) -> bool:
    """Let the message be read once more, as if it just came in; False when it is not in quarantine."""
    cursor = db.execute(
        "UPDATE messages SET state = 'received', attempts = 0, retry_at = NULL WHERE id = ? AND state = 'quarantined'",
        [message_id],
    )
    return cursor.rowcount == 1


def put_aside(db: Database, message_id: int, now: datetime) -> bool:
    """A person dealt with the message: it waits no longer; False when it is not in quarantine."""
    cursor = db.execute(
        "UPDATE messages SET state = 'handled', outcome = ?, handled_at = ? WHERE id = ? AND state = 'quarantined'",
        [PUT_ASIDE, as_text(now), message_id],
    )
    return cursor.rowcount == 1
