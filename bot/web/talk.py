"""A conversation as its page shows it: own messages and letters in the order in which they came. Decides nothing."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup
from sqlite_utils import Database

from bot.letters import RIGHT_TO_LEFT
from bot.store import conversations, letters
from bot.store.conversations import OwnMessage
from bot.store.letters import KeptLetter
from inbox.chat import UnreadableChat, read_web

# A letter's page is made by bot/texts/letter.html.j2 and bot/markup.py, with everything of others escaped.
PART = re.compile(r'<div lang="([a-z]+)" dir="(?:ltr|rtl)">\n(.*?)\n</div>', re.DOTALL)
STYLE = re.compile(r' style="[^"]*"')  # meant for mail programs; the page has its own


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text in one language. `direction` is "auto" for a writer's own words."""

    language: str
    direction: Literal["ltr", "rtl", "auto"]
    body: Markup | str


@dataclass(frozen=True, slots=True)
class Said:
    """One block of the conversation; `state` is that of a message, "letter" for what we wrote."""

    at: datetime
    mine: bool
    title: str
    parts: tuple[Part, ...]
    state: str
    files: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The language of the title."""
        return self.parts[0].language


def talk_of(db: Database, writer: str, now: datetime) -> list[Said]:
    """Everything said in a conversation, oldest first; letters that waited count as sent from now on."""
    own = [_own(message) for message in conversations.messages_of(db, writer)]
    ours = [_ours(letter) for letter in letters.shown_to(db, writer, "web", now)]
    return sorted([*own, *ours], key=lambda said: (said.at, not said.mine))


def _own(message: OwnMessage) -> Said:
    text, files = message.text, message.files
    if message.state != "handled":
        try:
            unread = read_web(message.raw)
            text, files = unread.text, tuple(each.filename for each in unread.attachments)
        except UnreadableChat:
            text = ""
    return Said(message.received_at, True, "", (Part("", "auto", text),), message.state, files)


def _ours(letter: KeptLetter) -> Said:
    found = PART.findall(STYLE.sub("", letter.html))
    parts = tuple(
        Part(language, "rtl" if language in RIGHT_TO_LEFT else "ltr", Markup(body))  # noqa: S704 escaped when written
        for language, body in found
    )
    return Said(letter.created_at, False, letter.subject, parts or (Part("", "auto", letter.text),), "letter")
