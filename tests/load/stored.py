"""Fills a store with very many cases at once, as after ten years of work; what they are is in stored.sql."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlite_utils import Database

from bot.store.rows import as_text
from inbox.vectors import TextVectors
from tests.load.texts import PLACES

STATEMENTS = Path(__file__).with_suffix(".sql")
TOPICS = ("financing", "funders", "governance", "dialogue", "network", "impact", "data", "design")


def fill(db: Database, count: int, now: datetime, model: str, samples: Sequence[TextVectors]) -> None:
    """Keep so many cases that were opened in the ten years before `now`, those of the last year with their words.

    The pool stands there already; `samples` are vectors of questions, made by `model`, which the cases get in turn.
    """
    values = {"count": count, "now": as_text(now), "model": model}
    with _unsafely(db):
        _make_lists(db, samples)
        for statement in _statements():
            db.conn.execute(statement, {name: values[name] for name in values if f":{name}" in statement})


def _statements() -> Iterator[str]:
    lines = STATEMENTS.read_text(encoding="utf-8").splitlines()
    text = ""
    for line in (each for each in lines if not each.startswith("--")):
        text = f"{text}\n{line}"
        if sqlite3.complete_statement(text):
            yield text
            text = ""


def _make_lists(db: Database, samples: Sequence[TextVectors]) -> None:
    people = db.execute("SELECT id FROM experts WHERE role = 'expert' ORDER BY id").fetchall()
    advisers = db.execute("SELECT id, email FROM experts WHERE role = 'adviser' ORDER BY id").fetchall()
    lists: dict[str, tuple[str, Sequence[Sequence[Any]]]] = {
        "people": ("id", people),
        "advisers": ("id, email", advisers),
        "places": ("name", [(place,) for place in PLACES]),
        "topics": ("code", [(topic,) for topic in TOPICS]),
        "samples": ("rows, vector", [_packed(each) for each in samples]),
    }
    for table, (columns, rows) in lists.items():
        db.conn.execute(f"CREATE TEMP TABLE {table} (n, {columns})")
        marks = ", ".join("?" * (2 + columns.count(",")))
        db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", [(n, *row) for n, row in enumerate(rows)])


def _packed(vectors: TextVectors) -> tuple[int, bytes]:
    matrix = np.vstack([vectors.whole[None, :], vectors.parts]).astype(np.float32)
    return matrix.shape[0], matrix.tobytes()


@contextmanager
def _unsafely(db: Database) -> Iterator[None]:
    """Nothing that could be lost is worth waiting for; indexes are made when all rows stand there."""
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE '%UNIQUE%'"
    indexes = {row["name"]: row["sql"] for row in list(db.query(sql))}
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "journal_mode=OFF"):
        db.conn.execute(f"PRAGMA {pragma}").fetchall()
    for name in indexes:
        db.conn.execute(f"DROP INDEX [{name}]")
    db.conn.execute("BEGIN")
    yield
    for made in indexes.values():
        db.conn.execute(made)
    db.conn.execute("COMMIT")
