"""Choices that were offered under letters: for whom, until when, and whether they were made. Judges no press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment
from bot.store.tokens import hash_of

COLUMNS = (
    "letter_key, position, case_id, case_state, proposal_id, holder, action, value, label, stays, expires_at, used_at"
)


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """One button of one letter. `holder` is the address that may press it, `case_state` what held when it was offered.

    `position` counts from 0 in the order in which the choices stand under the letter.
    """

    letter_key: str
    position: int
    case_id: int | None
    case_state: str
    proposal_id: int | None
    holder: str
    action: str
    value: str
    label: str
    stays: bool
    expires_at: datetime
    used_at: datetime | None = None


def keep(db: Database, choice: KeptChoice, secret: str, now: datetime) -> None:
    """Store one choice of a letter that was just written."""
    db.execute(
        f"INSERT INTO choices (hash, created_at, {COLUMNS}) VALUES (?, ?{', ?' * 12})",  # noqa: S608 - our own names
        [
            hash_of(secret), as_text(now), choice.letter_key, choice.position, choice.case_id, choice.case_state,
            choice.proposal_id, choice.holder, choice.action, choice.value, choice.label, int(choice.stays),
            as_text(choice.expires_at), as_text(choice.used_at) if choice.used_at else None,
        ],
    )  # fmt: skip


def find(db: Database, secret: str) -> KeptChoice | None:
    """The choice of a secret, made, expired or neither; None when it was never offered."""
    row = first(db, f"SELECT {COLUMNS} FROM choices WHERE hash = ?", [hash_of(secret)])  # noqa: S608 - our own names
    return None if row is None else _kept(row)


def of_letter(db: Database, letter_key: str) -> list[KeptChoice]:
    """The choices of a letter in their order, made or not."""
    sql = f"SELECT {COLUMNS} FROM choices WHERE letter_key = ? ORDER BY position"  # noqa: S608 - our own names
    return [_kept(row) for row in db.query(sql, [letter_key])]


def proposal_of_letter(db: Database, letter_key: str) -> int | None:
    """The proposal that the choices of a letter are about."""
    row = first(db, "SELECT proposal_id FROM choices WHERE letter_key = ? LIMIT 1", [letter_key])
    return row["proposal_id"] if row is not None else None


def open_of_letter(db: Database, letter_key: str, now: datetime) -> list[KeptChoice]:
    """The choices of a letter that can still be made."""
    return [each for each in of_letter(db, letter_key) if each.used_at is None and each.expires_at > now]


def open_to(db: Database, holder: str, now: datetime) -> list[KeptChoice]:
    """The choices that somebody can still make, those of the newest letter first, each letter's in their order."""
    rows = db.query(
        f"SELECT {', '.join(f'choices.{name}' for name in COLUMNS.split(', '))} FROM choices"  # noqa: S608 - our own names
        " JOIN letters ON letters.key = choices.letter_key"
        " LEFT JOIN proposals ON proposals.id = choices.proposal_id WHERE holder = ? AND used_at IS NULL"
        " AND expires_at > ? AND (proposals.id IS NULL OR proposals.state = 'open')"
        " ORDER BY letters.id DESC, position",
        [holder, as_text(now)],
    )
    return [_kept(row) for row in rows]


def use_up(db: Database, letter_key: str, now: datetime) -> bool:
    """Close all choices of a letter, as one was made. False when somebody was first."""
    sql = "UPDATE choices SET used_at = ? WHERE letter_key = ? AND used_at IS NULL"
    return db.execute(sql, [as_text(now), letter_key]).rowcount > 0


def close_of_case(db: Database, case_id: int, actions: Sequence[str], now: datetime) -> int:
    """Close the open choices of a case with these actions, as they were overtaken; returns how many."""
    marks = ", ".join("?" * len(actions))
    return db.execute(
        f"UPDATE choices SET used_at = ? WHERE case_id = ? AND used_at IS NULL AND action IN ({marks})",  # noqa: S608
        [as_text(now), case_id, *actions],
    ).rowcount


def expire_of(db: Database, holder: str, now: datetime) -> None:
    """Let the open choices of one holder end now: what stands in a chat that is no longer theirs does nothing."""
    sql = "UPDATE choices SET expires_at = ? WHERE holder = ? AND used_at IS NULL AND expires_at > ?"
    db.execute(sql, [as_text(now), holder, as_text(now)])


def forget_expired(db: Database, before: datetime) -> int:
    """Remove choices that expired before a moment; returns how many."""
    return db.execute("DELETE FROM choices WHERE expires_at < ?", [as_text(before)]).rowcount


def _kept(row: dict[str, Any]) -> KeptChoice:
    used = moment(row["used_at"]) if row["used_at"] else None
    return KeptChoice(**{**row, "stays": bool(row["stays"]), "expires_at": moment(row["expires_at"]), "used_at": used})
