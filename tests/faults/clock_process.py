"""Lets the clock come by at given moments in a process of its own, on a database on disk; may be killed anywhere.

What time brings depends on working days and office hours, so the moment is handed in; everything else is the
service's own. A moment that was dealt with wholly is noted beside the database: the next process goes on behind it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot import fault_points, flow
from bot.config import read_settings
from bot.pool_vectors import PoolShelf
from bot.store.database import open_database
from bot.wiring import wire

DONE = "moments_done"


def run(moments: Sequence[str]) -> int:
    """Go on with the clock at the first of these moments that is not done yet, and all behind it."""
    settings = read_settings(None, os.environ)
    fault_points.arm(os.environ, settings)
    wiring = wire(settings, print)
    shelf = PoolShelf(wiring.encoder)
    done = settings.folder / DONE
    with closing(open_database(settings.database)) as db:
        for number in range(_number_in(done), len(moments)):
            flow.on_clock(db, wiring, shelf, datetime.fromisoformat(moments[number]))
            _note(done, number + 1)
    return 0


def _number_in(path: Path) -> int:
    return int(path.read_text()) if path.exists() else 0


def _note(path: Path, number: int) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(str(number))
    fresh.replace(path)
