"""How a case stood when somebody looked at it: a short sign that changes with all that happens to the case."""

import hashlib

from sqlite_utils import Database

SIGNS = 16  # hexadecimal signs are plenty to tell two moments of one case apart

_STANDS = (
    "SELECT * FROM cases WHERE id = ?",
    "SELECT id, state, adviser_id, expert_id FROM proposals WHERE case_id = ? ORDER BY id",
    "SELECT id, state FROM reviews WHERE case_id = ? ORDER BY id",
    "SELECT max(id) FROM events WHERE case_id = ?",
    "SELECT max(id) FROM messages WHERE case_id = ?",
    "SELECT max(id) FROM case_notes WHERE case_id = ?",
    "SELECT person FROM case_owners WHERE case_id = ?",
)


def version_of(db: Database, case_id: int) -> str:
    """The sign of the case as it stands now."""
    rows = [db.execute(sql, [case_id]).fetchall() for sql in _STANDS]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:SIGNS]
