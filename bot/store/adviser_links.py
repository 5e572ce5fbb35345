"""Secrets that open an adviser's own page: kept only as a hash, for one adviser and one mail address, expiring."""

from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first
from bot.store.tokens import hash_of


def keep(db: Database, secret: str, adviser_id: str, address: str, created: datetime, expires: datetime) -> None:
    """Store a new secret's hash, with the address that it is sent to."""
    db.execute(
        "INSERT INTO adviser_links (hash, adviser_id, address, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        [hash_of(secret), adviser_id, address, as_text(created), as_text(expires)],
    )


def adviser_of(db: Database, secret: str, now: datetime) -> str | None:
    """The id of the adviser whose page this secret opens now.

    None for one that is too old or was never given out, and for somebody who has left the pool, is no adviser any
    more, or has got another mail address since.
    """
    row = first(
        db,
        "SELECT l.adviser_id FROM adviser_links l JOIN experts e ON e.id = l.adviser_id AND e.email = l.address"
        " WHERE l.hash = ? AND l.expires_at > ? AND e.role = 'adviser' AND e.active AND e.in_pool",
        [hash_of(secret), as_text(now)],
    )
    return None if row is None else str(row["adviser_id"])


def forget_expired(db: Database, now: datetime) -> int:
    """Remove secrets that are too old; returns how many."""
    return db.execute("DELETE FROM adviser_links WHERE expires_at <= ?", [as_text(now)]).rowcount
