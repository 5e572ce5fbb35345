"""What came in: raw bytes first, what became of them later. Reading them is inbox's work, not this file's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlite_utils import Database

from bot.store import tombstones
from bot.store.rows import as_text, first, moment
from inbox.message import Attachment

MAX_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=30)
State = Literal["received", "handled", "quarantined"]


class AlreadyHandled(RuntimeError):
    """Somebody else handled this message while we were reading it: what we decided must not count as well."""


@dataclass(frozen=True, slots=True)
class Received:
    """One stored incoming message, not yet understood."""

    id: int
    channel: str
    account: str
    external_id: str
    raw: bytes
    envelope_sender: str | None
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Handled:
    """What reading a message led to; kept beside its raw bytes."""

    outcome: str
    case_id: int | None = None
    sender: str = ""
    message_id: str = ""
    subject: str = ""
    text: str = ""
    kind: str | None = None
    kind_confidence: float | None = None
    language: str | None = None
    needs: str = "[]"


def keep_raw(
    db: Database,
    raw: bytes,
    *,
    channel: str,
    account: str,
    external_id: str,
    envelope_sender: str | None,
    now: datetime,
) -> bool:
    """Store and commit the bytes as they came; False when this message was already here, or was here and was erased.

    After this returns the sender's server may be told that we have it.
    """
    if tombstones.is_erased(db, channel, external_id):
        return False
    cursor = db.execute(
        "INSERT INTO messages (channel, account, external_id, raw, envelope_sender, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (channel, external_id) DO NOTHING",
        [channel, account, external_id, raw, envelope_sender, as_text(now)],
    )
    return cursor.rowcount == 1


def claim_next(db: Database, now: datetime) -> Received | None:
    """The oldest message that waits, its attempt counted and committed before anybody looks inside.

    Counting first means that a message which kills the process is also quarantined after three attempts.
    """
    row = first(
        db,
        "UPDATE messages SET attempts = attempts + 1, retry_at = ? WHERE id = (SELECT id FROM messages"
        " WHERE state = 'received' AND attempts < ? AND (retry_at IS NULL OR retry_at <= ? OR retry_at > ?)"
        " ORDER BY id LIMIT 1)"
        " RETURNING id, channel, account, external_id, raw, envelope_sender, received_at, attempts",
        [as_text(now + RETRY_AFTER), MAX_ATTEMPTS, *_due(now)],
    )
    if row is None:
        return None
    return Received(**{**row, "received_at": moment(row["received_at"])})


def _due(now: datetime) -> tuple[str, str]:
    """Up to when a try is due, and from when on as well: nothing waits so long, so the clock was set back since."""
    return as_text(now), as_text(now + RETRY_AFTER)


def give_back(db: Database, received: Received) -> None:
    """Don't count an attempt that failed through no fault of the message; others have their turn before the next."""
    db.execute("UPDATE messages SET attempts = attempts - 1 WHERE id = ? AND state = 'received'", [received.id])


def free_claimed(db: Database, now: datetime) -> int:
    """Let everything that was being read, or waits for another try, have that try now; returns of how many."""
    sql = "UPDATE messages SET retry_at = ? WHERE state = 'received' AND retry_at > ?"
    return db.execute(sql, [as_text(now), as_text(now)]).rowcount


def keep_handled(db: Database, message: int, handled: Handled, now: datetime) -> None:
    """Record the outcome; part of the transaction of the decision itself. Raises `AlreadyHandled`."""
    cursor = db.execute(
        "UPDATE messages SET state = 'handled', problem = '', outcome = ?, case_id = ?, sender = ?, message_id = ?,"
        " subject = ?, text = ?, kind = ?, kind_confidence = ?, language = ?, needs = ?, handled_at = ? WHERE id = ?"
        " AND state != 'handled'",
        [
            handled.outcome,
            handled.case_id,
            handled.sender,
            handled.message_id,
            handled.subject,
            handled.text,
            handled.kind,
            handled.kind_confidence,
            handled.language,
            handled.needs,
            as_text(now),
            message,
        ],
    )
    if cursor.rowcount != 1:
        raise AlreadyHandled(message)


def keep_attachments(db: Database, message: int, attachments: Iterable[Attachment]) -> None:
    """Keep the files that came along; they belong to the message and so to its case."""
    db.table("attachments").insert_all(
        {
            "message_id": message,
            "filename": attachment.filename,
            "media_type": attachment.media_type,
            "content": attachment.content,
        }
        for attachment in attachments
    )


def note_failure(db: Database, received: Received, problem: str) -> State:
    """Remember why reading failed; after the last attempt the message goes to quarantine. Returns its state."""
    state: State = "quarantined" if received.attempts >= MAX_ATTEMPTS else "received"
    cursor = db.execute(
        "UPDATE messages SET state = ?, problem = ? WHERE id = ? AND state != 'handled'", [state, problem, received.id]
    )
    return state if cursor.rowcount == 1 else "handled"


def abandoned(db: Database, now: datetime) -> list[Received]:
    """Messages whose last allowed attempt never came back: the process died on them."""
    rows = db.query(
        "SELECT id, channel, account, external_id, raw, envelope_sender, received_at, attempts FROM messages"  # noqa: S608
        f" INDEXED BY messages_given_up WHERE state = 'received' AND attempts >= {MAX_ATTEMPTS}"
        " AND (retry_at <= ? OR retry_at > ?)",
        list(_due(now)),
    )
    return [Received(**{**row, "received_at": moment(row["received_at"])}) for row in rows]


def case_of_message_id(db: Database, message_ids: Iterable[str]) -> int | None:
    """The case of an earlier incoming message with one of these Message-IDs."""
    for message_id in filter(None, message_ids):  # what came by chat has none
        row = first(
            db, "SELECT case_id FROM messages WHERE message_id = ? AND case_id IS NOT NULL LIMIT 1", [message_id]
        )
        if row is not None:
            return int(row["case_id"])
    return None


def last_message_id(db: Database, case_id: int) -> str | None:
    """The Message-ID of the newest message of the initiator in a case, to answer in the same thread."""
    row = first(
        db,
        "SELECT m.message_id FROM messages m JOIN cases c ON c.id = m.case_id AND c.initiator = m.sender"
        " WHERE m.case_id = ? AND m.message_id != '' ORDER BY m.id DESC LIMIT 1",
        [case_id],
    )
    return None if row is None else str(row["message_id"])


def of_case(db: Database, case_id: int) -> list[dict[str, Any]]:
    """What was read of the messages of a case, oldest first, with the names of the files that came along."""
    return list(
        db.query(
            "SELECT m.id, m.channel, m.received_at, m.sender, m.subject, m.text, m.kind, m.kind_confidence, m.language,"
            " m.outcome, (SELECT group_concat(a.filename, ', ') FROM attachments a WHERE a.message_id = m.id) AS files"
            " FROM messages m WHERE m.case_id = ? ORDER BY m.id",
            [case_id],
        )
    )


def text_of(db: Database, message: int) -> str:
    """The words of one message; "" for one that was not read."""
    row = first(db, "SELECT coalesce(text, '') AS text FROM messages WHERE id = ?", [message])
    return str(row["text"]) if row else ""


def texts_of_case(db: Database, case_id: int) -> list[str]:
    """Every text the initiator wrote in a case, oldest first."""
    return [row["text"] for row in db.query("SELECT text FROM messages WHERE case_id = ? ORDER BY id", [case_id])]


def move_to_case(db: Database, case_id: int, to_case_id: int) -> None:
    """Every message of one case belongs to another from now on."""
    db.execute("UPDATE messages SET case_id = ? WHERE case_id = ?", [to_case_id, case_id])


@dataclass(frozen=True, slots=True)
class Written:
    """Words that somebody sent us, and when."""

    received_at: datetime
    text: str


def written_by(db: Database, addresses: Sequence[str]) -> list[Written]:
    """All that was written from these addresses and could be read, newest first."""
    marks = ", ".join("?" * len(addresses))
    sql = f"SELECT received_at, text FROM messages WHERE sender IN ({marks}) AND text != '' ORDER BY id DESC"  # noqa: S608
    return [Written(moment(row["received_at"]), row["text"]) for row in db.query(sql, list(addresses))]


def heads_of_mail(db: Database, since: datetime, most: int) -> list[bytes]:
    """How mails begin that came in since a moment, the newest first; those of which nothing is left are left out."""
    sql = (
        "SELECT substr(raw, 1, 100000) AS head FROM messages WHERE channel = 'mail' AND received_at >= ?"
        " AND length(raw) > 0 ORDER BY received_at DESC LIMIT ?"
    )
    return [bytes(row["head"]) for row in db.query(sql, [as_text(since), most])]


def counts_by_state(db: Database) -> dict[str, int]:
    """How many messages are in each state."""
    return {row["state"]: row["n"] for row in db.query("SELECT state, count(*) AS n FROM messages GROUP BY state")}


def oldest_waiting(db: Database) -> datetime | None:
    """When the oldest message that still waits came in."""
    row = first(db, "SELECT min(received_at) AS oldest FROM messages WHERE state = 'received'")
    return moment(row["oldest"]) if row and row["oldest"] else None


@dataclass(frozen=True, slots=True)
class Newest:
    """The message that was handled last."""

    kind: str
    outcome: str
    case_id: int | None


def newest(db: Database) -> Newest:
    """The newest handled message. Raises LookupError when there is none."""
    row = first(
        db,
        "SELECT kind, outcome, case_id FROM messages WHERE state = 'handled' ORDER BY handled_at DESC, id DESC LIMIT 1",
    )
    if row is None:
        raise LookupError("no message was handled yet")
    return Newest(**row)
