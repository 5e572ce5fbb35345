"""The outbox as rows: a letter is written in the transaction of its decision and sent later by bot/outbox.py."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

LEASE = timedelta(minutes=20)  # longer than the longest send (SmtpSettings.longest_send_seconds)
LONGEST_WAIT = timedelta(hours=4)
CLOCK_SLACK = timedelta(minutes=5)
# Due in time, or due later than any letter ever waits: then the clock was set back since that was written.
IS_DUE = "(due_at <= ? OR due_at > CASE attempts WHEN 0 THEN ? ELSE ? END)"
State = Literal["waiting", "sending", "sent", "unknown", "parked"]
ALL = -1  # as SQLite understands LIMIT: no limit
COPY_IN_CHAT = "/chat"  # with which the key of an adviser's letter ends that was written to the linked chat too
LINK_SECRET = re.compile(r"(/(?:besluit|adviseur)/)[\w.=-]+")  # a signed link holds the secret too
SIGN_IN_LINK = re.compile(r"(/bureau/aanmelden/)[\w-]+")  # opens the desk once
COLUMNS = (
    "id, key, case_id, channel, template, recipient, language, subject, text, html, reply_token, message_id,"
    " in_reply_to, refs, state, attempts, due_at, problem, created_at, sent_at, parts_sent"
)


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """One row of the outbox."""

    id: int
    key: str
    case_id: int | None
    channel: str
    template: str
    recipient: str
    language: str
    subject: str
    text: str
    html: str
    reply_token: str | None
    message_id: str
    in_reply_to: str | None
    refs: tuple[str, ...]
    state: State
    attempts: int
    due_at: datetime
    problem: str
    created_at: datetime
    sent_at: datetime | None
    parts_sent: int = 0


def _kept(row: dict[str, Any]) -> KeptLetter:
    return KeptLetter(
        **{
            **row,
            "refs": tuple(row["refs"].split()),
            "due_at": moment(row["due_at"]),
            "created_at": moment(row["created_at"]),
            "sent_at": moment(row["sent_at"]) if row["sent_at"] else None,
        }
    )


def _due(now: datetime) -> list[str]:
    return [as_text(now), as_text(now + CLOCK_SLACK), as_text(now + LONGEST_WAIT)]


def keep(db: Database, row: dict[str, Any]) -> bool:
    """Write a letter once: a second letter with the same key is not written. True when it was new."""
    names = ", ".join(row)
    cursor = db.execute(
        f"INSERT INTO letters ({names}) VALUES ({', '.join('?' * len(row))}) ON CONFLICT (key) DO NOTHING",  # noqa: S608
        list(row.values()),
    )
    return cursor.rowcount == 1


def count_to(db: Database, recipient: str, since: datetime) -> int:
    """How many mails were written to one address since a moment, parked ones left out."""
    row = first(
        db,
        "SELECT count(*) AS n FROM letters WHERE recipient = ? AND created_at >= ? AND state != 'parked'"
        " AND channel = 'mail'",
        [recipient, as_text(since)],
    )
    return int(row["n"]) if row else 0


def count_of(db: Database, recipient: str, template: str, since: datetime) -> int:
    """How many letters of a template were written to one address since a moment."""
    row = first(
        db,
        "SELECT count(*) AS n FROM letters WHERE recipient = ? AND template = ? AND created_at >= ?",
        [recipient, template, as_text(since)],
    )
    return int(row["n"]) if row else 0


def claim_due(db: Database, now: datetime, channel: str = "mail", recipient: str | None = None) -> KeptLetter | None:
    """The next letter of a channel that is due, leased to the caller; nobody else gets it while the lease runs.

    With a recipient only letters to exactly that address.
    """
    row = first(
        db,
        "UPDATE letters SET state = 'sending', attempts = attempts + 1, leased_until = ? WHERE id = (SELECT id FROM"  # noqa: S608
        f" letters WHERE state = 'waiting' AND {IS_DUE} AND channel = ? AND recipient = coalesce(?, recipient)"
        f" ORDER BY due_at, id LIMIT 1) RETURNING {COLUMNS}",
        [as_text(now + LEASE), *_due(now), channel, recipient],
    )
    return None if row is None else _kept(row)


def claim_for_chat(db: Database, now: datetime, prefix: str) -> KeptLetter | None:
    """The next chat letter that is due to an address that begins so; the letters of one chat leave in their order.

    A chat whose earlier letter still waits, or is on its way, is passed over: the other chats go on.
    """
    row = first(
        db,
        "UPDATE letters SET state = 'sending', attempts = attempts + 1, leased_until = ? WHERE id = (SELECT id FROM"  # noqa: S608
        f" letters AS due WHERE state = 'waiting' AND {IS_DUE} AND channel = 'chat'"
        " AND substr(recipient, 1, length(?)) = ? AND NOT EXISTS (SELECT 1 FROM letters AS before WHERE"
        " before.recipient = due.recipient AND before.channel = 'chat' AND before.state IN ('waiting', 'sending')"
        f" AND before.id < due.id) ORDER BY due_at, id LIMIT 1) RETURNING {COLUMNS}",
        [as_text(now + LEASE), *_due(now), prefix, prefix],
    )
    return None if row is None else _kept(row)


def mark_part_sent(db: Database, letter: int, parts: int) -> None:
    """Record that the first so many messages of a letter have left; another try goes on behind them."""
    db.execute("UPDATE letters SET parts_sent = ? WHERE id = ?", [parts, letter])


def mark_lost_leases(db: Database, now: datetime) -> int:
    """Letters whose sender vanished while sending: whether they left is unknown, so they are not blindly resent.

    A lease that runs longer than any does was given before the clock was set back: nobody can tell when it ends.
    """
    cursor = db.execute(
        "UPDATE letters SET state = 'unknown', problem = 'sender_vanished'"
        " WHERE state = 'sending' AND (leased_until <= ? OR leased_until > ?)",
        [as_text(now), as_text(now + LEASE)],
    )
    return cursor.rowcount


def mark_left_behind(db: Database, prefix: str) -> int:
    """The same for all letters that only a service sends, when there is none any more: mails, and chats by prefix."""
    cursor = db.execute(
        "UPDATE letters SET state = 'unknown', problem = 'sender_vanished'"
        " WHERE state = 'sending' AND (channel = 'mail' OR substr(recipient, 1, length(?)) = ?)",
        [prefix, prefix],
    )
    return cursor.rowcount


def mark_sent(db: Database, letter: KeptLetter, now: datetime) -> None:
    """Record that the server took it; its secret is wiped from our copy, only the hash in tokens stays.

    Our copy is the row as it is now: an erasure may have taken words out while the letter was on its way.
    """
    row = first(db, "SELECT text, html FROM letters WHERE id = ?", [letter.id]) or {}
    text, html = (SIGN_IN_LINK.sub(r"\1…", row.get(part, "")) for part in ("text", "html"))
    if letter.reply_token:
        token = letter.reply_token
        text, html = (LINK_SECRET.sub(r"\1…", part.replace(token, "MM-…")) for part in (text, html))
    db.execute(
        "UPDATE letters SET state = 'sent', sent_at = ?, leased_until = NULL, problem = '', reply_token = NULL,"
        " text = ?, html = ? WHERE id = ?",
        [as_text(now), text, html, letter.id],
    )


def mark(db: Database, letter: int, state: State, problem: str, due_at: datetime) -> None:
    """Record a failed try: back to waiting until `due_at` unless its words were erased, parked, or of unknown fate."""
    db.execute(
        "UPDATE letters SET (state, problem) = (SELECT iif(text = '' AND ?1 = 'waiting', 'parked', ?1),"
        " iif(text = '' AND ?1 = 'waiting', 'erased', ?2)), due_at = ?3, leased_until = NULL WHERE id = ?4",
        [state, problem, as_text(due_at), letter],
    )


def case_of_message_id(db: Database, message_ids: Iterable[str]) -> int | None:
    """The case of one of our own letters, found by the Message-IDs that a reply refers to."""
    for message_id in message_ids:
        row = first(db, "SELECT case_id FROM letters WHERE message_id = ? AND case_id IS NOT NULL", [message_id])
        if row is not None:
            return int(row["case_id"])
    return None


def subjects_of(db: Database, message_ids: Iterable[str]) -> list[str]:
    """The subject lines of our own letters among these Message-IDs."""
    wanted = [each for each in message_ids if each]
    if not wanted:
        return []
    marks = ", ".join("?" * len(wanted))
    return [
        str(row["subject"])
        for row in db.query(f"SELECT subject FROM letters WHERE message_id IN ({marks}) AND subject != ''", wanted)  # noqa: S608
    ]


def with_state(db: Database, *states: State, most: int = ALL, skip: int = 0) -> list[KeptLetter]:
    """The letters in one of these states, oldest first: `most` of them, after leaving out the first `skip`."""
    marks = ", ".join("?" * len(states))
    sql = f"SELECT {COLUMNS} FROM letters WHERE state IN ({marks}) ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608
    return [_kept(row) for row in db.query(sql, [*states, most, skip])]


def of_id(db: Database, letter_id: int) -> KeptLetter | None:
    """One letter, in whatever state it is."""
    row = first(db, f"SELECT {COLUMNS} FROM letters WHERE id = ?", [letter_id])  # noqa: S608
    return None if row is None else _kept(row)


def of_case(db: Database, case_id: int) -> list[KeptLetter]:
    """All letters of a case, oldest first."""
    rows = db.query(f"SELECT {COLUMNS} FROM letters WHERE case_id = ? ORDER BY id", [case_id])  # noqa: S608
    return [_kept(row) for row in rows]


def shown_to(db: Database, recipient: str, channel: str, now: datetime) -> list[KeptLetter]:
    """All letters to somebody who reads them on a page, oldest first; those that waited count as sent from now on."""
    db.execute(
        "UPDATE letters SET state = 'sent', sent_at = ?, attempts = attempts + 1"
        " WHERE recipient = ? AND channel = ? AND state = 'waiting'",
        [as_text(now), recipient, channel],
    )
    rows = db.query(
        f"SELECT {COLUMNS} FROM letters WHERE recipient = ? AND channel = ? ORDER BY id",  # noqa: S608
        [recipient, channel],
    )
    return [_kept(row) for row in rows]


def release_unblocked(db: Database, recipient: str, now: datetime) -> int:
    """Letters that a chat refused because its owner had blocked us, and now no longer does; returns how many."""
    cursor = db.execute(
        "UPDATE letters SET state = 'waiting', due_at = ?, attempts = 0"
        " WHERE recipient = ? AND channel = 'chat' AND state = 'parked' AND problem = 'telegram_blocked'",
        [as_text(now), recipient],
    )
    return cursor.rowcount


def park_parted(db: Database, recipient: str, own: Sequence[str]) -> int:
    """Park what a chat has not got yet when it was parted from a mailbox; returns how many.

    That is an adviser's copies, and what is about cases that none of the `own` addresses, the chat's still, has.
    """
    marks = ", ".join("?" * len(own))
    cursor = db.execute(
        "UPDATE letters SET state = 'parked', problem = 'parted' WHERE recipient = ? AND channel = 'chat'"  # noqa: S608
        " AND state IN ('waiting', 'parked') AND (substr(key, -length(?)) = ?"
        f" OR case_id IN (SELECT id FROM cases WHERE initiator NOT IN ({marks})))",
        [recipient, COPY_IN_CHAT, COPY_IN_CHAT, *own],
    )
    return cursor.rowcount


def release_now(db: Database, letter: int, now: datetime) -> bool:
    """A person sends a parked letter, or one of unknown fate, once more. True when there was such a letter."""
    cursor = db.execute(
        "UPDATE letters SET state = 'waiting', due_at = ?, attempts = 0"
        " WHERE id = ? AND state IN ('parked', 'unknown') AND text != ''",  # nothing is left of one that was erased
        [as_text(now), letter],
    )
    return cursor.rowcount == 1


def is_known(db: Database, key: str) -> bool:
    """Whether the letter with this key was written before."""
    return first(db, "SELECT 1 AS known FROM letters WHERE key = ?", [key]) is not None


def last_to(db: Database, recipient: str) -> KeptLetter | None:
    """The letter that was written last to an address, in whatever state it is."""
    row = first(db, f"SELECT {COLUMNS} FROM letters WHERE recipient = ? ORDER BY id DESC LIMIT 1", [recipient])  # noqa: S608
    return None if row is None else _kept(row)


def answered(db: Database, message_ids: Iterable[str], recipients: Sequence[str]) -> KeptLetter | None:
    """The letter to one of these addresses that the first of these Message-IDs is of."""
    marks = ", ".join("?" * len(recipients))
    sql = f"SELECT {COLUMNS} FROM letters WHERE message_id = ? AND recipient IN ({marks})"  # noqa: S608
    rows = (first(db, sql, [message_id, *recipients]) for message_id in message_ids if message_id)
    return next((_kept(row) for row in rows if row is not None), None)


def is_answered(db: Database, message_ids: Iterable[str], template: str, recipient: str) -> bool:
    """Whether one of these Message-IDs is that of a letter of this template to this address."""
    sql = "SELECT 1 AS known FROM letters WHERE message_id = ? AND template = ? AND recipient = ?"
    return any(first(db, sql, [message_id, template, recipient]) is not None for message_id in message_ids)
