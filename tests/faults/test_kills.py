"""The service killed with SIGKILL at every named step and at random moments, under load: nothing lost, nothing twice.

What people sent is compared in the end with the store and with what arrived. The long form: FAULT_KILLS=300.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import tests.dovecot
from bot.fault_points import CHAT_IN, CHAT_OUT, ERASING, MAIL_IN, POINTS, REPORT
from bot.store import letters, messages
from bot.store.rows import as_text
from matcher.encoder import Encoder
from tests.bot_api import BotApi
from tests.dovecot import Dovecot
from tests.faults.crowd import Crowd
from tests.faults.installation import Installation, installed
from tests.faults.reckoning import Figures, dealt_with, is_at_rest, reckon, send_again, work_waiting
from tests.faults.starter import Starter, starter

dovecot = tests.dovecot.dovecot
RANDOM_KILLS = int(os.environ.get("FAULT_KILLS", "10"))
pytestmark = [pytest.mark.faults, pytest.mark.needs_dovecot, pytest.mark.timeout(1200 + 20 * RANDOM_KILLS)]
SEED = int(os.environ.get("FAULT_SEED", "1"))
REACHED_SECONDS = 120.0
AGAIN_SECONDS = 15.0
STUCK_SECONDS = 60.0  # so long nothing moves at all
PAUSE_SECONDS = 0.3
MOST_STEPS = 12  # that a service takes before it is killed at random: messages handled, letters sent
LONGEST_STEP = 0.5  # seconds: the kill falls anywhere in the step behind those
LONGEST_LIFE = 30.0
AT_A_STEP = 0.3  # of the random kills: at a named step when that is reached within the life
MOST_WAITING = 40  # messages and letters, above which nobody new asks anything
WAYS = ("imap", "lmtp", "chat")
NEEDS = {
    **dict.fromkeys(MAIL_IN[:4], "imap"),
    **dict.fromkeys(MAIL_IN[4:], "lmtp"),
    **dict.fromkeys((*CHAT_IN, *CHAT_OUT), "chat"),
}
"""By which way somebody has to ask for a place to be reached; any will do for the others."""


@pytest.fixture(scope="module")
def quick(encoder: Encoder) -> Iterator[Starter]:
    """A process from which the service starts; the model is unpacked before."""
    del encoder
    with starter() as starts:
        yield starts


def settled(here: Installation, crowd: Crowd) -> None:
    """Let the service run until everything has come to rest."""
    quiet, before, deadline = 0, (0, 0), time.monotonic() + STUCK_SECONDS
    while quiet < 3:
        done = dealt_with(here)
        deadline = deadline if done == before else time.monotonic() + STUCK_SECONDS
        before = done
        assert time.monotonic() < deadline, "it does not come to rest"
        quiet = quiet + 1 if crowd.is_quiet() and is_at_rest(here) else 0
        time.sleep(PAUSE_SECONDS)


def comes_right(here: Installation, crowd: Crowd, again: Counter[int]) -> tuple[Figures, Figures]:
    """The figures at rest, before and after a person looked at what has an unknown fate."""
    here.start()
    here.wait_until_up()
    settled(here, crowd)
    first = reckon(here, crowd.taken, again)
    while send_again(here, again, as_text(datetime.now(UTC))):
        settled(here, crowd)
    here.stop()
    last = reckon(here, crowd.taken, again)
    with here.store() as db:
        assert messages.counts_by_state(db) == {"handled": last.messages}
        assert letters.with_state(db, "unknown") == []
    return first, last


def wait_until_ended(here: Installation, crowd: Crowd, way: str) -> None:
    """Wait for the place where the process ends; now and then somebody else asks something."""
    assert here.running is not None
    deadline = time.monotonic() + REACHED_SECONDS
    while not here.running.has_ended(AGAIN_SECONDS):
        assert time.monotonic() < deadline, "the place was not reached"
        crowd.ask(way)
    here.kill()


def test_killed_at_every_named_step(
    dovecot: Dovecot, telegram: BotApi, quick: Starter, tmp_path: Path, prepared_database: Path
) -> None:
    again: Counter[int] = Counter()
    with installed(tmp_path, quick, dovecot, telegram) as here:
        here.prepare(prepared_database, weeks_old=4)
        with Crowd(here) as crowd:
            for point in (*REPORT, *(each for each in POINTS if each not in REPORT + ERASING)):
                way = NEEDS.get(point, "imap")
                here.start(point)
                crowd.ask(way)
                wait_until_ended(here, crowd, way)
            first, last = comes_right(here, crowd, again)
    print(first, last, sep="\n")
    assert first.doubled == 0
    assert last.introduced == last.cases


def live_a_while(here: Installation, steps: int, seconds: float) -> None:
    """Let the service take so many steps and live a little longer; with fewer than none it may not even be up."""
    assert here.running is not None
    deadline = time.monotonic() + LONGEST_LIFE
    while here.steps_taken() < steps and not here.running.has_ended(0.01) and time.monotonic() < deadline:
        pass
    if steps == 0:
        here.wait_until_up()
    here.running.has_ended(seconds if steps >= 0 else seconds * -steps)


def test_killed_at_random_moments(
    dovecot: Dovecot, telegram: BotApi, quick: Starter, tmp_path: Path, prepared_database: Path
) -> None:
    chance, again = random.Random(SEED), Counter[int]()
    with installed(tmp_path, quick, dovecot, telegram) as here:
        here.prepare(prepared_database, weeks_old=4)
        with Crowd(here) as crowd:
            for kill in range(1, RANDOM_KILLS + 1):
                if work_waiting(here) < MOST_WAITING:
                    crowd.ask(chance.choice(WAYS))
                here.start(f"{chance.choice(POINTS)}:{chance.randint(1, 3)}" if chance.random() < AT_A_STEP else "")
                live_a_while(here, chance.randint(-2, MOST_STEPS), chance.random() * LONGEST_STEP)
                here.kill()
                if kill % 5 == 0:
                    send_again(here, again, as_text(datetime.now(UTC)))
            first, last = comes_right(here, crowd, again)
    print(first, last, sep="\n")
    assert last.introduced == last.cases
