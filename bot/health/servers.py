"""What can be seen of the servers we depend on: mailbox, sending server, Telegram, certificates, and of the model."""

import asyncio
import imaplib
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib
from telegram.error import InvalidToken, TelegramError

from bot.channels import telegram_bot
from bot.channels.imap_box import open_mailbox
from bot.health.looking import Check, Finding
from bot.mailbox import imap_settings
from bot.settings import Settings
from bot.telegram_account import telegram_settings
from bot.terminal import progress
from bot.wiring import encoder_of

SECONDS = 10  # how long a server may take to answer
RENEW_DAYS = 14


def model(settings: Settings) -> list[Finding]:
    """Whether the language model loads and reads."""
    encoder = encoder_of(settings, progress)
    encoder.read(["proef"], [[]])
    return [Finding("model", True, f"Taalmodel: {encoder.name}.")]


def imap(settings: Settings) -> list[Finding]:
    """Whether we can sign in to the mailbox."""
    if not settings.imap.host:
        return [Finding("imap", True, "IMAP: geen postbus ingesteld.")]
    where = f"IMAP {settings.imap.host}:{settings.imap.port}"
    try:
        with open_mailbox(imap_settings(settings)) as box:
            if not box.folder.exists(settings.imap.folder):
                advice = "Klopt imap.folder? Zonder die map komt er geen mail binnen."
                return [Finding("imap", False, f"{where}: de map {settings.imap.folder} is er niet.", advice)]
            return [Finding("imap", True, f"{where}: inloggen lukt.")]
    except OSError as problem:
        advice = "Kloppen imap.host, imap.port en imap.security?"
        return [Finding("imap", False, f"{where}: niet bereikbaar ({type(problem).__name__}).", advice)]
    except Exception as problem:  # imap-tools raises its own kinds for a refused login or folder
        advice = "Kloppen imap.user, imap.password en imap.folder?"
        return [Finding("imap", False, f"{where}: de server weigert ({type(problem).__name__}).", advice)]


def smtp(settings: Settings) -> list[Finding]:
    """Whether the sending server lets us in."""
    if settings.sends_locally:
        return [Finding("smtp", True, "SMTP: niet ingesteld; uitgaande post blijft in de lokale postbus.")]
    return [asyncio.run(_reach_smtp(settings))]


async def _reach_smtp(settings: Settings) -> Finding:
    smtp = settings.smtp
    where = f"SMTP {smtp.host}:{smtp.port}"
    client = aiosmtplib.SMTP(
        hostname=smtp.host,
        port=smtp.port,
        use_tls=smtp.security == "tls",
        start_tls=smtp.security == "starttls",
        username=smtp.user or None,
        password=smtp.password or None,
        cert_bundle=smtp.ca_file or None,
        timeout=SECONDS,
    )
    try:
        async with client:
            await client.noop()
    except aiosmtplib.SMTPAuthenticationError:
        return Finding(
            "smtp", False, f"{where}: naam of wachtwoord klopt niet.", "Kijk naar smtp.user en smtp.password."
        )
    except (aiosmtplib.SMTPException, OSError) as problem:
        advice = "Kloppen smtp.host, smtp.port en smtp.security?"
        return Finding("smtp", False, f"{where}: niet bereikbaar ({type(problem).__name__}).", advice)
    return Finding("smtp", True, f"{where}: inloggen lukt.")


def telegram(settings: Settings) -> list[Finding]:
    """Whether the bot's key is good, and whether Telegram can reach our webhook."""
    if not settings.telegram.token:
        return [Finding("telegram", True, "Telegram: niet ingesteld.")]
    return asyncio.run(_reach_telegram(settings))


async def _reach_telegram(settings: Settings) -> list[Finding]:
    try:
        async with telegram_bot.connected(telegram_settings(settings)) as bot:
            name = (await bot.get_me()).username
            hook = await bot.get_webhook_info()
    except InvalidToken:
        advice = "Kijk naar telegram.token; vraag zo nodig een nieuwe sleutel aan @BotFather."
        return [Finding("telegram", False, "Telegram: de sleutel klopt niet.", advice)]
    except TelegramError as problem:
        advice = "Is er internet, en klopt telegram.base_url?"
        return [Finding("telegram", False, f"Telegram: niet bereikbaar ({type(problem).__name__}).", advice)]
    found = [Finding("telegram", True, f"Telegram: de bot @{name} antwoordt.")]
    failed_at = hook.last_error_date
    if hook.url and failed_at is not None and datetime.now(UTC) - failed_at < timedelta(hours=1):
        advice = "Klopt telegram.webhook_url, en komt die van buiten bij deze dienst uit?"
        found.append(
            Finding("telegram_webhook", False, "Telegram kon de webhook het laatste uur niet bereiken.", advice)
        )
    return found


def certificates(settings: Settings) -> list[Finding]:
    """How long the certificates are good for: of the mail servers, and of our own pages behind their proxy."""
    imap, smtp, base = settings.imap, settings.smtp, urlsplit(settings.web.base_url)
    places: list[tuple[str, str, int, Callable[[], dict[str, Any]]]] = []
    if imap.host and imap.security != "none":
        places.append(("IMAP", imap.host, imap.port, lambda: _of_imap(settings)))
    if smtp.host and smtp.security != "none":
        places.append(("SMTP", smtp.host, smtp.port, lambda: _of_smtp(settings)))
    if base.scheme == "https" and base.hostname:
        name, port = base.hostname, base.port or 443
        places.append(("Webpagina's", name, port, lambda: _of_tls(name, port, "")))
    return [_valid(f"Certificaat {name} ({host}:{port})", fetch) for name, host, port, fetch in places]


def _valid(where: str, fetch: Callable[[], dict[str, Any]]) -> Finding:
    try:
        ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(fetch()["notAfter"])), UTC)
    except ssl.SSLCertVerificationError as problem:
        advice = "Vernieuw het certificaat, of noem met ca_file wie het uitgaf."
        return Finding("certificate", False, f"{where} wordt niet vertrouwd: {problem.verify_message}.", advice)
    except (OSError, imaplib.IMAP4.error, smtplib.SMTPException) as problem:
        what = f"{where} kon niet worden opgehaald ({type(problem).__name__})."
        return Finding("certificate", False, what, "Is de server bereikbaar, en klopt de poort?")
    days = (ends - datetime.now(UTC)).days
    return Finding("certificate", days >= RENEW_DAYS, f"{where} geldt nog {days} dagen.", "Vernieuw het certificaat.")


def _of_tls(host: str, port: int, ca_file: str) -> dict[str, Any]:
    context = ssl.create_default_context(cafile=ca_file or None)
    with (
        socket.create_connection((host, port), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as shielded,
    ):
        return dict(shielded.getpeercert() or {})


def _of_imap(settings: Settings) -> dict[str, Any]:
    imap = settings.imap
    if imap.security == "tls":
        return _of_tls(imap.host, imap.port, imap.ca_file)
    client = imaplib.IMAP4(imap.host, imap.port, timeout=SECONDS)
    try:
        client.starttls(ssl.create_default_context(cafile=imap.ca_file or None))
        assert isinstance(client.sock, ssl.SSLSocket)
        return dict(client.sock.getpeercert() or {})
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def _of_smtp(settings: Settings) -> dict[str, Any]:
    smtp = settings.smtp
    if smtp.security == "tls":
        return _of_tls(smtp.host, smtp.port, smtp.ca_file)
    with closing(smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS)) as client:
        client.starttls(context=ssl.create_default_context(cafile=smtp.ca_file or None))
        assert isinstance(client.sock, ssl.SSLSocket)
        return dict(client.sock.getpeercert() or {})


CHECKS_OF_SERVERS: tuple[Check, ...] = (model, imap, smtp, telegram, certificates)
"""Every look that takes a server, or the model, in the order in which it is told."""
