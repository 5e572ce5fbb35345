"""A real service whose every letter is answered by machines, many times: it writes a small number of letters.

The same without a process, with a clock that can be set, is in test_mail_loops.py; two services are in
test_hostile_mail.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import pytest

from tests.faults import around
from tests.faults.around import is_quiet, question, rows, start
from tests.faults.installation import Installation
from tests.faults.mail_loops import automatic_answer, bounce, from_a_list
from tests.shelf import wait_until

here, programs, dovecot = around.here, around.programs, around.dovecot
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot]

PATIENCE = 280  # seconds: nothing here needs a tenth of that on a machine of its own
CAP = 20
FAR_TOO_MANY = 1_000
LIST = "buurtlijst@example.org"


Answer = Callable[[bytes, int, str], bytes]
"""What comes back on a letter, the how manyth, to which address."""


class Machine(NamedTuple):
    """What answers, how often, as whom (None: as the reader of the letter), and how many more letters that may cost."""

    answer: Answer
    times: int
    sender: str | None = None
    most: int = 0


def absent(letter: bytes, number: int, to: str, *, marked: bool) -> bytes:
    del to  # it answers to where the letter says
    return automatic_answer(letter, number, datetime.now(UTC), marked)


def returned(letter: bytes, number: int, to: str) -> bytes:
    return bounce(letter, number, datetime.now(UTC), to)


def listed(letter: bytes, number: int, to: str, *, marked: bool, renumbered: bool) -> bytes:
    del to
    return from_a_list(letter, number, marked=marked, renumbered=renumbered)


MACHINES = {
    "absent": Machine(partial(absent, marked=True), 150),
    "absent, known by words": Machine(partial(absent, marked=False), 35),
    "bounce": Machine(returned, 60, sender=""),
    "list": Machine(partial(listed, marked=True, renumbered=True), 45, LIST),
    "list, our number": Machine(partial(listed, marked=False, renumbered=False), 45, LIST),
    "list, nothing left": Machine(partial(listed, marked=False, renumbered=True), 3, LIST, most=CAP),
}


@pytest.mark.parametrize("name", MACHINES)
def test_a_storm_of_machines_costs_a_small_number_of_letters(here: Installation, name: str) -> None:
    here.environment["MIXMATCH_PROGRAMME_LETTERS_A_DAY"] = str(CAP)
    start(here)
    here.dovecot.deliver(here.address, question(1, here))
    wait_until(lambda: bool(here.receiver.mails) and is_at_rest(here), PATIENCE)
    first = len(here.receiver.mails)
    assert rows(here, "SELECT state FROM proposals") == [{"state": "open"}]
    came = storm(here, MACHINES[name])
    written = list(here.receiver.mails)[first:]
    print(f"{name}: {first} letters, {came} mails back, {len(written)} more letters")
    assert first * MACHINES[name].times <= came < FAR_TOO_MANY
    assert len(written) <= MACHINES[name].most, [(each.recipient, each.raw[:900]) for each in written]
    assert not rows(here, "SELECT 1 FROM proposals WHERE state IN ('accepted', 'declined')")
    assert not rows(here, "SELECT 1 FROM messages WHERE state = 'quarantined'")
    here.stop()


def storm(here: Installation, machine: Machine) -> int:
    """Let a machine answer every letter, and every letter that comes of that, to the end; how many mails it sent."""
    came, seen = 0, 0
    while (fresh := list(here.receiver.mails)[seen:]) and came < FAR_TOO_MANY:
        seen += len(fresh)
        for letter in fresh:
            sender = letter.recipient if machine.sender is None else machine.sender
            for _ in range(machine.times):
                here.dovecot.deliver(here.address, machine.answer(letter.raw, came, here.address), sender=sender)
                came += 1
        wait_until(lambda: is_at_rest(here), PATIENCE)
    return came


def is_at_rest(here: Installation) -> bool:
    """Whether the service took all there is out of its mailbox, handled it, and has no letter left."""
    return not here.dovecot.raw_mails(here.address) and is_quiet(here, 0)
