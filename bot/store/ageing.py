"""Which cases and messages have been kept long enough, by what became of them and since when nothing happened.

How long that is stands in the settings; taking the words out is bot/privacy/erasing.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first

OUTCOMES = ("introduced", "unserved", "silent", "closed", "stopped", "referred")
NO_CASE = ("offer", "quarantined", "no_case")

# "+id": the rows that are due put in order, instead of every row there is read in that order.
_CASES = (
    "SELECT id, reference, initiator, outcome, last FROM (SELECT c.id, c.reference, c.initiator, CASE"
    " WHEN EXISTS (SELECT 1 FROM proposals p WHERE p.case_id = c.id AND p.state = 'accepted') THEN 'introduced'"
    " WHEN c.state = 'referred' THEN 'referred' WHEN c.state = 'withdrawn' THEN 'stopped'"
    " WHEN c.state = 'closed' THEN 'closed' WHEN c.state = 'unserved' THEN 'unserved' ELSE 'silent' END AS outcome,"
    " max(c.touched_at, coalesce((SELECT max(m.received_at) FROM messages m WHERE m.case_id = c.id), '')) AS last"
    " FROM cases c WHERE substr(c.initiator, 1, 7) != 'erased:' AND c.touched_at < ?) ORDER BY +id"
)
_MESSAGES = (
    "SELECT id, CASE WHEN state = 'quarantined' THEN 'quarantined' WHEN kind = 'offer' THEN 'offer' ELSE 'no_case' END"
    " AS outcome, received_at FROM messages WHERE account != '' AND case_id IS NULL AND state != 'received'"
    " AND received_at < ? ORDER BY +id"
)
# Somebody answers a letter about a case whose words are gone: those words go too.
_LATE = (
    "SELECT m.id FROM messages m INDEXED BY messages_with_words JOIN cases c ON c.id = m.case_id"
    " WHERE substr(c.initiator, 1, 7) = 'erased:'"
    " AND m.account != '' AND m.state = 'handled' AND m.received_at < ?"
)


@dataclass(frozen=True, slots=True)
class OldCase:
    """A case that has been kept long enough, with what became of it (one of OUTCOMES)."""

    id: int
    reference: str
    initiator: str
    outcome: str


def old_cases(db: Database, before: Mapping[str, datetime]) -> list[OldCase]:
    """The cases in which nothing happened since the moment for their outcome; `before` has all OUTCOMES."""
    rows = db.query(_CASES, [as_text(max(before[each] for each in OUTCOMES))])
    return [
        OldCase(row["id"], row["reference"], row["initiator"], row["outcome"])
        for row in rows
        if row["last"] < as_text(before[row["outcome"]])
    ]


def old_messages(db: Database, before: Mapping[str, datetime]) -> list[tuple[int, str]]:
    """The messages without a case from before the moment for their sort, each with that sort (one of NO_CASE)."""
    rows = db.query(_MESSAGES, [as_text(max(before[each] for each in NO_CASE))])
    return [(row["id"], row["outcome"]) for row in rows if row["received_at"] < as_text(before[row["outcome"]])]


def late_messages(db: Database, before: datetime) -> list[int]:
    """Messages from before a moment that came in a case whose words were gone."""
    return [row["id"] for row in db.query(_LATE, [as_text(before)])]


def was_done(db: Database, since: datetime) -> bool:
    """Whether this was looked at since a moment."""
    sql = "SELECT 1 AS known FROM events WHERE at >= ? AND event = 'retention' LIMIT 1"
    return first(db, sql, [as_text(since)]) is not None
