"""The store's file: durable, waiting its turn, refusing what it can't read without changing it, deciding once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store import events, pool, rankings
from bot.store.database import NewerDatabase, NotADatabase, began_at, open_database, transaction
from bot.store.migrations import MIGRATIONS
from expertise.experts import shipped_pool
from matcher.constraints import LeftOut
from matcher.ranking import Match, Ranking
from tests import store_builders
from tests.pool_builders import an_expert
from tests.store_builders import NOW, a_case, one

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
ROOT = Path(__file__).parent.parent


def note(db: Database, text: str) -> None:
    events.keep(db, None, text, "bot", NOW)


def notes(db: Database) -> list[str]:
    return [row["event"] for row in db.query("SELECT event FROM events ORDER BY id")]


# How it is opened


def test_a_commit_outlives_a_power_cut_and_references_hold(db: Database, other: Database) -> None:
    for each in (db, other):
        assert one(each, "PRAGMA journal_mode") == "wal"
        assert one(each, "PRAGMA synchronous") == 2  # FULL
        assert one(each, "PRAGMA foreign_keys") == 1
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            events.keep(each, 999, "opened", "bot", NOW)


def test_every_table_is_strict(db: Database) -> None:
    strict = {row["name"]: row["strict"] for row in db.query("PRAGMA table_list") if row["schema"] == "main"}
    ours = {name for name in strict if not name.startswith(("sqlite_", "_sqlite_"))}
    assert {"cases", "messages", "letters", "proposals", "tokens", "events"} <= ours
    assert {name for name in ours if not strict[name]} == set()


def test_a_value_of_the_wrong_kind_is_refused(db: Database) -> None:
    case = a_case(db)
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER column"):
        db.execute("UPDATE cases SET rounds_asked = 'twee' WHERE id = ?", [case.id])


def test_opening_again_changes_nothing(db: Database, store_file: Path) -> None:
    began, case = began_at(db), a_case(db)
    assert began.tzinfo is not None
    with closing(open_database(store_file)) as again:
        assert began_at(again) == began
        assert one(again, "SELECT count(*) FROM _sqlite_migrations") == len(MIGRATIONS)
        assert one(again, "SELECT reference FROM cases") == case.reference


# What it refuses


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_database_of_a_newer_release_is_refused_and_unchanged(store_file: Path, mode: str) -> None:
    with closing(open_database(store_file)) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('mixmatch', '9999_from_the_future', '2030-01-01')"
        )
        newer.execute(f"PRAGMA journal_mode={mode}").fetchall()
    before = store_file.read_bytes()
    with pytest.raises(NewerDatabase):
        open_database(store_file)
    assert store_file.read_bytes() == before


def _cut(whole: bytes) -> bytes:
    return whole[:5000]


def _scribbled(whole: bytes) -> bytes:
    return whole[:4096] + b"\x55" * (len(whole) - 4096)


def _text(_: bytes) -> bytes:
    return b"Dit is een brief en geen database.\n" * 200


def _short(_: bytes) -> bytes:
    return b"kort"


@pytest.mark.parametrize("damage", [_cut, _scribbled, _text, _short])
def test_anything_but_a_sound_database_is_refused_and_unchanged(
    store_file: Path, damage: Callable[[bytes], bytes]
) -> None:
    open_database(store_file).close()
    store_file.write_bytes(damage(store_file.read_bytes()))
    before = store_file.read_bytes()
    with pytest.raises(NotADatabase):
        open_database(store_file)
    assert store_file.read_bytes() == before


def test_a_place_that_holds_no_file_says_so(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "geen" / "map" / "mixmatch.db"):
        with pytest.raises(sqlite3.OperationalError):
            open_database(place)


def test_a_refused_file_can_be_opened_by_another_at_once(store_file: Path) -> None:
    store_file.write_bytes(_text(b""))
    with pytest.raises(NotADatabase):
        open_database(store_file)
    store_file.unlink()
    open_database(store_file).close()


OPENER = """
import sys
from bot.store.database import open_database
print("ready", flush=True)
for line in sys.stdin:
    try:
        db = open_database(line.strip())
        print(db.execute("SELECT count(*) FROM cases").fetchone()[0], flush=True)
        db.close()
    except Exception as problem:
        print(repr(problem), flush=True)
"""


def test_processes_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        for _ in range(3)
    ]
    answers = []
    try:
        for opener in openers:
            assert opener.stdout is not None
            assert opener.stdout.readline() == "ready\n"
        for number in range(30):
            for opener in openers:
                assert opener.stdin is not None
                opener.stdin.write(f"{tmp_path / str(number)}.db\n")
            answers += [opener.stdout.readline() for opener in openers if opener.stdout]
    finally:
        for opener in openers:
            opener.communicate(timeout=20)
    assert set(answers) == {"0\n"}
    assert len(answers) == 90


# Transactions


def test_a_writer_waits_for_another_and_then_reads_what_that_one_wrote(db: Database, store_file: Path) -> None:
    inside = threading.Event()

    def write_slowly() -> None:
        with closing(open_database(store_file)) as mine, transaction(mine):
            inside.set()
            note(mine, "de eerste")
            time.sleep(0.3)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert inside.wait(10)
    with transaction(db):
        seen = notes(db)
        note(db, "de tweede")
    writer.join()
    assert seen == ["de eerste"]
    assert notes(db) == ["de eerste", "de tweede"]


def test_a_write_outside_a_transaction_waits_as_well(db: Database, store_file: Path) -> None:
    inside = threading.Event()

    def hold() -> None:
        with closing(open_database(store_file)) as mine, transaction(mine):
            inside.set()
            time.sleep(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    assert inside.wait(10)
    note(db, "na de ander")
    holder.join()
    assert notes(db) == ["na de ander"]


def test_others_see_a_transaction_whole_or_not_at_all(db: Database, other: Database) -> None:
    with transaction(db):
        note(db, "een")
        note(db, "twee")
        assert notes(other) == []
    assert notes(other) == ["een", "twee"]


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_a_transaction_early_leaves_nothing(db: Database, problem: type[BaseException]) -> None:
    case = a_case(db)
    left_out = LeftOut(an_expert("e2"), ("full",))
    ranking = Ranking((Match(an_expert(), 0.5, ("financing",), (), "covers"),), (left_out,))

    def stop_halfway() -> None:
        with transaction(db):
            note(db, "half")
            pool.replace(db, shipped_pool())
            rankings.keep(db, case.id, ranking)
            raise problem

    with pytest.raises(problem):
        stop_halfway()
    assert notes(db) == []
    assert pool.everyone(db) == ()
    assert rankings.of_case(db, case.id) == []
    with transaction(db):
        note(db, "daarna")
    assert notes(db) == ["daarna"]


def test_writing_many_rows_does_not_end_the_transaction_early(db: Database, other: Database) -> None:
    with transaction(db):
        pool.replace(db, shipped_pool())
        assert pool.everyone(other) == ()
        note(db, "hoort erbij")
    assert len(pool.everyone(other)) == len(shipped_pool())


def test_a_transaction_within_another_is_refused_and_undoes_both(db: Database) -> None:
    def nest() -> None:
        with transaction(db):
            note(db, "buiten")
            with transaction(db):
                note(db, "binnen")

    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        nest()
    assert notes(db) == []
