"""Opens the SQLite file, keeps its schema current and gives transactions; no table of its own lives here."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from bot.fault_points import reached
from bot.store.migrations import MIGRATION_SET, MIGRATIONS

Holding = Callable[[], AbstractContextManager[object]]
"""Takes hold of something for as long as a block lasts."""

BUSY_SECONDS = 10.0
PAUSE_SECONDS = 0.01


TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


class NewerDatabase(RuntimeError):
    """The file was written by a newer release of this program than the one that opens it."""


class NotADatabase(RuntimeError):
    """The file exists, but is no SQLite database or is damaged."""


def open_database(path: Path | str, while_migrating: Holding = nullcontext) -> Database:
    """Open (and if needed create or bring up to date) the database at `path`, a file or ":memory:".

    What `while_migrating` gives is held while a file of an earlier release is brought up to date; when it raises,
    nothing has changed. One connection belongs to one thread; open another for another thread. Raises `NewerDatabase`
    for a file of a later release, `NotADatabase` for something else than SQLite, `sqlite3.OperationalError` where the
    disk refuses.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        db = Database(connection, execute_plugins=False)
        # FULL: a mail is acknowledged right after its commit, so the commit must outlive a power cut.
        # secure_delete: what is erased or overwritten leaves no readable bytes behind in the file.
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        _bring_up_to_date(db, path, while_migrating)
    except sqlite3.DatabaseError as problem:
        connection.close()
        if isinstance(problem, sqlite3.OperationalError):
            raise
        raise NotADatabase(str(path)) from problem
    except BaseException:
        connection.close()
        raise
    return db


def is_trouble(problem: BaseException) -> bool:
    """Whether the file could not be used now (locked, disk full or failing), whatever was asked of it."""
    # The low byte: what comes above it only tells more of why.
    return isinstance(problem, sqlite3.OperationalError) and getattr(problem, "sqlite_errorcode", 0) & 0xFF in TROUBLE


def _bring_up_to_date(db: Database, path: Path | str, while_migrating: Holding) -> None:
    known, applied = {name for name, _ in MIGRATIONS}, _applied(db)
    if applied - known:
        raise NewerDatabase(str(path))  # before the first write: that file stays as it is, to the last byte
    _write_ahead(db.conn)
    if applied != known:
        _migrate(db, known, while_migrating)


def _applied(db: Database) -> set[str]:
    return {migration.name for migration in MIGRATION_SET.applied(db)}


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite needs the file to itself for that and gives up at once, whatever the busy time-out."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            return
        except sqlite3.OperationalError as problem:
            # The low byte: what comes above it only tells why the file is busy.
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_SECONDS)


def _migrate(db: Database, known: set[str], while_migrating: Holding) -> None:
    with ExitStack() as held, transaction(db):  # two may start at once: the second waits here and finds nothing to do
        if _applied(db) not in (set(), known):  # a new file was never in anybody's use
            held.enter_context(while_migrating())  # let go of after the commit
        MIGRATION_SET.apply(db)


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """One commit for everything inside, taking the write lock first.

    A deferred BEGIN that reads and then writes fails at once against another writer, whatever the busy time-out;
    BEGIN IMMEDIATE waits its turn instead. May not be nested: a decision is committed in one place.
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
        reached("before_commit")
        db.conn.execute("COMMIT")
        reached("after_commit")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def began_at(db: Database) -> datetime:
    """When this database was made."""
    row = db.execute("SELECT min(applied_at) FROM _sqlite_migrations").fetchone()
    return datetime.fromisoformat(row[0])
