"""The service as a real process: under damaged mail, with its reader killed, and with a service that writes back."""

from __future__ import annotations

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from bot import reader_process
from bot.store.messages import MAX_ATTEMPTS
from tests.at_the_desk import COORDINATOR
from tests.bot_api import BotApi
from tests.command_line import in_a_process
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
CAP = 8
FAR_TOO_MANY = 200
NUMBER = re.compile(rb"Received: from mx\.example\.org; proef (\d+)")


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
        assert hand_over(here, numbered(number, mutant(number, seed=666))) == STORED
        here.dovecot.deliver(here.address, numbered(DAMAGED + number, mutant(number, seed=667)))
    assert hand_over(here, question(1, here)) == STORED
    wait_until(lambda: not here.dovecot.raw_mails(here.address), PATIENCE)
    wait_until(lambda: any(each.recipient == "bewoner1@example.org" for each in here.receiver.mails), PATIENCE)
    wait_until(lambda: is_quiet(here, 2 * DAMAGED + 1), PATIENCE)
    kept = [NUMBER.findall(bytes(row["raw"])) for row in rows(here, "SELECT raw FROM messages")]
    assert sorted(int(number) for numbers in kept for number in numbers[:1]) == list(range(2 * DAMAGED))
    states = Counter(row["problem"] for row in rows(here, "SELECT problem FROM messages WHERE state != 'handled'"))
    print(f"{2 * DAMAGED} damaged mails, in quarantine: {dict(states)}, letters: {len(here.receiver.mails)}")
    assert states.keys() <= {"no_sender", "UnreadableMail"}
    assert "Traceback" not in here.log.read_text()
    assert len(readers_of(here)) == 1
    here.stop()


def numbered(number: int, raw: bytes) -> bytes:
    """A mail as it comes from the server before ours, by which it can be told from the others."""
    return b"Received: from mx.example.org; proef %d\r\n" % number + raw


def test_a_mail_on_which_reading_dies_three_times_waits_for_a_person_and_can_be_read_again(here: Installation) -> None:
    start(here)
    assert hand_over(here, GIANT) == STORED
    for attempt in range(1, MAX_ATTEMPTS + 1):
        kill_readers_until(here, f"message_failed message=1 problem=ReaderEnded attempt={attempt}")
        if attempt < MAX_ATTEMPTS:  # a start gives what waits for its next try that try at once
            here.stop()
            start(here)
    assert hand_over(here, question(1, here)) == STORED
    wait_until(lambda: any(each.recipient == "bewoner1@example.org" for each in here.receiver.mails), PATIENCE)
    (stuck,) = json.loads(quarantine_of(here, "list", "--json"))
    assert (stuck["id"], stuck["problem"]) == (1, "ReaderEnded")
    assert any(each.recipient == COORDINATOR for each in here.receiver.mails), "a person was told"
    quarantine_of(here, "replay", "1")
    wait_until_quiet(here, 2)
    assert not rows(here, "SELECT 1 FROM messages WHERE state != 'handled'"), "read by one that is left alone"
    (reader,) = readers_of(here)
    here.kill()
    wait_until(lambda: not _command_of(reader), 30)


def kill_readers_until(here: Installation, told: str) -> None:
    """Kill the process in which this service reads whenever it is at work, until the log tells this."""

    def is_told() -> bool:
        for reader in readers_of(here):
            with suppress(OSError):
                if _is_reading(reader):
                    os.kill(reader, signal.SIGKILL)
        return told in here.log.read_text()

    wait_until(is_told, PATIENCE)


def _is_reading(process_id: int) -> bool:
    """Whether it is past its beginning, when it may open nothing any more, and does something."""
    (limit,) = re.findall(r"Max open files\s+(\d+)", Path(f"/proc/{process_id}/limits").read_text())
    return limit == "0" and Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "R"


def quarantine_of(here: Installation, *arguments: str) -> str:
    """What `mixmatch quarantine` tells beside the running service."""
    answered = in_a_process(here.folder, "quarantine", *arguments, **here.environment)
    assert answered.code == 0, answered.err
    return answered.out


@pytest.fixture
def neighbour(
    here: Installation, tmp_path: Path, programs: Starter, dovecot: Dovecot, prepared_database: Path
) -> Iterator[Installation]:
    """A second service, with its own mailbox on the same server; both with a low cap, so that it is soon reached."""
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
    answered, written = len(letters_to(here, neighbour.address)), len(letters_to(neighbour, here.address))
    print(f"{went} mails went: {answered} and {written} letters")
    assert went == 1 + answered + written < FAR_TOO_MANY
    assert 0 < answered <= (2 if marked else CAP)
    assert (written == 0) if marked else (0 < written <= CAP)
    for each in (here, neighbour):
        each.stop()


def carry(here: Installation, neighbour: Installation, marked: bool) -> int:
    """Carry mail between two services, from a forged question on, until neither writes any more; returns how many."""
    post = [(here, mail(COMPLETE, sender=neighbour.address, to=here.address, now=datetime.now(UTC)))]
    pairs, went = ((here, neighbour), (neighbour, here)), 0
    seen = {here.address: 0, neighbour.address: 0}
    while post and went < FAR_TOO_MANY:
        for to, raw in post:
            to.dovecot.deliver(to.address, raw, sender=neighbour.address if to is here else here.address)
            went += 1
        wait_until(lambda: all(is_at_rest(each) for each in (here, neighbour)), PATIENCE)
        post = [(to, raw) for one, to in pairs for raw in news(one, to, seen, marked)]
    return went


def is_at_rest(one: Installation) -> bool:
    """Whether a service took all there is out of its mailbox, handled it, and has no letter left."""
    return not one.dovecot.raw_mails(one.address) and is_quiet(one, 0)


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
