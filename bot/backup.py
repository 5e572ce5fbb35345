"""A whole installation in one file: written while the service runs, and read back before it counts as made.

The file is a ZIP with the database, the signing key, the tombstones and `backup.json`, which says what it holds.
It holds all that people wrote, so it is for its owner only. Putting one back is bot/restoring.py's.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.privacy.tombstone_file import NAME as TOMBSTONES
from bot.settings import Settings
from bot.store.rows import as_text, moment

FORMAT = 1
MANIFEST = "backup.json"
DATABASE = "mixmatch.db"
KEY = "signing.key"
MEMBERS = (DATABASE, KEY, TOMBSTONES)
LAST = "last-backup.json"
BUSY_SECONDS = 30.0
CHUNK = 1024 * 1024
DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, KeyError, ValueError)
"""What reading a ZIP file raises that is damaged, encrypted or none."""


class NoBackup(RuntimeError):
    """The backup can't be made, or is none; the message is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside: its size in bytes and its SHA-256, hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `rows` counts the rows of every table, `migrations` names the changes of the schema."""

    made_at: datetime
    program: str
    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    files: Mapping[str, Part]
    format: int = FORMAT

    def as_json(self) -> str:
        """The text of `backup.json`."""
        return json.dumps({**asdict(self), "made_at": as_text(self.made_at)}, indent=2, sort_keys=True) + "\n"


def read_manifest(text: str) -> Manifest:
    """The manifest of a text that `as_json` wrote. Raises ValueError for any other."""
    try:
        cells: dict[str, Any] = json.loads(text)
        files = {str(name): Part(int(part["bytes"]), str(part["sha256"])) for name, part in cells["files"].items()}
        return Manifest(
            made_at=moment(cells["made_at"]),
            program=str(cells["program"]),
            migrations=tuple(map(str, cells["migrations"])),
            rows={str(name): int(count) for name, count in cells["rows"].items()},
            files=files,
            format=int(cells["format"]),
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError("no manifest of a backup") from problem


def make_backup(settings: Settings, path: Path, now: datetime) -> Manifest:
    """Write a backup to `path`, where nothing may be yet; others go on reading and writing meanwhile.

    Nothing stands at `path` before the copy was checked whole: the database by SQLite itself and table by table
    against the one that was copied, then every file by reading it back. Raises `NoBackup` or OSError.
    """
    if not settings.database.exists():
        raise NoBackup(f"Er is nog geen database in {settings.folder}. Er is niets om te bewaren.")
    if path.exists():
        raise NoBackup(f"Er staat al iets op {path}. Kies een andere naam; een oude kopie wordt nooit overschreven.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".mixmatch-") as room:
        copy, packed = Path(room) / DATABASE, Path(room) / "backup.zip"
        rows = _copy(settings.database, copy)
        _check(copy, rows)
        sources = {DATABASE: copy, **{name: settings.folder / name for name in MEMBERS[1:]}}
        contents = {name: source for name, source in sources.items() if source.exists()}
        parts = {name: part_of(source) for name, source in contents.items()}
        manifest = Manifest(now, version("mixmatch"), migrations_in(copy), rows, parts)
        _pack(packed, contents, manifest)
        check_members(packed, manifest)
        _place(packed, path)
    (settings.folder / LAST).write_text(json.dumps({"made_at": as_text(now)}) + "\n", encoding="utf-8")
    return manifest


def last_made(folder: Path) -> datetime | None:
    """When the last backup of this installation was made, None when that is not known."""
    try:
        return moment(json.loads((folder / LAST).read_text(encoding="utf-8"))["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copy(database: Path, copy: Path) -> dict[str, int]:
    """Copy one moment of the database, whatever is written meanwhile; returns the rows of each table at that moment."""
    copy.touch(mode=0o600)
    try:
        with (
            closing(_open_existing(database)) as source,
            closing(sqlite3.connect(copy, isolation_level=None)) as target,
        ):
            source.execute("BEGIN")  # what is counted and what is copied are of the same moment
            rows = count_rows(source)
            source.backup(target)
            source.execute("ROLLBACK")
            target.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, nothing beside it
    except sqlite3.DatabaseError as problem:
        raise NoBackup(f"De database {database} kan niet worden gelezen ({problem}).") from problem
    return rows


def _open_existing(database: Path) -> sqlite3.Connection:
    """A connection as the file is: of whatever release, and never to a file made just now."""
    address = f"{database.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [
        str(row[0])
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    count = 'SELECT count(*) FROM "{}"'
    return {name: int(connection.execute(count.format(name)).fetchone()[0]) for name in names}


def migrations_in(database: Path) -> tuple[str, ...]:
    """The changes of the schema that a database file has had; none for a file of something else."""
    with closing(sqlite3.connect(database)) as connection, suppress(sqlite3.OperationalError):
        found = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'mixmatch' ORDER BY name")
        return tuple(str(row[0]) for row in found)
    return ()


def _check(database: Path, rows: Mapping[str, int]) -> None:
    if not is_sound(database, rows):
        raise NoBackup(
            "De database is beschadigd: de controle van de kopie slaagt niet. Er is geen reservekopie gemaakt."
            " Zet de laatste goede kopie terug met 'mixmatch restore'."
        )


def is_sound(database: Path, rows: Mapping[str, int]) -> bool:
    """Whether SQLite finds no damage in a database file, and every table has as many rows as it should."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            return verdict == "ok" and count_rows(connection) == dict(rows)
    except sqlite3.DatabaseError:
        return False


def part_of(path: Path) -> Part:
    """Size and digest of a file."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _pack(packed: Path, contents: Mapping[str, Path], manifest: Manifest) -> None:
    packed.touch(mode=0o600)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(MANIFEST, manifest.as_json())
        for name, source in contents.items():
            archive.write(source, name)


def check_members(packed: Path, manifest: Manifest) -> None:
    """Read every file of a backup to its end. Raises `NoBackup` when one is absent or other than it was."""
    try:
        with zipfile.ZipFile(packed) as archive:
            whole = set(archive.namelist()) == {MANIFEST, *manifest.files}
            spoiled = [name for name, part in manifest.files.items() if _part_in(archive, name, part.bytes) != part]
    except DAMAGE as problem:
        raise NoBackup(f"De reservekopie {packed} kan niet worden gelezen of is beschadigd.") from problem
    if spoiled or not whole:
        raise NoBackup(f"De reservekopie {packed} is niet heel: {', '.join(spoiled) or 'er is iets bij of weg'}.")


def _part_in(archive: zipfile.ZipFile, name: str, most: int) -> Part:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as member:
        while size <= most and (chunk := member.read(CHUNK)):
            digest.update(chunk)
            size += len(chunk)
    return Part(size, digest.hexdigest())


def _place(packed: Path, path: Path) -> None:
    """Give the finished file its name, durably, and never over another file."""
    with packed.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(packed, path)
    except FileExistsError:
        raise NoBackup(f"Er staat inmiddels iets anders op {path}.") from None
    except OSError:  # a disk without hard links
        packed.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names that were given or taken in a folder outlive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
