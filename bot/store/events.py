"""The history of a case: what happened, when, and in which role somebody did it. Never a name or a text.

Of staff at the desk the id is kept too, so that it can be told later who did what.
"""

from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_text

Actor = Literal["initiator", "adviser", "coordinator", "reader", "bot"]


def keep(
    db: Database,
    case_id: int | None,
    event: str,
    actor: Actor,
    now: datetime,
    channel: str = "",
    detail: str = "",
    person: str = "",
) -> None:
    """Add one line to the history; `person` is the id of who of the staff did it."""
    db.execute(
        "INSERT INTO events (case_id, at, event, actor, channel, detail, person) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [case_id, as_text(now), event, actor, channel, detail, person],
    )


def of_case(db: Database, case_id: int) -> list[dict[str, Any]]:
    """The history of a case, oldest first."""
    return list(
        db.query(
            "SELECT at, event, actor, channel, detail, person FROM events WHERE case_id = ? ORDER BY id", [case_id]
        )
    )
