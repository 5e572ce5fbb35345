"""What counts as an answer where no secret is needed: in a chat, on a page of one's own. Writes nothing."""

from bot.reading import ASKING, Read
from inbox.asked import read_reply
from inbox.consent import consent_in
from inbox.facts import Facts
from inbox.message import LIVE_CHANNELS, Message
from matcher.proposal import Case
from matcher.rules import assess

ASIDE = ("status", "withdraw", "privacy")
"""Kinds that are never an answer, whatever words they hold."""


def goes_on(read: Read, case: Case) -> bool:
    """Whether a case that waits for answers gets one; in a live conversation a bare "Oss" or "nee" is one as well."""
    assert read.understood is not None
    if case.state != "asking":
        return False
    if read.understood.kind in ASKING:
        return True
    reply = read_reply(read.message.text, (*assess(case.facts).missing, "consent"))
    told = reply.consent is not None or bool(reply.not_known) or reply.facts != Facts()
    return told and read.message.channel in LIVE_CHANNELS and read.understood.kind not in ASIDE


def settles_consent(read: Read, case: Case) -> bool:
    """Whether a live conversation answers the question that a match waits for, in whatever tone: "Ja, dank je!"."""
    assert read.understood is not None
    waits = case.state == "accepted" and read.message.channel in LIVE_CHANNELS
    return waits and read.understood.kind not in ASIDE and consent_of(read.message) is not None


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
