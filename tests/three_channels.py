"""A stage with all three channels, on the real parts, and what can be done on it; who acts stands elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from starlette.testclient import TestClient

from bot import flow
from bot.channels.local_box import KeptLetter
from bot.store import cases, choices, pool, proposals
from bot.story import Story
from bot.web.app import make_app
from expertise.experts import Expert
from matcher.proposal import Case
from tests.bot_api import BotApi
from tests.channel_talk import all_letters
from tests.chat_service import ChatService

Channel = Literal["mail", "chat", "web"]
CHANNELS: tuple[Channel, ...] = ("mail", "chat", "web")
NAME = "Voorzitter Tuingroep"
ADDRESS = "tuingroep@example.org"
USERNAME = "tuingroep_voorzitter"
PHONE = "06 12345678"


@dataclass(frozen=True, slots=True)
class Press:
    """A button under a letter."""

    action: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form on a page, with what was filled in."""

    button: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """Words with a file."""

    words: str
    name: str
    content: bytes


Act = str | Press | Form | File
"""A `str` is words: typed, mailed, or written in the page's own field."""


@dataclass(frozen=True, slots=True)
class Said:
    """The same thing said in each channel; a chat says what a mail does, and a page what a chat does, unless told."""

    mail: Act | tuple[Act, ...]
    chat: Act | tuple[Act, ...] | None = None
    web: Act | tuple[Act, ...] | None = None

    def by(self, channel: Channel) -> tuple[Act, ...]:
        """What is done in a channel, one after another."""
        chat = self.chat if self.chat is not None else self.mail
        acts = {"mail": self.mail, "chat": chat, "web": self.web if self.web is not None else chat}[channel]
        return acts if isinstance(acts, tuple) else (acts,)


@dataclass(slots=True)
class Stage:
    """The running parts, and every mail that left."""

    story: Story
    service: ChatService
    browser: TestClient
    mails: list[KeptLetter] = field(default_factory=list)

    @property
    def telegram(self) -> BotApi:
        """The Bot API server."""
        return self.service.telegram

    def go(self) -> None:
        """Everything that waits is fetched, read, answered and sent; a little time passes."""
        self.service.fetch()
        self.mails += self.story.go_on()
        self.service.go()

    def tick(self) -> None:
        """The clock comes by."""
        flow.on_clock(self.story.db, self.story.wiring, self.story.shelf, self.story.now)
        self.go()

    def mail_to(self, address: str, must_hold: str = "") -> KeptLetter:
        """The newest mail to an address, of those that hold these words."""
        return [each for each in self.mails if each.recipient == address and must_hold in each.text][-1]

    def case(self) -> Case:
        """The case that was opened last."""
        return cases.newest(self.story.db, 1)[0]

    def holder(self) -> Expert:
        """The adviser before whom the newest proposal lies."""
        newest = proposals.of_case(self.story.db, self.case().id)[-1]
        found = pool.find(self.story.db, newest.adviser_id)
        assert found is not None
        return found

    def button(self, holder: str, press: Press) -> str | None:
        """What the newest open choice of somebody sends; None when there is no such choice."""
        for each in choices.open_to(self.story.db, holder, self.story.now):
            if (each.action, each.value) == (press.action, press.value):
                return self.story.wiring.links.choice_secret(each.letter_key, each.position)
        return None


@contextmanager
def stage_of(story: Story) -> Iterator[Stage]:
    """The parts of a story, on a Bot API server whose clock is the story's."""
    with BotApi() as telegram, asyncio.Runner() as runner:
        telegram.world.clock = lambda: story.now.timestamp()
        service = ChatService(story, telegram, runner)
        app = make_app(story.wiring, story.shelf, lambda: story.now)
        with TestClient(app, follow_redirects=False) as browser:
            yield Stage(story, service, browser)
        service.close()


def letters_of(stage: Stage) -> list[tuple[str, str, str]]:
    """Every letter written: to whom, of which template, and all that it says."""
    return [
        (each.recipient, each.template, "\n".join((each.subject, each.text, each.html)))
        for each in all_letters(stage.story.db)
    ]
