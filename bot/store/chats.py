"""Chats that got another address; what is said in them is kept as messages and letters."""

from sqlite_utils import Database

from bot.store.rows import first


def keep_move(db: Database, address: str, moved_to: str) -> None:
    """Remember that a chat goes on under another address."""
    db.execute(
        "INSERT INTO moved_chats (address, moved_to) VALUES (?, ?)"
        " ON CONFLICT (address) DO UPDATE SET moved_to = excluded.moved_to",
        [address, moved_to],
    )


def address_now(db: Database, address: str) -> str:
    """The address under which a chat goes on: its own, or the one it moved to."""
    row = first(db, "SELECT moved_to FROM moved_chats WHERE address = ?", [address])
    return address if row is None else str(row["moved_to"])
