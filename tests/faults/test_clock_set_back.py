"""The clock is set back while the service runs: what waits goes on at once, nothing comes twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import letters, messages
from bot.store.letters import LEASE
from bot.story import Story
from tests.bot_api import BotApi
from tests.faults.own_clock import Clock, sending_to, serving
from tests.mails import COMPLETE, mail
from tests.shelf import wait_until
from tests.smtp_receiver import WAIT, SmtpReceiver
from tests.smtp_receiver import receiver as receiver
from tests.store_builders import a_letter, one, put, receive, the_letter

pytestmark = pytest.mark.faults

SECONDS = 120
STEPS = pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=1), timedelta(days=400)], ids=str)


@STEPS
def test_letters_that_wait_leave_at_once_and_once(story: Story, receiver: SmtpReceiver, step: timedelta) -> None:
    clock = Clock()
    wiring = replace(story.wiring, settings=sending_to(story.wiring.settings, receiver.port))
    receiver.answer("end", WAIT, times=1)
    with serving(wiring, clock) as service:
        put(story.db, a_letter("on its way", recipient="1@example.org"), now=clock())
        wait_until(lambda: len(receiver.mails) == 1, SECONDS)
        for number in (2, 3):
            put(story.db, a_letter(f"waits {number}", recipient=f"{number}@example.org"), now=clock())
        receive(story.db, "een", mail(COMPLETE, now=clock()), now=clock())
        wait_until(lambda: one(story.db, "SELECT state FROM messages") == "handled", SECONDS)
        clock.back(step)
        receiver.let_go()
        wait_until(lambda: _sent(story) == _written(story), SECONDS)
        receive(story.db, "twee", mail(COMPLETE, sender="ander@example.org", now=clock()), now=clock())
        service.arrived.set()
        wait_until(lambda: one(story.db, "SELECT count(*) FROM messages WHERE state = 'handled'") == 2, SECONDS)
        wait_until(lambda: _sent(story) == _written(story), SECONDS)
    arrived = Counter(each.raw for each in receiver.mails)
    assert set(arrived.values()) == {1}
    assert sum(arrived.values()) == _written(story)


@STEPS
def test_a_chat_goes_on_in_its_order(story: Story, receiver: SmtpReceiver, telegram: BotApi, step: timedelta) -> None:
    """A letter that has not left yet holds up those behind it: not for as long as the clock was set back."""
    clock = Clock()
    sam = telegram.person("Bewoner")
    telegram.world.private_chat(sam)
    wiring = replace(story.wiring, settings=sending_to(story.wiring.settings, receiver.port, telegram))
    for number in (1, 2):
        letter = a_letter(str(number), recipient=f"telegram:{sam.id}", html=f"<body><p>{number}</p></body>")
        put(story.db, letter, channel="chat", now=clock())
    clock.back(step)
    with serving(wiring, clock):
        put(story.db, replace(letter, key="3", html="<body><p>3</p></body>"), channel="chat", now=clock())
        told = telegram.wait_sent(sam, 3, SECONDS)
    assert [each.text for each in told] == ["1", "2", "3"]


@STEPS
def test_a_second_try_is_not_put_off(story: Story, step: timedelta) -> None:
    """Of a message that was being read, and of a letter that was leaving, when the process died before that."""
    clock = Clock()
    receive(story.db, "een", mail(COMPLETE, now=clock()), now=clock())
    assert messages.claim_next(story.db, clock()) is not None
    put(story.db, now=clock())
    assert letters.claim_due(story.db, clock()) is not None
    clock.back(step)
    assert messages.claim_next(story.db, clock()) is not None
    assert letters.mark_lost_leases(story.db, clock()) == 1
    assert the_letter(story.db).state == "unknown"
    assert letters.claim_due(story.db, clock() + LEASE) is None


def _sent(story: Story) -> int:
    return int(one(story.db, "SELECT count(*) FROM letters WHERE state = 'sent'"))


def _written(story: Story) -> int:
    return int(one(story.db, "SELECT count(*) FROM letters"))
