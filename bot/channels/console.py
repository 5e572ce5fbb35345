"""Chat in a terminal: a line in, the letters for this person out. The engine behind it is that of every channel."""

from collections.abc import Iterator
from datetime import datetime

from sqlite_utils import Database

from bot.store import letters, messages
from bot.store.letters import KeptLetter
from inbox.chat import chat_line

ACCOUNT = "console"


def keep_line(db: Database, sender: str, name: str, text: str, now: datetime) -> None:
    """Store one line durably, before anybody looks at it."""
    raw = chat_line(sender, name, text, now)
    messages.keep_raw(
        db,
        raw,
        channel="chat",
        account=ACCOUNT,
        external_id=f"{sender} {now.isoformat()}",
        envelope_sender=None,
        now=now,
    )


def take_letters(db: Database, recipient: str, now: datetime) -> Iterator[KeptLetter]:
    """The chat letters that wait for this person; each counts as sent once it was shown."""
    while letter := letters.claim_due(db, now, channel="chat", recipient=recipient):
        yield letter
        letters.mark_sent(db, letter, now)
