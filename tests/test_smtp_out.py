"""What becomes of a letter sent over SMTP, against a real receiver that misbehaves at every step."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from bot.channels.shape import SendResult
from bot.channels.smtp_out import SmtpSettings, send
from tests import smtp_receiver
from tests.certificate import Certificate
from tests.smtp_receiver import DROP, HANG, PASSWORD, USER, SmtpReceiver, Step

receiver, certificate = smtp_receiver.receiver, smtp_receiver.certificate

SENDER = "socialeveerkracht@example.org"
RECIPIENT = "adviseur@example.org"
LINE = b"x" * 76 + b"\r\n"


def letter(text: str = "Goedemiddag, er is een vraag uit Eindhoven.\n.\nTot ziens\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, RECIPIENT, "Een vraag: café"
    message["Message-ID"] = "<brief.1@example.org>"
    message.set_content(text)
    return message


def deliver(settings: SmtpSettings, message: EmailMessage | bytes | None = None, **to: Any) -> SendResult:
    return asyncio.run(send(message or letter(), to.get("sender", SENDER), to.get("recipient", RECIPIENT), settings))


@contextmanager
def running(certificate: Certificate | None = None, **kind: Any) -> Iterator[SmtpReceiver]:
    server = SmtpReceiver(certificate, **kind)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_a_letter_arrives_whole(receiver: SmtpReceiver) -> None:
    result = deliver(receiver.settings(), letter("Één café\n.\n..punt\n"))
    assert (result.outcome, result.code, result.detail) == ("sent", "smtp_sent", "END 250 2.0.0")
    (mail,) = receiver.mails
    assert (mail.sender, mail.recipient) == (SENDER, RECIPIENT)
    arrived = message_from_bytes(mail.raw, policy=default)
    assert arrived.get_content() == "Één café\r\n.\r\n..punt\r\n".replace("\r\n", "\n")
    assert arrived["Subject"] == "Een vraag: café"
    assert mail.raw.isascii()


def test_raw_bytes_and_the_null_sender_arrive(receiver: SmtpReceiver) -> None:
    raw = b"Subject: kaal\n\n.eerst een punt\n"
    assert deliver(receiver.settings(), raw, sender="").outcome == "sent"
    assert receiver.mails[0].raw == b"Subject: kaal\r\n\r\n.eerst een punt\r\n"
    assert receiver.mails[0].sender == ""


def test_a_lone_line_end_cannot_smuggle_a_second_mail(receiver: SmtpReceiver) -> None:
    for end in (b"\n.\n", b"\r.\r", b"\r\n.\n", b"\n.\r\n", b"\r.\r\n"):
        raw = b"Subject: een\r\n\r\ntekst" + end + b"MAIL FROM:<boef@example.org>\r\n"
        assert deliver(receiver.settings(), raw).outcome == "sent"
    assert len(receiver.mails) == 5
    assert all(b"MAIL FROM" in mail.raw for mail in receiver.mails)


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "end"])
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(receiver: SmtpReceiver, step: Step) -> None:
    name = step.upper()
    receiver.answer(step, "451 4.7.1 Later, adviseur@example.org")
    assert deliver(receiver.settings()) == SendResult("try_again", "smtp_later", f"{name} 451 4.7.1")
    receiver.answer(step, "550 5.1.1 Nobody called adviseur@example.org here")
    assert deliver(receiver.settings()) == SendResult("refused", "smtp_refused", f"{name} 550 5.1.1")
    assert receiver.mails == []
    receiver.behave()
    assert deliver(receiver.settings()).outcome == "sent"


def test_a_server_that_serves_nobody_does_not_refuse_this_letter(receiver: SmtpReceiver) -> None:
    receiver.answer("connect", "554 5.3.2 No service here")
    assert deliver(receiver.settings()) == SendResult("try_again", "smtp_no_service", "HELLO 554 5.3.2")
    receiver.answer("connect", "421 4.3.2 Closing")
    assert deliver(receiver.settings()) == SendResult("try_again", "smtp_no_service", "HELLO 421 4.3.2")


@pytest.mark.parametrize("step", ["connect", "mail", "rcpt", "data"])
def test_silence_or_a_cut_before_the_text_is_tried_again(receiver: SmtpReceiver, step: Step) -> None:
    receiver.answer(step, HANG)
    result = deliver(receiver.settings(timeout=0.2))
    assert (result.outcome, result.code) == ("try_again", "smtp_timeout")
    receiver.answer(step, DROP)
    result = deliver(receiver.settings())
    assert result.outcome == "try_again"
    assert result.code in ("smtp_connection_lost", "smtp_unreachable")
    assert receiver.mails == []


def test_a_cut_halfway_the_text_is_tried_again() -> None:
    # More text than the buffers of a connection hold, so that the cut comes before the final dot.
    with running(max_bytes=2**26) as receiver:
        receiver.answer("text", DROP)
        result = deliver(receiver.settings(), b"Subject: lang\r\n\r\n" + LINE * 300_000)
        assert (result.outcome, result.code) == ("try_again", "smtp_connection_lost")
        assert receiver.mails == []


def test_silence_after_the_final_dot_leaves_the_fate_unknown(receiver: SmtpReceiver) -> None:
    receiver.answer("end", HANG)
    began = time.monotonic()
    result = deliver(receiver.settings(accept_timeout=0.2))
    assert (result.outcome, result.code) == ("unknown", "smtp_fate_unknown")
    assert time.monotonic() - began < 30
    assert len(receiver.mails) == 1, "the receiver did take it, which the sender cannot know"


def test_a_cut_after_the_final_dot_leaves_the_fate_unknown(receiver: SmtpReceiver) -> None:
    receiver.answer("end", DROP)
    result = deliver(receiver.settings())
    assert (result.outcome, result.code) == ("unknown", "smtp_fate_unknown")
    assert len(receiver.mails) == 1


def test_a_big_letter_arrives(receiver: SmtpReceiver) -> None:
    raw = b"Subject: groot\r\n\r\n" + b"x" * 70 + b"\r\n" + LINE * 30_000
    assert deliver(receiver.settings(), raw).outcome == "sent"
    assert receiver.mails[0].raw == raw


def test_a_letter_over_the_servers_size_is_refused_at_once(receiver: SmtpReceiver) -> None:
    result = deliver(receiver.settings(), b"Subject: te groot\r\n\r\n" + LINE * 60_000)
    assert (result.outcome, result.detail) == ("refused", "MAIL 552")


def test_nobody_listening_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = SmtpSettings(host="127.0.0.1", port=port, security="none", timeout=2)
    assert deliver(settings).code == "smtp_unreachable"
    unknown = SmtpSettings(host="nergens.invalid", port=25, security="none", timeout=2)
    assert deliver(unknown).outcome == "try_again"


def test_starttls_with_login(certificate: Certificate) -> None:
    with running(certificate, login=True) as server:
        ca = str(certificate.certificate)
        settings = server.settings(security="starttls", ca_file=ca, user=USER, password=PASSWORD)
        assert deliver(settings).outcome == "sent"
        assert (server.mails[0].secure, server.mails[0].login) == (True, USER)


def test_tls_from_the_start(certificate: Certificate) -> None:
    with running(certificate, implicit_tls=True, login=True) as server:
        ca = str(certificate.certificate)
        settings = server.settings(security="tls", ca_file=ca, user=USER, password=PASSWORD)
        assert deliver(settings).outcome == "sent"
        server.answer("end", HANG)
        slow = server.settings(security="tls", ca_file=ca, user=USER, password=PASSWORD, accept_timeout=0.2)
        assert deliver(slow).outcome == "unknown"


def test_a_wrong_or_missing_password_is_named_and_tried_again(certificate: Certificate) -> None:
    with running(certificate, login=True) as server:
        ca = str(certificate.certificate)
        wrong = server.settings(security="starttls", ca_file=ca, user=USER, password="fout")
        assert deliver(wrong) == SendResult("try_again", "smtp_login_failed", "HELLO 535 5.7.8")
        none = server.settings(security="starttls", ca_file=ca)
        assert deliver(none) == SendResult("try_again", "smtp_login_failed", "MAIL 530 5.7.0")
        assert server.mails == []
        assert "fout" not in repr(wrong)


def test_a_certificate_nobody_vouches_for_stops_the_letter(certificate: Certificate, tmp_path: Path) -> None:
    for implicit, security in ((False, "starttls"), (True, "tls")):
        with running(certificate, implicit_tls=implicit) as server:
            result = deliver(server.settings(security=security))
            assert (result.outcome, result.code) == ("try_again", "smtp_tls_failed")
            missing = server.settings(security=security, ca_file=str(tmp_path / "weg.pem"))
            assert deliver(missing).code == "smtp_tls_failed"
            assert server.mails == []


def test_tls_is_never_dropped_silently(receiver: SmtpReceiver) -> None:
    result = deliver(receiver.settings(security="starttls"))
    assert (result.outcome, result.code) == ("try_again", "smtp_not_offered")
    assert receiver.mails == []


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org, b@example.org", "a@example.org\r\nRCPT TO:<b@example.org>", "<a@example.org>", "geen adres",
        'a@example.org>,<b@example.org', '"x"@example.org', "@example.org", "",
    ],
)  # fmt: skip
def test_only_one_plain_address_gets_a_letter(receiver: SmtpReceiver, address: str) -> None:
    assert deliver(receiver.settings(), recipient=address) == SendResult("refused", "smtp_bad_address")
    assert receiver.mails == []


def test_an_address_outside_ascii_goes_where_the_server_can_carry_it(receiver: SmtpReceiver) -> None:
    assert deliver(receiver.settings(), recipient="andré@example.org").outcome == "sent"
    assert receiver.mails[0].recipient == "andré@example.org"


def test_a_letter_that_cannot_be_written_is_refused(receiver: SmtpReceiver) -> None:
    broken = EmailMessage()
    broken.make_mixed()
    broken.attach(broken)
    assert deliver(receiver.settings(), broken).code == "smtp_bad_letter"
    assert receiver.mails == []
