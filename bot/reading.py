"""From stored bytes to everything known about a message before anything is decided; outside any transaction."""

import re
from dataclasses import dataclass, replace

from sqlite_utils import Database

from bot.foreign import LONGEST_QUOTE
from bot.store import cases, letters, messages
from bot.store.accounts import addresses_of
from bot.store.messages import Received
from bot.wiring import Wiring
from inbox.authentication import NOT_ALIGNED, is_aligned
from inbox.chat import read_chat, read_web
from inbox.confirmation import confirms
from inbox.kind import Kind
from inbox.message import LIVE_CHANNELS, Message
from inbox.sentences import split_sentences
from inbox.telegram import COMMAND_KINDS, QUESTION, needs_no_reading
from inbox.understanding import LONGEST_READ, Understood, understand_with_vectors
from inbox.vectors import TextVectors

BARE_REPLY = "Re:"
PROOF_ASKED = "did_you_write"
"""The letter that asks whether a mail really was from its address; its key names that mail."""
CONFIRMED = "confirmed"
"""Marks a reply that says yes to that letter: its words are those of the mail."""
_ABOUT = re.compile(rf"message:(\d+)/{PROOF_ASKED}")
LONGEST_HEARD = 50_000
"""Characters of what somebody writes that count: more than that is no question, and costs the others their turn."""
OWN = "own"
"""Why a letter of ours that came back is not heard, whoever a mailing list put in its From."""
ASKING = ("request", "vague_request", "answer")


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A message, what it means, and the vectors of the question it asks or adds to.

    `understood` is None for what a machine wrote. `question` is the text a case keeps: this message, behind the
    question that was open already where it answers one.
    """

    id: int
    message: Message
    understood: Understood | None
    question: str = ""
    question_vectors: TextVectors | None = None


def read(received: Received, wiring: Wiring, db: Database) -> Read:
    """Read one stored message. Raises `UnreadableMail` for bytes that hold nothing, or what `Reader` raises."""
    if received.channel == "mail":
        message = _mail(received, wiring, db)
    elif received.channel == "web":
        message = read_web(received.raw)
    else:
        message = read_chat(received.raw)
    message = replace(message, text=message.text[:LONGEST_HEARD])
    if message.automatic is not None or needs_no_reading(message):
        return Read(received.id, message, None)
    asked = [_own_words(message, db)]
    (reading,) = understand_with_vectors(asked, wiring.topics, wiring.encoder.read, find_sheet=wiring.reader.sheet)
    understood = _as_chat_says(message, reading.understood)
    if understood.kind not in ASKING:
        return Read(received.id, message, understood)
    earlier = _earlier_question(message, understood.kind, db)
    text = message.text[:LONGEST_READ]
    if not earlier:
        return Read(received.id, message, understood, text, reading.vectors)
    question = f"{earlier}\n\n{text}"[:LONGEST_READ]
    (vectors,) = wiring.encoder.read([question], [split_sentences(question)])
    return Read(received.id, message, understood, question, vectors)


def _mail(received: Received, wiring: Wiring, db: Database) -> Message:
    message = wiring.reader.mail(received.raw, (wiring.settings.programme.address,), received.envelope_sender)
    if letters.subjects_of(db, [message.message_id]):  # that is the name of a letter of ours, not of what answers one
        return replace(message, automatic=OWN)
    return _as_checked(_as_confirmed(message, db), received.raw, wiring.settings.mail.authserv_id)


def _as_confirmed(message: Message, db: Database) -> Message:
    """A yes to "did you write this?" stands for the words that it is about, as far as that letter showed them."""
    ids = (message.in_reply_to, *reversed(message.references))
    letter = letters.answered(db, ids, addresses_of(db, message.sender))
    about = _ABOUT.fullmatch(letter.key) if letter is not None else None
    if about is None or not confirms(message.text):
        return message
    words = messages.text_of(db, int(about[1]))[:LONGEST_QUOTE]
    return replace(message, text=words or message.text, defects=(*message.defects, CONFIRMED))


def _as_checked(message: Message, raw: bytes, authserv_id: str) -> Message:
    """A mail whose sender our own server could not vouch for is marked so; where no server is named, none is."""
    if not authserv_id or is_aligned(raw, message.sender, authserv_id):
        return message
    return replace(message, defects=(*message.defects, NOT_ALIGNED))


def _own_words(message: Message, db: Database) -> Message:
    """A reply as its writer wrote it: the subject line that it keeps of our letter says only that it is a reply."""
    subject = " ".join(message.subject.split()).casefold()
    answered = letters.subjects_of(db, (message.in_reply_to, *message.references))
    ours = any(subject.endswith(" ".join(each.split()).casefold()) for each in answered)
    return replace(message, subject=BARE_REPLY) if ours else message


def _as_chat_says(message: Message, understood: Understood) -> Understood:
    """A command says by itself what is meant; without words the language is that of the writer's telephone."""
    if message.chat is None:
        return understood
    if message.chat.command in COMMAND_KINDS:
        understood = replace(understood, kind=COMMAND_KINDS[message.chat.command], kind_confidence=1.0)
    language = understood.language if message.text else message.chat.language or understood.language
    return replace(understood, language=language)


def _earlier_question(message: Message, kind: Kind, db: Database) -> str:
    """The open question of the case that this message answers, "" when it answers none."""
    if message.channel in LIVE_CHANNELS:
        if message.chat is not None and message.chat.command == QUESTION:
            return ""  # asked for as a new question
        case = next(iter(cases.running_of(db, message.sender)), None)
        return cases.question_of(db, case.id) if case is not None and case.state == "asking" else ""
    case_id = letters.case_of_message_id(db, (message.in_reply_to, *reversed(message.references)))
    if case_id is None and kind == "answer":  # the only case that waits for one, also when it was asked in a chat
        waiting = [case.id for case in cases.of_initiator(db, message.sender) if case.state == "asking"]
        case_id = waiting[0] if len(waiting) == 1 else None
    return cases.question_of(db, case_id) if case_id is not None else ""
