"""The history of a case: what happened, when, and in which role somebody did it. Never a name or a text."""

from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_text

Actor = Literal["initiator", "adviser", "coordinator", "bot"]


def keep(
    db: Database, case_id: int | None, event: str, actor: Actor, now: datetime, channel: str = "", detail: str = ""
) -> None:
    """Add one line to the history."""
    db.execute(
        "INSERT INTO events (case_id, at, event, actor, channel, detail) VALUES (?, ?, ?, ?, ?, ?)",
        [case_id, as_text(now), event, actor, channel, detail],
    )


def of_case(db: Database, case_id: int) -> list[dict[str, Any]]:
    """The history of a case, oldest first."""
    return list(
        db.query("SELECT at, event, actor, channel, detail FROM events WHERE case_id = ? ORDER BY id", [case_id])
    )
