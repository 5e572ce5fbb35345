"""What a coordinator made of what was understood, beside what the program made of it: kept to learn from later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_json, as_text, first, from_json, moment

Understanding = dict[str, Any]
"""kind, needs (codes), evidence (code → words), facts (municipality, budget, provincial_dependence, phase), as in a
labelled case; and eligibility."""


@dataclass(frozen=True, slots=True)
class Source:
    """The message that a correction is about, as it was read."""

    message_id: int | None
    channel: str
    subject: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: who made it and when, of which words, and how it was understood before and after."""

    id: int
    case_id: int
    at: datetime
    person: str
    source: Source
    before: Understanding
    after: Understanding


def source_of(db: Database, case_id: int, question: str) -> Source:
    """What the initiator asked: the message that opened the case, with the words of the question as it is now."""
    row = first(
        db,
        "SELECT m.id, m.channel, m.subject, m.text, m.kind FROM messages m JOIN cases c ON c.id = m.case_id"
        " WHERE m.case_id = ? AND m.state = 'handled' ORDER BY m.sender != c.initiator, m.id LIMIT 1",
        [case_id],
    )
    if row is None:
        return Source(None, "mail", "", question, "request")
    text = question or row["text"] or ""
    return Source(row["id"], row["channel"], row["subject"] or "", text, row["kind"] or "request")


def keep(
    db: Database,
    case_id: int,
    person: str,
    source: Source,
    pair: tuple[Understanding, Understanding],
    now: datetime,
) -> None:
    """Keep what was understood before and after."""
    before, after = pair
    db.execute(
        "INSERT INTO corrections (case_id, message_id, at, person, channel, subject, text, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            case_id, source.message_id, as_text(now), person, source.channel, source.subject, source.text,
            as_json(before), as_json(after),
        ],
    )  # fmt: skip


def of_case(db: Database, case_id: int) -> list[Correction]:
    """The corrections of one case, oldest first."""
    return [_correction(row) for row in db.query("SELECT * FROM corrections WHERE case_id = ? ORDER BY id", [case_id])]


def newest_of_each_case(db: Database) -> list[Correction]:
    """The last correction of every case that has one, by case."""
    sql = "SELECT * FROM corrections WHERE id IN (SELECT max(id) FROM corrections GROUP BY case_id) ORDER BY case_id"
    return [_correction(row) for row in db.query(sql)]


def _correction(row: dict[str, Any]) -> Correction:
    before, after = from_json(row["before"]), from_json(row["after"])
    source = Source(row["message_id"], row["channel"], row["subject"], row["text"], str(before.get("kind", "")))
    return Correction(row["id"], row["case_id"], moment(row["at"]), row["person"], source, before, after)
