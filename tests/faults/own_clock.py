"""The real service in this process, with a clock that a test sets while it runs. No tests live here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.pool_vectors import PoolShelf
from bot.serving import Service
from bot.settings import Lmtp, Settings, Smtp, Telegram
from bot.wiring import Wiring
from tests.bot_api import BotApi
from tests.shelf import wait_until
from tests.store_builders import NOW

TICK_SECONDS = 0.1
SECONDS = 120


@dataclass(slots=True)
class Clock:
    """Goes on by itself like any clock, unless it stands still, and is set forward and back like one.

    It begins in the week in which stories begin: by today's clock a report of that week would be due one day.
    """

    moment: datetime = NOW
    stands: bool = False
    since: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        """What it tells."""
        return self.moment if self.stands else self.moment + timedelta(seconds=time.monotonic() - self.since)

    def set(self, moment: datetime) -> None:
        """Set it to a moment."""
        self.moment, self.since = moment, time.monotonic()

    def back(self, step: timedelta) -> None:
        """Set it back."""
        self.set(self() - step)


def sending_to(settings: Settings, smtp_port: int, telegram: BotApi | None = None, *, patience: int = 30) -> Settings:
    """The settings with a server that sends, no listener, and a bot when there is one.

    `patience`: how many seconds the server may take for a step.
    """
    smtp = Smtp(host="127.0.0.1", port=smtp_port, security="none", timeout_seconds=patience)
    bot = Telegram()
    if telegram is not None:
        bot = Telegram(token=telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url)
    return replace(settings, smtp=smtp, lmtp=Lmtp(port=0), telegram=bot)


def came_by(service: Service, times: int = 3) -> None:
    """Wait until the clock of the service came by so often from now on."""
    beats: set[float] = set()

    def often_enough() -> bool:
        beats.add(service.pulse.beats.get("clock", 0.0))
        return len(beats) > times

    wait_until(often_enough, SECONDS)


@contextmanager
def serving(wiring: Wiring, clock: Clock) -> Iterator[Service]:
    """The service, as long as the block lasts; its clock comes by all the time."""
    service = Service(wiring, PoolShelf(wiring.encoder), clock, clock_seconds=TICK_SECONDS)
    service.start()
    try:
        yield service
    finally:
        service.finish()
        for thread in service.threads:  # a report that is being drawn may take its time on a busy machine
            thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in service.threads)
