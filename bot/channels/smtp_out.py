"""Sends one letter over SMTP and tells exactly what became of it; whether and when to retry is the outbox's."""

import asyncio
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import cast

import aiosmtplib
from aiosmtplib import SMTPResponse

from bot.channels.shape import Security, SendResult
from bot.fault_points import reached

# Only the plain form: quoted names, comments and lists are ways to slip in a second recipient.
PLAIN_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@\x00-\x1f\x7f]+@[^\s<>()\\,;\"@\x00-\x1f\x7f]+")
ENHANCED_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
START_INPUT = 354
LOGIN_NEEDED = 530
GOODBYE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where letters go out. "starttls" and "tls" are demanded, never dropped when the server lacks them.

    timeout: seconds for each step. accept_timeout: seconds the server may take to accept the whole letter
    (RFC 5321 4.5.3.2.6 asks for ten minutes). ca_file: the only authority trusted, "" means the system's.
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30
    accept_timeout: float = 300
    ca_file: str = ""
    hello_name: str = ""

    @property
    def longest_send_seconds(self) -> float:
        """How long one `send` can last at most; a lease on a letter must be longer."""
        return 10 * self.timeout + 2 * self.accept_timeout + GOODBYE_SECONDS


async def send(message: EmailMessage | bytes, sender: str, recipient: str, settings: SmtpSettings) -> SendResult:
    """Send one letter to one recipient; sender "" is the null sender. Raises nothing but cancellation.

    "try_again": the server certainly has not taken it. "refused": it said no for good. "unknown": the
    whole letter was handed over and no answer came, so it may have been delivered.
    """
    if not PLAIN_ADDRESS.fullmatch(recipient) or (sender and not PLAIN_ADDRESS.fullmatch(sender)):
        return SendResult("refused", "smtp_bad_address")
    try:
        raw = wire_form(message)
    except Exception as error:  # the email package raises anything; no server will ever carry this letter
        return SendResult("refused", "smtp_bad_letter", type(error).__name__)
    transport: asyncio.WriteTransport | None = None
    try:
        client = _client(settings)
        await client.connect()
        transport = cast("asyncio.WriteTransport | None", client.transport)
        await _secure_and_log_in(client, settings)
        return await _transact(client, raw, sender, recipient, settings)
    except Exception as error:  # every step before the final dot ends here: nothing was handed over
        return _failed(error)
    finally:
        # abort, not close: a polite TLS goodbye to a server that hangs would keep the socket for half a minute.
        if transport is not None:
            transport.abort()


def wire_form(message: EmailMessage | bytes) -> bytes:
    """Write a letter as SMTP carries it: lines end in CR LF (no lone CR or LF) and leading dots are doubled."""
    raw = message if isinstance(message, bytes) else message.as_bytes(policy=WIRE.clone(cte_type="7bit"))
    lines = b"\n" + raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not lines.endswith(b"\n"):
        lines += b"\n"
    return lines.replace(b"\n.", b"\n..").replace(b"\n", b"\r\n")[2:]


def _client(settings: SmtpSettings) -> aiosmtplib.SMTP:
    secure = settings.security != "none"
    return aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        local_hostname=_hello_name(settings),
        timeout=settings.timeout,
        use_tls=settings.security == "tls",
        start_tls=False,  # a step of its own, below
        tls_context=ssl.create_default_context(cafile=settings.ca_file or None) if secure else None,
    )


def _hello_name(settings: SmtpSettings) -> str:
    name = settings.hello_name or socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9.\-]+", name) else "localhost"


async def _secure_and_log_in(client: aiosmtplib.SMTP, settings: SmtpSettings) -> None:
    if settings.security == "starttls":
        await client.starttls()
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    if settings.user:
        await client.login(settings.user, settings.password)


async def _transact(
    client: aiosmtplib.SMTP, raw: bytes, sender: str, recipient: str, settings: SmtpSettings
) -> SendResult:
    options, encoding = _mail_options(client, raw, sender + recipient)
    if encoding is None:
        return SendResult("refused", "smtp_bad_address", "SMTPUTF8")
    await client.mail(sender, options=options, encoding=encoding)
    await client.rcpt(recipient, encoding=encoding)
    ready = await client.execute_command(b"DATA")
    if ready.code != START_INPUT:
        return _answered("DATA", ready)
    result = await _hand_over(client, raw, settings)
    if result.outcome != "unknown":
        with suppress(Exception):  # the letter's fate is known; a rude goodbye changes nothing
            await client.quit(timeout=GOODBYE_SECONDS)
    return result


def _mail_options(client: aiosmtplib.SMTP, raw: bytes, addresses: str) -> tuple[list[str], str | None]:
    """Return the parameters of MAIL and the encoding of addresses, None when the server cannot carry them."""
    options = [f"SIZE={len(raw)}"] if client.supports_extension("size") else []
    if not raw.isascii() and client.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    if addresses.isascii():
        return options, "ascii"
    if client.supports_extension("smtputf8"):
        return [*options, "SMTPUTF8"], "utf-8"
    return options, None


async def _hand_over(client: aiosmtplib.SMTP, raw: bytes, settings: SmtpSettings) -> SendResult:
    """Send the text, then the final dot, as two steps: only after the dot can a server have accepted it."""
    protocol, transport = client.protocol, cast("asyncio.WriteTransport | None", client.transport)
    if protocol is None or transport is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    answer = asyncio.create_task(protocol.read_response())
    try:
        await asyncio.sleep(0)  # the reader must stand ready: a server may refuse halfway the text
        transport.write(raw)
        async with asyncio.timeout(settings.accept_timeout):
            while transport.get_write_buffer_size() and not answer.done():
                await asyncio.sleep(0.01)
        if answer.done() or transport.is_closing():
            return _answered("DATA", await answer)
        reached("letter_text_handed_over")
        transport.write(b".\r\n")
        reached("letter_handed_over")
        try:
            async with asyncio.timeout(settings.accept_timeout):
                return _answered("END", await answer)
        except Exception as error:  # time-out, lost line, nonsense: the server may have accepted it
            return SendResult("unknown", "smtp_fate_unknown", f"END {type(error).__name__}")
    finally:
        answer.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await answer


def _answered(step: str, reply: SMTPResponse) -> SendResult:
    """Judge a server's reply to the text of a letter or to the step before it (RFC 5321 4.2.1)."""
    detail = _detail(step, reply.code, reply.message)
    kind = reply.code // 100
    if kind == 2 and step == "END":
        return SendResult("sent", "smtp_sent", detail)
    if kind == 4:
        return SendResult("try_again", "smtp_later", detail)
    if kind == 5:
        return SendResult("refused", "smtp_refused", detail)
    if step == "END":
        return SendResult("unknown", "smtp_fate_unknown", detail)
    return SendResult("try_again", "smtp_odd_answer", detail)


def _detail(step: str, code: int, words: str) -> str:
    enhanced = ENHANCED_CODE.search(words)
    return f"{step} {code}{' ' + enhanced[0] if enhanced else ''}"


# First line that fits. Refusals of the connection itself are about our settings, not about this letter.
CODES: tuple[tuple[type[BaseException], str], ...] = (
    (aiosmtplib.SMTPAuthenticationError, "smtp_login_failed"),
    (ssl.SSLError, "smtp_tls_failed"),
    (FileNotFoundError, "smtp_tls_failed"),  # of ca_file
    (aiosmtplib.SMTPResponseException, "smtp_no_service"),
    (TimeoutError, "smtp_timeout"),
    (aiosmtplib.SMTPConnectError, "smtp_unreachable"),
    (ConnectionError, "smtp_connection_lost"),
    (OSError, "smtp_unreachable"),
    (aiosmtplib.SMTPException, "smtp_not_offered"),
)


def _failed(error: Exception) -> SendResult:
    """Judge what went wrong before the final dot was sent."""
    if isinstance(error.__cause__, ssl.SSLError):
        return SendResult("try_again", "smtp_tls_failed", type(error.__cause__).__name__)
    if isinstance(error, aiosmtplib.SMTPSenderRefused | aiosmtplib.SMTPRecipientRefused):
        return _refusal(error)
    code = next((code for kind, code in CODES if isinstance(error, kind)), "smtp_failed")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        if code == "smtp_login_failed" and error.code // 100 == 4:
            code = "smtp_later"
        return SendResult("try_again", code, _detail("HELLO", error.code, error.message))
    return SendResult("try_again", code, type(error).__name__)


def _refusal(error: aiosmtplib.SMTPSenderRefused | aiosmtplib.SMTPRecipientRefused) -> SendResult:
    step = "MAIL" if isinstance(error, aiosmtplib.SMTPSenderRefused) else "RCPT"
    if error.code == LOGIN_NEEDED:
        return SendResult("try_again", "smtp_login_failed", _detail(step, error.code, error.message))
    return _answered(step, SMTPResponse(error.code, error.message))
