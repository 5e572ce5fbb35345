"""Under load a stop takes less than ten seconds and a copy is whole: whatever was taken before is in it, or comes on.

Mail comes in over LMTP without a pause, from several lines at once.
"""

from __future__ import annotations

import re
import signal
import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

import pytest

from bot.settings import Settings
from bot.store.database import open_database
from tests.command_line import in_a_process
from tests.faults import around
from tests.faults.around import LINE_SECONDS, nothing_lost_or_twice, question, rows, start, wait_until_quiet
from tests.faults.installation import Installation
from tests.installations import elsewhere
from tests.shelf import wait_until

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

STOP_SECONDS = 10.0
LINES = 3


@dataclass(slots=True)
class Load:
    """People who send without a pause; `taken` are the numbers of the mails that the service said it has."""

    here: Installation
    numbers: count[int] = field(default_factory=lambda: count(1))
    taken: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def send(self) -> None:
        """Hand mails over on one line until told to stop or the service hangs up."""
        with (
            suppress(OSError, smtplib.SMTPException),
            smtplib.LMTP("127.0.0.1", self.here.lmtp_port, timeout=LINE_SECONDS) as line,
        ):
            while not self.stop.is_set():
                number = next(self.numbers)
                line.sendmail("bewoner@example.org", [self.here.address], question(number, self.here))
                self.taken.append(number)
                self.stop.wait(0.05)

    def goes_on(self, more: int) -> None:
        """Wait until so many more mails were taken."""
        enough = len(self.taken) + more
        wait_until(lambda: len(self.taken) >= enough, LINE_SECONDS)


@contextmanager
def under_load(here: Installation) -> Iterator[Load]:
    load = Load(here)
    threads = [threading.Thread(target=load.send, daemon=True) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(LINE_SECONDS)


def numbers_in(settings: Settings) -> set[int]:
    """Which mails a database holds, by the number in their text."""
    with closing(open_database(settings.database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        raws = [bytes(row["raw"]) for row in db.query("SELECT raw FROM messages")]
    return {int(found[1]) for raw in raws if (found := re.search(rb"Kenmerk van onze groep: (\d+)", raw))}


def test_a_stop_under_load_takes_less_than_ten_seconds_and_loses_nothing(here: Installation) -> None:
    start(here)
    with under_load(here) as load:
        load.goes_on(20)
        assert here.running is not None
        began = time.monotonic()
        here.running.send(signal.SIGTERM)
        assert here.running.has_ended(STOP_SECONDS), here.log.read_text()
        took = time.monotonic() - began
    here.kill()
    print(f"stopped in {took:.1f} s with {len(load.taken)} mails taken")
    assert numbers_in(Settings(data_dir=str(here.data))) >= set(load.taken)
    assert rows(here, "SELECT 1 FROM letters WHERE state = 'unknown'") == []
    start(here)
    (held,) = rows(here, "SELECT count(*) AS n FROM messages")
    wait_until_quiet(here, held["n"])
    nothing_lost_or_twice(here, held["n"])


def test_a_copy_under_load_is_whole_and_can_be_put_back(here: Installation) -> None:
    start(here)
    with under_load(here) as load:
        for number in range(2):
            load.goes_on(10)
            before = set(load.taken)
            made = in_a_process(here.folder, "backup", f"kopie{number}.zip", **here.environment)
            assert made.code == 0, made.err
            back = elsewhere(here.folder / str(number))
            put_back = in_a_process(here.folder, "restore", f"kopie{number}.zip", MIXMATCH_DATA_DIR=str(back.folder))
            assert put_back.code == 0, put_back.err
            assert numbers_in(back) >= before
