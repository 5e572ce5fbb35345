"""Lets the clock deal with rows one at a time, each in a commit of its own: a broken one stops no other."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlite_utils import Database

from bot.store.database import transaction

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
