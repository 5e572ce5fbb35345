"""/koppel and /ontkoppel: one person joins a conversation and a mailbox, or parts them. The proof is bot/accounts.py's.

Whether an address is known to us is told to nobody: asking for a code always gets the same answer.
"""

import re

from bot import accounts
from bot.letters import DEFAULT_LANGUAGE
from bot.pressing import Heard
from bot.reading import Read
from bot.store import cases, letters
from bot.turn import Turn
from inbox.message import LIVE_CHANNELS, ChatMarks, Message

LINK, UNLINK = "koppel", "ontkoppel"
IN_CONVERSATION, BY_MAIL = "chat_link", "link_mail"
"""The letters about linking: in the conversation, and to the mailbox."""

_TYPED = re.compile(rf"/({LINK}|{UNLINK})\b\s*", re.IGNORECASE)
_CODE = re.compile(rf"(?:\d[ .-]?){{{accounts.DIGITS - 1}}}\d", re.ASCII)
_WANTS_APART = re.compile(rf"\W*/?{UNLINK}\b", re.IGNORECASE)


def hear(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """The part of linking that a private chat brings; None for all other words."""
    return _take(turn, read, marks.command, read.message.text)


def hear_elsewhere(turn: Turn, read: Read) -> Heard | None:
    """The same on a page or in a terminal, and the mail by which the owner of a mailbox parts it from everything."""
    message = read.message
    if message.channel == "mail":
        return _apart_by_mail(turn, message)
    if message.chat is not None or message.channel not in LIVE_CHANNELS:
        return None
    typed = _TYPED.match(message.text)
    return _take(turn, read, typed[1].lower() if typed else "", message.text[typed.end() :] if typed else message.text)


def _take(turn: Turn, read: Read, command: str, words: str) -> Heard | None:
    words = words.strip()
    if command == UNLINK:
        return _part(turn, read, words)
    if command not in ("", LINK):
        return None
    meant = command == LINK or _was_asked(turn, read.message)
    if _CODE.fullmatch(words) and (meant or accounts.awaits_code(turn, read.message.sender)):
        return _enter(turn, read, words)
    if command == LINK or (meant and accounts.email_in(words)):
        return _ask(turn, read, words)
    return None


def _ask(turn: Turn, read: Read, words: str) -> Heard:
    """Somebody names a mail address: a code goes there when it may, and the answer is the same when it may not."""
    email = accounts.email_in(words)
    if not email:
        tell(turn, read, "how")
        return "link_how", None
    code = accounts.new_code(turn, read.message.sender, email)
    if code is not None:
        turn.to_mailbox(email, _language(turn, read), BY_MAIL, link_step="code", code=code, sender_name="")
    tell(turn, read, "asked")
    return "link_asked", None


def _enter(turn: Turn, read: Read, words: str) -> Heard:
    """Eight digits: the code that went to the mailbox, in the conversation that asked for it, or nothing at all."""
    message = read.message
    digits = "".join(sign for sign in words if sign.isdigit())
    try:
        linked = accounts.use_code(turn, message.sender, digits)
    except accounts.OtherAdviser:
        tell(turn, read, "other_adviser")
        return "link_refused", None
    if linked is None:
        tell(turn, read, "refused")
        return "link_refused", None
    accounts.follow(turn, message)
    tell(turn, read, "linked")
    everywhere = [each for each in accounts.addresses_of(turn.db, message.sender) if "@" in each]
    for number, email in enumerate(everywhere, start=1):
        _tell_mailbox(turn, read, email, "linked", number)
    return "linked", None


def _part(turn: Turn, read: Read, words: str) -> Heard:
    """Part this conversation from one mail address, or from all of them."""
    here = read.message.sender
    wanted = accounts.email_in(words)
    linked = [each for each in accounts.linked_emails(turn.db, here) if wanted in ("", each)]
    for number, email in enumerate(linked, start=1):
        accounts.unlink(turn, here, email)
        _tell_mailbox(turn, read, email, "unlinked", number)
    tell(turn, read, "unlinked" if linked else "nothing")
    return "unlinked" if linked else "link_nothing", None


def _apart_by_mail(turn: Turn, message: Message) -> Heard | None:
    """The owner of a mailbox answers our letter about a link: only who reads the mailbox knows its Message-ID."""
    if message.automatic is not None or not _WANTS_APART.match(message.text):
        return None
    answered = (message.in_reply_to, *message.references)
    if not letters.is_answered(turn.db, answered, BY_MAIL, message.sender):
        return None
    for each in accounts.addresses_of(turn.db, message.sender):
        accounts.unlink(turn, each, message.sender)
    turn.to_mailbox(message.sender, DEFAULT_LANGUAGE, BY_MAIL, link_step="unlinked", code="", sender_name="")
    return "unlinked", None


def _was_asked(turn: Turn, message: Message) -> bool:
    """Whether the last thing that we said in this conversation was about linking."""
    last = letters.last_to(turn.db, message.sender)
    return last is not None and last.template == IN_CONVERSATION


def tell(turn: Turn, read: Read, step: str) -> None:
    """Write in the conversation how linking goes; `step` is a code of the words link_chat."""
    message = read.message
    if step == "linked" and accounts.adviser_of(turn, message.sender) is not None:
        step = "linked_adviser"
    turn.to_writer(message.sender, message.sender_name, _language(turn, read), IN_CONVERSATION, link_step=step)


def _tell_mailbox(turn: Turn, read: Read, email: str, step: str, number: int) -> None:
    name = read.message.sender_name
    turn.to_mailbox(email, _language(turn, read), BY_MAIL, number, link_step=step, code="", sender_name=name)


def _language(turn: Turn, read: Read) -> str:
    """The language of the own question, Dutch for an adviser, or else that of the telephone."""
    message = read.message
    if accounts.adviser_of(turn, message.sender) is not None:
        return DEFAULT_LANGUAGE
    known = cases.of_initiator(turn.db, message.sender)
    if known:
        return known[0].language
    return (message.chat.language if message.chat is not None else "") or DEFAULT_LANGUAGE
