"""Buttons that stand in chats, until they are taken away. Whether a press counts is bot/pressing.py's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store.rows import as_text, first

LEASE = timedelta(minutes=5)
"""So long nobody else tries: longer than Telegram ever takes to answer."""


@dataclass(frozen=True, slots=True)
class StaleKeyboard:
    """Buttons that do nothing any more: of which letter, in which chat and message; `tries` counts this one."""

    letter: int
    recipient: str
    message: int
    tries: int


def mark_shown(db: Database, letter: int, message: int) -> None:
    """Record under which message of the chat the letter's buttons stand."""
    db.execute("UPDATE letters SET keyboard_at = ? WHERE id = ?", [message, letter])


def claim_stale(db: Database, now: datetime, prefix: str) -> StaleKeyboard | None:
    """The next buttons to take away, for chats whose address begins with `prefix`; None when there are none now.

    Buttons are stale when all choices of their letter were made, have expired or are about a decided proposal. Whoever
    stops halfway leaves them for the next try, after LEASE.
    """
    row = first(
        db,
        "SELECT id, recipient, keyboard_at, keyboard_tries FROM letters AS shown WHERE keyboard_at IS NOT NULL"
        " AND keyboard_due_at <= ? AND substr(recipient, 1, length(?)) = ? AND NOT EXISTS (SELECT 1 FROM choices"
        " LEFT JOIN proposals ON proposals.id = choices.proposal_id WHERE choices.letter_key = shown.key"
        " AND choices.used_at IS NULL AND choices.expires_at > ?"
        " AND (proposals.id IS NULL OR proposals.state = 'open')) LIMIT 1",
        [as_text(now), prefix, prefix, as_text(now)],
    )
    if row is None:
        return None
    tries = row["keyboard_tries"] + 1
    sql = "UPDATE letters SET keyboard_tries = ?, keyboard_due_at = ? WHERE id = ?"
    db.execute(sql, [tries, as_text(now + LEASE), row["id"]])
    return StaleKeyboard(row["id"], str(row["recipient"]), row["keyboard_at"], tries)


def forget(db: Database, letter: int) -> None:
    """The buttons of a letter are gone, or stay for good."""
    db.execute("UPDATE letters SET keyboard_at = NULL WHERE id = ?", [letter])


def try_again(db: Database, letter: int, at: datetime) -> None:
    """The buttons of a letter still stand there: try once more from this moment on."""
    db.execute("UPDATE letters SET keyboard_due_at = ? WHERE id = ?", [as_text(at), letter])
