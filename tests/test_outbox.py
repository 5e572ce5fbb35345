"""A letter leaves once: claimed, sent to a real receiver, then confirmed, tried again, parked or of unknown fate."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot import outbox
from bot.channels import smtp_out
from bot.channels.shape import SendResult
from bot.channels.smtp_out import SmtpSettings
from bot.letter_samples import TOKEN, write_sample
from bot.outbox import MAX_TRIES, Send, as_mime, message_id_of, send_one_letter, wait_after
from bot.store import letters
from bot.store.database import open_database, transaction
from bot.store.letters import LEASE
from tests import smtp_receiver, store_builders
from tests.smtp_receiver import DROP, HANG, SmtpReceiver, Step
from tests.store_builders import (
    INITIATOR,
    KEY,
    MINUTE,
    NOW,
    PROGRAMME,
    SECOND,
    STATES,
    a_case,
    a_letter,
    put,
    the_letter,
)

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
receiver = smtp_receiver.receiver


class Sender:
    """The outbox with a clock that a test turns, sending to a receiver or by a stand-in."""

    def __init__(self, db: Database, send: Send) -> None:
        self.db, self.send, self.now = db, send, NOW

    def once(self) -> bool:
        return asyncio.run(send_one_letter(self.db, self.send, PROGRAMME, lambda: self.now))

    def all(self, after: timedelta = timedelta()) -> int:
        """Send all that is due after a while; returns how many tries that took."""
        self.now += after
        tries = 0
        while self.once():
            tries += 1
            assert tries < 100
        return tries


@pytest.fixture
def sender(db: Database, receiver: SmtpReceiver) -> Sender:
    return Sender(db, partial(smtp_out.send, settings=receiver.settings(accept_timeout=0.3)))


def told(outcome: Any, code: str = "smtp_later") -> Send:
    async def send(_message: object, _sender: str, _recipient: str) -> SendResult:
        return SendResult(outcome, code)

    return send


def fate(db: Database, key: str = "message:1/confirmation") -> tuple[str, str]:
    letter = the_letter(db, key)
    return letter.state, letter.problem


# It goes well


def test_a_letter_leaves_once_and_is_marked_as_sent(db: Database, sender: Sender, receiver: SmtpReceiver) -> None:
    case = a_case(db)
    put(db, write_sample("proposal", page_link=""), case_id=case.id, in_reply_to="<1@example.org>")
    message_id = the_letter(db, "sample:proposal").message_id
    assert sender.all() == 1
    assert sender.all(timedelta(days=9)) == 0
    (mail,) = receiver.mails
    arrived = message_from_bytes(mail.raw, policy=default)
    assert (mail.sender, mail.recipient) == (PROGRAMME.address, "lezer@example.org")
    assert arrived["Message-ID"] == message_id
    assert arrived["Reply-To"] == f"socialeveerkracht+{TOKEN}@example.org"
    assert arrived["Auto-Submitted"] == "auto-replied"
    assert TOKEN.encode() in mail.raw
    sent = the_letter(db, "sample:proposal")
    assert (sent.state, sent.sent_at, sent.reply_token) == ("sent", NOW, None)
    assert TOKEN not in sent.text + sent.html


def test_with_nothing_due_nothing_is_sent(db: Database, sender: Sender, receiver: SmtpReceiver) -> None:
    assert not sender.once()
    put(db, now=NOW + MINUTE)
    put(db, a_letter("chat"), channel="chat")
    assert not sender.once()
    assert receiver.mails == []


def test_the_letter_of_a_decision_leaves_only_after_its_commit(db: Database, other: Database, sender: Sender) -> None:
    with transaction(db):
        outbox.put_letter(db, a_letter(), outbox.Postmark(None, "mail", None, (), NOW), PROGRAMME, KEY, ())
        assert letters.with_state(other, *STATES) == []
    sender.db = other
    assert sender.all() == 1


def test_two_senders_send_each_letter_once(db: Database, other: Database, receiver: SmtpReceiver) -> None:
    for number in range(12):
        put(db, a_letter(str(number), recipient=f"{number}@example.org"))
    send = partial(smtp_out.send, settings=receiver.settings())

    async def send_on(mine: Database) -> None:
        while await send_one_letter(mine, send, PROGRAMME, lambda: NOW):
            pass

    async def both() -> None:
        await asyncio.gather(send_on(db), send_on(other))

    asyncio.run(both())
    assert sorted(mail.recipient for mail in receiver.mails) == sorted(f"{number}@example.org" for number in range(12))


def test_the_same_row_gives_the_same_mail(db: Database, store_file: Path) -> None:
    put(db, write_sample("proposal"), references=("<1@example.org>", "<2@example.org>"))
    with closing(open_database(store_file)) as later:
        one, two = (as_mime(the_letter(each, "sample:proposal"), PROGRAMME).as_bytes() for each in (db, later))
    assert one == two
    assert message_from_bytes(one, policy=default)["Date"].datetime == NOW


def test_a_message_id_belongs_to_one_letter_of_one_installation() -> None:
    ours = message_id_of("message:1/confirmation", KEY, "programma@example.org")
    assert ours == message_id_of("message:1/confirmation", KEY, "programma@example.org")
    assert ours.endswith("@example.org>")
    assert "message" not in ours
    assert ours != message_id_of("message:2/confirmation", KEY, "programma@example.org")
    assert ours != message_id_of("message:1/confirmation", b"x" * 32, "programma@example.org")


# It goes wrong for now


@pytest.mark.parametrize("step", ["connect", "rcpt", "data", "end"])
def test_a_server_that_says_later_gets_the_same_mail_later(
    db: Database, sender: Sender, receiver: SmtpReceiver, step: Step
) -> None:
    put(db)
    receiver.answer(step, "450 4.2.1 Later", times=1)
    assert sender.all() == 1
    assert the_letter(db).state == "waiting"
    assert the_letter(db).problem in ("smtp_later", "smtp_no_service")
    assert sender.all(MINUTE - SECOND) == 0
    assert sender.all(SECOND) == 1
    assert fate(db) == ("sent", "")
    assert [mail.recipient for mail in receiver.mails] == [INITIATOR]


def test_a_server_that_is_away_is_tried_again(db: Database) -> None:
    put(db)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings = SmtpSettings("127.0.0.1", closed.getsockname()[1], security="none", timeout=5)
    sender = Sender(db, partial(smtp_out.send, settings=settings))
    assert sender.all() == 1
    assert fate(db) == ("waiting", "smtp_unreachable")
    assert the_letter(db).due_at == NOW + MINUTE


def test_every_wait_is_longer_until_a_person_must_look(db: Database) -> None:
    put(db)
    sender = Sender(db, told("try_again"))
    waits = []
    for _ in range(MAX_TRIES - 1):
        assert sender.all() == 1
        assert fate(db) == ("waiting", "smtp_later")
        waits.append(the_letter(db).due_at - sender.now)
        assert sender.all(waits[-1] - SECOND) == 0
        sender.now += SECOND
    minutes = [1, 2, 4, 8, 16, 32, 64, 128, *[240] * 5]
    assert waits == [number * MINUTE for number in minutes]
    assert sender.all() == 1
    assert fate(db) == ("parked", "smtp_later")
    assert sender.all(timedelta(days=30)) == 0
    assert the_letter(db).attempts == MAX_TRIES


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 1), (2, 2), (8, 128), (9, 240), (12, 240)])
def test_waits_double_from_a_minute_to_four_hours(attempts: int, minutes: int) -> None:
    assert wait_after(attempts) == minutes * MINUTE


# It goes wrong for good


@pytest.mark.parametrize("step", ["rcpt", "data", "end"])
def test_a_refused_letter_is_parked_and_the_next_one_goes(
    db: Database, sender: Sender, receiver: SmtpReceiver, step: Step
) -> None:
    put(db)
    put(db, a_letter("next", recipient="volgende@example.org"), now=NOW + SECOND)
    receiver.answer(step, "550 5.1.1 Unknown", times=1)
    assert sender.all(SECOND) == 2
    assert fate(db) == ("parked", "smtp_refused")
    assert fate(db, "next") == ("sent", "")
    assert sender.all(timedelta(days=30)) == 0
    assert [mail.recipient for mail in receiver.mails] == ["volgende@example.org"]


@pytest.mark.parametrize(
    "address", ["geen adres", "a@b\r\nBcc: all@example.org", "een@example.org,twee@example.org", ""]
)
def test_an_address_that_is_none_is_parked_and_the_next_one_goes(
    db: Database, sender: Sender, receiver: SmtpReceiver, address: str
) -> None:
    put(db, a_letter(recipient=address))
    put(db, a_letter("next", recipient="volgende@example.org"))
    assert sender.all() == 2
    assert fate(db) == ("parked", "bad_address")
    assert [mail.recipient for mail in receiver.mails] == ["volgende@example.org"]


# Nobody knows


@pytest.mark.parametrize("silence", [HANG, DROP])
def test_a_server_silent_after_the_last_dot_may_have_the_letter_so_it_is_never_sent_again(
    db: Database, sender: Sender, receiver: SmtpReceiver, silence: str
) -> None:
    put(db)
    put(db, a_letter("next", recipient="volgende@example.org"), now=NOW + SECOND)
    receiver.answer("end", silence, times=1)
    assert sender.all(SECOND) == 2
    assert fate(db) == ("unknown", "smtp_fate_unknown")
    assert fate(db, "next") == ("sent", "")
    assert sender.all(timedelta(days=30)) == 0
    assert [mail.recipient for mail in receiver.mails] == [INITIATOR, "volgende@example.org"]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("end", [Killed, asyncio.CancelledError, RuntimeError])
def test_a_sender_that_dies_leaves_a_letter_of_unknown_fate(db: Database, end: type[BaseException]) -> None:
    async def die(_message: object, _sender: str, _recipient: str) -> SendResult:
        raise end

    put(db)
    with pytest.raises(end):
        Sender(db, die).once()
    assert the_letter(db).state == "sending"
    sender = Sender(db, told("sent"))
    assert sender.all(LEASE - SECOND) == 0
    assert the_letter(db).state == "sending"
    assert sender.all(SECOND) == 0
    assert fate(db) == ("unknown", "sender_vanished")
    assert sender.all(timedelta(days=30)) == 0


def test_a_lease_outlasts_the_longest_send() -> None:
    assert LEASE.total_seconds() > SmtpSettings("mail.example.org").longest_send_seconds


def test_a_person_sends_a_letter_of_unknown_fate_once_more_and_it_is_the_same_mail(
    db: Database, sender: Sender, receiver: SmtpReceiver
) -> None:
    put(db)
    receiver.answer("end", HANG, times=1)
    sender.all()
    with transaction(db):
        assert letters.release_now(db, the_letter(db).id, sender.now)
    assert sender.all() == 1
    first, second = receiver.mails
    assert first.raw == second.raw
    assert fate(db) == ("sent", "")
