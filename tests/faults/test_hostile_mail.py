"""The service as a real process: under damaged mail, with its reader killed, and with a service that writes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from bot import reader_process
from tests.bot_api import BotApi
from tests.dovecot import Dovecot
from tests.faults import around
from tests.faults.around import hand_over, is_quiet, question, rows, start, wait_until_quiet
from tests.faults.damaged_mail import mutant
from tests.faults.installation import Installation, installed
from tests.faults.starter import Starter
from tests.mails import COMPLETE, mail
from tests.shelf import wait_until

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

STORED = 250
PATIENCE = 280  # seconds: nothing here needs a tenth of that on a machine of its own
DAMAGED = 40
GIANT = b"From: bewoner@example.org\nContent-Type: text/html\n\n" + b"<b>x" * 5_000_000
CAP = 20
FAR_TOO_MANY = 200
SILENCE = 15  # seconds without a letter: then none is coming


def readers_of(here: Installation) -> list[int]:
    """The processes in which this service reads."""
    assert here.running is not None
    children = Path(f"/proc/{here.running.pid}/task").glob("*/children")
    found = [int(child) for task in children for child in task.read_text().split()]
    return [each for each in found if reader_process.__name__.encode() in _command_of(each)]


def _command_of(process_id: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    return b""


def test_damaged_mail_stops_nobody_and_the_next_question_is_answered(here: Installation) -> None:
    start(here)
    for number in range(DAMAGED):
        assert hand_over(here, mutant(number, seed=666)) == STORED
        here.dovecot.deliver(here.address, mutant(number, seed=667))
    assert hand_over(here, question(1, here)) == STORED
    wait_until(lambda: not here.dovecot.raw_mails(here.address), PATIENCE)
    wait_until(lambda: any(each.recipient == "bewoner1@example.org" for each in here.receiver.mails), PATIENCE)
    wait_until(lambda: is_quiet(here, DAMAGED), PATIENCE)
    states = rows(here, "SELECT DISTINCT problem FROM messages WHERE state != 'handled'")
    assert {row["problem"] for row in states} <= {"no_sender", "UnreadableMail"}
    assert "Traceback" not in here.log.read_text()
    assert len(readers_of(here)) == 1
    here.stop()


def test_a_reader_that_is_killed_again_and_again_costs_a_try_and_no_mail(here: Installation) -> None:
    start(here)
    for number in range(8):
        assert hand_over(here, question(number, here)) == STORED
        for reader in readers_of(here):
            os.kill(reader, signal.SIGKILL)
    assert hand_over(here, GIANT) == STORED
    wait_until(lambda: bool(readers_of(here)), PATIENCE)
    wait_until_quiet(here, 9)
    assert not rows(here, "SELECT 1 FROM messages WHERE state != 'handled'")
    (reader,) = readers_of(here)
    here.kill()
    wait_until(lambda: not _command_of(reader), 30)


@pytest.fixture
def neighbour(
    here: Installation, tmp_path: Path, programs: Starter, dovecot: Dovecot, prepared_database: Path
) -> Iterator[Installation]:
    """A second service, with its own mailbox on the same server; both with the cap of a new installation."""
    (tmp_path / "buren").mkdir()
    with BotApi() as telegram, installed(tmp_path / "buren", programs, dovecot, telegram) as other:
        for each in (here, other):
            each.environment["MIXMATCH_PROGRAMME_LETTERS_A_DAY"] = str(CAP)
        other.prepare(prepared_database, weeks_old=0)
        yield other


@pytest.mark.parametrize("marked", [True, False], ids=["as they are", "marks taken away"])
def test_two_services_that_write_to_each_other_come_to_an_end(
    here: Installation, neighbour: Installation, marked: bool
) -> None:
    for each in (here, neighbour):
        start(each)
    went = carry(here, neighbour, marked)
    assert went < FAR_TOO_MANY
    assert len(letters_to(here, neighbour.address)) <= (2 if marked else CAP)
    assert len(letters_to(neighbour, here.address)) <= (0 if marked else CAP)
    for each in (here, neighbour):
        each.stop()


def carry(here: Installation, neighbour: Installation, marked: bool) -> int:
    """Carry mail between two services, from a forged question on, until neither writes any more; returns how many."""
    first = mail(COMPLETE, sender=neighbour.address, to=here.address, now=datetime.now(UTC))
    post, went = [(here, first)], 0
    seen = {here.address: 0, neighbour.address: 0}
    last = time.monotonic()
    while went < FAR_TOO_MANY and time.monotonic() - last < SILENCE:
        for to, raw in post:
            to.dovecot.deliver(to.address, raw, sender=neighbour.address if to is here else here.address)
            went, last = went + 1, time.monotonic()
        time.sleep(0.2)
        pairs = ((here, neighbour), (neighbour, here))
        post = [(to, raw) for one, to in pairs for raw in news(one, to, seen, marked)]
    return went


def letters_to(one: Installation, address: str) -> list[bytes]:
    return [each.raw for each in list(one.receiver.mails) if each.recipient == address]


def news(one: Installation, there: Installation, seen: dict[str, int], marked: bool) -> list[bytes]:
    """What one service wrote to the other since this was asked last, as it gets there."""
    letters = letters_to(one, there.address)
    fresh = letters[seen[one.address] :]
    seen[one.address] = len(letters)
    return fresh if marked else [_unmarked(raw) for raw in fresh]


def _unmarked(raw: bytes) -> bytes:
    message = message_from_bytes(raw)
    for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Return-Path", "Precedence"):
        del message[name]
    message.replace_header("Message-ID", f"<gateway.{abs(hash(raw))}@example.org>")
    return message.as_bytes()
