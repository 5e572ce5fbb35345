"""A service as a real process between a real Dovecot, a receiving SMTP server and a Bot API server, to be killed.

What people do there is in crowd.py, what must be true in the end in reckoning.py. No tests live here.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.fault_points import KILL_AT, KILL_ONLY_IN
from bot.store import accounts, pool
from bot.store.database import open_database, transaction
from bot.store.rows import as_text
from expertise.experts import Expert
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.dovecot import Dovecot
from tests.faults.starter import Running, Starter
from tests.shelf import wait_until
from tests.smtp_receiver import SmtpReceiver
from tests.test_story_service import environment_for, free_port

START_SECONDS = 120.0
STOP_SECONDS = 15.0
UP = b"Mix&Match draait"
LOG_SHOWN = 6000  # characters
ROOM = 100_000  # initiatives that one expert can take on: nobody runs full


@dataclass(slots=True)
class Installation:
    """The parts around the service, and the process that runs now, if any."""

    folder: Path
    starter: Starter
    dovecot: Dovecot
    receiver: SmtpReceiver
    telegram: BotApi
    address: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    advisers: dict[str, Person] = field(default_factory=dict)
    running: Running | None = None
    starts: int = 0

    def __post_init__(self) -> None:
        self.address = self.dovecot.add_mailbox("socialeveerkracht")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        web_port = str(free_port())
        self.environment = {
            **kept,
            **environment_for(self.folder / "data", self.dovecot, self.receiver, self.address),
            "OMP_NUM_THREADS": "1",
            "MIXMATCH_LMTP_PORT": str(free_port()),
            "MIXMATCH_WEB_PORT": web_port,
            "MIXMATCH_WEB_BASE_URL": f"http://127.0.0.1:{web_port}",
            "MIXMATCH_TELEGRAM_TOKEN": self.telegram.token,
            "MIXMATCH_TELEGRAM_BASE_URL": self.telegram.base_url,
            "MIXMATCH_TELEGRAM_BASE_FILE_URL": self.telegram.base_file_url,
            "MIXMATCH_PROGRAMME_LETTERS_A_DAY": "10000",
        }

    @property
    def data(self) -> Path:
        """The folder of the installation."""
        return self.folder / "data"

    @property
    def site(self) -> str:
        """Where the pages are."""
        return self.environment["MIXMATCH_WEB_BASE_URL"]

    @property
    def lmtp_port(self) -> int:
        """Where mail can be handed over."""
        return int(self.environment["MIXMATCH_LMTP_PORT"])

    @property
    def log(self) -> Path:
        """What the process that was started last wrote."""
        return self.folder / f"log{self.starts}"

    def prepare(self, prepared: Path, weeks_old: int) -> None:
        """A store that began weeks ago, with a pool, room for everybody in it, and every second adviser's chat."""
        self.data.mkdir(mode=0o700)
        shutil.copy(prepared, self.data / "mixmatch.db")
        with self.store() as db:
            now = datetime.now(UTC)
            with transaction(db):
                db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [as_text(now - timedelta(weeks=weeks_old))])
                db.execute("UPDATE experts SET capacity = ?", [ROOM])
            for adviser in [each for each in pool.everyone(db) if each.role == "adviser"][::2]:
                self._link(db, adviser, now)

    def _link(self, db: Database, adviser: Expert, now: datetime) -> None:
        person = self.telegram.person(adviser.id)
        self.telegram.world.private_chat(person)
        accounts.link(db, f"telegram:{person.id}", adviser.email, now)
        self.advisers[adviser.email] = person

    @contextmanager
    def store(self) -> Iterator[Database]:
        """The database, beside the service."""
        with closing(open_database(self.data / "mixmatch.db")) as db:
            yield db

    def start(self, kill_at: str = "") -> None:
        """Start the service, which ends at this place; does not wait until it is up."""
        assert self.running is None
        armed = {KILL_AT: kill_at, KILL_ONLY_IN: str(self.data)} if kill_at else {}
        self.starts += 1
        self.running = self.starter.start("bot.cli", ["run"], {**self.environment, **armed}, self.folder, self.log)

    def wait_until_up(self) -> None:
        """Wait until the service takes everything in, or ended before that."""
        running = self.running
        assert running is not None
        wait_until(lambda: self.is_up() or running.has_ended(), START_SECONDS)

    def is_up(self) -> bool:
        """Whether the process that was started last came that far."""
        return self.log.exists() and UP in self.log.read_bytes()

    def steps_taken(self) -> int:
        """How many messages the process that was started last handled and letters it sent."""
        words = self.log.read_bytes() if self.log.exists() else b""
        return words.count(b" message_handled ") + words.count(b" letter_sent ")

    def kill(self) -> None:
        """SIGKILL."""
        assert self.running is not None
        self.running.kill()
        self.running = None

    def stop(self) -> None:
        """Ask the service to stop, and wait for that."""
        assert self.running is not None
        self.running.send(signal.SIGTERM)
        assert self.running.has_ended(STOP_SECONDS)
        self.running.kill()
        self.running = None


@contextmanager
def installed(folder: Path, starter: Starter, dovecot: Dovecot, telegram: BotApi) -> Iterator[Installation]:
    """An installation that did not run yet; whatever runs in the end is killed, and the logs shown."""
    receiver = SmtpReceiver()
    receiver.start()
    here = Installation(folder, starter, dovecot, receiver, telegram)
    try:
        yield here
    finally:
        if here.running is not None:
            here.kill()
        receiver.stop()
        for log in (here.log, dovecot.folder / "dovecot.log"):  # pytest shows them beside a test that failed
            if log.exists():
                print(f"the last of {log.name}:", log.read_text(errors="replace")[-LOG_SHOWN:], sep="\n")
