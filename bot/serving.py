"""The service: every configured channel, the reader, the outbox and the clock, each in its own thread.

Threads share nothing but the database file, the model and the stop sign; a part that fails is tried again and
reported by code, so that one broken server never stops the others. What the parts do is not decided here.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from sqlite_utils import Database

from bot import chat_outbox, flow, logs
from bot.channels import imap_in, lmtp_in, local_box, smtp_out, telegram_bot, telegram_in, telegram_out
from bot.channels.lmtp_in import Listener, ListenSettings
from bot.channels.local_box import LocalBoxSettings
from bot.channels.shape import IncomingMeta, Positions, Send
from bot.channels.smtp_out import SmtpSettings
from bot.chat_outbox import ChatWay
from bot.health.pulse import Pulse
from bot.letters import LANGUAGES
from bot.mailbox import LOCAL_BOX, imap_settings
from bot.outbox import send_one_letter
from bot.pool_vectors import PoolShelf
from bot.reasons import word_tables
from bot.settings import Settings
from bot.store import mailboxes, messages
from bot.store.database import open_database
from bot.telegram_account import telegram_settings
from bot.wiring import Wiring

log = logging.getLogger("mixmatch")

IDLE_SECONDS = 0.5  # how soon a waiting message or letter is seen when nothing woke the reader
CLOCK_SECONDS = 60.0
FINISH_SECONDS = 3.5  # with those of the pages (page_server.py), which hear of a stop at the same moment, under ten
ROUND_AND_ROUND = ("reader", "clock")  # parts that give a sign of life again and again; others wait for their server


def utc_now() -> datetime:
    """The moment as it is."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """The running parts and the sign by which they stop."""

    wiring: Wiring
    shelf: PoolShelf
    now: Callable[[], datetime] = utc_now
    clock_seconds: float = CLOCK_SECONDS
    stop: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)
    written: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    listener: Listener | None = None
    telegram: telegram_in.Intake | None = None
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.wiring.settings

    def start(self) -> None:
        """Start everything but the pages. Raises `PortBusy` when the mail listener's port is taken."""
        self.listener = self._listen()
        parts: list[tuple[str, Callable[[], None]]] = [
            ("reader", self._read),
            ("outbox", lambda: asyncio.run(self._send())),
            ("clock", self._tick),
        ]
        if self.settings.imap.host:
            parts.append(("imap", self._watch_mailbox))
        if self.settings.telegram.token:
            self.telegram = telegram_in.Intake(telegram_settings(self.settings), self.keep, report, menus=chat_menus())
            parts += [("telegram", partial(telegram_in.watch, self.telegram, self.stop)), ("chats", self._answer_chats)]
        for name, part in parts:
            thread = threading.Thread(target=part, name=name, daemon=True)
            thread.start()
            self.threads.append(thread)
            self.pulse.watch(thread)

    def ask_to_stop(self) -> None:
        """Let every part end what is in hand and begin nothing more; returns at once."""
        self.stop.set()
        self.arrived.set()
        self.written.set()

    def finish(self) -> list[str]:
        """Stop taking in and wait a moment for what is in hand; returns the parts that still had not ended.

        What such a part does is not lost: a message is handled whole or not at all, and a letter that was on its way
        gets an unknown fate, for a person to look at.
        """
        self.ask_to_stop()
        if self.listener is not None:
            self.listener.stop()
        deadline = time.monotonic() + FINISH_SECONDS
        for thread in self.threads:
            thread.join(timeout=max(deadline - time.monotonic(), 0))
        return [thread.name for thread in self.threads if thread.is_alive()]

    def keep(self, raw: bytes, meta: IncomingMeta) -> bool:
        """Store one incoming mail durably; True when it is new. Raises when nothing was stored."""
        with closing(open_database(self.settings.database)) as db:
            new = messages.keep_raw(
                db,
                raw,
                channel=meta.channel,
                account=meta.account,
                external_id=meta.external_id,
                envelope_sender=meta.envelope_sender,
                now=meta.received_at,
            )
        self.arrived.set()
        return new

    def _listen(self) -> Listener | None:
        lmtp = self.settings.lmtp
        if not lmtp.port:
            return None
        address = self.settings.programme.address
        settings = ListenSettings(
            account=address,
            own_addresses=frozenset({address}),
            protocol=lmtp.protocol,
            host=lmtp.host,
            port=lmtp.port,
        )
        return lmtp_in.start_listener(settings, self.keep, report)

    def _watch_mailbox(self) -> None:
        imap_in.watch(imap_settings(self.settings), self.keep, self._positions(), report, self.stop)

    def _positions(self) -> Positions:
        def load(account: str, folder: str) -> tuple[int, int] | None:
            with closing(open_database(self.settings.database)) as db:
                return mailboxes.position(db, account, folder)

        def save(account: str, folder: str, uidvalidity: int, uid: int) -> None:
            with closing(open_database(self.settings.database)) as db:
                mailboxes.save_position(db, account, folder, uidvalidity, uid)

        return Positions(load, save)

    def _read(self) -> None:
        def step(db: Database) -> None:
            self.arrived.clear()
            while not self.stop.is_set() and flow.process_one_message(db, self.wiring, self.shelf, self.now()):
                self.written.set()
            self.arrived.wait(IDLE_SECONDS)

        self._forever("reader", step)

    def _tick(self) -> None:
        def step(db: Database) -> None:
            try:
                flow.on_clock(db, self.wiring, self.shelf, self.now())
            except flow.StepsFailed as failed:
                for code, detail in failed.codes:
                    report(code, detail)
            self.stop.wait(self.clock_seconds)

        self._forever("clock", step)

    async def _send(self) -> None:
        send = way_out(self.settings)
        while not self.stop.is_set():
            self.pulse.beat("outbox")
            try:
                with closing(open_database(self.settings.database)) as db:
                    while not self.stop.is_set():
                        self.pulse.beat("outbox")
                        if not await self._send_one(db, send):
                            await asyncio.sleep(IDLE_SECONDS)
            except Exception as problem:  # the disk may be full or the file locked: wait, then go on
                report("outbox_failed", type(problem).__name__)
                await asyncio.sleep(CLOCK_SECONDS / 12)

    async def _send_one(self, db: Database, send: Send) -> bool:
        return await send_one_letter(db, send, self.settings.programme, self.now, self.settings.sending_server)

    def _answer_chats(self) -> None:
        self._forever("chats", lambda db: asyncio.run(self._send_chats(db)))

    async def _send_chats(self, db: Database) -> None:
        async with telegram_bot.connected(telegram_settings(self.settings)) as bot:
            way = ChatWay(
                partial(telegram_out.send, bot),
                partial(telegram_out.take_buttons, bot),
                self.wiring.links.choice_secret,
                telegram_bot.PREFIX,
                partial(telegram_out.show_commands, bot),
                adviser_menu(),
                self.settings.chat_server,
            )
            await chat_outbox.send_letters(db, way, self.now, self.stop, self.written, report)

    def _forever(self, name: str, step: Callable[[Database], None]) -> None:
        while not self.stop.is_set():
            if name in ROUND_AND_ROUND:
                self.pulse.beat(name)
            try:
                with closing(open_database(self.settings.database)) as db:
                    while not self.stop.is_set():
                        step(db)
                        if name in ROUND_AND_ROUND:
                            self.pulse.beat(name)
            except Exception as problem:  # nothing may end a part of the service but the stop sign
                report(f"{name}_failed", type(problem).__name__)
                self.stop.wait(CLOCK_SECONDS / 12)


def report(code: str, detail: str) -> None:
    """Log what a part reports: codes only, never an address or a word of a message."""
    logs.note(code)
    log.info("%s %s", code, detail, extra={"facts": {"event": code, "detail": detail}})


def chat_menus() -> list[telegram_in.Menu]:
    """The commands of the bot in every language of letters, Dutch for everybody else."""
    menus = {language: tuple(word_tables(language)["chat_menu"].items()) for language in LANGUAGES}
    return [("", menus["nl"]), *((language, menu) for language, menu in menus.items() if language != "nl")]


def adviser_menu() -> tuple[tuple[str, str], ...]:
    """The commands of a chat that is linked with an adviser: the adviser's own first, then everybody's. In Dutch."""
    tables = word_tables("nl")
    return (*tables["adviser_menu"].items(), *tables["chat_menu"].items())


def smtp_settings(settings: Settings) -> SmtpSettings:
    """The sending server of the settings, as its channel wants it."""
    smtp = settings.smtp
    return SmtpSettings(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        user=smtp.user,
        password=smtp.password,
        timeout=smtp.timeout_seconds,
        ca_file=smtp.ca_file,
    )


def way_out(settings: Settings) -> Send:
    """How letters leave: the sending server, or the local mailbox when none is set."""
    if settings.sends_locally:
        return partial(local_box.send, settings=LocalBoxSettings(settings.folder / LOCAL_BOX))
    return partial(smtp_out.send, settings=smtp_settings(settings))
