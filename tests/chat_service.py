"""The parts of the service that a chat needs, played by hand against a local Bot API server. No tests live here."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest

from bot import chat_outbox, flow
from bot.channels import telegram_in, telegram_out
from bot.channels.shape import IncomingMeta
from bot.channels.telegram_bot import PREFIX, TelegramSettings, make_bot
from bot.channels.telegram_in import Intake
from bot.chat_outbox import ChatWay
from bot.serving import adviser_menu
from bot.store import messages
from bot.story import Story
from tests.bot_api import BotApi
from tests.bot_api.chats import Chat, Person, Sent


class ChatService:
    """Fetches, reads and answers when told to, with the clock of a story."""

    def __init__(self, story: Story, telegram: BotApi, runner: "asyncio.Runner") -> None:
        self.story, self.telegram, self.runner = story, telegram, runner
        self.reported: list[tuple[str, str]] = []
        settings = TelegramSettings(telegram.token, telegram.base_url, telegram.base_file_url, answer_seconds=2.5)
        self.intake = Intake(settings, self._keep, self._report)
        self.bot = make_bot(settings)
        runner.run(self.bot.initialize())

    def close(self) -> None:
        """Close the connections."""
        self.runner.run(self.bot.shutdown())

    def go(self) -> None:
        """Everything that waits is fetched, read, answered and sent."""
        self.fetch()
        self.read()
        self.runner.run(self._send())

    def fetch(self) -> None:
        """Take the updates that wait, and show at once what is shown at once."""
        self.runner.run(self._fetch())

    def read(self) -> None:
        """Handle every message that waits."""
        story = self.story
        while flow.process_one_message(story.db, story.wiring, story.shelf, story.now):
            pass

    def told(self, who: Person | Chat) -> list[Sent]:
        """Go on, and give what somebody received because of it."""
        before = len(self.telegram.sent(who))
        self.go()
        return self.telegram.sent(who)[before:]

    def _keep(self, raw: bytes, meta: IncomingMeta) -> bool:
        return messages.keep_raw(
            self.story.db,
            raw,
            channel=meta.channel,
            account=meta.account,
            external_id=meta.external_id,
            envelope_sender=meta.envelope_sender,
            now=self.story.now,
        )

    def _report(self, code: str, detail: str) -> None:
        self.reported.append((code, detail))

    async def _fetch(self) -> None:
        self.intake.bot = self.bot
        updates = await self.bot.fetch_updates(self.intake.offset, 0, telegram_in.WANTED)
        await telegram_in.take_updates(self.intake, updates)
        await asyncio.gather(*self.intake.signs)

    async def _send(self) -> None:
        way = ChatWay(
            partial(telegram_out.send, self.bot),
            partial(telegram_out.take_buttons, self.bot),
            self.story.wiring.links.choice_secret,
            PREFIX,
            partial(telegram_out.show_commands, self.bot),
            adviser_menu(),
            self.story.wiring.settings.chat_server or "api.telegram.org",
        )
        while await chat_outbox.send_one_chat_letter(self.story.db, way, lambda: self.story.now, self._report):
            pass


@pytest.fixture
def service(story: Story, telegram: BotApi) -> Iterator[ChatService]:
    """The service on that server, with a story's store."""
    with asyncio.Runner() as runner:
        service = ChatService(story, telegram, runner)
        yield service
        service.close()


@pytest.fixture
def sam(telegram: BotApi, service: ChatService) -> Person:
    """A resident who has begun a chat with the bot."""
    return somebody(telegram, service)


def somebody(telegram: BotApi, service: ChatService, name: str = "Bewoner", language: str = "nl") -> Person:
    """Somebody who has begun a chat with the bot."""
    person = telegram.person(name, username=name.lower(), language=language)
    telegram.writes(person, "/start")
    service.go()
    return person
