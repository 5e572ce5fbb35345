"""Databases as earlier releases left them, with a row in every table."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.store.migrations import MIGRATION_SET, MIGRATIONS

MOMENT = "2026-01-05T09:00:00.000+00:00"
AS_OBJECT = {"budget_sheet", "what_if", "figures"}
AS_JSON = {"needs", "findings", "fact_evidence", "unsure_facts", "regions", "languages", "why", "because", "questions"}


def of_release(path: Path, last: str) -> Database:
    """A database as the release with this last change left it."""
    db = Database(sqlite3.connect(path, isolation_level=None), execute_plugins=False)
    db.execute("PRAGMA synchronous=OFF")
    MIGRATION_SET.ensure_migrations_table(db)
    for number, (name, statements) in enumerate(MIGRATIONS, start=1):
        for statement in statements:
            db.execute(statement)
        db.execute(
            "INSERT INTO _sqlite_migrations (id, migration_set, name, applied_at) VALUES (?, 'mixmatch', ?, ?)",
            [number, name, MOMENT],
        )
        if name == last:
            break
    return db


def tables(db: Database) -> list[str]:
    rows = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite_%' ORDER BY rowid"
    )
    return [str(row[0]) for row in rows]


def fill(db: Database) -> None:
    """One row in every table, parents first: whatever its columns and checks ask for."""
    db.execute("PRAGMA foreign_keys=OFF")
    for table in tables(db):
        checks = dict(_allowed(db, table))
        parents = {row[3]: (row[2], row[4]) for row in db.execute(f"PRAGMA foreign_key_list({table})")}
        cells = {}
        for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
            cells[name] = _value(db, table, name, kind, checks, parents)
        marks = ", ".join("?" * len(cells))
        db.execute(f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({marks})", list(cells.values()))
    db.execute("PRAGMA foreign_keys=ON")
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def _allowed(db: Database, table: str) -> list[tuple[str, str]]:
    """The first value that a check allows, by column: CHECK (state IN ('asked', …))."""
    sql = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()[0]
    return re.findall(r"CHECK \((\w+) IN \('(\w*)'", sql)


def _value(
    db: Database, table: str, name: str, kind: str, checks: dict[str, str], parents: dict[str, tuple[str, str | None]]
) -> Any:
    if (table, name) == ("cases", "state"):
        return "closed"  # with a moment of closing, as beside it
    if name in checks:
        return checks[name]
    if name == "substitute_id":
        return None  # nobody stands in for himself
    if name in parents:
        parent, column = parents[name]
        found = db.execute(f"SELECT {column or 'rowid'} FROM {parent} LIMIT 1").fetchone()
        return found[0] if found else 1
    if kind == "TEXT":
        if name in AS_JSON:
            return "[]"
        if name in AS_OBJECT:
            return "{}"
        return MOMENT if name.endswith("_at") else f"{name} x"
    return {"INTEGER": 1, "REAL": 0.5, "BLOB": b"\x00\xff"}[kind]
