"""Weights of the ranking as rows: proposed by learning, approved or rejected once by a coordinator. Learns nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_json, as_text, first, from_json, moment
from matcher.weights import BadWeights, Weights, weights_from

WeightsState = Literal["proposed", "approved", "rejected", "replaced"]


@dataclass(frozen=True, slots=True)
class KeptWeights:
    """Weights with what was measured when they were proposed; `weights` is None when another release made them."""

    id: int
    state: WeightsState
    weights: Weights | None
    figures: Any
    made_at: datetime
    decided_at: datetime | None
    decided_by: str


def _kept(row: dict[str, Any]) -> KeptWeights:
    decided = moment(row["decided_at"]) if row["decided_at"] else None
    weights = _weights(from_json(row["weights"]))
    cells = {"made_at": moment(row["made_at"]), "decided_at": decided, "figures": from_json(row["figures"])}
    return KeptWeights(**{**row, **cells, "weights": weights})


def _weights(worth: Any) -> Weights | None:
    try:
        return weights_from(worth)
    except BadWeights:
        return None


def propose(db: Database, weights: Weights, figures: Any, now: datetime) -> int:
    """Keep new weights that wait for a coordinator and return their number; call inside a transaction."""
    row = first(
        db,
        "INSERT INTO weights (state, weights, figures, made_at) VALUES ('proposed', ?, ?, ?) RETURNING id",
        [as_json(asdict(weights)), as_json(figures), as_text(now)],
    )
    assert row is not None
    return int(row["id"])


def approve(db: Database, weights_id: int, by: str, now: datetime) -> bool:
    """Let proposed weights take the place of those in use; False when they do not wait. Inside a transaction."""
    if not _waits(db, weights_id):
        return False
    db.execute("UPDATE weights SET state = 'replaced' WHERE state = 'approved'")
    _decide(db, weights_id, "approved", by, now)
    return True


def reject(db: Database, weights_id: int, by: str, now: datetime) -> bool:
    """Turn proposed weights down; False when they do not wait. Inside a transaction."""
    if not _waits(db, weights_id):
        return False
    _decide(db, weights_id, "rejected", by, now)
    return True


def in_use(db: Database) -> Weights | None:
    """The approved weights; None when there are none that this release knows, and the shipped ones count."""
    row = first(db, "SELECT weights FROM weights WHERE state = 'approved'")
    return None if row is None else _weights(from_json(row["weights"]))


def find(db: Database, weights_id: int) -> KeptWeights | None:
    """Weights by their number."""
    row = first(db, "SELECT * FROM weights WHERE id = ?", [weights_id])
    return None if row is None else _kept(row)


def history(db: Database) -> list[KeptWeights]:
    """Everything that was ever proposed, oldest first."""
    return [_kept(row) for row in db.query("SELECT * FROM weights ORDER BY id")]


def _waits(db: Database, weights_id: int) -> bool:
    kept = find(db, weights_id)
    return kept is not None and kept.state == "proposed" and kept.weights is not None


def _decide(db: Database, weights_id: int, state: WeightsState, by: str, now: datetime) -> None:
    db.execute(
        "UPDATE weights SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?",
        [state, by, as_text(now), weights_id],
    )
