"""Sentences with which a coordinator explains a topic, beside the examples that ship. What is learned is not here."""

from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text


def add(db: Database, code: str, phrase: str, person: str, now: datetime) -> bool:
    """Keep a sentence; False when it was there."""
    cursor = db.execute(
        "INSERT INTO topic_phrases (code, phrase, added_at, person) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [code, phrase, as_text(now), person],
    )
    return cursor.rowcount == 1


def remove(db: Database, code: str, phrase: str) -> bool:
    """Let a sentence go; False when it was not there."""
    return db.execute("DELETE FROM topic_phrases WHERE code = ? AND phrase = ?", [code, phrase]).rowcount == 1


def by_topic(db: Database) -> dict[str, tuple[str, ...]]:
    """The sentences of each topic that has some, in the order in which they came."""
    found: dict[str, tuple[str, ...]] = {}
    for row in db.query("SELECT code, phrase FROM topic_phrases ORDER BY id"):
        found[row["code"]] = (*found.get(row["code"], ()), row["phrase"])
    return found
