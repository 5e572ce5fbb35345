"""The outbox of chats at a local Bot API server, with a clock that a test turns. No tests live here."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlite_utils import Database

from bot import chat_outbox
from bot.channels import telegram_out
from bot.channels.telegram_bot import PREFIX, TelegramSettings, UpdatesBot, connected
from bot.chat_outbox import ChatWay
from bot.serving import adviser_menu
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.store_builders import NOW, a_letter, put, the_letter

SERVER = "api.telegram.org"


@pytest.fixture
def sam(telegram: BotApi) -> Person:
    """Somebody the bot may write to."""
    person = telegram.person("Sam")
    telegram.writes(person, "/start")
    return person


def way_of(bot: UpdatesBot) -> ChatWay:
    return ChatWay(
        partial(telegram_out.send, bot),
        partial(telegram_out.take_buttons, bot),
        lambda key, position: f"{key}-{position}",
        PREFIX,
        partial(telegram_out.show_commands, bot),
        adviser_menu(),
        SERVER,
    )


class Outbox:
    """The outbox of chats with a clock that a test turns."""

    def __init__(self, db: Database, telegram: BotApi) -> None:
        self.db, self.now, self.reported = db, NOW, list[str]()
        self.settings = TelegramSettings(telegram.token, telegram.base_url, telegram.base_file_url, answer_seconds=2.5)

    def all(self, after: timedelta = timedelta()) -> int:
        """Send all that is due after a while; returns how many tries that took."""
        self.now += after
        return asyncio.run(self._all())

    async def _all(self) -> int:
        tries = 0
        async with connected(self.settings) as bot:
            way = way_of(bot)
            while await chat_outbox.send_one_chat_letter(self.db, way, lambda: self.now, self._report):
                tries += 1
                assert tries < 100
        return tries

    def _report(self, code: str, _detail: str) -> None:
        self.reported.append(code)


@pytest.fixture
def outbox(db: Database, telegram: BotApi) -> Outbox:
    return Outbox(db, telegram)


def write(db: Database, recipient: int | str, key: str = "een", words: str = "", html: str = "") -> None:
    page = html or f"<html><head><title>Onderwerp</title></head><body><p>{words or key}</p></body></html>"
    address = recipient if isinstance(recipient, str) else f"telegram:{recipient}"
    put(db, a_letter(key, recipient=address, html=page), channel="chat")


def fate(db: Database, key: str = "een") -> tuple[str, str]:
    letter = the_letter(db, key)
    return letter.state, letter.problem


def got(telegram: BotApi, person: Person) -> list[str]:
    return [sent.text for sent in telegram.sent(person)]
