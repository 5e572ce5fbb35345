"""Fills a store with many cases at once, written as rows: what the open data are counted from, with secrets planted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from bot.store.database import transaction
from bot.store.rows import as_json, as_text

SECRET = "kanarie"
PLACES = ("Oss", "Helmond", "Tilburg", "Breda", "Zundert")
NEEDS = ("financing", "funders", "network", "dialogue")
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def fill(db: Database, count: int, places: Sequence[str] = PLACES) -> None:
    """`count` cases, two a day; every third is introduced after ten days, every seventh found nobody."""
    with transaction(db):
        for number in range(1, count + 1):
            _case(db, number, BEGIN + timedelta(hours=12 * number), places[number * number % len(places)])


def _case(db: Database, number: int, at: datetime, place: str) -> None:
    needs = [{"code": NEEDS[number % 4], "confidence": 0.9, "evidence": f"{SECRET} zin {number}"}]
    introduced = number % 3 == 0
    db.execute(
        "INSERT INTO cases (id, reference, initiator, initiator_name, channel, language, state, municipality, needs,"
        " eligibility, initiative, question, opened_at, touched_at, closed_at) VALUES (?, ?, ?, ?, 'mail', 'nl',"
        " 'introduced', ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, f"SV-2026-{number:04d}", f"{SECRET}{number}@example.org", f"{SECRET} naam", place, as_json(needs),
            "eligible" if number % 5 else "review", f"{SECRET} initiatief", f"{SECRET} vraag", as_text(at), as_text(at),
            as_text(at + timedelta(days=20)) if number % 2 else None,
        ],
    )  # fmt: skip
    for event, happened in (("introduced", introduced), ("unserved", number % 7 == 0)):
        if happened:
            db.execute(
                "INSERT INTO events (case_id, at, event, actor, detail) VALUES (?, ?, ?, 'bot', ?)",
                [number, as_text(at + timedelta(days=10)), event, SECRET],
            )
