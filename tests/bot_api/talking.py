"""Lets an unmodified python-telegram-bot talk to the local server inside a test. Knows nothing of what is said."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.bot_api.server import BotApi

Talk = Callable[[BotApi, Bot], Awaitable[None]]
# The line is plain HTTP; loading the certificates of the world for each bot takes longer than a whole test.
NO_CERTIFICATES = {"verify": False}


def bot_of(telegram: BotApi, token: str = "") -> Bot:
    """A bot of python-telegram-bot that talks to this server, with the connections `Bot` makes by itself."""
    return Bot(
        token or telegram.token,
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        request=HTTPXRequest(httpx_kwargs=NO_CERTIFICATES),
        get_updates_request=HTTPXRequest(connection_pool_size=1, httpx_kwargs=NO_CERTIFICATES),
    )


def talking(talk: Talk) -> Callable[[pytest.MonkeyPatch], None]:
    """Make an ordinary test of a coroutine that gets a server and a bot of its own."""

    def test(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PTB_TIMEDELTA", "true")  # spans of time as the coming version gives them

        async def play() -> None:
            with BotApi() as telegram:
                async with bot_of(telegram) as bot:
                    await talk(telegram, bot)

        asyncio.run(play())

    # No functools.wraps: pytest would look through it and ask for the coroutine's arguments.
    test.__name__, test.__doc__ = getattr(talk, "__name__", "test"), talk.__doc__
    return test
