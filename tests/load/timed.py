"""`mixmatch run` that writes down how long each of its questions to the database takes, and the language model.

The first argument is the file to write; it is written anew every second.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot import cli
from matcher.encoder import Encoder

VALUES = re.compile(r"\?(?:, \?)+")
WRITE_SECONDS = 1.0
MODEL = "language model"


class Times:
    """How often and how long, in seconds, by what was done."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])

    def add(self, what: str, seconds: float, times: int = 1) -> None:
        """One more; with 0 `times` it belongs to the last one."""
        with self.lock:
            row = self.spent[what]
            row[0] += times
            row[1] += seconds
            row[2] = max(row[2], seconds)

    def write(self, path: Path) -> None:
        """Write everything so far."""
        with self.lock:
            text = json.dumps(self.spent)
        path.write_text(text, encoding="utf-8")


TIMES = Times()


class TimedCursor(sqlite3.Cursor):
    """Counts the time of a question, and of fetching its rows."""

    asked = ""

    def execute(self, sql: str, *given: Any) -> TimedCursor:
        """As always, timed."""
        self.asked = VALUES.sub("?…", " ".join(sql.split()))
        start = time.perf_counter()
        try:
            super().execute(sql, *given)
        finally:
            TIMES.add(self.asked, time.perf_counter() - start)
        return self

    def __next__(self) -> Any:
        start = time.perf_counter()
        try:
            return super().__next__()
        finally:
            TIMES.add(self.asked, time.perf_counter() - start, 0)

    def fetchone(self) -> Any:
        """As always, timed."""
        start = time.perf_counter()
        try:
            return super().fetchone()
        finally:
            TIMES.add(self.asked, time.perf_counter() - start, 0)

    def fetchall(self) -> Any:
        """As always, timed."""
        start = time.perf_counter()
        try:
            return super().fetchall()
        finally:
            TIMES.add(self.asked, time.perf_counter() - start, 0)


class TimedConnection(sqlite3.Connection):
    """A connection all of whose questions are timed."""

    def cursor(self, factory: Any = TimedCursor) -> Any:
        """A cursor that counts."""
        return super().cursor(factory)

    def execute(self, sql: str, *given: Any) -> Any:
        """Through such a cursor."""
        return self.cursor().execute(sql, *given)


def main() -> int:
    """Run the service, timed."""
    path = Path(sys.argv[1])
    connect, read = sqlite3.connect, Encoder._vectors

    def timed_connect(*given: Any, **named: Any) -> Any:
        return connect(*given, **{"factory": TimedConnection, **named})

    def timed_read(self: Encoder, *given: Any) -> Any:
        start = time.perf_counter()
        try:
            return read(self, *given)
        finally:
            TIMES.add(MODEL, time.perf_counter() - start)

    def keep_writing() -> None:
        while True:
            time.sleep(WRITE_SECONDS)
            TIMES.write(path)

    sqlite3.connect = timed_connect
    Encoder._vectors = timed_read  # type: ignore[method-assign,assignment]
    threading.Thread(target=keep_writing, daemon=True).start()
    return cli.run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
