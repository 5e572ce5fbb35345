"""What a sending server does to a running service: refuses for now or for good, hangs, drops the line at any step."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from functools import partial

import pytest

from bot.outbox import FIRST_WAIT, MOST_UNANSWERED, pause_after
from bot.store.letters import KeptLetter
from bot.story import Story
from tests.faults.own_clock import Clock, came_by, sending_to, serving
from tests.line_cutter import line_cutter
from tests.mails import COMPLETE, mail
from tests.shelf import wait_until
from tests.smtp_receiver import DROP, HANG, SmtpReceiver, Step
from tests.smtp_receiver import receiver as receiver
from tests.store_builders import a_letter, one, put, receive, the_letter

pytestmark = pytest.mark.faults

SECONDS = 120
PATIENCE = 5  # with a server that says nothing
LATER: tuple[tuple[Step, str], ...] = (
    ("connect", "421 4.3.2 Not now"), ("mail", "451 4.3.0 Later"), ("rcpt", "450 4.2.1 Full"),
    ("data", "452 4.3.1 Later"), ("end", "451 4.7.1 Greylisted"), ("connect", "554 5.3.2 Nobody is served"),
    ("connect", DROP), ("mail", DROP), ("rcpt", DROP), ("data", DROP), ("connect", HANG), ("rcpt", HANG),
)  # fmt: skip
REFUSED: tuple[tuple[Step, str], ...] = (
    ("mail", "553 5.1.8 No such sender"), ("rcpt", "550 5.1.1 Nobody"), ("end", "554 5.7.1 Spam"),
)  # fmt: skip


def after_a_try(story: Story, key: str) -> KeptLetter:
    """A letter once it was tried."""
    wait_until(lambda: the_letter(story.db, key).state not in ("waiting", "sending") or _tried(story, key), SECONDS)
    return the_letter(story.db, key)


def _tried(story: Story, key: str) -> bool:
    letter = the_letter(story.db, key)
    return letter.state == "waiting" and letter.attempts > 0


def arrived(receiver: SmtpReceiver) -> Counter[str]:
    """How often each letter arrived, by its receiver."""
    return Counter(one.recipient for one in receiver.mails)


def test_each_letter_gets_the_fate_that_the_answer_gives_it(story: Story, receiver: SmtpReceiver) -> None:
    clock = Clock()
    settings = sending_to(story.wiring.settings, receiver.port, patience=PATIENCE)
    wiring = replace(story.wiring, settings=settings)
    with serving(wiring, clock):
        for fate, faults in (("waiting", LATER), ("parked", REFUSED), ("unknown", (("end", DROP),))):
            for step, answer in faults:
                receiver.behave()
                receiver.answer(step, answer, times=1)
                key = f"{fate}-{step}-{faults.index((step, answer))}"
                put(story.db, a_letter(key, recipient=f"{key}@example.org"), now=clock())
                assert after_a_try(story, key).state == fate, (step, answer)
        receiver.behave()
        clock.set(clock() + FIRST_WAIT + timedelta(seconds=5))
        wait_until(lambda: one(story.db, "SELECT count(*) FROM letters WHERE state = 'sent'") == len(LATER), SECONDS)
        clock.set(clock() + timedelta(days=30))
        put(story.db, a_letter("last", recipient="last@example.org"), now=clock())
        wait_until(lambda: the_letter(story.db, "last").state == "sent", SECONDS)
    ours = {who: times for who, times in arrived(receiver).items() if who.partition("-")[0] in ("waiting", "unknown")}
    assert len(ours) == len(LATER) + 1
    assert set(ours.values()) == {1}, "also the one of unknown fate: it was taken, and never sent again"
    assert the_letter(story.db, "unknown-end-0").problem == "smtp_fate_unknown"


def test_a_server_that_never_answers_costs_two_letters_their_fate_and_one_after_each_pause(
    story: Story, receiver: SmtpReceiver
) -> None:
    """Then it is well again, and the others leave by themselves."""
    clock = Clock()
    wiring = replace(story.wiring, settings=sending_to(story.wiring.settings, receiver.port, patience=PATIENCE))
    receiver.answer("end", DROP)
    for number in range(6):
        put(story.db, a_letter(f"{number}", recipient=f"{number}@example.org"), now=clock())

    def fates() -> dict[str, int]:
        rows = story.db.query("SELECT state, count(*) AS n FROM letters GROUP BY state")
        return {row["state"]: row["n"] for row in rows}

    def are_unknown(count: int) -> bool:
        return fates().get("unknown") == count

    with serving(wiring, clock) as service:
        for unknown in (MOST_UNANSWERED, MOST_UNANSWERED + 1):
            wait_until(partial(are_unknown, unknown), SECONDS)
            came_by(service, 10)
            assert fates() == {"unknown": unknown, "waiting": 6 - unknown}
            if unknown > MOST_UNANSWERED:
                receiver.behave()
            clock.set(clock() + pause_after(unknown))
        wait_until(lambda: fates() == {"unknown": MOST_UNANSWERED + 1, "sent": 3}, SECONDS)
    assert set(arrived(receiver).values()) == {1}


def test_a_server_that_hangs_after_the_text_stops_nothing_else(story: Story, receiver: SmtpReceiver) -> None:
    """While it hangs mail comes in and is dealt with; once the line is gone the letter is of unknown fate."""
    clock = Clock()
    with line_cutter(receiver.port) as line:
        wiring = replace(story.wiring, settings=sending_to(story.wiring.settings, line.port))
        receiver.answer("end", HANG, times=1)
        put(story.db, a_letter("hangs", recipient="eerste@example.org"), now=clock())
        with serving(wiring, clock):
            wait_until(lambda: len(receiver.mails) == 1, SECONDS)
            receive(story.db, "een", mail(COMPLETE, now=clock()), now=clock())
            wait_until(lambda: one(story.db, "SELECT state FROM messages") == "handled", SECONDS)
            assert the_letter(story.db, "hangs").state == "sending"
            line.cut_all()
            wait_until(lambda: the_letter(story.db, "hangs").state == "unknown", SECONDS)
            wait_until(lambda: not one(story.db, "SELECT count(*) FROM letters WHERE state = 'waiting'"), SECONDS)
            clock.set(clock() + timedelta(days=2))
    assert arrived(receiver)["eerste@example.org"] == 1
    ids = Counter(str(message_from_bytes(each.raw)["Message-ID"]) for each in receiver.mails)
    assert set(ids.values()) == {1}
