"""The cases with which the load is measured fit the schema as it is now, and nothing of them is due."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import numpy as np
from sqlite_utils import Database

import tests.store_builders
from bot.installation import seed_pool
from bot.privacy.retention import find_due
from bot.settings import Settings
from bot.store import cases
from inbox.vectors import TextVectors
from tests.load.stored import fill
from tests.load.texts import chat_lines, written_by
from tests.test_query_plans import GROWING

db = tests.store_builders.db
store_file = tests.store_builders.store_file
COUNT = 4000
NOW = datetime(2026, 11, 18, 11, tzinfo=UTC)
NOT_STORED = {"adviser_questions", "budget_sheets", "case_owners", "contact_wishes", "letter_files"}


def test_stored_cases_fit_the_schema_and_nothing_is_due(db: Database) -> None:
    seed_pool(db)
    vector = np.eye(3, 8, dtype=np.float32)
    fill(db, COUNT, NOW, "model", [TextVectors(vector[0], vector[1:])])
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db["cases"].count == COUNT
    assert {table for table in GROWING - NOT_STORED if db[table].count == 0} == set()
    assert find_due(db, Settings(), NOW).counts == {}
    newest = cases.newest(db, 1)[0]
    assert newest.reference == f"SV-2026-{COUNT}"


def test_there_are_thousands_of_texts_to_feed_and_chats_answer() -> None:
    assert min(len(written_by("mail")), len(written_by("chat"))) > 500
    lines = chat_lines(Random(1))
    (first, _), (second, answer), (third, _) = (next(lines) for _ in range(3))
    assert (first, second, third) == (0, 0, 1)
    assert "De begroting sluit" in answer
