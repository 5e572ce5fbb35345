"""The desk counts what waits by asking, and reads no more of it than it shows; the report tells the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.store.attention import LongestWaiting, find_longest_waiting, find_waiting
from bot.store.database import open_database
from tests.report_rows import Rows
from tests.store_builders import NOW

FEW = 3
MANY = 8


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Rows]:
    """A store in which many of each kind wait, each a day longer than the one before."""
    db = open_database(tmp_path / "mixmatch.db")
    rows = Rows(db, count(1))
    for number in range(MANY):
        rows.expert(f"a{number}", role="adviser")
        rows.expert(f"e{number}", capacity=1)
    for number in range(MANY):
        since = NOW - timedelta(days=60 + number)
        case = rows.case(since)
        rows.proposal(case, f"e{number}", since)
        rows.event(case, "proposed", since)
        rows.event(rows.case(since), "unserved", since)
        rows.event(rows.case(since), "asked", since)
        declined = rows.case(since)
        for expert in ("e0", "e1"):
            rows.proposal(declined, expert, since, "declined", decided_at=since + timedelta(hours=1))
        reviewed = rows.case(since)
        rows.review(reviewed, since)
    yield rows
    db.close()


def test_each_list_is_the_beginning_of_the_whole_one_with_its_number(crowded: Rows) -> None:
    whole, shown = find_waiting(crowded.db, NOW), find_longest_waiting(crowded.db, NOW, FEW)
    for field in fields(shown):
        every, longest = getattr(whole, field.name), getattr(shown, field.name)
        assert len(every) == longest.total >= MANY, field.name
        assert longest.first == every[:FEW], field.name


def test_no_more_rows_are_read_than_are_shown(crowded: Rows) -> None:
    asked: list[str] = []
    crowded.db.conn.set_trace_callback(asked.append)
    find_longest_waiting(crowded.db, NOW, FEW)
    crowded.db.conn.set_trace_callback(None)
    questions = [sql for sql in asked if sql.startswith("SELECT")]
    assert len(questions) == 2 * len(fields(LongestWaiting))
    for sql in questions:
        assert sql.startswith("SELECT count(*)") or sql.endswith(f"LIMIT {FEW}"), sql
