"""Mail handed over by LMTP or SMTP is acknowledged when it is stored, and only then."""

import smtplib
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.channels.fingerprint import external_id
from bot.channels.lmtp_in import Listener, ListenSettings, is_own_address, start_listener
from bot.channels.shape import PortBusy
from tests.shelf import Shelf

OWN = "socialeveerkracht@example.org"
SENDER = "burger@example.org"
MAIL = b"Subject: hulp gevraagd\r\nMessage-ID: <een@example.org>\r\n\r\n.punt\r\nGoedemiddag\r\n"


@contextmanager
def listening(shelf: Shelf, **changes: Any) -> Iterator[Listener]:
    wanted: dict[str, Any] = {"account": "postvak", "own_addresses": frozenset({OWN}), "port": 0}
    settings = ListenSettings(**(wanted | changes))
    listener = start_listener(settings, shelf.keep, shelf.report)
    try:
        yield listener
    finally:
        listener.stop()


def give(listener: Listener, raw: bytes = MAIL, recipient: str = OWN, sender: str = SENDER) -> tuple[int, bytes]:
    """Hand one mail over and return the reply to its text."""
    kind = smtplib.LMTP if listener.settings.protocol == "lmtp" else smtplib.SMTP
    with kind("127.0.0.1", listener.port, timeout=10) as client:
        client.ehlo()
        client.mail(sender)
        code, words = client.rcpt(recipient)
        return (code, words) if code != 250 else client.data(raw)


@pytest.mark.parametrize("protocol", ["lmtp", "smtp"])
def test_a_mail_is_stored_before_it_is_acknowledged(protocol: str) -> None:
    shelf = Shelf()
    with listening(shelf, protocol=protocol) as listener:
        assert give(listener, recipient="Socialeveerkracht+MM-abc@EXAMPLE.org")[0] == 250
    ((raw, meta),) = shelf.kept.values()
    assert raw == MAIL
    assert (meta.channel, meta.account, meta.envelope_sender) == ("mail", "postvak", SENDER)
    assert meta.envelope_recipient == "Socialeveerkracht+MM-abc@EXAMPLE.org"
    assert (meta.message_id, meta.size, meta.fullness) == ("<een@example.org>", len(MAIL), "whole")
    assert meta.external_id == external_id(MAIL)
    assert meta.received_at.tzinfo is not None


def test_a_bounce_comes_with_the_null_sender() -> None:
    shelf = Shelf()
    with listening(shelf) as listener:
        assert give(listener, sender="")[0] == 250
    assert shelf.metas[0].envelope_sender == ""


@pytest.mark.parametrize(
    "trouble",
    [sqlite3.OperationalError("database is locked"), OSError(28, "No space left"), ValueError(SENDER), MemoryError()],
)
def test_what_could_not_be_stored_is_to_be_sent_again(trouble: Exception) -> None:
    def fail(_raw: bytes) -> None:
        raise trouble

    shelf = Shelf(fail)
    with listening(shelf) as listener:
        assert give(listener)[0] == 451
        shelf.fail = None
        assert give(listener)[0] == 250
    assert len(shelf.kept) == 1
    assert shelf.reported == [("keep_failed", type(trouble).__name__)]


def test_the_same_mail_again_is_acknowledged_and_kept_once() -> None:
    shelf = Shelf()
    with listening(shelf) as listener:
        assert give(listener)[0] == 250
        assert give(listener, b"Received: from elders\r\n" + MAIL)[0] == 250
    assert len(shelf.kept) == 1


def test_one_recipient_a_transaction() -> None:
    shelf = Shelf()
    with listening(shelf) as listener, smtplib.LMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail(SENDER)
        assert client.rcpt(OWN)[0] == 250
        code, words = client.rcpt(OWN.replace("@", "+tag@"))
        assert (code, words[:5]) == (452, b"4.5.3")
        assert client.data(MAIL)[0] == 250
        client.mail(SENDER)
        assert client.rcpt(OWN)[0] == 250
    assert [meta.envelope_recipient for meta in shelf.metas] == [OWN]


@pytest.mark.parametrize("stranger", ["elders@example.org", "socialeveerkracht@example.net", "postmaster"])
def test_mail_for_others_is_not_taken(stranger: str) -> None:
    with listening(Shelf()) as listener:
        assert give(listener, recipient=stranger)[0] in (550, 553)


def test_own_addresses_know_case_and_tags() -> None:
    own = frozenset({OWN, "Hulp@example.org"})
    assert is_own_address("SOCIALEVEERKRACHT+a+b@Example.ORG", own)
    assert is_own_address("hulp@example.org", own)
    for other in ("", "@", "+MM@example.org", "hulp@example.org@example.net", "hulp", "hulp-x@example.org"):
        assert not is_own_address(other, own)


def test_a_mail_over_the_limit_is_refused_before_and_after_its_text() -> None:
    shelf = Shelf()
    with listening(shelf, max_bytes=20_000) as listener:
        with smtplib.LMTP("127.0.0.1", listener.port) as client:
            client.ehlo()
            assert client.esmtp_features["size"] == "20000"
            assert client.mail(SENDER, ["SIZE=20001"])[0] == 552
        assert give(listener, b"Subject: groot\r\n\r\n" + b"x" * 70 + b"\r\n" * 20_000)[0] == 552
        assert give(listener)[0] == 250
    assert len(shelf.kept) == 1


def test_a_large_mail_and_a_very_long_line_are_kept_whole() -> None:
    shelf = Shelf()
    raw = b"Subject: lange regel\r\n\r\n" + b"x" * 3_000_000 + b"\r\n"
    with listening(shelf, large_bytes=1_000_000) as listener:
        assert give(listener, raw)[0] == 250
    assert shelf.handed == [raw]
    assert shelf.metas[0].fullness == "large"


def test_a_busy_port_is_named() -> None:
    shelf = Shelf()
    with listening(shelf) as listener, pytest.raises(PortBusy) as busy:
        start_listener(
            ListenSettings(account="postvak", own_addresses=frozenset({OWN}), port=listener.port),
            shelf.keep,
            shelf.report,
        )
    assert (busy.value.host, busy.value.port) == ("127.0.0.1", listener.port)


def test_no_address_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf()
    with listening(shelf) as listener:
        assert give(listener)[0] == 250
        assert give(listener, recipient="elders@example.org")[0] == 550
    assert "@example.org" not in caplog.text


def test_a_slow_store_does_not_stop_the_listener() -> None:
    release = threading.Event()
    shelf = Shelf(lambda _raw: release.wait(10))
    with listening(shelf) as listener:
        answers: list[tuple[int, bytes]] = []
        slow = threading.Thread(target=lambda: answers.append(give(listener)))
        slow.start()
        with smtplib.LMTP("127.0.0.1", listener.port, timeout=5) as client:
            assert client.ehlo()[0] == 250
            assert client.noop()[0] == 250
        assert answers == []
        release.set()
        slow.join(10)
        assert answers[0][0] == 250


def test_stopping_finishes_and_acknowledges_what_is_being_stored() -> None:
    entered, release = threading.Event(), threading.Event()

    def wait(_raw: bytes) -> None:
        entered.set()
        release.wait(10)

    shelf = Shelf(wait)
    with listening(shelf) as listener:
        answers: list[tuple[int, bytes]] = []
        client = threading.Thread(target=lambda: answers.append(give(listener)))
        client.start()
        assert entered.wait(5)
        threading.Timer(0.1, release.set).start()
    client.join(10)
    assert answers[0][0] == 250
    assert len(shelf.kept) == 1


def test_a_sender_that_hangs_up_halfway_leaves_nothing() -> None:
    shelf = Shelf()
    with listening(shelf) as listener:
        with socket.create_connection(("127.0.0.1", listener.port), 5) as line:
            line.sendall(f"LHLO x\r\nMAIL FROM:<{SENDER}>\r\nRCPT TO:<{OWN}>\r\nDATA\r\nSubject: half\r\n".encode())
            line.recv(1024)
        assert give(listener)[0] == 250
    assert shelf.handed == [MAIL]


def test_a_lone_line_end_cannot_smuggle_a_second_mail() -> None:
    shelf = Shelf()
    with listening(shelf) as listener, socket.create_connection(("127.0.0.1", listener.port), 5) as line:
        hidden = f"MAIL FROM:<boef@example.org>\r\nRCPT TO:<{OWN}>\r\nDATA\r\nSubject: twee\r\n"
        text = "".join(f"een{end}{hidden}" for end in ("\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n"))
        start = f"LHLO x\r\nMAIL FROM:<{SENDER}>\r\nRCPT TO:<{OWN}>\r\nDATA\r\n"
        line.sendall(f"{start}Subject: een\r\n\r\n{text}\r\n.\r\nQUIT\r\n".encode())
        while line.recv(4096):
            pass
    assert len(shelf.kept) == 1


def test_nonsense_gets_an_answer_and_no_traceback() -> None:
    with listening(Shelf()) as listener, socket.create_connection(("127.0.0.1", listener.port), 5) as line:
        line.sendall(b'LHLO x\r\nMAIL FROM:<<<"@[\r\nRCPT TO:<>\r\nMAIL FROM:\xff\xfe\r\n\x00\x01\r\nDATA\r\nQUIT\r\n')
        heard = b""
        while part := line.recv(4096):
            heard += part
    assert b"221" in heard
    assert b"Traceback" not in heard
