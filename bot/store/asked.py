"""What the initiator of a case was asked last, and whether what we understood was checked: one row a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_json, as_text, first, from_json

Checked = Literal["", "asked", "right", "wrong"]
Question = Literal[
    "need", "right", "different", "belongs", "municipality", "budget", "provincial_dependence", "consent",
    "helped", "phase", "next", "again", "merged",
]  # fmt: skip
"""`merged` asks nothing: the case was joined with the one in `about`, where what is said now belongs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`questions` are those that wait for an answer, in the order asked; `not_known` the facts that nobody knows.

    `checked` tells whether we asked if we understood well, and what was answered; `about` is another case that a
    question is about.
    """

    case_id: int
    questions: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    checked: Checked = ""
    about: int | None = None


def of_case(db: Database, case_id: int) -> Asked:
    """What was asked in a case; an empty record when nothing was."""
    row = first(db, "SELECT case_id, questions, not_known, checked, about FROM asked WHERE case_id = ?", [case_id])
    return Asked(case_id) if row is None else _asked(row)


def keep(db: Database, asked: Asked, now: datetime) -> None:
    """Write down what is asked from now on."""
    cells = [as_json(asked.questions), as_json(asked.not_known), asked.checked, asked.about, as_text(now)]
    db.execute(
        "INSERT OR REPLACE INTO asked (case_id, questions, not_known, checked, about, asked_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [asked.case_id, *cells],
    )


def last_written_of(db: Database, address: str, case_ids: Sequence[int]) -> int | None:
    """Of these cases the one that the newest letter to an address is about."""
    marks = ", ".join("?" * len(case_ids))
    sql = f"SELECT case_id FROM letters WHERE recipient = ? AND case_id IN ({marks}) ORDER BY id DESC LIMIT 1"  # noqa: S608
    row = first(db, sql, [address, *case_ids])
    return None if row is None else int(row["case_id"])


def silent(db: Database, before: datetime) -> list[Asked]:
    """Cases that wait for an answer since before a moment, longest first."""
    rows = db.query(
        "SELECT a.case_id, a.questions, a.not_known, a.checked, a.about FROM asked a JOIN cases c ON c.id = a.case_id"
        " WHERE c.state = 'asking' AND a.asked_at < ? ORDER BY a.asked_at, a.case_id",
        [as_text(before)],
    )
    return [_asked(row) for row in rows]


def _asked(row: dict[str, Any]) -> Asked:
    return Asked(
        **{**row, "questions": tuple(from_json(row["questions"])), "not_known": tuple(from_json(row["not_known"]))}
    )
