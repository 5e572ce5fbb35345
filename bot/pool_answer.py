"""Somebody of the pool answers a letter in which we asked no decision: an expert who was introduced, or an adviser.

Runs inside the transaction of its `Turn`. Only who reads the mailbox knows the letter's Message-ID, so it proves who
writes. An answer to a letter that does ask a decision is bot/adviser/answering.py's.
"""

from typing import Any

from bot.accounts import same_person
from bot.brokering import keep_state, propose_next
from bot.letter_facts import FOR_ADVISERS, FOR_EXPERTS
from bot.pressing import Heard
from bot.reading import Read
from bot.store import asked, cases, letters, pool, proposals
from bot.store.accounts import addresses_of
from bot.store.asked import Asked
from bot.turn import Turn
from expertise.experts import Expert
from inbox.answer import read_answer
from inbox.authentication import NOT_ALIGNED
from inbox.message import Message
from matcher.proposal import Case, Proposal

NO = ("no", "other_expert", "search")
"""What an expert says who wants somebody else to be asked."""


def hear(turn: Turn, read: Read) -> Heard | None:
    """Pass on what somebody of the pool answers to such a letter; None for everybody and everything else."""
    message = read.message
    case = _case_of(turn, message)
    person = pool.with_address(turn.db, message.sender) if case is not None else None
    if case is None or person is None or same_person(turn.db, case.initiator, message.sender):
        return None
    if read.understood is not None and read.understood.kind in ("thanks", "automatic", "spam"):
        return read.understood.kind, case.id
    accepted = proposals.accepted_of_case(turn.db, case.id)
    if accepted is not None and accepted.expert_id == person.id and accepted.adviser_id != person.id:
        return _from_expert(turn, case, accepted, message)
    return _to_coordinator(turn, case, person, message)


def _case_of(turn: Turn, message: Message) -> Case | None:
    """The case of the letter to an expert or an adviser that a mail answers."""
    if message.channel != "mail" or not message.sender:
        return None
    ids = (message.in_reply_to, *reversed(message.references))
    letter = letters.answered(turn.db, ids, addresses_of(turn.db, message.sender))
    if letter is None or letter.case_id is None or letter.template not in {*FOR_EXPERTS, *FOR_ADVISERS}:
        return None
    return cases.find(turn.db, letter.case_id)


def _from_expert(turn: Turn, case: Case, accepted: Proposal, message: Message) -> Heard:
    """The adviser reads what an expert answers; a clear no lets the search go on, and the initiator hears so."""
    says_no = read_answer(message.text, message.sender_name).choice in NO
    says_no = says_no and case.state == "introduced" and NOT_ALIGNED not in message.defects  # the adviser reads it all
    next_step = "another" if says_no else "adviser"
    expert, adviser = turn.person(accepted.expert_id), turn.person(accepted.adviser_id)
    named: dict[str, Any] = {"expert_name": expert.name, "expert_organisation": expert.organisation}
    turn.note(case, "expert_declined" if says_no else "expert_answered", "bot", expert.id)
    turn.to_person(adviser, case, "expert_answer", own_words=message.text, next_step=next_step, **named)
    turn.to_person(expert, case, "words_passed_on", next_step=next_step)
    if says_no:
        turn.to_initiator(case, "expert_declined", **named)
        _search_on(turn, case, accepted)
    return ("expert_declined" if says_no else "expert_answered"), case.id


def _search_on(turn: Turn, case: Case, accepted: Proposal) -> None:
    """Put the next expert before an adviser; consent was to this one, so it is asked anew."""
    proposals.replace_accepted(turn.db, accepted.id, turn.channel, turn.now)
    asked.keep(turn.db, Asked(case.id, checked="right"), turn.now)
    propose_next(turn, keep_state(turn, case, "reopened", consent=None))


def _to_coordinator(turn: Turn, case: Case, person: Expert, message: Message) -> Heard:
    """Words that nobody asked for may be anything, such as a decision that was a mistake: a person reads them."""
    turn.note(case, "pool_answered", "bot", person.id)
    turn.to_coordinator(
        case, "pool_answer", sender_name=person.name, sender_email=message.sender, own_words=message.text
    )
    turn.to_person(person, case, "words_passed_on", next_step="coordinator")
    return "pool_answered", case.id
