"""Starts a real SMTP receiver on loopback that can be told to refuse, hang or hang up; no tests live here.

Use it in a test module with `receiver = smtp_receiver.receiver`, which makes the fixture known there.
"""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.channels.lmtp_in import TidyController
from bot.channels.smtp_out import SmtpSettings
from tests.certificate import Certificate, make_certificate

Step = Literal["connect", "mail", "rcpt", "data", "text", "end"]
HANG = "hang"
DROP = "drop"
WAIT = "wait"
MAX_BYTES = 4 * 1024 * 1024
USER = "postvak"
PASSWORD = "een lang wachtwoord"


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail the receiver took, or would have taken: also kept when it hangs or hangs up at the end."""

    sender: str
    recipient: str
    raw: bytes
    secure: bool
    login: str


@dataclass(slots=True)
class Behaviour:
    """What to answer at each step: a reply ("450 4.2.1 Later"), HANG or DROP; absent steps go well.

    "text" is halfway the text of the mail (DROP only), "end" is after the final dot; there the receiver can also
    WAIT until it is let go and then accept. `times` counts how often a step still misbehaves, absent means for ever.
    """

    answers: dict[Step, str] = field(default_factory=dict)
    times: dict[Step, int] = field(default_factory=dict)

    def take(self, step: Step) -> str | None:
        """Return what to answer now, counting down."""
        answer = self.answers.get(step)
        if answer is not None and step in self.times:
            self.times[step] -= 1
            if self.times[step] <= 0:
                del self.answers[step], self.times[step]
        return answer


class _Server(SMTP):
    """aiosmtpd's server with the two steps it has no hook for: the greeting and the middle of a text."""

    async def _handle_client(self) -> None:
        answer = self.event_handler.behaviour.take("connect")
        if answer is not None:
            await self.event_handler.misbehave(self, answer)
            if answer not in (HANG, DROP):
                await self.push(answer)
            self._writer.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        answer = self.event_handler.behaviour.take("data")
        if answer is not None:
            await self.event_handler.misbehave(self, answer)
            await self.push(answer)
            return
        if self.event_handler.behaviour.take("text") is not None:
            await self.push("354 Go ahead")
            await self._reader.read(1)
            await self.event_handler.misbehave(self, DROP)
            return
        await super().smtp_DATA(arg)


class _Handler:
    """The hooks aiosmtpd calls, in its naming."""

    def __init__(self, login_needed: bool) -> None:
        self.behaviour = Behaviour()
        self.mails: list[ReceivedMail] = []
        self.login_needed = login_needed
        self.let_go = threading.Event()

    async def misbehave(self, server: SMTP, answer: str) -> None:
        """Hang until cancelled or cut the line, when told so."""
        if answer == HANG:
            await asyncio.sleep(3600)
        if answer == DROP and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
            await asyncio.sleep(3600)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.login_needed and not session.authenticated:
            return "530 5.7.0 Authentication required"
        answer = self.behaviour.take("mail")
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
            return "250 2.1.0 OK"
        await self.misbehave(server, answer)
        return answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.behaviour.take("rcpt")
        if answer is None:
            envelope.rcpt_tos.append(address)
            return "250 2.1.5 OK"
        await self.misbehave(server, answer)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        sender, login = envelope.mail_from or "", session.auth_data
        answer = self.behaviour.take("end")
        if answer in (None, HANG, DROP, WAIT):
            self.mails += [
                ReceivedMail(
                    "" if sender == "<>" else sender,
                    recipient,
                    envelope.original_content or b"",
                    session.ssl is not None,
                    login.login.decode() if isinstance(login, LoginPassword) else "",
                )
                for recipient in envelope.rcpt_tos
            ]
        while answer == WAIT and not self.let_go.is_set():
            await asyncio.sleep(0.02)
        if answer in (None, WAIT):
            return "250 2.0.0 Taken"
        assert answer is not None
        await self.misbehave(server, answer)
        return answer


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False, auth_data=given)


class SmtpReceiver(TidyController):
    """A running receiver: `mails` is what it took, `answer` tells it how to misbehave."""

    def __init__(
        self,
        certificate: Certificate | None = None,
        *,
        implicit_tls: bool = False,
        login: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        # aiosmtpd writes every line of every session to this log.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self.door = _Handler(login)
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.certificate, certificate.key)
        super().__init__(
            self.door,
            socket.create_server(("127.0.0.1", 0)),
            ssl_context=context if implicit_tls else None,
            tls_context=None if implicit_tls else context,
            data_size_limit=max_bytes,
            authenticator=_authenticate,
            auth_require_tls=certificate is not None and not implicit_tls,
        )

    @property
    def mails(self) -> list[ReceivedMail]:
        """Everything taken so far, oldest first."""
        return self.door.mails

    def answer(self, step: Step, reply: str, times: int | None = None) -> None:
        """Misbehave at a step from now on, or only the next `times` times; reply may be HANG, DROP or WAIT."""
        self.door.behaviour.answers[step] = reply
        if times is not None:
            self.door.behaviour.times[step] = times

    def let_go(self) -> None:
        """Accept what was kept waiting."""
        self.door.let_go.set()

    def behave(self) -> None:
        """Accept everything again."""
        self.door.behaviour = Behaviour()

    def settings(self, **changes: Any) -> SmtpSettings:
        """Settings that reach this receiver, with short time-outs."""
        wanted: dict[str, Any] = {
            "host": "127.0.0.1", "port": self.port, "security": "none", "timeout": 5, "accept_timeout": 5,
        }  # fmt: skip
        return SmtpSettings(**(wanted | changes))

    def make_server(self) -> SMTP:
        """Make the server side of one connection."""
        return _Server(self.handler, loop=self.loop, **self.SMTP_kwargs)


@pytest.fixture
def receiver() -> Iterator[SmtpReceiver]:
    """A receiver without TLS or login."""
    server = SmtpReceiver()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for the receivers that speak TLS."""
    folder: Path = tmp_path_factory.mktemp("certificate")
    return make_certificate(folder)
