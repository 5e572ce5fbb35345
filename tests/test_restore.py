"""A backup comes back whole or not at all, and nothing is lost that stood there before."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot import service_lock
from bot.backup import MANIFEST, NoBackup, make_backup
from bot.privacy import tombstone_file
from bot.restoring import restore, set_aside
from bot.settings import Settings
from bot.store import sessions
from bot.store.database import open_database
from bot.store.migrations import MIGRATIONS
from bot.store.tombstones import Tombstone
from tests import installations
from tests.command_line import in_a_process
from tests.installations import counted, elsewhere
from tests.releases import fill, of_release
from tests.store_builders import NOW, one, receive

installation = installations.installation


# Putting one back


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def scribble(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 50] = b"\x55" * 50
    path.write_bytes(whole)


def other_database(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content[:-1] + b"!" if name == "mixmatch.db" else content)


def without_key(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "signing.key"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def no_manifest(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MANIFEST, "[]")


def text(path: Path) -> None:
    path.write_text("Dit is een brief.\n" * 100)


@pytest.mark.parametrize("damage", [cut, scribble, other_database, without_key, no_manifest, text, Path.unlink])
def test_a_damaged_backup_changes_nothing(
    installation: Settings, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    damage(tmp_path / "kopie.zip")
    before = installation.database.read_bytes()
    with pytest.raises(NoBackup):
        restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    assert installation.database.read_bytes() == before
    assert set_aside(installation.folder) == []


def test_what_stood_there_is_only_replaced_when_asked_and_then_set_aside(
    installation: Settings, tmp_path: Path
) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    with closing(open_database(installation.database)) as db:
        receive(db, "later")
    with pytest.raises(NoBackup, match="--replace"):
        restore(installation, tmp_path / "kopie.zip", NOW)
    assert counted(installation, "messages") == 2
    restored = restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    assert counted(installation, "messages") == 1
    assert restored.aside is not None
    assert set_aside(installation.folder) == [restored.aside]
    with closing(open_database(restored.aside / "mixmatch.db")) as old:
        assert one(old, "SELECT count(*) FROM messages") == 2


def test_a_damaged_database_is_replaced_with_all_that_stands_beside_it(installation: Settings, tmp_path: Path) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    installation.database.write_bytes(b"kapot" * 1000)
    installation.database.with_name("mixmatch.db-wal").write_bytes(b"oud")
    with pytest.raises(NoBackup, match="niet te lezen"):
        restore(installation, tmp_path / "kopie.zip", NOW)
    restored = restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    assert restored.aside is not None
    assert {"mixmatch.db", "signing.key"} <= {each.name for each in restored.aside.iterdir()}
    assert counted(installation, "messages") == 1


def test_nothing_is_put_back_under_a_running_service(installation: Settings, tmp_path: Path) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    with service_lock.held(installation.folder), pytest.raises(NoBackup, match="Er draait een dienst"):
        restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    with closing(open_database(installation.database)) as db:
        assert one(db, "SELECT count(*) FROM messages") == 1
        with pytest.raises(NoBackup, match="Een ander programma"):
            restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    assert set_aside(installation.folder) == []
    restore(installation, tmp_path / "kopie.zip", NOW, replace=True)


HOLDER = """
import os
from pathlib import Path
from bot import service_lock
with service_lock.held(Path({!r})):
    os._exit(9)
"""


def test_the_lock_goes_with_its_process(installation: Settings) -> None:
    folder = installation.folder
    assert in_a_process(folder, program=HOLDER.format(str(folder))).code == 9
    assert not service_lock.is_held(folder)
    with service_lock.held(folder):
        assert service_lock.is_held(folder)


def test_who_was_erased_after_the_backup_stays_erased(installation: Settings, tmp_path: Path) -> None:
    path = tombstone_file.tombstone_file(installation.folder)
    first, second = Tombstone("a" * 64, "person", NOW), Tombstone("b" * 64, "message", NOW, by_retention=True)
    tombstone_file.add(path, "zout", [first])
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    tombstone_file.add(path, "zout", [second])
    restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    assert tombstone_file.read(path) == ("zout", [first, second])
    other = elsewhere(tmp_path)
    restore(other, tmp_path / "kopie.zip", NOW)
    assert tombstone_file.read(tombstone_file.tombstone_file(other.folder)) == ("zout", [first])


def test_tombstones_of_another_installation_do_not_take_the_place_of_those_in_the_backup(
    installation: Settings, tmp_path: Path
) -> None:
    stone = Tombstone("a" * 64, "person", NOW)
    tombstone_file.add(tombstone_file.tombstone_file(installation.folder), "zout", [stone])
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    other = elsewhere(tmp_path)
    other.folder.mkdir()
    tombstone_file.add(tombstone_file.tombstone_file(other.folder), "peper", [])
    restore(other, tmp_path / "kopie.zip", NOW)
    assert tombstone_file.read(tombstone_file.tombstone_file(other.folder)) == ("zout", [stone])


def test_a_backup_of_an_older_release_is_brought_up_to_date(settings: Settings, tmp_path: Path) -> None:
    settings.folder.mkdir()
    with closing(of_release(settings.database, "0012_replies")) as old:
        fill(old)
    manifest = make_backup(settings, tmp_path / "kopie.zip", NOW)
    assert manifest.migrations[-1] == "0012_replies"
    restore(elsewhere(tmp_path), tmp_path / "kopie.zip", NOW)
    assert counted(elsewhere(tmp_path), "_sqlite_migrations") == len(MIGRATIONS)
    assert counted(elsewhere(tmp_path), "cases") == 1


# Whatever goes wrong halfway


@pytest.mark.parametrize("calls", range(8))
def test_a_restore_that_breaks_off_leaves_the_old_or_the_new_and_can_be_done_again(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    with closing(open_database(installation.database)) as db:
        receive(db, "later")
    left = [calls]

    def breaking(name: str) -> Callable[..., object]:
        before: Callable[..., object] = getattr(os if name == "link" else Path, name)

        def do(*arguments: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")
            return before(*arguments)

        return do

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", breaking("link"))
        patch.setattr(shutil, "copy2", breaking("link"))
        patch.setattr(Path, "replace", breaking("replace"))
        with suppress(OSError):
            restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    assert counted(installation, "messages") in (1, 2)
    later = NOW + timedelta(seconds=1)
    restore(installation, tmp_path / "kopie.zip", later, replace=True)
    assert counted(installation, "messages") == 1


def test_nobody_is_still_signed_in_after_a_restore(installation: Settings, tmp_path: Path) -> None:
    with closing(open_database(installation.database)) as db:
        sessions.begin(db, "geheim", "coordinator@example.org", NOW)
        sessions.keep_link(
            db, "link", sessions.SignInLink("coordinator@example.org", "/bureau"), NOW, NOW + timedelta(days=1)
        )
    make_backup(installation, tmp_path / "kopie.zip", NOW)
    restore(installation, tmp_path / "kopie.zip", NOW, replace=True)
    with closing(open_database(installation.database)) as db:
        assert sessions.find(db, "geheim", NOW) is None
        assert sessions.find_link(db, "link", NOW) is None
