"""What was erased, known by salted hashes only, so that it is not kept once more. Erases nothing itself."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

Kind = Literal["person", "message"]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One person or message that was erased; `hash` is what `hash_of` gives.

    `by_retention` tells that it was kept long enough, and that nobody asked for it.
    """

    hash: str
    kind: Kind
    erased_at: datetime
    by_retention: bool = False


def hash_of(salt: str, kind: Kind, *names: str) -> str:
    """The salted hash of an address, or of the channel and external id of a message: 64 hexadecimal digits."""
    return hashlib.sha256("\n".join((salt, kind, *names)).encode("utf-8", "surrogatepass")).hexdigest()


def salt_of(db: Database) -> str:
    """The salt of this installation's tombstones."""
    row = first(db, "SELECT salt FROM tombstone_salt")
    assert row is not None
    return str(row["salt"])


def stone(salt: str, now: datetime, by_retention: bool, kind: Kind, *names: str) -> Tombstone:
    """The tombstone of what goes now."""
    return Tombstone(hash_of(salt, kind, *names), kind, now, by_retention)


def hash_here(db: Database, kind: Kind, *names: str) -> str:
    """`hash_of` with the salt of this store."""
    return hash_of(salt_of(db), kind, *names)


def put(db: Database, stone: Tombstone) -> None:
    """Write one tombstone. A later moment wins."""
    db.execute(
        "INSERT INTO tombstones (hash, kind, erased_at, by_retention) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (hash) DO UPDATE SET erased_at = excluded.erased_at, by_retention = excluded.by_retention"
        " WHERE excluded.erased_at >= erased_at",
        [stone.hash, stone.kind, as_text(stone.erased_at), stone.by_retention],
    )


def is_erased(db: Database, channel: str, external_id: str) -> bool:
    """Whether this message was here once and was erased."""
    if first(db, "SELECT 1 AS known FROM tombstones WHERE kind = 'message' LIMIT 1") is None:
        return False
    return (
        first(db, "SELECT 1 AS known FROM tombstones WHERE hash = ?", [hash_here(db, "message", channel, external_id)])
        is not None
    )


def everything(db: Database) -> list[Tombstone]:
    """Every tombstone, oldest first."""
    rows = db.query("SELECT hash, kind, erased_at, by_retention FROM tombstones ORDER BY erased_at, hash")
    return [Tombstone(row["hash"], row["kind"], moment(row["erased_at"]), bool(row["by_retention"])) for row in rows]


def file_bytes(db: Database) -> int:
    """How much of the file beside the store was heeded, in bytes; -1 for no file."""
    row = first(db, "SELECT file_bytes FROM tombstone_salt")
    return -1 if row is None else int(row["file_bytes"])


def keep_file_bytes(db: Database, size: int) -> None:
    """So much of the file is in the store now."""
    db.execute("UPDATE tombstone_salt SET file_bytes = ?", [size])


def replace_salt(db: Database, salt: str) -> None:
    """Begin anew with another salt: what was remembered under the old one says nothing any more."""
    db.execute("DELETE FROM tombstones")
    db.execute("UPDATE tombstone_salt SET salt = ?", [salt])
