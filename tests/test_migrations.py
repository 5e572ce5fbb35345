"""Every database that a release ever made, with something in every table, comes up to date and loses nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.store.database import NewerDatabase, open_database
from bot.store.migrations import MIGRATION_SET, MIGRATIONS
from tests.releases import MOMENT, fill, of_release, tables

NAMES = [name for name, _ in MIGRATIONS]
RELEASED = {
    "0001_first_schema": "aa92cd3875518db2",
    "0002_budget_sheets": "1af49c81119e692d",
    "0003_weights": "72595722f860fd4f",
    "0004_conversations": "523bafdeef350f13",
    "0005_telegram": "432ee71533cb75cc",
    "0006_choices": "b2d91ee7048b453d",
    "0007_adviser_actions": "7dddeb98524ff954",
    "0008_absences": "fd65f4ff0272a117",
    "0009_accounts": "486f5b0435235918",
    "0010_confirmed": "d03b6c2be3f90a2f",
    "0011_unsure_facts": "81f5d855fe8c6318",
    "0012_replies": "6d64e87b8c1d8713",
    "0013_clock": "99247e1ba90498b7",
    "0014_privacy": "5c95a9cc13c92798",
    "0015_reports": "bc7d059106602929",
    "0016_desk": "e10e61919311216c",
    "0017_insight": "5c222b69457f4a91",
    "0018_open_data": "6ad79321cbee9b42",
    "0019_chat_signs": "25719c068e391d52",
    "0020_earlier_names": "6b48f12e01bf5272",
    "0021_many_cases": "facdca5f0f26347d",
    "0022_sending_pauses": "d3c7a6340f27b0f2",
}
"""The digest of what each released change does: installations have had it, so it is never edited.

A change gets its line here with the release that brings it.
"""


def contents(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    return {table: list(db.query(f"SELECT * FROM {table}")) for table in tables(db)}


def schema(db: Database) -> dict[str, Any]:
    """Columns and indexes of every table, however it came to be so."""
    columns = {
        table: sorted((row[1], row[2], row[3], row[4], row[5] > 0) for row in db.execute(f"PRAGMA table_info({table})"))
        for table in tables(db)
    }
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    return {**columns, "indexes": sorted((name, " ".join(sql.split())) for name, sql in indexes)}


@pytest.fixture(scope="module")
def newest_schema() -> dict[str, Any]:
    """The schema of a database made just now."""
    with closing(open_database(":memory:")) as fresh:
        return schema(fresh)


@pytest.mark.parametrize("release", NAMES)
def test_a_database_of_any_release_comes_up_to_date_and_loses_nothing(
    tmp_path: Path, release: str, newest_schema: dict[str, Any]
) -> None:
    path = tmp_path / "mixmatch.db"
    with closing(of_release(path, release)) as old:
        fill(old)
        before = contents(old)
    with closing(open_database(path)) as db:
        after = contents(db)
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {row["name"] for row in db.query("SELECT name FROM _sqlite_migrations")} == set(NAMES)
        assert schema(db) == newest_schema
    for table, rows in before.items():
        assert len(after[table]) == len(rows), table
        for was, row in zip(rows, after[table], strict=True):
            kept = {name: row[name] for name in was if name in row}
            assert kept == {name: value for name, value in was.items() if name in row}, table


def test_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mixmatch.db"
    with closing(of_release(path, "0001_first_schema")) as old:
        fill(old)
    for _ in range(2):
        with closing(open_database(path)) as db:
            rows, names = contents(db), [row["name"] for row in db.query("SELECT name FROM _sqlite_migrations")]
    with closing(open_database(path)) as db:
        assert contents(db) == rows
        assert [row["name"] for row in db.query("SELECT name FROM _sqlite_migrations")] == names


def test_a_change_that_fails_leaves_the_database_of_the_release_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mixmatch.db"
    with closing(of_release(path, "0012_replies")) as old:
        fill(old)
        before = contents(old)

    def broken(_: Database) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    last = MIGRATION_SET.pending(Database(memory=True))[-1]
    monkeypatch.setattr(last, "fn", broken)
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        open_database(path)
    monkeypatch.undo()
    with closing(Database(path, execute_plugins=False)) as old:
        assert {table: rows for table, rows in contents(old).items() if table in before} == before
        names = {row["name"] for row in old.query("SELECT name FROM _sqlite_migrations")}
    assert names == set(NAMES[: NAMES.index("0012_replies") + 1])
    open_database(path).close()


def test_the_names_are_in_order_and_told_apart() -> None:
    assert sorted(set(NAMES)) == NAMES


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_change_is_never_edited(name: str) -> None:
    statements = dict(MIGRATIONS)[name]
    digest = hashlib.sha256("\n".join(" ".join(each.split()) for each in statements).encode()).hexdigest()[:16]
    assert digest == RELEASED[name]


def test_the_database_of_a_later_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mixmatch.db"
    with closing(of_release(path, NAMES[-1])) as db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (999, 'mixmatch', '9999_later', ?)", [MOMENT])
    with pytest.raises(NewerDatabase):
        open_database(path)
