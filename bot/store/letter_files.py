"""Files that go along with a letter of the outbox: attachments, and pictures that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class LetterFile:
    """One file. With a `content_id` it is a picture that the letter's HTML shows as "cid:…", else an attachment."""

    filename: str
    media_type: str
    content: bytes
    content_id: str = ""


def keep(db: Database, letter_key: str, files: Sequence[LetterFile]) -> None:
    """Keep the files of a letter, in the transaction that writes it."""
    for position, file in enumerate(files):
        db.execute(
            "INSERT INTO letter_files (letter_key, position, filename, media_type, content_id, content)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [letter_key, position, file.filename, file.media_type, file.content_id, file.content],
        )


def of_letter(db: Database, letter_key: str) -> tuple[LetterFile, ...]:
    """The files of a letter, in their order."""
    rows = db.query(
        "SELECT filename, media_type, content, content_id FROM letter_files WHERE letter_key = ? ORDER BY position",
        [letter_key],
    )
    return tuple(LetterFile(**row) for row in rows)
