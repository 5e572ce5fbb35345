"""How many letters a server of mail or chats took without an answer, and until when it gets none. Decides nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

LONGEST_PAUSE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Pause:
    """So many letters in a row got no answer, and so long no other is sent."""

    unanswered: int
    until: datetime


def unanswered(db: Database, server: str) -> int:
    """How many letters in a row this server took without an answer."""
    row = first(db, "SELECT unanswered FROM sending_pauses WHERE server = ?", [server])
    return int(row["unanswered"]) if row else 0


def keep(db: Database, server: str, pause: Pause) -> None:
    """Write down that a server gave no answer again."""
    db.execute(
        "INSERT OR REPLACE INTO sending_pauses (server, unanswered, until) VALUES (?, ?, ?)",
        [server, pause.unanswered, as_text(pause.until)],
    )


def forget(db: Database, server: str) -> None:
    """This server answered; without a row nothing is written."""
    if unanswered(db, server):
        db.execute("DELETE FROM sending_pauses WHERE server = ?", [server])


def find(db: Database, server: str, now: datetime) -> Pause | None:
    """The pause of a server as long as it lasts.

    One that would last longer than any was written before the clock was set back: it is over.
    """
    sql = "SELECT unanswered, until FROM sending_pauses WHERE server = ? AND until > ? AND until <= ?"
    row = first(db, sql, [server, as_text(now), as_text(now + LONGEST_PAUSE)])
    return Pause(int(row["unanswered"]), moment(row["until"])) if row else None
