"""What the next words in somebody's chat are meant for, after a press of a button that words belong to."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first


@dataclass(frozen=True, slots=True)
class Expected:
    """The action that waits for words, and the proposal that it is about."""

    action: str
    proposal_id: int


def keep(db: Database, holder: str, expected: Expected, expires: datetime) -> None:
    """The next words of this address are for this action, and for no earlier one."""
    db.execute(
        "INSERT INTO expected_words (holder, action, proposal_id, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (holder)"
        " DO UPDATE SET action = excluded.action, proposal_id = excluded.proposal_id, expires_at = excluded.expires_at",
        [holder, expected.action, expected.proposal_id, as_text(expires)],
    )


def find(db: Database, holder: str, now: datetime) -> Expected | None:
    """What the next words of this address are for; None when nothing waits, or too long."""
    row = first(db, "SELECT action, proposal_id, expires_at FROM expected_words WHERE holder = ?", [holder])
    return None if row is None or row["expires_at"] <= as_text(now) else Expected(row["action"], row["proposal_id"])


def take(db: Database, holder: str, now: datetime) -> Expected | None:
    """What the words of this address are for; asked once, it waits no longer. None when nothing waits, or too long."""
    row = first(db, "DELETE FROM expected_words WHERE holder = ? RETURNING action, proposal_id, expires_at", [holder])
    return None if row is None or row["expires_at"] <= as_text(now) else Expected(row["action"], row["proposal_id"])


def forget(db: Database, proposal_id: int) -> None:
    """Nobody's words are about this proposal any more."""
    db.execute("DELETE FROM expected_words WHERE proposal_id = ?", [proposal_id])
