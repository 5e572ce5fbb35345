"""From stored bytes to everything known about a message before anything is decided; outside any transaction."""

from dataclasses import dataclass, replace

from sqlite_utils import Database

from bot.store import cases, letters
from bot.store.messages import Received
from bot.wiring import Wiring
from inbox.chat import read_chat, read_web
from inbox.mail import read_mail
from inbox.message import LIVE_CHANNELS, Message
from inbox.sentences import split_sentences
from inbox.telegram import COMMAND_KINDS, QUESTION, needs_no_reading
from inbox.understanding import LONGEST_READ, Understood, understand_with_vectors
from inbox.vectors import TextVectors

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
    """Read one stored message. Raises `UnreadableMail` for bytes that hold nothing readable."""
    own = (wiring.settings.programme.address,)
    if received.channel == "mail":
        message = read_mail(received.raw, own_addresses=own, envelope_sender=received.envelope_sender)
    elif received.channel == "web":
        message = read_web(received.raw)
    else:
        message = read_chat(received.raw)
    if message.automatic is not None or needs_no_reading(message):
        return Read(received.id, message, None)
    (reading,) = understand_with_vectors([message], wiring.topics, wiring.encoder.read)
    understood = _as_chat_says(message, reading.understood)
    if understood.kind not in ASKING:
        return Read(received.id, message, understood)
    earlier = _earlier_question(message, db)
    text = message.text[:LONGEST_READ]
    if not earlier:
        return Read(received.id, message, understood, text, reading.vectors)
    question = f"{earlier}\n\n{text}"[:LONGEST_READ]
    (vectors,) = wiring.encoder.read([question], [split_sentences(question)])
    return Read(received.id, message, understood, question, vectors)


def _as_chat_says(message: Message, understood: Understood) -> Understood:
    """A command says by itself what is meant; without words the language is that of the writer's telephone."""
    if message.chat is None:
        return understood
    kind = COMMAND_KINDS.get(message.chat.command, understood.kind)
    language = understood.language if message.text else message.chat.language or understood.language
    return replace(understood, kind=kind, language=language)


def _earlier_question(message: Message, db: Database) -> str:
    """The open question of the case that this message answers, "" when it answers none."""
    if message.channel in LIVE_CHANNELS:
        if message.chat is not None and message.chat.command == QUESTION:
            return ""  # asked for as a new question
        case = next(iter(cases.running_of(db, message.sender)), None)
        return cases.question_of(db, case.id) if case is not None and case.state == "asking" else ""
    case_id = letters.case_of_message_id(db, (message.in_reply_to, *reversed(message.references)))
    return cases.question_of(db, case_id) if case_id is not None else ""
