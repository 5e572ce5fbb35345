"""Vectors: of profiles, cached by model and text, and of the questions of cases. Makes none itself."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlite_utils import Database

from bot.store.rows import first
from inbox.vectors import TextVectors


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _packed(vectors: TextVectors) -> tuple[int, bytes]:
    matrix = np.vstack([vectors.whole[None, :], vectors.parts]).astype(np.float32)
    return matrix.shape[0], matrix.tobytes()


def _unpacked(row: dict[str, Any] | None) -> TextVectors | None:
    if row is None:
        return None
    matrix = np.frombuffer(row["vector"], dtype=np.float32).reshape(row["rows"], -1)
    return TextVectors(whole=matrix[0], parts=matrix[1:])


def find(db: Database, model: str, text: str) -> TextVectors | None:
    """The cached vectors of one profile: the whole first, then its sentences."""
    return _unpacked(
        first(db, "SELECT rows, vector FROM vectors WHERE model = ? AND text_hash = ?", [model, _key(text)])
    )


def keep(db: Database, model: str, texts: Sequence[str], vectors: Sequence[TextVectors]) -> None:
    """Cache the vectors of profiles; call inside a transaction."""
    for text, vector in zip(texts, vectors, strict=True):
        db.execute(
            "INSERT OR REPLACE INTO vectors (model, text_hash, rows, vector) VALUES (?, ?, ?, ?)",
            [model, _key(text), *_packed(vector)],
        )


def find_for_case(db: Database, model: str, case_id: int) -> TextVectors | None:
    """The vectors of a case's question, None when another model made them."""
    sql = "SELECT rows, vector FROM case_vectors WHERE case_id = ? AND model = ?"
    return _unpacked(first(db, sql, [case_id, model]))


def keep_for_case(db: Database, model: str, case_id: int, vector: TextVectors) -> None:
    """Keep the vectors of a case's question; they go when the case goes."""
    db.execute(
        "INSERT OR REPLACE INTO case_vectors (case_id, model, rows, vector) VALUES (?, ?, ?, ?)",
        [case_id, model, *_packed(vector)],
    )


def forget_others(db: Database, model: str, texts: Sequence[str]) -> int:
    """Remove vectors of other models and of texts that no longer exist; returns how many."""
    wanted = {_key(text) for text in texts}
    stale = [
        (row["model"], row["text_hash"])
        for row in db.query("SELECT model, text_hash FROM vectors")
        if row["model"] != model or row["text_hash"] not in wanted
    ]
    for key in stale:
        db.execute("DELETE FROM vectors WHERE model = ? AND text_hash = ?", list(key))
    return len(stale)
