"""How values become cells and come back: moments, JSON, single rows. No table is named here."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database


def as_text(moment_: datetime) -> str:
    """A moment as sortable UTC text to the millisecond; raises ValueError for a moment without time zone."""
    if moment_.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment_.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime:
    """The moment that `as_text` wrote."""
    return datetime.fromisoformat(text)


def as_json(value: Any) -> str:
    """Compact JSON with readable letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Any:
    """The value that `as_json` wrote."""
    return json.loads(text)


def first(db: Database, sql: str, parameters: Sequence[Any] = ()) -> dict[str, Any] | None:
    """The first row of a query (also one with RETURNING) or None, the cursor read to its end.

    A RETURNING statement commits only once every row is fetched.
    """
    cursor = db.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None
