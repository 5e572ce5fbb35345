"""The Bot API as both ways use it: its settings, the client, and how it fails. Takes no message and sends none."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, cast

from telegram import Bot
from telegram.error import RetryAfter
from telegram.request import HTTPXRequest

# The library's own switch to periods as timedelta: without it every 429 gives a warning of a coming change.
os.environ["PTB_TIMEDELTA"] = "true"

PREFIX = "telegram:"  # of the address of a chat
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
POLL_MARGIN_SECONDS = 10.0
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """Which bot, where its server is and how updates come; the token stands in every address, so none is logged."""

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    answer_seconds: float = ANSWER_SECONDS


class UpdatesBot(Bot):
    """The client, with updates as they came: an update that the library can't read may not stop the others."""

    __slots__ = ()

    async def fetch_updates(self, offset: int | None, timeout: int, wanted: Sequence[str]) -> list[dict[str, Any]]:
        """The next updates, at most a hundred; waits `timeout` seconds for the first. Raises TelegramError."""
        asked = {"timeout": timeout, "allowed_updates": list(wanted)}
        found = await self._post(
            "getUpdates",
            asked if offset is None else {**asked, "offset": offset},
            read_timeout=timeout + POLL_MARGIN_SECONDS,
        )
        return cast("list[dict[str, Any]]", found)

    async def download(self, file_id: str) -> bytes:
        """The content of a file of at most 20 MB. Raises TelegramError."""
        return bytes(await (await self.get_file(file_id)).download_as_bytearray())


def make_bot(settings: TelegramSettings) -> UpdatesBot:
    """A client with connections of its own: it belongs to one thread and its loop."""
    return UpdatesBot(
        settings.token,
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=_connections(settings, CONNECTIONS),
        get_updates_request=_connections(settings, 1),
    )


@asynccontextmanager
async def connected(settings: TelegramSettings) -> AsyncIterator[UpdatesBot]:
    """A client for sending, closed in the end; whether its token is good shows at the first letter."""
    bot = make_bot(settings)
    await bot.request.initialize()
    try:
        yield bot
    finally:
        await bot.request.shutdown()


def _connections(settings: TelegramSettings, size: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=size,
        connect_timeout=min(CONNECT_SECONDS, settings.answer_seconds),
        read_timeout=settings.answer_seconds,
        write_timeout=settings.answer_seconds,
        pool_timeout=settings.answer_seconds,
    )


def retry_seconds(problem: RetryAfter) -> float:
    """How long Telegram asks to wait, in seconds."""
    wait = problem.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def chat_number(address: str) -> int:
    """The number of a chat in its address. Raises ValueError for another address."""
    if not address.startswith(PREFIX):
        raise ValueError("not the address of a Telegram chat")
    return int(address.removeprefix(PREFIX))
