"""Puts a backup back: everything is checked and made ready beside the installation, then takes its place at once.

What stood there is set aside, never thrown away. What a backup is and how it is made stands in bot/backup.py.
"""

import os
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import service_lock
from bot.backup import (
    DAMAGE,
    DATABASE,
    FORMAT,
    KEY,
    MANIFEST,
    Manifest,
    NoBackup,
    check_members,
    is_sound,
    migrations_in,
    read_manifest,
    sync_folder,
)
from bot.installation import make_folder
from bot.privacy import tombstone_file
from bot.privacy.tombstone_file import NAME as TOMBSTONES
from bot.settings import Settings
from bot.store import events
from bot.store.database import open_database, transaction
from bot.store.migrations import MIGRATIONS

ASIDE = "voor-terugzetten-"
"""With which the name of a folder begins that holds what a restored backup took the place of."""
LARGEST_MANIFEST = 1024 * 1024
WAL, SHM = "-wal", "-shm"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `held_letters` could have left after the backup, so a person decides on them."""

    manifest: Manifest
    held_letters: int
    aside: Path | None


def restore(settings: Settings, path: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Put the backup at `path` back. Until it was checked whole nothing changes, and afterwards it is there whole.

    Raises `NoBackup` for a file that is none, is damaged or of a newer release, while a service runs, and when the
    installation holds messages or cases already, unless `replace`: then those are set aside first.
    """
    manifest = manifest_of(path)
    check_members(path, manifest)
    make_folder(settings)
    try:
        with (
            service_lock.held(settings.folder),
            tempfile.TemporaryDirectory(dir=settings.folder, prefix=".terug-") as room,
        ):
            ready = _make_ready(path, manifest, Path(room))
            held = _hold_letters(ready / DATABASE, now)
            _refuse_full(settings.database, replace)
            return Restored(manifest, held, _put_in_place(settings, ready, now))
    except service_lock.InUse as problem:
        raise NoBackup(
            f"Er draait een dienst op {settings.folder}. Stop die eerst, en zet dan de reservekopie terug."
        ) from problem


def manifest_of(path: Path) -> Manifest:
    """What a backup says of itself. Raises `NoBackup` for another file, or one of a newer release."""
    if not path.is_file():
        raise NoBackup(f"Er is geen bestand {path}.")
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MANIFEST) as member:
            manifest = read_manifest(member.read(LARGEST_MANIFEST).decode("utf-8"))
    except DAMAGE as problem:
        raise NoBackup(f"Het bestand {path} is geen reservekopie van Mix&Match, of het is beschadigd.") from problem
    if manifest.format > FORMAT or set(manifest.migrations) - {name for name, _ in MIGRATIONS}:
        raise NoBackup(
            f"De reservekopie {path} is gemaakt door een nieuwere versie ({manifest.program}). Er is niets veranderd;"
            " installeer die nieuwere versie."
        )
    if DATABASE not in manifest.files or set(manifest.files) - {DATABASE, KEY, TOMBSTONES}:
        raise NoBackup(f"Het bestand {path} is geen reservekopie van Mix&Match.")
    return manifest


def _make_ready(path: Path, manifest: Manifest, room: Path) -> Path:
    """Unpack beside the installation, check the database once more, and bring it up to date."""
    with zipfile.ZipFile(path) as archive:
        for name in manifest.files:
            (room / name).touch(mode=0o600)
            with archive.open(name) as member, (room / name).open("wb") as file:
                shutil.copyfileobj(member, file)
    database = room / DATABASE
    if not is_sound(database, manifest.rows) or migrations_in(database) != manifest.migrations:
        raise NoBackup(f"De database in {path} is beschadigd. Er is niets veranderd; neem een andere reservekopie.")
    open_database(database).close()
    return room


def _hold_letters(database: Path, now: datetime) -> int:
    """Nobody knows whether what waited then has left since: it is shown to a person and not blindly sent again."""
    with closing(open_database(database)) as db, transaction(db):
        held = db.execute(
            "UPDATE letters SET state = 'unknown', problem = 'restored', leased_until = NULL"
            " WHERE state IN ('waiting', 'sending') AND channel != 'web'"
        )
        for table in ("sessions", "sign_in_links"):  # who signed out or was let go since comes in no more
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        events.keep(db, None, "restored", "bot", now)
        return held.rowcount


def _refuse_full(database: Path, replace: bool) -> None:
    if replace or not database.exists():
        return
    holds = "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM cases)"
    try:
        with closing(sqlite3.connect(database)) as connection:
            rows = int(connection.execute(holds).fetchone()[0])
    except sqlite3.DatabaseError:  # damaged, or something else: also that is only replaced when asked
        rows = -1
    if rows:
        what = f"al een database met {rows} berichten en dossiers" if rows > 0 else "een database die niet te lezen is"
        raise NoBackup(
            f"Er staat in {database.parent} {what}. Wil je die vervangen? Geef dan --replace mee;"
            " wat er staat, wordt opzij gezet."
        )


def _put_in_place(settings: Settings, ready: Path, now: datetime) -> Path | None:
    """The one moment that counts: the new database takes the name of the old by a single rename."""
    aside = settings.folder / f"{ASIDE}{now:%Y%m%dT%H%M%S}"
    _let_go(settings.database)
    kept = [each for each in (settings.database, settings.folder / KEY) if each.exists()]
    if kept:
        aside.mkdir(mode=0o700)
        for each in kept:
            _keep_too(each, aside / each.name)
        for end in (WAL, SHM):  # of a damaged database only: a sound one has let go of them
            beside = settings.database.with_name(settings.database.name + end)
            if beside.exists():
                beside.replace(aside / beside.name)
        sync_folder(aside)
    _join_tombstones(ready / TOMBSTONES, tombstone_file.tombstone_file(settings.folder), aside)
    for source, target in ((ready / DATABASE, settings.database), (ready / KEY, settings.folder / KEY)):
        if source.exists():
            _sync(source)
            source.replace(target)
    sync_folder(settings.folder)
    return aside if kept else None


def _let_go(database: Path) -> None:
    """Let the present database end its write-ahead log; only its last user can. Raises `NoBackup` while one reads."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.OperationalError as problem:
        raise NoBackup(
            f"Een ander programma gebruikt {database}. Stop de dienst en andere opdrachten, en probeer het opnieuw."
        ) from problem
    except sqlite3.DatabaseError:
        return  # damaged: it is set aside with all that stands beside it


def _keep_too(source: Path, target: Path) -> None:
    """The same file under a second name: so the first is never missing, not even for a moment."""
    try:
        os.link(source, target)
    except OSError:  # a disk without hard links
        shutil.copy2(source, target)


def _join_tombstones(from_backup: Path, here: Path, aside: Path) -> None:
    """Who was erased since the backup stays erased: the file here only grows, unless it is of another installation."""
    found, known = tombstone_file.read(from_backup), tombstone_file.read(here)
    if found is None:
        return
    salt, stones = found
    if known is not None and known[0] != salt:
        aside.mkdir(mode=0o700, exist_ok=True)
        here.replace(aside / here.name)
        known = None
    have = {stone.hash for stone in known[1]} if known else set()
    fresh = [stone for stone in stones if stone.hash not in have]
    if fresh or known is None:
        tombstone_file.add(here, salt, fresh)


def _sync(path: Path) -> None:
    with path.open("rb") as file, suppress(OSError):
        os.fsync(file.fileno())


def set_aside(folder: Path) -> list[Path]:
    """What earlier restores set aside in an installation, oldest first: a person throws it away when all is well."""
    return sorted(each for each in folder.glob(f"{ASIDE}*") if each.is_dir())
