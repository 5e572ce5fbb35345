"""Lets the clock deal with rows one at a time, each in a commit of its own: a broken one stops no other."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlite_utils import Database

from bot.clock.deadlines import NextStep, Waits
from bot.clock.working_days import is_office_time
from bot.pool_vectors import PoolShelf
from bot.store.database import transaction
from bot.turn import Turn
from bot.wiring import Wiring

Row = TypeVar("Row")
Due = TypeVar("Due")


def one_by_one(
    db: Database, rows: Iterable[Row], find_due: Callable[[Row], Due | None], act: Callable[[Row, Due], object]
) -> int:
    """Do what is due of every row; returns of how many that was.

    `find_due` is asked twice: first without a lock, and again inside the transaction of `act`, so that what another
    process did meanwhile is not done again. Raises, once all rows had their turn, what went wrong first.
    """
    problems: list[Exception] = []
    done = 0
    for row in rows:
        try:
            done += find_due(row) is not None and _act(db, row, find_due, act)
        except Exception as problem:  # told below, once the other rows had their turn
            problems.append(problem)
    if problems:
        raise problems[0]
    return done


def _act(db: Database, row: Row, find_due: Callable[[Row], Due | None], act: Callable[[Row, Due], object]) -> bool:
    with transaction(db):
        due = find_due(row)
        if due is not None:
            act(row, due)
    return due is not None


def in_office_hours(
    db: Database,
    wiring: Wiring,
    shelf: PoolShelf,
    now: datetime,
    cause: str,
    find_rows: Callable[[Database], Sequence[Row]],
    find_due: Callable[[Turn, Waits, Row], NextStep | None],
    act: Callable[[Turn, Waits, Row, NextStep], object],
) -> int:
    """`one_by_one` for what people are written about: at hours at which an office works, and not at others."""
    clock = wiring.settings.clock
    told_by = Waits.of(clock)
    if not is_office_time(now, clock.first_hour, clock.last_hour, told_by.calendar):
        return 0
    rows = find_rows(db)
    if not rows:
        return 0
    turn = Turn(db, wiring, shelf.current(db), now, cause=cause)
    return one_by_one(
        db,
        rows,
        lambda row: find_due(turn, told_by, row),
        lambda row, step: act(turn, told_by, row, step),
    )
