"""Sets of open data as they would be published, in memory and in a folder, for tests. No tests live here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from bot.open_data.files import write_set
from bot.open_data.rows import count_rows, period_before
from bot.open_data.tables import Set
from expertise.topics import shipped_topics

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
KEY = b"k" * 32


def a_set(db: Database, publisher: str = "Provincie A", now: datetime = NOW) -> Set:
    """What would be published now."""
    return Set(publisher, period_before(now), "CC0-1.0", count_rows(db, shipped_topics(), KEY, now))


def exported(db: Database, folder: Path, publisher: str = "Provincie A") -> Path:
    """The set in a folder."""
    write_set(a_set(db, publisher), [], folder)
    return folder
