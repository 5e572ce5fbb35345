"""`make bench-erasing`: what erasing a person costs with very many cases in the database. No test."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime

import numpy as np
from sqlite_utils import Database

from bot.installation import make_folder, seed_pool
from bot.pool_vectors import PoolShelf
from bot.privacy import erasing
from bot.settings import Settings
from bot.store import scrubbing
from bot.store.database import open_database
from bot.terminal import progress
from bot.wiring import wire
from inbox.vectors import TextVectors
from tests.load.stored import fill

A_DAY = 27  # of 100,000 cases in ten years so many are a day kept long enough
WIDTH = 384


def people(db: Database, order: str, most: int) -> list[str]:
    """Initiators by mail whose case has ended and still has its words."""
    sql = (
        "SELECT initiator FROM cases WHERE substr(initiator, 1, 7) != 'erased:' AND channel = 'mail'"
        f" AND state = 'closed' ORDER BY opened_at {order} LIMIT ?"
    )
    return [str(row[0]) for row in db.execute(sql, [most]).fetchall()]


def timed(name: str, act: Callable[[], object]) -> None:
    """Do something and tell what it took, on the wall and of a core."""
    wall, core = time.perf_counter(), time.process_time()
    act()
    print(f"{name:<62}{time.perf_counter() - wall:>8.2f} s{time.process_time() - core:>8.2f} s", flush=True)


def measure(db: Database, settings: Settings, count: int) -> None:
    """Erase one person by command, and those of a day as the clock does."""
    wiring = wire(settings, progress)
    shelf, now = PoolShelf(wiring.encoder), datetime.now(UTC)
    shelf.current(db)
    old, new = people(db, "", A_DAY + 1), people(db, "DESC", 1)
    size = settings.database.stat().st_size / 1e6
    print(f"\n{f'{count:,} cases, {size:.0f} MB':<62}{'wall':>10}{'core':>10}")

    def a_day() -> None:
        for address in old[1:]:
            erasing.take_out_person(db, wiring, shelf, address, now, "retention")

    def one(address: str) -> None:
        erased = erasing.erase_person(db, wiring, shelf, address, now)
        assert (erased.cases, erased.left) == (1, ()), address

    timed("a person of lately, with the file written anew and searched", lambda: one(new[0]))
    timed("a person of a year ago, in the same way", lambda: one(old[0]))
    timed(f"{A_DAY} people of a year ago, as on a day, without the file", a_day)
    timed("the file written anew, once for all of them", lambda: scrubbing.wipe(db))


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a database of its own and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000, help="cases in the database")
    count = parser.parse_args(arguments).stored
    chance = np.random.default_rng(1)
    samples = [
        TextVectors(chance.normal(size=WIDTH).astype(np.float32), chance.normal(size=(5, WIDTH)).astype(np.float32))
        for _ in range(20)
    ]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=folder)
        make_folder(settings)
        with closing(open_database(settings.database)) as db:
            seed_pool(db)
            fill(db, count, datetime.now(UTC), settings.model.name, samples)
        with closing(open_database(settings.database)) as db:
            measure(db, settings, count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
