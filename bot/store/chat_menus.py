"""Which chats show the commands of advisers, and which should: those that are linked with an adviser now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store.accounts import TELEGRAM
from bot.store.rows import as_text, first

LEASE = timedelta(minutes=5)
"""So long nobody else tries: longer than Telegram ever takes to answer."""

_TO_CHANGE = (
    "WITH wanted AS (SELECT DISTINCT accounts.live AS address FROM experts"
    " CROSS JOIN accounts ON accounts.email = lower(experts.email)"  # the few advisers first, then by index
    " WHERE experts.role = 'adviser' AND experts.active AND experts.in_pool AND substr(accounts.live, 1, ?) = ?),"
    " changes AS (SELECT address, ? AS commands FROM wanted UNION ALL"
    " SELECT address, '' FROM chat_menus WHERE address NOT IN (SELECT address FROM wanted))"
    " SELECT changes.address, changes.commands, coalesce(kept.tries, 0) AS tries FROM changes"
    " LEFT JOIN chat_menus AS kept ON kept.address = changes.address"
    " WHERE coalesce(kept.commands, '') != changes.commands AND coalesce(kept.due_at, '') <= ?"
    " ORDER BY changes.address LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class MenuChange:
    """A chat whose own commands are to be shown or, where `commands` is "", taken away; `tries` counts this one."""

    address: str
    commands: str
    tries: int


def claim_change(db: Database, commands: str, now: datetime) -> MenuChange | None:
    """The next chat that shows something else than it should; None when all are right, or wait for a later try.

    `commands` names what an adviser's chat shows, whatever the words beside them. Whoever stops halfway leaves the
    chat for the next try, after LEASE.
    """
    row = first(db, _TO_CHANGE, [len(TELEGRAM), TELEGRAM, commands, as_text(now)])
    if row is None:
        return None
    change = MenuChange(str(row["address"]), str(row["commands"]), row["tries"] + 1)
    db.execute(
        "INSERT INTO chat_menus (address, commands, tries, due_at) VALUES (?, '', 1, ?) ON CONFLICT (address)"
        " DO UPDATE SET tries = tries + 1, due_at = excluded.due_at",
        [change.address, as_text(now + LEASE)],
    )
    return change


def mark_shown(db: Database, change: MenuChange) -> None:
    """The chat shows what it should."""
    if change.commands:
        sql = "UPDATE chat_menus SET commands = ?, tries = 0, due_at = '' WHERE address = ?"
        db.execute(sql, [change.commands, change.address])
    else:
        db.execute("DELETE FROM chat_menus WHERE address = ?", [change.address])


def try_again(db: Database, change: MenuChange, at: datetime) -> None:
    """The chat still shows something else: try once more from this moment on."""
    db.execute("UPDATE chat_menus SET due_at = ? WHERE address = ?", [as_text(at), change.address])
