"""The tombstones once more, in a file beside the database: putting back an older database does not undo an erasure.

The file holds a salt, salted hashes and moments; no address and no word. It only grows.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from bot.store.rows import as_text, moment
from bot.store.tombstones import Kind, Tombstone

NAME = "erased.jsonl"
BY_RETENTION = "retention"


def tombstone_file(folder: Path) -> Path:
    """Where the file of an installation is."""
    return folder / NAME


def size_of(path: Path) -> int:
    """How many bytes the file has; -1 when there is none."""
    return path.stat().st_size if path.exists() else -1


def add(path: Path, salt: str, stones: Sequence[Tombstone]) -> None:
    """Write tombstones durably behind those that are there; the file is made with its salt. Raises OSError."""
    fresh = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        lines = [{"salt": salt}] if fresh else []
        lines += [_line(one) for one in stones]
        # A line that a crash left half written ends here, so that it spoils no other.
        text = ("" if fresh else "\n") + "".join(f"{json.dumps(line)}\n" for line in lines)
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> tuple[str, list[Tombstone]] | None:
    """The salt and all tombstones, each hash once; None when there is no file, or none with a salt."""
    if not path.exists():
        return None
    salt, stones = "", dict[str, Tombstone]()
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        cells = _cells(line)
        salt = salt or str(cells.get("salt", ""))
        if {"hash", "kind", "erased_at"} <= cells.keys():
            kind: Kind = "person" if cells["kind"] == "person" else "message"
            erased_at, why = moment(cells["erased_at"]), cells.get("why", "")
            stones[cells["hash"]] = Tombstone(cells["hash"], kind, erased_at, why == BY_RETENTION)
    return (salt, list(stones.values())) if salt else None


def _line(stone: Tombstone) -> dict[str, str]:
    line = {"hash": stone.hash, "kind": stone.kind, "erased_at": as_text(stone.erased_at)}
    return line | {"why": BY_RETENTION} if stone.by_retention else line


def _cells(line: str) -> dict[str, str]:
    try:
        cells = json.loads(line)
    except ValueError:
        return {}
    return cells if isinstance(cells, dict) else {}
