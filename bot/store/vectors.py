"""Vectors: of profiles, cached by model and text, and of the questions of cases. Makes none itself."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlite_utils import Database

from bot.store.rows import as_json, first
from inbox.vectors import TextVectors, Vector


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _packed(vectors: TextVectors) -> tuple[int, bytes]:
    matrix = np.vstack([vectors.whole[None, :], vectors.parts]).astype(np.float32)
    return matrix.shape[0], matrix.tobytes()


def _found(row: dict[str, Any] | None) -> TextVectors | None:
    return None if row is None else _unpacked(row)


def _unpacked(row: dict[str, Any]) -> TextVectors:
    matrix = np.frombuffer(row["vector"], dtype=np.float32).reshape(row["rows"], -1)
    return TextVectors(whole=matrix[0], parts=matrix[1:])


def find(db: Database, model: str, text: str) -> TextVectors | None:
    """The cached vectors of one profile: the whole first, then its sentences."""
    return _found(first(db, "SELECT rows, vector FROM vectors WHERE model = ? AND text_hash = ?", [model, _key(text)]))


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
    return _found(first(db, sql, [case_id, model]))


def find_for_cases(db: Database, model: str, case_ids: Sequence[int]) -> dict[int, TextVectors]:
    """By case the vectors of the question of each of these, as far as this model made them; read in one go."""
    sql = (
        "SELECT case_id, rows, vector FROM case_vectors WHERE model = ? AND case_id IN (SELECT value FROM json_each(?))"
    )
    return {row["case_id"]: _unpacked(row) for row in db.query(sql, [model, as_json(list(case_ids))])}


def keep_for_case(db: Database, model: str, case_id: int, vector: TextVectors) -> None:
    """Keep the vectors of a case's question; they go when the case goes."""
    db.execute(
        "INSERT OR REPLACE INTO case_vectors (case_id, model, rows, vector) VALUES (?, ?, ?, ?)",
        [case_id, model, *_packed(vector)],
    )


def wholes_of_cases(db: Database, model: str, case_ids: Sequence[int]) -> dict[int, Vector]:
    """The vector (d,) of the whole question of each of these cases, as far as this model made one."""
    sql = (
        "SELECT case_id, substr(vector, 1, length(vector) / rows) AS whole FROM case_vectors"
        " WHERE model = ? AND case_id IN (SELECT value FROM json_each(?))"
    )
    rows = db.query(sql, [model, as_json(list(case_ids))])
    return {row["case_id"]: np.frombuffer(row["whole"], dtype=np.float32) for row in rows}


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
