"""Letters that did not leave, or may not have: found, and let go by a person. Sending again is letters.py's."""

from collections.abc import Sequence

from sqlite_utils import Database

from bot.store.letters import ALL, KeptLetter, of_id, with_state
from bot.store.rows import first


def everything(db: Database, most: int = ALL, skip: int = 0) -> list[KeptLetter]:
    """Those letters, oldest first: `most` of them, after leaving out the first `skip`."""
    return with_state(db, "parked", "unknown", most=most, skip=skip)


def count(db: Database) -> int:
    """How many there are."""
    row = first(db, "SELECT count(*) AS n FROM letters WHERE state IN ('parked', 'unknown')")
    return int(row["n"]) if row else 0


def find(db: Database, letter_id: int) -> KeptLetter | None:
    """One of them."""
    letter = of_id(db, letter_id)
    return letter if letter is not None and letter.state in ("parked", "unknown") else None


def drop(db: Database, letter_id: int) -> None:
    """Nobody sends this letter any more."""
    db.execute("DELETE FROM letters WHERE id = ? AND state IN ('parked', 'unknown')", [letter_id])


def references(db: Database, letters: Sequence[KeptLetter]) -> dict[int, str]:
    """The number of the case of each letter that is about one, by the letter's id."""
    ids = sorted({letter.case_id for letter in letters if letter.case_id is not None})
    marks = ", ".join("?" * len(ids))
    rows = db.query(f"SELECT id, reference FROM cases WHERE id IN ({marks})", ids)  # noqa: S608 - question marks
    known = {row["id"]: str(row["reference"]) for row in rows}
    return {letter.id: known[letter.case_id] for letter in letters if letter.case_id in known}
