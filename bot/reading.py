"""From stored bytes to everything known about a message before anything is decided; outside any transaction."""

from dataclasses import dataclass

from sqlite_utils import Database

from bot.store import cases, letters
from bot.store.messages import Received
from bot.wiring import Wiring
from inbox.chat import read_chat
from inbox.mail import read_mail
from inbox.message import Message
from inbox.sentences import split_sentences
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
    else:
        message = read_chat(received.raw)
    if message.automatic is not None:
        return Read(received.id, message, None)
    (reading,) = understand_with_vectors([message], wiring.topics, wiring.encoder.read)
    if reading.understood.kind not in ASKING:
        return Read(received.id, message, reading.understood)
    earlier = _earlier_question(message, db)
    text = message.text[:LONGEST_READ]
    if not earlier:
        return Read(received.id, message, reading.understood, text, reading.vectors)
    question = f"{earlier}\n\n{text}"[:LONGEST_READ]
    (vectors,) = wiring.encoder.read([question], [split_sentences(question)])
    return Read(received.id, message, reading.understood, question, vectors)


def _earlier_question(message: Message, db: Database) -> str:
    """The open question of the case that this message answers, "" when it answers none."""
    case_id = letters.case_of_message_id(db, (message.in_reply_to, *reversed(message.references)))
    return cases.question_of(db, case_id) if case_id is not None else ""
