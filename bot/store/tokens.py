"""Secrets that allow one decision: random, kept only as a hash, for one purpose and one holder, expiring."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

Purpose = Literal["proposal", "review", "consent", "reply"]
"""`reply` decides nothing: it only proves who answers a letter."""
OF_INITIATORS: frozenset[Purpose] = frozenset({"consent", "reply"})


@dataclass(frozen=True, slots=True)
class Token:
    """What a presented secret turned out to allow; `passed_on` when somebody else took the decision over since.

    `asks_which` tells that its letter names several people: a bare yes to it says nothing about whom.
    """

    purpose: Purpose
    subject_id: int
    holder: str
    expires_at: datetime
    passed_on: bool = False
    asks_which: bool = False


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
    row = first(
        db,
        "SELECT purpose, subject_id, holder, expires_at, passed_on_at IS NOT NULL AS passed_on, asks_which"
        " FROM tokens WHERE hash = ?",
        [hash_of(secret)],
    )
    if row is None:
        return None
    marks = {name: bool(row[name]) for name in ("passed_on", "asks_which")}
    return Token(**{**row, "expires_at": moment(row["expires_at"]), **marks})


def ask_which(db: Database, secret: str) -> None:
    """The letter of this secret asks for one of several."""
    db.execute("UPDATE tokens SET asks_which = 1 WHERE hash = ?", [hash_of(secret)])


def pass_on(db: Database, purpose: Purpose, subject_id: int, now: datetime) -> None:
    """Somebody else decides on this from now on: every secret given out for it so far decides nothing any more."""
    db.execute(
        "UPDATE tokens SET passed_on_at = ? WHERE purpose = ? AND subject_id = ? AND passed_on_at IS NULL",
        [as_text(now), purpose, subject_id],
    )


def ask_consent_anew(db: Database, case_id: int) -> None:
    """Consent is asked for in a new letter: the earlier ones of the case only prove who answers from now on."""
    db.execute("UPDATE tokens SET purpose = 'reply' WHERE purpose = 'consent' AND subject_id = ?", [case_id])


def forget_expired(db: Database, before: datetime) -> int:
    """Remove secrets that expired before a moment; returns how many."""
    return db.execute("DELETE FROM tokens WHERE expires_at < ?", [as_text(before)]).rowcount


def mark_shown(db: Database, secret: str, chat: str) -> None:
    """Remember in which chat a secret is shown."""
    db.execute("UPDATE tokens SET shown_in = ? WHERE hash = ?", [chat, hash_of(secret)])


def forget_shown(db: Database, chat: str) -> None:
    """Remove the secrets that a chat shows, now that it is no longer its holder's."""
    db.execute("DELETE FROM tokens WHERE shown_in = ?", [chat])
