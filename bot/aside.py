"""What somebody writes that is no question to us: an offer, a wish for a person, thanks, what a machine sent.

Runs inside the transaction of its `Turn`. Which kind a message is, is told by inbox/kind.py.
"""

from typing import Any

from bot.pressing import Heard
from bot.reading import Read
from bot.store import cases
from bot.turn import Turn
from inbox.elsewhere import subject_elsewhere
from inbox.message import Message
from inbox.wants_person import wants_person
from matcher.proposal import Case


def offer(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Somebody offers knowledge or money: thank, and hand over to the coordinator."""
    message = read.message
    to_writer(turn, read, "offer_thanks", case, first_contact=is_first(turn, message))
    turn.to_coordinator(
        None, "offer", sender_name=message.sender_name, sender_email=message.sender, own_words=message.text
    )
    return "offer", None


def person(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """Somebody asks for a person, or whether one reads this: tell how it is, and let a coordinator get in touch."""
    message = read.message
    if not message.sender or not wants_person(message.text):
        return None
    to_writer(turn, read, "person_asked", case)
    turn.to_coordinator(
        case,
        "person_wanted",
        sender_name=message.sender_name,
        sender_email=(case.reachable_at if case is not None else "") or message.sender,
        own_words=message.text,
    )
    return "person_asked", case.id if case else None


def pointer(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Not for this programme: say kindly who can help with just this."""
    message = read.message
    subject = subject_elsewhere(f"{message.subject}\n{message.text}")
    to_writer(turn, read, "pointer", case, first_contact=is_first(turn, message), subject=subject)
    return "pointer", case.id if case else None


def thanks(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Thanks need no answer: one more mail would only be a nuisance."""
    del read
    if case is not None:
        cases.touch(turn.db, case.id, turn.now)
    return "thanks", case.id if case else None


def silence(turn: Turn, read: Read, case: Case | None) -> Heard:
    """A machine or an advertiser: kept, never answered."""
    del turn, case
    assert read.understood is not None
    return read.understood.kind, None


def is_first(turn: Turn, message: Message) -> bool:
    """Whether somebody never asked us anything before."""
    return not cases.of_initiator(turn.db, message.sender)


def to_writer(turn: Turn, read: Read, template: str, case: Case | None, **facts: Any) -> None:
    """Answer a message in the language of its case, or else in its own; nothing for a mail without a sender."""
    assert read.understood is not None
    message = read.message
    if not message.sender:
        return
    if case is not None:
        turn.to_initiator(case, template, **facts)
    else:
        turn.to_writer(message.sender, message.sender_name, read.understood.language, template, **facts)
