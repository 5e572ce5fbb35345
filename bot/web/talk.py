"""A conversation as its page shows it: own messages and letters in the order in which they came. Decides nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup
from sqlite_utils import Database

from bot.letters import RIGHT_TO_LEFT
from bot.store import choices, conversations, letters
from bot.store.conversations import OwnMessage
from bot.store.letters import KeptLetter
from inbox.chat import UnreadableChat, read_web

# A letter's page is made by bot/texts/letter.html.j2 and bot/markup.py, with everything of others escaped.
PART = re.compile(r'<div lang="([a-z]+)" dir="(?:ltr|rtl)">\n(.*?)\n</div>', re.DOTALL)
STYLE = re.compile(r' style="[^"]*"')  # meant for mail programs; the page has its own

HAVE_A_FORM = frozenset({"consent"})  # the page's own form for it also asks how somebody can be reached


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text in one language. `direction` is "auto" for a writer's own words."""

    language: str
    direction: Literal["ltr", "rtl", "auto"]
    body: Markup | str


@dataclass(frozen=True, slots=True)
class Said:
    """One block of the conversation; `state` is that of a message, "letter" for what we wrote, which has a `key`."""

    at: datetime
    mine: bool
    title: str
    parts: tuple[Part, ...]
    state: str
    files: tuple[str, ...] = ()
    key: str = ""

    @property
    def language(self) -> str:
        """The language of the title."""
        return self.parts[0].language


def talk_of(db: Database, writer: str, now: datetime) -> list[Said]:
    """Everything said in a conversation, oldest first; letters that waited count as sent from now on."""
    own = [_own(message) for message in conversations.messages_of(db, writer)]
    ours = [_ours(letter) for letter in letters.shown_to(db, writer, "web", now)]
    return sorted([*own, *ours], key=lambda said: (said.at, not said.mine))


@dataclass(frozen=True, slots=True)
class Offered:
    """The buttons under one letter: each what stands on it and what it sends."""

    letter_key: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


def offered_to(db: Database, writer: str, now: datetime, secret_of: Callable[[str, int], str]) -> Offered:
    """The choices of the newest letter that still has any, but for those that have a form of their own."""
    still = [choice for choice in choices.open_to(db, writer, now) if choice.action not in HAVE_A_FORM]
    if not still:
        return Offered()
    key = still[0].letter_key
    of_letter = [choice for choice in still if choice.letter_key == key]
    return Offered(key, tuple((choice.label, secret_of(key, choice.position)) for choice in of_letter))


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
    return Said(
        letter.created_at, False, letter.subject, parts or (Part("", "auto", letter.text),), "letter", key=letter.key
    )
