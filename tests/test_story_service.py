"""The service as a real process between a real Dovecot and a real SMTP server: a question in, an introduction out."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

import pytest

import tests.dovecot
import tests.smtp_receiver
from bot.report.week_report import make_report
from bot.settings import Settings
from bot.store.database import open_database
from bot.week import week_of
from expertise.topics import shipped_topics
from matcher.encoder import Encoder
from tests.dovecot import PASSWORD, Dovecot
from tests.mails import COMPLETE, SHOP, mail
from tests.shelf import wait_until
from tests.smtp_receiver import ReceivedMail, SmtpReceiver

dovecot = tests.dovecot.dovecot
receiver = tests.smtp_receiver.receiver
pytestmark = pytest.mark.needs_dovecot

START_SECONDS = 90  # a loaded machine loads the model slowly
STEP_SECONDS = 60


@contextmanager
def running_service(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`mixmatch run` with only these settings; asked to stop in the end, killed when it doesn't."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MIXMATCH_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"], env={**clean, **environment}, stdout=output, stderr=output
        )
        try:
            wait_until(lambda: b"draait" in log.read_bytes() or process.poll() is not None, START_SECONDS)
            assert process.poll() is None, log.read_text()
            yield process
        except AssertionError:
            print(log.read_text())
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


def environment_for(folder: Path, dovecot: Dovecot, receiver: SmtpReceiver, address: str) -> dict[str, str]:
    return {
        "MIXMATCH_DATA_DIR": str(folder),
        "MIXMATCH_MODEL_CACHE": str(Settings().model_cache),
        "MIXMATCH_PROGRAMME_ADDRESS": address,
        "MIXMATCH_IMAP_HOST": "127.0.0.1",
        "MIXMATCH_IMAP_PORT": str(dovecot.imap_port),
        "MIXMATCH_IMAP_SECURITY": "none",
        "MIXMATCH_IMAP_USER": address,
        "MIXMATCH_IMAP_PASSWORD": PASSWORD,
        "MIXMATCH_IMAP_POLL_SECONDS": "10",
        "MIXMATCH_SMTP_HOST": "127.0.0.1",
        "MIXMATCH_SMTP_PORT": str(receiver.port),
        "MIXMATCH_SMTP_SECURITY": "none",
        "MIXMATCH_LMTP_PORT": "0",
        "MIXMATCH_WEB_PORT": str(free_port()),
    }


def wait_for_mail(receiver: SmtpReceiver, recipient: str | None, words: str) -> ReceivedMail:
    """The first mail to this reader, or to anybody, with these words in its subject."""

    def found() -> list[ReceivedMail]:
        return [
            one
            for one in receiver.mails
            if recipient in (None, one.recipient)
            and words in str(message_from_bytes(one.raw, policy=default)["Subject"])
        ]

    wait_until(lambda: bool(found()), STEP_SECONDS)
    return found()[0]


def reply(received: ReceivedMail, text: str) -> bytes:
    """What the reader's mail program sends when he answers."""
    letter = message_from_bytes(received.raw, policy=default)
    body = letter.get_body(("plain",))
    assert body is not None
    quoted = "\n".join(f"> {line}" for line in str(body.get_content()).splitlines())
    answer = EmailMessage()
    answer["From"] = received.recipient
    answer["To"] = str(letter["Reply-To"])
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["Date"] = format_datetime(datetime.now(UTC))
    answer["Message-ID"] = f"<answer-{abs(hash(received.raw))}@example.org>"
    answer["In-Reply-To"] = answer["References"] = str(letter["Message-ID"])
    answer.set_content(f"{text}\n\nOp ma 16 nov. 2026 om 10:14 schreef {letter['From']}:\n\n{quoted}\n")
    return answer.as_bytes()


def test_mail_in_at_dovecot_comes_out_as_an_introduction(
    dovecot: Dovecot, receiver: SmtpReceiver, encoder: Encoder, tmp_path: Path
) -> None:
    del encoder  # unpacks the model once, so that the process doesn't have to
    address = dovecot.add_mailbox("socialeveerkracht")
    environment = environment_for(tmp_path / "data", dovecot, receiver, address)
    with running_service(environment, tmp_path / "log"):
        dovecot.deliver(address, mail(COMPLETE, to=address, now=datetime.now(UTC)))
        wait_for_mail(receiver, SHOP, "ontvangen")
        wait_until(
            lambda: any("Voorstel" in str(message_from_bytes(m.raw, policy=default)["Subject"]) for m in receiver.mails)
        )
        adviser = next(m for m in receiver.mails if m.recipient != SHOP)
        proposal = wait_for_mail(receiver, adviser.recipient, "Voorstel")
        assert SHOP.encode() not in proposal.raw
        dovecot.deliver(address, reply(proposal, "Ja, doe maar."), sender=proposal.recipient)
        consent = wait_for_mail(receiver, SHOP, "Mogen we")
        dovecot.deliver(address, reply(consent, "Ja"), sender=SHOP)
        wait_for_mail(receiver, SHOP, "Maak kennis")
        wait_until(lambda: len(dovecot.raw_mails(address, "Verwerkt")) == 3, STEP_SECONDS)
        assert dovecot.raw_mails(address) == []
    assert all(one.sender == address for one in receiver.mails)
    assert SHOP not in (tmp_path / "log").read_text(), "no address of a citizen in the log"

    now = datetime.now(UTC)
    with closing(open_database(tmp_path / "data" / "mixmatch.db")) as db:
        figures = make_report(db, week_of(now), now, shipped_topics()).facts.figures
    assert (figures.messages, figures.cases, figures.introduced) == (3, 1, 1)


@pytest.mark.parametrize("setting", ["MIXMATCH_WEB_PORT", "MIXMATCH_LMTP_PORT"])
def test_a_busy_port_is_told_and_ends_with_an_error(setting: str, tmp_path: Path, encoder: Encoder) -> None:
    del encoder
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MIXMATCH_")},
            "MIXMATCH_DATA_DIR": str(tmp_path),
            "MIXMATCH_MODEL_CACHE": str(Settings().model_cache),
            "MIXMATCH_WEB_PORT": str(free_port()),
            "MIXMATCH_LMTP_PORT": str(free_port()),
            setting: port,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", "run"], env=environment, capture_output=True, timeout=120, check=False
        )
    assert done.returncode == 1
    assert f"Poort {port}" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
