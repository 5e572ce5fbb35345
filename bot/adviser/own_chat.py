"""An adviser's own chat: /openstaand, /afwezig, and words that answer a proposal. Deciding is answering.py's.

What an adviser writes here is never a question of an initiator, except behind /vraag and the like, and in reply to a
letter about a case of one's own.
"""

from bot import accounts, conversation, linking
from bot.adviser import absence, open_proposals
from bot.adviser import actions as adviser_actions
from bot.adviser.answering import find_pending, on_answer
from bot.adviser.buttons import ASKS_TO_DECIDE, ASKS_WHICH
from bot.pressing import Heard
from bot.reading import Read
from bot.store import cases, choices, letters, proposals, tokens
from bot.turn import Turn
from expertise.experts import Expert
from inbox.answer import Answer, read_answer
from inbox.decision_token import find_tokens
from inbox.message import ChatMarks
from matcher.proposal import Proposal

WAITING, AWAY = "openstaand", "afwezig"
GREETINGS = ("start", "help")
NOT_OWN_WORDS = ("forwarded", "edited")


def hear(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """What an adviser says in the linked chat; None for all others, and for what means the same to everybody."""
    adviser = accounts.adviser_of(turn, read.message.sender)
    is_command = marks.command in (WAITING, AWAY)
    if adviser is None:
        return _advisers_only(turn, read) if is_command else None
    if marks.command in GREETINGS:
        return _tell(turn, read, "welcome")
    if not is_command and (marks.command or not read.message.text):
        return None
    if any(each in read.message.defects for each in NOT_OWN_WORDS):
        return _tell(turn, read, "not_own")
    return _command(turn, read, marks, adviser) if is_command else _words(turn, read, adviser)


def _words(turn: Turn, read: Read, adviser: Expert) -> Heard | None:
    message = read.message
    if any(find_pending(turn, secret) is not None for secret in find_tokens(message)):
        return None  # the reply quotes the secret of its letter: that decides, as in a mail
    case = conversation.find_case(turn, message) if message.quoted else None
    if case is not None:
        return None  # about a case of one's own
    expected = adviser_actions.take_expected(turn, read)
    if expected is not None:
        return _answer(turn, read, adviser, *expected)
    waiting = proposals.waiting_for(turn.db, adviser.id)
    meant = _answered(turn, read, adviser, waiting)
    away = absence.hear_chat(turn, read, adviser)
    if away is not None:
        return away
    if meant is not None:
        return _answer(turn, read, adviser, meant, read_answer(message.text, message.sender_name))
    return _not_understood(turn, read, adviser, waiting)


def _answered(turn: Turn, read: Read, adviser: Expert, waiting: list[Proposal]) -> Proposal | None:
    """The proposal that words without a secret are about: the only one, when our last letter here asked about it.

    Words behind any other letter, or from before that one arrived, are no answer: "prima" after a decision is only
    polite. So it is in reply to a letter without a secret, which asks nothing.
    """
    message = read.message
    if message.quoted:
        return _decided(turn, message.quoted, adviser)
    last = letters.last_to(turn.db, message.sender)
    if len(waiting) != 1 or last is None or last.template not in ASKS_TO_DECIDE:
        return None
    if last.sent_at is None or message.sent_at is None or message.sent_at < last.sent_at:
        return None
    return waiting[0] if choices.proposal_of_letter(turn.db, last.key) == waiting[0].id else None


def _decided(turn: Turn, quoted: str, adviser: Expert) -> Proposal | None:
    """The adviser's last proposal in the case that a letter names, when none of them waits: that can be told."""
    named = conversation.REFERENCE.search(quoted)
    case = cases.find_by_reference(turn.db, named[0]) if named is not None else None
    put = proposals.of_case(turn.db, case.id) if case is not None else []
    own = [one for one in put if one.adviser_id == adviser.id]
    return own[-1] if own and all(one.state != "open" for one in own) else None


def _answer(turn: Turn, read: Read, adviser: Expert, proposal: Proposal, answer: Answer) -> Heard:
    message = read.message
    secret = turn.invite("proposal", proposal.id, adviser.email)
    last = letters.last_to(turn.db, message.sender)
    if last is not None and last.template in ASKS_WHICH:
        tokens.ask_which(turn.db, secret)
    settled = on_answer(turn, secret, answer, adviser.email, message.text)
    return settled.outcome, settled.case_id


def _not_understood(turn: Turn, read: Read, adviser: Expert, waiting: list[Proposal]) -> Heard | None:
    """Nothing is decided: say how to answer; somebody for whom nothing waits may be heard about an own case."""
    if len(waiting) > 1:
        open_proposals.tell(turn, adviser)
        return "adviser_which", None
    if waiting:
        return _tell(turn, read, "which")
    return None if cases.running_of(turn.db, read.message.sender) else _tell(turn, read, "none")


def _command(turn: Turn, read: Read, marks: ChatMarks, adviser: Expert) -> Heard:
    if marks.command == AWAY:
        return absence.announce(turn, adviser, read.message.text), None
    open_proposals.tell(turn, adviser)
    return "open_proposals", None


def _advisers_only(turn: Turn, read: Read) -> Heard:
    linking.tell(turn, read, "advisers")
    return "advisers_only", None


def _tell(turn: Turn, read: Read, step: str) -> Heard:
    message = read.message
    turn.to_writer(message.sender, message.sender_name, "nl", "chat_adviser", adviser_step=step)
    return f"adviser_{step}", None
