"""Whether a message really is from whom it says: a From line alone changes nothing of somebody's case.

Runs inside the transaction of its `Turn`. A live conversation proves by itself who writes. A mail does so by answering
any letter of ours: only who reads the mailbox knows its secret or its Message-ID. Of any other mail we ask its address
whether it is right, and a yes to that stands for the words it is about.
"""

from bot.pressing import Heard
from bot.reading import CONFIRMED, PROOF_ASKED, Read
from bot.store import letters, tokens
from bot.store.accounts import addresses_of
from bot.store.letters import KeptLetter
from bot.turn import Turn
from inbox.confirmation import confirms, objects
from inbox.decision_token import find_tokens
from inbox.message import LIVE_CHANNELS, Message
from matcher.proposal import Case

ASKED_FACTS = ("municipality", "budget", "provincial_dependence")
CHANGES = ("request", "vague_request", "answer", "withdraw")
"""Kinds of message that change a case they belong to."""


def is_proven(turn: Turn, message: Message) -> bool:
    """Whether a message can only be from the owner of its sender's address."""
    if message.channel in LIVE_CHANNELS:
        return True
    return _answered(turn, message) is not None or _has_secret(turn, message)


def needs_proof(turn: Turn, read: Read, case: Case) -> bool:
    """Whether a message would change a case without showing whose it is.

    What a case still waits for may come in a loose mail: who asked in a chat has no letter of ours to answer by mail.
    """
    assert read.understood is not None
    kind = read.understood.kind
    return kind in CHANGES and not is_proven(turn, read.message) and not (kind != "withdraw" and _only_adds(read, case))


def _only_adds(read: Read, case: Case) -> bool:
    """Whether a message tells facts to a case that asks for them, and none that is known otherwise."""
    assert read.understood is not None
    known, told = case.facts, read.understood.facts
    pairs = [(getattr(known, name), getattr(told, name)) for name in ASKED_FACTS]
    new = [pair for pair in pairs if pair[1] is not None]
    adds = bool(new) and all(before in (None, after) for before, after in new)
    return case.state == "asking" and adds and not objects(read.message.text)


def hear(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """Ask about a mail that would change a case, and take a no to that; None for all that may be heard as it is."""
    assert read.understood is not None
    message = read.message
    letter = _answered(turn, message) if CONFIRMED not in message.defects else None
    if letter is not None and letter.template == PROOF_ASKED and confirms(message.text) is False:
        turn.note(case, "not_written", "initiator")
        return "not_written", letter.case_id
    return ask(turn, read, case) if case is not None and needs_proof(turn, read, case) else None


def ask(turn: Turn, read: Read, case: Case) -> Heard:
    """Ask the address of a mail whether it is right; until then nothing changes."""
    turn.note(case, "proof_asked", "bot")
    turn.to_initiator(case, PROOF_ASKED, turn.invite_initiator(case), own_words=read.message.text)
    return "proof_asked", case.id


def _answered(turn: Turn, message: Message) -> KeptLetter | None:
    """The letter of ours to this person that a mail answers."""
    ids = (message.in_reply_to, *reversed(message.references))
    return letters.answered(turn.db, ids, addresses_of(turn.db, message.sender)) if message.sender else None


def _has_secret(turn: Turn, message: Message) -> bool:
    own = addresses_of(turn.db, message.sender) if message.sender else ()
    found = (tokens.find(turn.db, secret) for secret in find_tokens(message))
    return any(token is not None and token.holder in own for token in found)
