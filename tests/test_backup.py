"""A backup is made while others write, and counts only once it was checked."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backup import NoBackup, last_made, make_backup
from bot.restoring import restore
from bot.settings import Settings
from bot.store import events
from bot.store.database import open_database, transaction
from tests import command_line, installations
from tests.command_line import Mixmatch
from tests.installations import counted, elsewhere
from tests.store_builders import NOW

mixmatch = command_line.mixmatch
installation = installations.installation


# Making one


def test_it_comes_back_on_another_machine(installation: Settings, tmp_path: Path) -> None:
    manifest = make_backup(installation, tmp_path / "kopie.zip", NOW)
    other = elsewhere(tmp_path)
    restored = restore(other, tmp_path / "kopie.zip", NOW)
    assert (manifest.rows["cases"], manifest.rows["messages"]) == (1, 1)
    assert restored.manifest == manifest
    assert restored.aside is None
    assert [counted(other, table) for table in ("cases", "messages", "letters")] == [1, 1, 1]
    assert (other.folder / "signing.key").read_bytes() == (installation.folder / "signing.key").read_bytes()
    assert {each.name for each in other.folder.iterdir()} <= {
        "mixmatch.db", "mixmatch.db-wal", "mixmatch.db-shm", "signing.key", "service.lock"
    }  # fmt: skip


def test_only_its_owner_can_read_it(installation: Settings, tmp_path: Path) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    restore(elsewhere(tmp_path), tmp_path / "kopie.zip", NOW)
    inside = [elsewhere(tmp_path).folder / name for name in ("mixmatch.db", "signing.key")]
    for path in (tmp_path / "kopie.zip", *inside):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_letter_that_waited_is_not_sent_blindly_once_more(installation: Settings, tmp_path: Path) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    restored = restore(elsewhere(tmp_path), tmp_path / "kopie.zip", NOW)
    assert restored.held_letters == 1
    with closing(open_database(elsewhere(tmp_path).database)) as db:
        assert list(db.query("SELECT state, problem FROM letters")) == [{"state": "unknown", "problem": "restored"}]
        assert [row["event"] for row in db.query("SELECT event FROM events")] == ["restored"]


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(installation: Settings, tmp_path: Path) -> None:
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        with closing(open_database(installation.database)) as db:
            while not stop.is_set():
                with transaction(db):
                    for _ in range(2):  # always two at once
                        events.keep(db, None, "x" * 2000, "bot", NOW)
                written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(10)
        backups = [make_backup(installation, tmp_path / f"{number}.zip", NOW) for number in range(4)]
    finally:
        stop.set()
        writer.join()
    counts = [backup.rows["events"] for backup in backups]
    assert counts == sorted(set(counts)), "the writer went on in between"
    for number, backup in enumerate(backups):
        other = Settings(data_dir=str(tmp_path / f"machine-{number}"))
        restore(other, tmp_path / f"{number}.zip", NOW)
        assert backup.rows["events"] % 2 == 0
        assert counted(other, "events") == backup.rows["events"] + 1


def test_a_backup_is_never_written_over_another(installation: Settings, tmp_path: Path) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    before = (tmp_path / "kopie.zip").read_bytes()
    with pytest.raises(NoBackup, match="staat al iets"):
        make_backup(installation, tmp_path / "kopie.zip", NOW)
    assert (tmp_path / "kopie.zip").read_bytes() == before


def test_of_a_damaged_database_no_backup_is_made(installation: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(installation.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    whole = bytearray(installation.database.read_bytes())
    for page in range(3, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 8] = b"\x55" * 8
    installation.database.write_bytes(whole)
    with pytest.raises(NoBackup):
        make_backup(installation, tmp_path / "kopie.zip", NOW)
    assert not (tmp_path / "kopie.zip").exists()
    assert list(tmp_path.glob(".mixmatch-*")) == []


def test_the_database_of_any_release_is_copied_as_it_is(installation: Settings, tmp_path: Path) -> None:
    with closing(open_database(installation.database)) as db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'mixmatch', '9999_from_the_future', '2030-01-01')")
    manifest = make_backup(installation, tmp_path / "kopie.zip", NOW)
    assert manifest.migrations[-1] == "9999_from_the_future"
    with pytest.raises(NoBackup, match="nieuwere versie"):
        restore(elsewhere(tmp_path), tmp_path / "kopie.zip", NOW)
    assert not elsewhere(tmp_path).database.exists()


# The commands


def test_by_command_and_back(mixmatch: Mixmatch, tmp_path: Path) -> None:
    assert mixmatch("backup", "kopie.zip").err.endswith("Er is niets om te bewaren.\n")
    mixmatch("experts", "list")
    made = mixmatch("backup", "kopie.zip")
    assert made.code == 0
    assert "Reservekopie gemaakt en gecontroleerd: kopie.zip" in made.out
    assert mixmatch("backup", "kopie.zip").code == 1
    restored = mixmatch("restore", "kopie.zip")
    assert restored.code == 0
    assert "Teruggezet: de reservekopie van" in restored.out
    assert mixmatch("restore", "weg.zip").err.endswith("Er is geen bestand weg.zip.\n")
    made_at = last_made(tmp_path / "data")
    assert made_at is not None
    assert datetime.now(UTC) - made_at < timedelta(minutes=5)


def test_in_a_folder_the_oldest_go_and_nothing_else(mixmatch: Mixmatch, tmp_path: Path) -> None:
    mixmatch("experts", "list")
    folder = tmp_path / "kopieen"
    folder.mkdir()
    for name in ("mixmatch-20250101T000000Z.zip", "mixmatch-20250102T000000Z.zip", "mixmatch-oud.zip", "iets.zip"):
        (folder / name).touch()
    answered = mixmatch("backup", folder, "--keep", "2")
    assert answered.code == 0
    left = sorted(each.name for each in folder.iterdir())
    assert left[0] == "iets.zip"
    assert left[1] == "mixmatch-20250102T000000Z.zip"
    assert left[3] == "mixmatch-oud.zip"
    assert len(left) == 4
    for wrong in (["kopie.zip", "--keep", "2"], [folder, "--keep", "0"]):
        assert mixmatch("backup", *wrong).code == 2


def test_a_place_that_can_not_be_written_is_told_in_a_sentence(mixmatch: Mixmatch, tmp_path: Path) -> None:
    mixmatch("experts", "list")
    answered = mixmatch("backup", tmp_path / "geen" / "map" / "kopie.zip")
    assert (answered.code, answered.out) == (1, "")
    assert "Traceback" not in answered.err
