"""Letters that did not leave, or may not have: found, and let go by a person. Sending again is letters.py's."""

from collections.abc import Sequence

from sqlite_utils import Database

from bot.store.letters import KeptLetter, with_state


def everything(db: Database) -> list[KeptLetter]:
    """All of them, oldest first."""
    return with_state(db, "parked", "unknown")


def find(db: Database, letter_id: int) -> KeptLetter | None:
    """One of them."""
    return next((letter for letter in everything(db) if letter.id == letter_id), None)


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
