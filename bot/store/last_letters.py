"""Letters around an erasure: lists that wait lose a person's names, and the last letter to a person goes as well."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_text

LEFT_OUT = "[…]"
_CELLS = "id, message_id, subject, text, html"


def redact_waiting(db: Database, mark: str, names: Iterable[str]) -> None:
    """Letters that still have to leave and name this mark, such as lists of several cases, lose these names."""
    rows = db.query(f"SELECT {_CELLS} FROM letters WHERE state IN ('waiting', 'sending') AND instr(text, ?)", [mark])  # noqa: S608
    _redact(db, list(rows), names)


def redact_told(db: Database, name: str, since: str) -> list[str]:
    """Letters to others that named this initiative as one like theirs lose the name; returns their Message-IDs.

    `since`, as the store writes it, is before anybody wrote of it.
    """
    sql = f"SELECT {_CELLS} FROM letters WHERE created_at >= ? AND instr(text, ?)"  # noqa: S608
    rows = list(db.query(sql, [since, name]))
    _redact(db, rows, [name])
    return [str(row["message_id"]) for row in rows]


def _redact(db: Database, rows: Iterable[dict[str, Any]], names: Iterable[str]) -> None:
    for row in rows:
        cells = [row["subject"], row["text"], row["html"]]
        for name in names:
            cells = [_without(cell, name) for cell in cells]
        db.execute("UPDATE letters SET subject = ?, text = ?, html = ? WHERE id = ?", [*cells, row["id"]])


def _without(cell: str, name: str) -> str:
    """The text of a letter or of its page, in which quotes may be written out or not, without this name."""
    for written in (escape(name), escape(name, quote=False), name):
        cell = cell.replace(written, LEFT_OUT)
    return cell


def forget_last_words(db: Database, sent_before: datetime, written_before: datetime) -> list[str]:
    """Remove the letters that told people their data are erased; returns their Message-IDs."""
    rows = db.execute(
        "DELETE FROM letters WHERE template = 'erasure' AND substr(key, 1, 7) = 'erased:'"
        " AND (sent_at <= ? OR created_at <= ?) RETURNING message_id",
        [as_text(sent_before), as_text(written_before)],
    ).fetchall()
    return [str(row[0]) for row in rows]
