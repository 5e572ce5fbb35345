"""Who is signed in: mailed links and sessions in a browser, secrets kept only as a hash. Who may is not here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=10)  # a day at work
RENEW_AFTER = timedelta(minutes=30)
GRACE = timedelta(minutes=1)  # in which a page that was already on its way may still come with the earlier secret
SEEN_AGAIN = timedelta(minutes=1)  # so that not every page writes


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link that was mailed: to whom, and the page that was asked for."""

    address: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody signed in; `earlier` tells that it came with the secret of a moment ago."""

    id: int
    address: str
    began_at: datetime
    renewed_at: datetime
    seen_at: datetime
    earlier: bool

    def wants_renewal(self, now: datetime) -> bool:
        """Whether its secret is old enough to be changed."""
        return not self.earlier and now - self.renewed_at >= RENEW_AFTER


def hash_of(secret: str) -> str:
    """The stored form of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keep_link(db: Database, secret: str, link: SignInLink, now: datetime, expires: datetime) -> None:
    """Store a new link's hash."""
    db.execute(
        "INSERT INTO sign_in_links (hash, address, wanted, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        [hash_of(secret), link.address, link.wanted, as_text(now), as_text(expires)],
    )


def find_link(db: Database, secret: str, now: datetime) -> SignInLink | None:
    """The link with this secret, while it works."""
    sql = "SELECT address, wanted FROM sign_in_links WHERE hash = ? AND used_at IS NULL AND expires_at > ?"
    row = first(db, sql, [hash_of(secret), as_text(now)])
    return None if row is None else SignInLink(**row)


def use_link(db: Database, secret: str, now: datetime) -> SignInLink | None:
    """The link with this secret, used from now on; None when it was used before or is too old."""
    row = first(
        db,
        "UPDATE sign_in_links SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?"
        " RETURNING address, wanted",
        [as_text(now), hash_of(secret), as_text(now)],
    )
    return None if row is None else SignInLink(**row)


def begin(db: Database, secret: str, address: str, now: datetime) -> int:
    """Somebody signed in; returns the session's id."""
    moment_ = as_text(now)
    row = first(
        db,
        "INSERT INTO sessions (hash, address, began_at, renewed_at, seen_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        [hash_of(secret), address, moment_, moment_, moment_],
    )
    assert row is not None
    return int(row["id"])


def find(db: Database, secret: str, now: datetime) -> Session | None:
    """The session with this secret; None when it was never there, ended, or nobody used it for too long."""
    hashed, oldest = hash_of(secret), _oldest(now)
    row = first(
        db,
        "SELECT id, address, began_at, renewed_at, seen_at, hash != ? AS earlier FROM sessions"
        " WHERE (hash = ? OR (earlier_hash = ? AND renewed_at > ?)) AND seen_at > ? AND began_at > ?",
        [hashed, hashed, hashed, as_text(now - GRACE), oldest["idle"], oldest["oldest"]],
    )
    return None if row is None else _session(row)


def see(db: Database, session: Session, now: datetime) -> None:
    """Somebody is still at work in it."""
    if now - session.seen_at >= SEEN_AGAIN:
        db.execute("UPDATE sessions SET seen_at = ? WHERE id = ?", [as_text(now), session.id])


def renew(db: Database, session: Session, secret: str, now: datetime) -> bool:
    """Change the session's secret; False when another page of the same browser just did."""
    cursor = db.execute(
        "UPDATE sessions SET earlier_hash = hash, hash = ?, renewed_at = ?, seen_at = ?"
        " WHERE id = ? AND renewed_at = ?",
        [hash_of(secret), as_text(now), as_text(now), session.id, as_text(session.renewed_at)],
    )
    return cursor.rowcount == 1


def end(db: Database, secret: str) -> None:
    """Sign out the browser with this secret."""
    db.execute("DELETE FROM sessions WHERE hash = ? OR earlier_hash = ?", [hash_of(secret)] * 2)


def forget_expired(db: Database, now: datetime) -> int:
    """Remove links and sessions that open nothing any more; returns how many."""
    links = db.execute("DELETE FROM sign_in_links WHERE expires_at <= ?", [as_text(now)]).rowcount
    ended = db.execute("DELETE FROM sessions WHERE seen_at <= :idle OR began_at <= :oldest", _oldest(now)).rowcount
    return links + ended


def _oldest(now: datetime) -> dict[str, str]:
    return {"idle": as_text(now - IDLE), "oldest": as_text(now - LONGEST)}


def _session(row: dict[str, Any]) -> Session:
    times = {name: moment(row[name]) for name in ("began_at", "renewed_at", "seen_at")}
    return Session(**{**row, **times, "earlier": bool(row["earlier"])})
