"""A word that stands nowhere else, and a search for it in every byte of a folder, however it was written there."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

from sqlite_utils import Database

CANARY = "kwetterkanarie"


def shapes(word: str) -> list[bytes]:
    """The ways in which a word can stand in a file: plain, in other code pages, in base 64 at each of three places."""
    found = [word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-7")]
    found += [word.upper().encode(), word.capitalize().encode(), quopri.encodestring(word.encode(), quotetabs=True)]
    for offset in range(3):
        coded = base64.b64encode(b"x" * offset + word.encode())
        found.append(coded[4 if offset else 0 : -4])
    return [each for each in found if len(each) > 6]


def files_with(folder: Path, *words: str) -> list[str]:
    """Every file below a folder in whose bytes one of these words stands, by its path in the folder."""
    wanted = [shape for word in words for shape in shapes(word)]
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in wanted)
    )


def places_with(db: Database, word: str = CANARY) -> set[str]:
    """Every "table.column" in which a word stands, to show that it was planted."""
    found = set()
    for table in db.tables:
        for column in table.columns:
            sql = f"SELECT 1 FROM [{table.name}] WHERE instr(lower(CAST([{column.name}] AS TEXT)), ?) LIMIT 1"
            if db.execute(sql, [word]).fetchone():
                found.add(f"{table.name}.{column.name}")
    return found
