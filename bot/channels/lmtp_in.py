"""Receives mail over LMTP or SMTP on this machine and answers 250 only after it was stored; reads no mail."""

import asyncio
import contextlib
import errno
import logging
import socket
import weakref
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.channels.fingerprint import external_id, message_id_hint
from bot.channels.shape import (
    KEPT_WHOLE_BYTES,
    LARGE_BYTES,
    IncomingMeta,
    Keep,
    PortBusy,
    Report,
    fullness_of,
)
from bot.fault_points import reached

STOP_SECONDS = 10
TRY_LATER = "451 4.3.0 Not stored, please try again later"


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """Where to listen (port 0: any free one) and for which addresses; plus-tags of those are accepted too.

    account names the mailbox in the store: the same as the IMAP mailbox when both bring the same mail.
    """

    account: str
    own_addresses: frozenset[str]
    protocol: Literal["lmtp", "smtp"] = "lmtp"
    host: str = "127.0.0.1"
    port: int = 8024
    max_bytes: int = KEPT_WHOLE_BYTES
    large_bytes: int = LARGE_BYTES
    timeout: float = 300


def is_own_address(address: str, own: frozenset[str]) -> bool:
    """Tell whether mail for this address is ours: the same mailbox with or without +tag, in any case."""
    mailbox, _, domain = address.casefold().rpartition("@")
    bare = f"{mailbox.partition('+')[0]}@{domain}"
    return any(bare == one.casefold() for one in own)


class _Door:
    """The hooks aiosmtpd calls, in its naming; one recipient a transaction, since LMTP owes one reply each."""

    def __init__(self, settings: ListenSettings, keep: Keep, report: Report) -> None:
        self.settings = settings
        self.keep = keep
        self.report = report
        # One thread: a slow store never stops the loop, and the store is never entered twice at once.
        self.keeper = ThreadPoolExecutor(1, thread_name_prefix=f"{settings.protocol}-keep")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        if not is_own_address(address, self.settings.own_addresses):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.original_content or b""
        reached("lmtp_received")
        try:
            await asyncio.get_running_loop().run_in_executor(self.keeper, self._keep, raw, envelope)
        except Exception as error:  # not stored, for whatever reason: the sender must keep it
            self.report("keep_failed", type(error).__name__)
            return TRY_LATER
        reached("lmtp_stored")
        return "250 2.0.0 Stored"

    async def handle_exception(self, error: Exception) -> str:
        self.report("listener_failed", type(error).__name__)
        return TRY_LATER

    def _keep(self, raw: bytes, envelope: Envelope) -> bool:
        sender = envelope.mail_from or ""
        meta = IncomingMeta(
            account=self.settings.account,
            external_id=external_id(raw),
            message_id=message_id_hint(raw),
            envelope_sender="" if sender == "<>" else sender,
            envelope_recipient=envelope.rcpt_tos[0],
            received_at=datetime.now(UTC),
            size=len(raw),
            fullness=fullness_of(len(raw), self.settings.large_bytes, self.settings.max_bytes),
        )
        return self.keep(raw, meta)


# A line longer than RFC 5321 4.5.3.1.6 allows gets a final 500 from aiosmtpd, and the mail would bounce.
class _PatientSmtp(SMTP):
    line_length_limit = KEPT_WHOLE_BYTES


class _PatientLmtp(LMTP):
    line_length_limit = KEPT_WHOLE_BYTES


class TidyController(Controller):
    """A controller on a socket handed in, which closes every connection before it stops its loop."""

    def __init__(self, handler: object, listening: socket.socket, **kwargs: Any) -> None:
        self.listening = listening
        self.open_ends: weakref.WeakSet[SMTP] = weakref.WeakSet()
        host, port = listening.getsockname()[:2]
        super().__init__(handler, hostname=host, port=port, server_hostname="localhost", **kwargs)

    def make_server(self) -> SMTP:
        """Make the server side of one connection."""
        return SMTP(self.handler, loop=self.loop, **self.SMTP_kwargs)

    def factory(self) -> SMTP:
        """Make and remember the server side of one connection."""
        server = self.make_server()
        self.open_ends.add(server)
        return server

    def stop(self, no_assert: bool = False) -> None:
        """Stop listening and close every connection."""
        asyncio.run_coroutine_threadsafe(self._close_connections(), self.loop).result(STOP_SECONDS)
        super().stop(no_assert)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.listening, ssl=self.ssl_context)

    async def _close_connections(self) -> None:
        if self.server is not None:
            self.server.close()
        await asyncio.sleep(0.02)  # a reply that is ready still leaves
        for one in list(self.open_ends):
            if one.transport is not None:
                cast("asyncio.WriteTransport", one.transport).abort()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if others:
            await asyncio.wait(others, timeout=1)
        await asyncio.sleep(0.01)


class Listener(TidyController):
    """A listening LMTP or SMTP server in its own thread; `port` is the real one, also when 0 was asked."""

    def __init__(self, settings: ListenSettings, listening: socket.socket, keep: Keep, report: Report) -> None:
        self.settings = settings
        self.door = _Door(settings, keep, report)
        super().__init__(
            self.door, listening, ident="Mix&Match", data_size_limit=settings.max_bytes, timeout=settings.timeout
        )

    def stop(self, no_assert: bool = False) -> None:
        """Stop listening; a mail being stored is finished and acknowledged first."""
        self.door.keeper.shutdown(wait=True)
        super().stop(no_assert)

    def make_server(self) -> SMTP:
        """Make the server side of one connection."""
        kind = _PatientLmtp if self.settings.protocol == "lmtp" else _PatientSmtp
        return kind(self.handler, loop=self.loop, **self.SMTP_kwargs)


def start_listener(settings: ListenSettings, keep: Keep, report: Report) -> Listener:
    """Start a listener; call its `stop()` in the end. Raises PortBusy or OSError.

    `keep` runs in one thread of the listener's own. Codes reported: keep_failed, listener_failed.
    """
    # aiosmtpd writes every address it sees to this log.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with contextlib.ExitStack() as undo:
        listening = undo.enter_context(_listening_socket(settings.host, settings.port))
        listener = Listener(settings, listening, keep, report)
        listener.start()
        undo.pop_all()
    return listener


def _listening_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(host, port) from error
        raise
