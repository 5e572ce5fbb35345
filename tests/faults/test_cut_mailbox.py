"""The line to the mailbox breaks at every step of taking mail: each mail is taken once and moved once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import around
from tests.faults.around import nothing_lost_or_twice, question, start, wait_until_quiet
from tests.faults.installation import Installation
from tests.line_cutter import LineCutter, line_cutter
from tests.shelf import wait_until

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

SECONDS = 120
AT_LOGIN = (b"LOGIN", b"CAPABILITY")
STEPS = (b"CREATE", *AT_LOGIN, b"SELECT", b"SEARCH", b"RFC822.SIZE", b"BODY.PEEK", b"MOVE", b"IDLE", b"DONE")
HALFWAY = b"precies hier"
LINES = 4000  # of padding: more than one packet before and behind the place where the line breaks


@contextmanager
def behind_a_cutter(here: Installation) -> Iterator[LineCutter]:
    """The mailbox of the installation, reached over a line that can be cut."""
    with line_cutter(here.dovecot.imap_port) as cutter:
        here.environment |= {"MIXMATCH_IMAP_PORT": str(cutter.port), "MIXMATCH_IMAP_POLL_SECONDS": "2"}
        yield cutter


def all_moved(here: Installation, number: int) -> None:
    """Wait until so many mails were moved and none is left."""
    wait_until(lambda: len(here.dovecot.raw_mails(here.address, "Verwerkt")) == number, SECONDS)
    assert here.dovecot.raw_mails(here.address) == []


def test_a_line_that_breaks_at_any_question_of_ours(here: Installation) -> None:
    with behind_a_cutter(here) as cutter:
        start(here)
        for number, step in enumerate(STEPS, start=1):
            before, cutter.cut_at = cutter.cuts, step
            if step in AT_LOGIN:
                cutter.cut_all()
            here.dovecot.deliver(here.address, question(number, here))
            wait_until(lambda before=before: cutter.cuts > before, SECONDS)  # type: ignore[misc]
            cutter.cut_at = None
            all_moved(here, number)
        wait_until_quiet(here, len(STEPS))
        nothing_lost_or_twice(here, len(STEPS))
        here.stop()
    assert "Traceback" not in here.log.read_text()


def test_a_line_that_breaks_halfway_the_text_of_a_mail(here: Installation) -> None:
    padding = b"nog een regel over de dorpswinkel van Vessem\r\n" * LINES
    raw = question(1, here) + padding + HALFWAY + padding
    with behind_a_cutter(here) as cutter:
        cutter.cut_answer_at = HALFWAY
        here.dovecot.deliver(here.address, raw)
        start(here)
        wait_until(lambda: cutter.cuts >= 2, SECONDS)
        assert around.rows(here, "SELECT id FROM messages") == [], "half a mail is none"
        cutter.cut_answer_at = None
        all_moved(here, 1)
        wait_until_quiet(here, 1)
        here.stop()
    (kept,) = around.rows(here, "SELECT raw FROM messages")
    assert kept["raw"].count(HALFWAY) == 1
    assert kept["raw"].count(b"nog een regel") == 2 * LINES
