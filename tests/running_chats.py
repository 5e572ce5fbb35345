"""The service as it runs, with a bot, on a local Bot API server: its own threads and an unmodified client. No tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from bot import serving
from bot.channels.telegram_bot import TelegramSettings
from bot.pool_vectors import PoolShelf
from bot.serving import Service
from bot.settings import Lmtp, Settings, Telegram
from bot.telegram_account import telegram_settings
from bot.wiring import Wiring
from tests.bot_api import BotApi
from tests.bot_api.chats import Person

WRITERS = 4
"""So many people write at the same moment."""


@contextmanager
def running(wiring: Wiring, shelf: PoolShelf, telegram: BotApi, answer_seconds: float = 20.0) -> Iterator[Service]:
    """Everything that a chat needs, from getUpdates to sendMessage; a server may be silent for `answer_seconds`."""
    settings = replace(
        wiring.settings,
        telegram=Telegram(telegram.token, telegram.base_url, telegram.base_file_url),
        lmtp=Lmtp(port=0),
    )
    plain = telegram_settings

    def of(settings: Settings) -> TelegramSettings:
        return replace(plain(settings), answer_seconds=answer_seconds)

    service = Service(replace(wiring, settings=settings), shelf)
    with patch.object(serving, "telegram_settings", of):
        service.start()
        try:
            yield service
        finally:
            service.finish()


def write_all(telegram: BotApi, people: Sequence[Person], words_of: Callable[[Person], Sequence[str]]) -> None:
    """Everybody writes all of the own messages in a row, several people at the same time."""

    def write(some: Sequence[Person]) -> None:
        for person in some:
            for words in words_of(person):
                telegram.writes(person, words)

    writers = [threading.Thread(target=write, args=(people[place::WRITERS],)) for place in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
