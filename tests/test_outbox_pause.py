"""A server that takes letters and doesn't say so gets a pause: told, shown, and over by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlite_utils import Database
from starlette.testclient import TestClient

from bot import logs
from bot.channels import smtp_out
from bot.channels.shape import Outcome, SendResult
from bot.health.here import database
from bot.outbox import FIRST_PAUSE, MOST_UNANSWERED, Send, pause_after, send_one_letter
from bot.settings import Settings, Smtp
from bot.store import sending_pauses
from bot.store.sending_pauses import LONGEST_PAUSE, Pause
from bot.story import Story
from bot.web.app import make_app
from tests import smtp_receiver, store_builders
from tests.smtp_receiver import HANG, SmtpReceiver
from tests.store_builders import MINUTE, NOW, PROGRAMME, SECOND, a_letter, one, put

store_file, db = store_builders.store_file, store_builders.db
receiver = smtp_receiver.receiver
SERVER = "smtp.example.org:587"


class Outbox:
    """An outbox of many letters, with a clock that a test turns and a server that answers as it is told."""

    def __init__(self, db: Database, send: Send | None = None) -> None:
        self.db, self.now, self.send = db, NOW, send or self.answered
        self.outcome: Outcome = "unknown"
        for number in range(20):
            put(db, a_letter(str(number), recipient=f"{number}@example.org"))

    async def answered(self, _message: object, _sender: str, _recipient: str) -> SendResult:
        return SendResult(self.outcome, "smtp_told")

    def tries(self, after: timedelta = timedelta(), server: str = SERVER) -> int:
        """How many letters are tried at once, some time later; five at most."""
        self.now += after
        step = partial(send_one_letter, self.db, self.send, PROGRAMME, lambda: self.now, server)
        return sum(asyncio.run(step()) for _ in range(5))


def unknown(db: Database) -> int:
    return int(one(db, "SELECT count(*) FROM letters WHERE state = 'unknown'"))


def test_after_two_letters_without_an_answer_the_others_wait(db: Database, receiver: SmtpReceiver) -> None:
    outbox = Outbox(db, partial(smtp_out.send, settings=receiver.settings(accept_timeout=0.3)))
    receiver.answer("end", HANG)
    paused = logs.told().get("sending_paused", 0)
    assert outbox.tries() == MOST_UNANSWERED
    assert unknown(db) == len(receiver.mails) == MOST_UNANSWERED
    assert logs.told()["sending_paused"] == paused + 1
    assert outbox.tries(FIRST_PAUSE - SECOND) == 0
    receiver.behave()
    assert outbox.tries(SECOND) == 5
    assert unknown(db) == MOST_UNANSWERED


def test_each_pause_costs_one_letter_and_is_longer_than_the_last(db: Database) -> None:
    outbox = Outbox(db)
    outbox.tries()
    for minutes in (5, 10, 20, 40, 80, 160, 240, 240):
        assert outbox.tries(minutes * MINUTE - SECOND) == 0
        assert outbox.tries(SECOND) == 1
    assert unknown(db) == MOST_UNANSWERED + 8
    assert pause_after(10**9) == LONGEST_PAUSE


@pytest.mark.parametrize(("between", "tried"), [("sent", 5), ("refused", 4), ("try_again", 4)])
def test_only_a_letter_that_was_taken_ends_the_row(db: Database, between: Outcome, tried: int) -> None:
    """Of five tries: one unanswered, two that end so, and then silence again."""
    answers: Iterator[Outcome] = iter(["unknown", between, between, "unknown", "unknown"])

    async def send(_message: object, _sender: str, _recipient: str) -> SendResult:
        return SendResult(next(answers), "smtp_told")

    assert Outbox(db, send).tries() == tried


def test_another_server_and_the_mailbox_of_this_machine_get_no_pause(db: Database) -> None:
    outbox = Outbox(db)
    outbox.tries()
    assert outbox.tries() == 0
    assert outbox.tries(server="anders.example.org:587") == MOST_UNANSWERED
    assert outbox.tries(server="") == 5


def test_a_clock_that_was_set_back_ends_the_pause(db: Database) -> None:
    outbox = Outbox(db)
    outbox.tries()
    assert outbox.tries(-timedelta(minutes=3)) == 0
    put(db, a_letter("earlier"), now=NOW - timedelta(days=3))
    assert outbox.tries(-timedelta(days=2)) == 1


@pytest.fixture
def sending(story: Story) -> Settings:
    """The settings of an installation of which the server that sends gave no answer to two letters."""
    settings = replace(story.wiring.settings, smtp=Smtp(host="smtp.example.org"))
    sending_pauses.keep(story.db, settings.sending_server, Pause(2, story.now + 30 * MINUTE))
    return settings


def test_the_pause_is_shown_by_health(story: Story, sending: Settings) -> None:
    def answer(of: Settings) -> dict[str, object]:
        app = make_app(replace(story.wiring, settings=of), story.shelf, lambda: story.now)
        return dict(TestClient(app).get("/health").json())

    assert answer(story.wiring.settings)["sending_paused_until"] is None
    told = answer(sending)
    assert (told["status"], str(told["sending_paused_until"])[:16]) == (
        "behind", (story.now + 30 * MINUTE).isoformat()[:16],
    )  # fmt: skip
    story.now += 31 * MINUTE
    assert answer(sending)["status"] == "ok"


def test_the_pause_is_shown_by_doctor(story: Story, sending: Settings) -> None:
    def told() -> list[str]:
        return [each.what for each in database(sending) if each.code == "sending_paused"]

    sending_pauses.keep(story.db, sending.sending_server, Pause(2, datetime.now(UTC) + 30 * MINUTE))
    (what,) = told()
    assert "smtp.example.org:587 nam 2 brieven" in what
    sending_pauses.forget(story.db, sending.sending_server)
    assert told() == []
