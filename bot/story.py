"""Plays messages through the whole real pipeline in a fresh database: for the demo, and for tests that tell a story.

Nothing here is a stand-in: bytes are stored, read, decided on and answered by the same code as the service, and
outgoing mail is kept as files in a local mailbox, from which a reader answers with a real mail.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

from sqlite_utils import Database

from bot import flow
from bot.channels import console
from bot.channels.fingerprint import external_id
from bot.channels.local_box import KeptLetter, read_box
from bot.mailbox import LOCAL_BOX
from bot.outbox import send_one_letter
from bot.pool_vectors import PoolShelf
from bot.serving import way_out
from bot.store import messages
from bot.wiring import Wiring

STEP = timedelta(minutes=7)


@dataclass(slots=True)
class Story:
    """A running story: the store, the parts, and a clock that goes on a little with every step."""

    db: Database
    wiring: Wiring
    shelf: PoolShelf
    now: datetime
    seen: set[str] = field(default_factory=set)

    def mail_arrives(self, raw: bytes) -> list[KeptLetter]:
        """A mail comes in; returns the letters that leave because of it."""
        address = self.wiring.settings.programme.address
        messages.keep_raw(
            self.db,
            raw,
            channel="mail",
            account=address,
            external_id=external_id(raw),
            envelope_sender=None,
            now=self.now,
        )
        return self.go_on()

    def chat_arrives(self, sender: str, text: str) -> list[str]:
        """A chat line comes in; returns what the writer reads back."""
        console.keep_line(self.db, sender, "", text, self.now)
        self.go_on()
        return [letter.text for letter in console.take_letters(self.db, sender, self.now)]

    def answer(self, letter: KeptLetter, text: str) -> list[KeptLetter]:
        """The reader of a letter answers it from the same mailbox, with the letter quoted below."""
        return self.mail_arrives(reply_to(letter, text, self.now))

    def later(self, step: timedelta) -> None:
        """Time passes."""
        self.now += step

    def go_on(self) -> list[KeptLetter]:
        """Everything that waits is handled and sent, and a little time passes; returns the new letters."""
        while flow.process_one_message(self.db, self.wiring, self.shelf, self.now):
            pass
        self.later(STEP)
        return self._post()

    def _post(self) -> list[KeptLetter]:
        asyncio.run(self._send_all())
        fresh = read_box(self.wiring.settings.folder / LOCAL_BOX, seen=self.seen)[::-1]
        self.seen |= {letter.name for letter in fresh}
        return fresh

    async def _send_all(self) -> None:
        send = way_out(self.wiring.settings)
        while await send_one_letter(self.db, send, self.wiring.settings.programme, lambda: self.now):
            pass


def reply_to(letter: KeptLetter, text: str, now: datetime) -> bytes:
    """A reply as a mail program writes it: to the Reply-To, in the thread, the letter quoted below."""
    sent = message_from_bytes(letter.raw, policy=default)
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    mail = EmailMessage()
    mail["From"] = letter.recipient
    mail["To"] = str(sent["Reply-To"] or sent["From"])
    mail["Subject"] = f"Re: {letter.subject}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<reply-{letter.name}-{now.timestamp():.0f}@example.org>"
    mail["In-Reply-To"] = mail["References"] = str(sent["Message-ID"])
    mail.set_content(f"{text}\n\nOp {now:%d-%m-%Y} om {now:%H:%M} schreef {sent['From']}:\n\n{quoted}\n")
    return mail.as_bytes()


def letter_to(letters: Iterable[KeptLetter], recipient: str) -> KeptLetter:
    """The first letter to this address. Raises LookupError when there is none."""
    for letter in letters:
        if letter.recipient == recipient:
            return letter
    raise LookupError("no letter to this reader")


def sample(folder: Path, name: str, now: datetime) -> bytes:
    """A sample mail with the date filled in."""
    return (folder / name).read_text(encoding="utf-8").replace("{date}", format_datetime(now)).encode()
