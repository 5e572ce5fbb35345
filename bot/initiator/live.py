"""What counts as an answer where no secret is needed: in a chat, on a page of one's own. Writes nothing."""

from bot.reading import Read
from inbox.asked import read_reply
from inbox.consent import consent_in
from inbox.message import LIVE_CHANNELS, Message
from inbox.privacy_right import requested_right
from matcher.proposal import Case

ASIDE = ("status", "withdraw", "privacy")
"""Kinds that are never an answer, whatever words they hold; stopping only when it is sure enough."""
SURE_TO_STOP = 0.6
"""How sure it must be that somebody stops, for words that come while we wait for an answer.

"We gaan verder met de proef" may tell what comes next, and a question that was stopped is lost to who overlooks the
letter about it. Who really stops says so plainly: of 59 stops by writers that nothing was learned from all but one
were read with 0.65 or more.
"""


def settles_consent(read: Read, case: Case) -> bool:
    """Whether a live conversation answers the question that a match waits for, in whatever tone: "Ja, dank je!"."""
    assert read.understood is not None
    waits = case.state == "accepted" and read.message.channel in LIVE_CHANNELS
    return waits and not stands_by_itself(read) and consent_of(read.message) is not None


def consent_of(message: Message) -> bool | None:
    """Yes or no to sharing contact details; what was forwarded are another's words."""
    return read_reply(message.text, ("consent",)).consent if in_own_words(message) else None


def consent_beforehand(message: Message) -> bool | None:
    """Consent that somebody gives with the question itself, before anybody asked."""
    return consent_in(message.text) if in_own_words(message) else None


def in_own_words(message: Message) -> bool:
    """Whether the one who sent a message also wrote it."""
    return "forwarded" not in message.defects


def username_of(message: Message) -> str:
    """Where a chat program lets anybody reach the writer, "" for one without a public name."""
    return f"Telegram @{message.chat.username}" if message.chat is not None and message.chat.username else ""


def answered_in_chat(message: Message) -> str:
    """The message that one in a chat answers: our letters end with the number of the case. "" elsewhere."""
    return message.quoted if message.chat is not None else ""


def stands_by_itself(read: Read) -> bool:
    """Whether a message is of a kind that is never an answer, surely enough where it would stop something."""
    assert read.understood is not None
    unsure = read.understood.kind == "withdraw" and read.understood.kind_confidence < SURE_TO_STOP
    return read.understood.kind in ASIDE and not unsure


def is_aside(read: Read, *, any_words: bool = False) -> bool:
    """Whether a message is about something else than our question; with `any_words` we asked for words of any kind.

    Then only a plain command, a question of how it stands, stopping, and seeing or erasing data are something else.
    """
    assert read.understood is not None
    kind, message = read.understood.kind, read.message
    by_itself = stands_by_itself(read)
    if not by_itself or not any_words or (message.chat is not None and message.chat.command):
        return by_itself
    if kind == "privacy":
        return requested_right(message.text) in ("see", "erase")
    return kind == "withdraw" or "?" in message.text
