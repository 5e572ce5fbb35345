"""A store in memory that channels hand mail to, and that fails when told to; no tests live here."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.channels.imap_box import ImapSettings, open_mailbox
from bot.channels.imap_in import Intake, take_new_mail, watch
from bot.channels.shape import IncomingMeta, Positions


@dataclass
class Shelf:
    """Keeps mail by external id and remembers where a mailbox was read up to.

    fail: called with the raw bytes before anything is kept. handed: every mail handed in, kept or not.
    """

    fail: Callable[[bytes], object] | None = None
    kept: dict[str, tuple[bytes, IncomingMeta]] = field(default_factory=dict)
    handed: list[bytes] = field(default_factory=list)
    reported: list[tuple[str, str]] = field(default_factory=list)
    position: tuple[int, int] | None = None

    def keep(self, raw: bytes, meta: IncomingMeta) -> bool:
        """Keep one mail; True when it is new."""
        self.handed.append(raw)
        if self.fail is not None:
            self.fail(raw)
        new = meta.external_id not in self.kept
        self.kept.setdefault(meta.external_id, (raw, meta))
        return new

    def report(self, code: str, detail: str) -> None:
        """Take what a channel reports."""
        self.reported.append((code, detail))

    def load_position(self, _account: str, _folder: str) -> tuple[int, int] | None:
        """Return (uidvalidity, uid) of the one mailbox there is."""
        return self.position

    def save_position(self, _account: str, _folder: str, uidvalidity: int, uid: int) -> None:
        """Remember where the one mailbox was read up to."""
        self.position = (uidvalidity, uid)

    @property
    def positions(self) -> Positions:
        """The position as a channel wants it."""
        return Positions(self.load_position, self.save_position)

    @property
    def codes(self) -> list[str]:
        """The codes reported, in order."""
        return [code for code, _ in self.reported]

    @property
    def metas(self) -> list[IncomingMeta]:
        """What is known of each mail kept, in order."""
        return [meta for _, meta in self.kept.values()]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the mails kept, as `numbered_mail` gave them."""
        return sorted(int(raw.partition(b"Subject: vraag ")[2].split()[0]) for raw, _ in self.kept.values())


def numbered_mail(number: int, size: int = 0) -> bytes:
    """Write a mail with a number in its subject, of about so many bytes."""
    text = b"Wij zoeken hulp in Eindhoven.\r\n" + (b"x" * 70 + b"\r\n") * (size // 72)
    return f"Subject: vraag {number}\r\nMessage-ID: <{number}@example.org>\r\n\r\n".encode() + text


def intake_of(settings: ImapSettings, shelf: Shelf) -> Intake:
    """Let a mailbox be read onto the shelf."""
    return Intake(settings, shelf.keep, shelf.positions, shelf.report)


def one_round(settings: ImapSettings, shelf: Shelf) -> int:
    """Connect, take what is there once, and return how many mails were new."""
    with open_mailbox(settings) as box:
        return take_new_mail(box, intake_of(settings, shelf))


@contextmanager
def watching(settings: ImapSettings, shelf: Shelf) -> Iterator[None]:
    """Watch a mailbox in a thread for as long as the block lasts."""
    stop = threading.Event()
    args = (settings, shelf.keep, shelf.positions, shelf.report, stop)
    thread = threading.Thread(target=watch, args=args)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that another thread or program brings about."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
