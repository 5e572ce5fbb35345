"""Another process holds the database for a while: nothing is acknowledged, nothing is lost, all goes on by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.bot_api.chats import Person
from tests.faults import around
from tests.faults.around import hand_over, nothing_lost_or_twice, question, rows, start, wait_until_quiet
from tests.faults.installation import Installation
from tests.mails import COMPLETE
from tests.shelf import wait_until
from tests.smtp_receiver import WAIT
from tests.store_builders import a_letter, put

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

STORED, LATER = 250, 451


@contextmanager
def locked(here: Installation) -> Iterator[None]:
    """Hold the only right to write, as a program does that tidies the file."""
    with closing(sqlite3.connect(here.data / "mixmatch.db", timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def let_two_letters_leave(here: Installation, sam: Person) -> None:
    """A mail and a chat letter are handed over, and neither server has answered yet."""
    here.receiver.answer("end", WAIT, times=1)
    with here.store() as db:
        put(db, a_letter("by mail"))
        put(db, a_letter("by chat", recipient=f"telegram:{sam.id}", html="<body><p>Dag</p></body>"), channel="chat")
    leaving = "SELECT 1 FROM letters WHERE state = 'sending'"
    wait_until(lambda: len(here.receiver.mails) == 1 and len(rows(here, leaving)) == 2, around.QUIET_SECONDS)


def test_what_comes_in_meanwhile_waits_and_a_letter_on_its_way_counts_once(here: Installation) -> None:
    start(here)
    sam = here.telegram.person("Bewoner")
    here.telegram.world.private_chat(sam)
    with ExitStack() as meanwhile:
        with here.telegram.changed:  # as long as this is held the server of the bot answers nobody
            let_two_letters_leave(here, sam)
            meanwhile.enter_context(locked(here))
        here.receiver.let_go()  # both are taken now, but that can't be written down
        here.dovecot.deliver(here.address, question(1, here))
        here.telegram.writes(sam, COMPLETE)
        for _ in range(2):
            assert hand_over(here, question(2, here)) == LATER  # after the ten seconds that a writer waits
        assert here.telegram.unconfirmed(), "Telegram still has it"
        assert len(here.dovecot.raw_mails(here.address)) == 1
        assert len(here.telegram.sent(sam)) == len(here.receiver.mails) == 1
    assert hand_over(here, question(2, here)) == STORED
    wait_until_quiet(here, 3)
    wait_until(lambda: not here.telegram.unconfirmed() and not here.dovecot.raw_mails(here.address), 60)
    nothing_lost_or_twice(here, 3)
    here.stop()
    log = here.log.read_text()
    assert "Traceback" not in log
    assert "store_unavailable" in log
