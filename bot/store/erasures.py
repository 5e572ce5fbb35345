"""Who asked to have all data erased, whether that was confirmed and approved, and that it is done. Erases nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

Answer = Literal["confirmed", "kept"]
State = Literal["asked", "confirmed", "approved", "kept", "done"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """A wish that its writer confirmed; it is carried out once a coordinator has approved it."""

    id: int
    address: str
    state: State
    confirmed_at: datetime


def ask(db: Database, address: str, now: datetime) -> None:
    """Write down that an address was asked whether it is sure; asking again counts from now on."""
    db.execute("DELETE FROM erasures WHERE address = ? AND state = 'asked'", [address])
    db.execute("INSERT INTO erasures (address, asked_at, state) VALUES (?, ?, 'asked')", [address, as_text(now)])


def is_asked(db: Database, address: str, since: datetime) -> bool:
    """Whether an address was asked since a moment, and has not answered yet."""
    sql = "SELECT 1 AS known FROM erasures WHERE address = ? AND state = 'asked' AND asked_at >= ?"
    return first(db, sql, [address, as_text(since)]) is not None


def answer(db: Database, address: str, said: Answer, now: datetime) -> bool:
    """Write down the answer; False when nothing was asked or it was answered before."""
    cursor = db.execute(
        "UPDATE erasures SET state = ?, decided_at = ? WHERE address = ? AND state = 'asked'",
        [said, as_text(now), address],
    )
    return cursor.rowcount > 0


def answers_our_letter(db: Database, message_ids: Iterable[str], address: str) -> bool:
    """Whether a mail answers the letter that asked this address: only who read that letter can name it."""
    sql = "SELECT 1 AS known FROM letters WHERE message_id = ? AND recipient = ? AND template = 'erasure'"
    return any(first(db, sql, [each, address]) is not None for each in message_ids if each)


def was_asked_last(db: Database, address: str) -> bool:
    """Whether the newest letter to an address is the one that asks whether it is sure."""
    row = first(db, "SELECT template FROM letters WHERE recipient = ? ORDER BY id DESC LIMIT 1", [address])
    return row is not None and row["template"] == "erasure"


def to_do(db: Database) -> list[Erasure]:
    """The wishes that were confirmed and not carried out yet, oldest first."""
    rows = db.query(
        "SELECT id, address, state, decided_at FROM erasures WHERE state IN ('confirmed', 'approved') ORDER BY id"
    )
    return [Erasure(row["id"], row["address"], row["state"], moment(row["decided_at"])) for row in rows]


def count_confirmed(db: Database) -> int:
    """How many wishes wait for a coordinator."""
    row = first(
        db, "SELECT count(*) AS n FROM erasures WHERE state = 'confirmed' AND state IN ('confirmed', 'approved')"
    )
    return int(row["n"]) if row else 0


def approve(db: Database, erasure: int, by: str, now: datetime) -> bool:
    """A coordinator says yes: the clock may carry it out. False when it does not wait for that."""
    cursor = db.execute(
        "UPDATE erasures SET state = 'approved', approved_at = ?, approved_by = ? WHERE id = ? AND state = 'confirmed'",
        [as_text(now), by, erasure],
    )
    return cursor.rowcount == 1


def finish(db: Database, addresses: Sequence[str], now: datetime) -> None:
    """What these addresses wished is done: that it was is kept, whose wish it was is not."""
    marks = ", ".join("?" * len(addresses))
    db.execute(
        "UPDATE erasures SET address = '', state = CASE WHEN state IN ('confirmed', 'approved') THEN 'done' ELSE 'kept'"  # noqa: S608
        f" END, done_at = ? WHERE address IN ({marks})",
        [as_text(now), *addresses],
    )
