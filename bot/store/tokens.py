"""Secrets that allow one decision: random, kept only as a hash, for one purpose and one holder, expiring."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

Purpose = Literal["proposal", "review", "consent"]


@dataclass(frozen=True, slots=True)
class Token:
    """What a presented secret turned out to allow."""

    purpose: Purpose
    subject_id: int
    holder: str
    expires_at: datetime


def hash_of(secret: str) -> str:
    """The stored form of a secret; letters and digits are compared without regard to case."""
    return hashlib.sha256(secret.upper().encode()).hexdigest()


def keep(
    db: Database, secret: str, purpose: Purpose, subject_id: int, holder: str, created: datetime, expires: datetime
) -> None:
    """Store a new secret's hash."""
    db.execute(
        "INSERT INTO tokens (hash, purpose, subject_id, holder, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        [hash_of(secret), purpose, subject_id, holder, as_text(created), as_text(expires)],
    )


def find(db: Database, secret: str) -> Token | None:
    """What this secret allows, expired or not; None when it was never given out."""
    row = first(db, "SELECT purpose, subject_id, holder, expires_at FROM tokens WHERE hash = ?", [hash_of(secret)])
    return None if row is None else Token(**{**row, "expires_at": moment(row["expires_at"])})


def forget_expired(db: Database, before: datetime) -> int:
    """Remove secrets that expired before a moment; returns how many."""
    return db.execute("DELETE FROM tokens WHERE expires_at < ?", [as_text(before)]).rowcount
