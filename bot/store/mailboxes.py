"""How far each mailbox was read: UIDVALIDITY and UID a folder."""

from sqlite_utils import Database

from bot.store.rows import first


def position(db: Database, account: str, folder: str) -> tuple[int, int] | None:
    """(UIDVALIDITY, last UID) of a folder, None when it was never read."""
    row = first(db, "SELECT uidvalidity, uid FROM mailboxes WHERE account = ? AND folder = ?", [account, folder])
    return None if row is None else (int(row["uidvalidity"]), int(row["uid"]))


def save_position(db: Database, account: str, folder: str, uidvalidity: int, uid: int) -> None:
    """Remember how far a folder was read."""
    db.execute(
        "INSERT INTO mailboxes (account, folder, uidvalidity, uid) VALUES (?, ?, ?, ?) ON CONFLICT (account, folder)"
        " DO UPDATE SET uidvalidity = excluded.uidvalidity, uid = excluded.uid",
        [account, folder, uidvalidity, uid],
    )
