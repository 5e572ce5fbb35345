"""A plain message and the table it is written in; light, for corrections are written without what reading takes.

Reading such tables is plain_messages.py's.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = ("kind", "needs", "text")


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """A short text of one kind; only a request asks for something."""

    kind: str
    needs: tuple[str, ...]
    text: str


def as_plain_table(messages: Iterable[PlainMessage]) -> str:
    """Plain messages as the table that plain_messages.py reads."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows((one.kind, " ".join(one.needs), one.text) for one in messages)
    return table.getvalue()
