"""Conversations on the web page: the hash of the page's secret, who writes there, and everything said in one."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.messages import State
from bot.store.rows import as_text, first, moment

# A message or letter is contact too: what was said last decides how long the page stays.
_FIND = (
    "SELECT public_id, name, max(started_at, coalesce((SELECT max(received_at) FROM messages WHERE channel = 'web'"
    " AND envelope_sender = 'web:' || public_id), ''), coalesce((SELECT max(created_at) FROM letters WHERE"
    " recipient = 'web:' || public_id), '')) AS last_contact_at FROM conversations WHERE hash = ?"
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation page. `public_id` is no secret: it only tells people apart."""

    public_id: str
    name: str
    last_contact_at: datetime

    @property
    def address(self) -> str:
        """What stands for its writer where others have a mail address."""
        return f"web:{self.public_id}"


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """What the writer sent; the text is "" until the message was read, `files` are their names."""

    id: int
    raw: bytes
    received_at: datetime
    state: State
    text: str
    files: tuple[str, ...]


def begin(db: Database, secret: str, name: str, now: datetime) -> Conversation:
    """The conversation of this secret, made when it is not there yet; call inside a transaction."""
    db.execute(
        "INSERT INTO conversations (public_id, hash, name, started_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (hash) DO NOTHING",
        [secrets.token_urlsafe(16), _hash_of(secret), name, as_text(now)],
    )
    found = find(db, secret)
    assert found is not None
    return found


def find(db: Database, secret: str) -> Conversation | None:
    """The conversation of this secret; None when there never was one."""
    row = first(db, _FIND, [_hash_of(secret)])
    return None if row is None else Conversation(**{**row, "last_contact_at": moment(row["last_contact_at"])})


def messages_of(db: Database, address: str) -> list[OwnMessage]:
    """What the writer sent, oldest first; the bytes only of what was not read yet."""
    rows = db.query(
        "SELECT m.id, CASE m.state WHEN 'handled' THEN x'' ELSE m.raw END AS raw, m.received_at, m.state,"
        " coalesce(m.text, '') AS text, (SELECT group_concat(a.filename, char(10)) FROM attachments a"
        " WHERE a.message_id = m.id) AS files FROM messages m WHERE m.channel = 'web' AND m.envelope_sender = ?"
        " ORDER BY m.id",
        [address],
    )
    return [
        OwnMessage(
            **{
                **row,
                "received_at": moment(row["received_at"]),
                "files": tuple((row["files"] or "").splitlines()),
            }
        )
        for row in rows
    ]


def language_of(db: Database, address: str) -> str:
    """The language of the last letter to the writer ("nl, en" for both); "" when there is none."""
    row = first(db, "SELECT language FROM letters WHERE recipient = ? ORDER BY id DESC LIMIT 1", [address])
    return str(row["language"]) if row else ""


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
