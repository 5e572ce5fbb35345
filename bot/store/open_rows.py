"""What open data is counted from: one row a question and one a proposal, codes and moments only. Hides nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, from_json, moment


@dataclass(frozen=True, slots=True)
class Question:
    """One case: what it asked, where and when, what became of it. `introduced_at` None when nobody was introduced."""

    reference: str
    opened_at: datetime
    municipality: str
    needs: tuple[str, ...]
    eligibility: str
    open: bool
    unserved: bool
    introduced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """One proposal that was decided, and how."""

    at: datetime
    accepted: bool


_QUESTIONS = (
    "SELECT c.reference, c.opened_at, coalesce(c.municipality, '') AS municipality, c.needs,"
    " coalesce(c.eligibility, '') AS eligibility, c.closed_at IS NULL AS open,"
    " EXISTS (SELECT 1 FROM events e WHERE e.case_id = c.id AND e.event = 'unserved') AS unserved,"
    " (SELECT min(e.at) FROM events e WHERE e.case_id = c.id AND e.event = 'introduced') AS introduced_at"
    " FROM cases c WHERE c.opened_at < ? ORDER BY c.reference"
)
_DECIDED = (
    "SELECT decided_at, state = 'accepted' AS accepted FROM proposals WHERE state IN ('accepted', 'declined')"
    " AND decided_at < ? ORDER BY id"
)


def questions(db: Database, before: datetime) -> Iterator[Question]:
    """Every question that was opened before a moment."""
    for row in db.query(_QUESTIONS, [as_text(before)]):
        yield Question(
            reference=row["reference"],
            opened_at=moment(row["opened_at"]),
            municipality=row["municipality"],
            needs=tuple(dict.fromkeys(str(need["code"]) for need in from_json(row["needs"]))),
            eligibility=row["eligibility"],
            open=bool(row["open"]),
            unserved=bool(row["unserved"]),
            introduced_at=moment(row["introduced_at"]) if row["introduced_at"] else None,
        )


def decided(db: Database, before: datetime) -> Iterator[Decided]:
    """Every proposal that an adviser accepted or declined before a moment."""
    for row in db.query(_DECIDED, [as_text(before)]):
        yield Decided(moment(row["decided_at"]), bool(row["accepted"]))
