"""Open data of other installations as rows: kept whole, replaced whole. What is in it was checked before."""

import hashlib
from datetime import datetime

from sqlite_utils import Database

from bot.open_data.tables import TABLES, Row, Set
from bot.store.rows import as_json, as_text, first, from_json


def put(db: Database, shared: Set, now: datetime) -> bool:
    """Keep a set in place of an earlier one of this publisher; False when it is the same. Inside a transaction."""
    cells = [(table.name, at, as_json(row)) for table in TABLES for at, row in enumerate(shared.rows[table.name])]
    digest = hashlib.sha256(as_json([shared.period, shared.licence, cells]).encode()).hexdigest()
    known = first(db, "SELECT id, digest FROM shared_sets WHERE publisher = ?", [shared.publisher])
    if known is not None and known["digest"] == digest:
        return False
    db.execute("DELETE FROM shared_sets WHERE publisher = ?", [shared.publisher])
    made = first(
        db,
        "INSERT INTO shared_sets (publisher, period, licence, digest, imported_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        [shared.publisher, shared.period, shared.licence, digest, as_text(now)],
    )
    assert made is not None
    db.conn.executemany(
        "INSERT INTO shared_rows (set_id, resource, position, cells) VALUES (?, ?, ?, ?)",
        [(made["id"], *cell) for cell in cells],
    )
    return True


def period_of(db: Database, publisher: str) -> str | None:
    """Up to which quarter the set of a publisher that is kept goes."""
    row = first(db, "SELECT period FROM shared_sets WHERE publisher = ?", [publisher])
    return None if row is None else str(row["period"])


def everything(db: Database) -> list[Set]:
    """All sets of others, by publisher."""
    found = []
    for kept in list(db.query("SELECT id, publisher, period, licence FROM shared_sets ORDER BY publisher")):
        rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
        for row in db.query("SELECT resource, cells FROM shared_rows WHERE set_id = ? ORDER BY position", [kept["id"]]):
            rows[row["resource"]].append(tuple(from_json(row["cells"])))
        found.append(Set(kept["publisher"], kept["period"], kept["licence"], rows))
    return found
