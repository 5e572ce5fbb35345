"""Which addresses belong to one person, and the codes by which that is proven. Whom to believe is bot/accounts.py's."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

TELEGRAM = "telegram:"
# Everything that is linked with an address, over any number of links; the address itself comes first.
_PERSON = (
    "WITH RECURSIVE person (address) AS (VALUES (?) UNION SELECT a.live FROM person p JOIN accounts a"
    " ON a.email = p.address UNION SELECT a.email FROM person p JOIN accounts a ON a.live = p.address)"
    " SELECT address FROM person"
)


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was mailed to `email` for one conversation, `live`; its digits are kept as a hash only."""

    id: int
    live: str
    email: str
    hash: str
    expires_at: datetime
    tries: int


def addresses_of(db: Database, address: str) -> tuple[str, ...]:
    """Every address of the person with this address, itself first."""
    return tuple(row[0] for row in db.execute(_PERSON, [address]).fetchall())


def emails_of(db: Database, live: str) -> tuple[str, ...]:
    """The mail addresses that are linked with one conversation, the newest link first."""
    rows = db.execute("SELECT email FROM accounts WHERE live = ? ORDER BY linked_at DESC, email", [live]).fetchall()
    return tuple(row[0] for row in rows)


def telegram_of(db: Database, email: str) -> str | None:
    """The chat that is linked with a mail address, in whatever case it is written; the schema allows one."""
    sql = "SELECT live FROM accounts WHERE email = lower(?) AND substr(live, 1, length(?)) = ?"
    row = first(db, sql, [email, TELEGRAM, TELEGRAM])
    return None if row is None else str(row["live"])


def link(db: Database, live: str, email: str, now: datetime) -> None:
    """Join a conversation and a mail address; the same link twice is one."""
    db.execute(
        "INSERT INTO accounts (live, email, linked_at) VALUES (?, ?, ?) ON CONFLICT (live, email) DO NOTHING",
        [live, email, as_text(now)],
    )


def unlink(db: Database, live: str, email: str) -> bool:
    """Part them again. True when they were linked."""
    return db.execute("DELETE FROM accounts WHERE live = ? AND email = ?", [live, email]).rowcount == 1


def keep_code(db: Database, live: str, email: str, hash_: str, now: datetime, expires: datetime) -> None:
    """Store the hash of a new code; an earlier code of the same conversation ends."""
    db.execute("UPDATE account_codes SET ended_at = ? WHERE live = ? AND ended_at IS NULL", [as_text(now), live])
    db.execute(
        "INSERT INTO account_codes (live, email, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        [live, email, hash_, as_text(now), as_text(expires)],
    )


def open_code(db: Database, live: str) -> Code | None:
    """The code that a conversation may still use, expired or not; None when there is none."""
    row = first(
        db,
        "SELECT id, live, email, hash, expires_at, tries FROM account_codes WHERE live = ? AND ended_at IS NULL",
        [live],
    )
    return None if row is None else Code(**{**row, "expires_at": moment(row["expires_at"])})


def count_try(db: Database, code: int) -> None:
    """One more try with wrong digits."""
    db.execute("UPDATE account_codes SET tries = tries + 1 WHERE id = ?", [code])


def end_code(db: Database, code: int, now: datetime) -> None:
    """A code that was used, or tried too often, works no more."""
    db.execute("UPDATE account_codes SET ended_at = ? WHERE id = ?", [as_text(now), code])


def codes_since(db: Database, live: str, email: str, since: datetime) -> int:
    """How many codes went out since a moment for this conversation or to this mail address, whichever is more."""
    row = first(
        db,
        "SELECT max((SELECT count(*) FROM account_codes WHERE live = ? AND created_at > ?),"
        " (SELECT count(*) FROM account_codes WHERE email = ? AND created_at > ?)) AS n",
        [live, as_text(since), email, as_text(since)],
    )
    return int(row["n"]) if row else 0


def forget_codes(db: Database, before: datetime) -> int:
    """Remove codes from before a moment, with the addresses that they name; returns how many."""
    return db.execute("DELETE FROM account_codes WHERE created_at < ?", [as_text(before)]).rowcount
