"""An adviser's question goes to the initiator through us; no contact details either way.

The case keeps waiting for its decision meanwhile. The answer is taken in by bot/initiator/answer_to_adviser.py.
"""

from bot.foreign import without_contact
from bot.store import adviser_questions
from bot.turn import Turn
from matcher.proposal import Case, Proposal

LONGEST_QUESTION = 500  # characters; as much as a letter quotes


def ask(turn: Turn, case: Case, proposal: Proposal, question: str) -> None:
    """Put the adviser's question to the initiator, in the initiator's language and channel, and confirm it."""
    plain = without_contact(question)[:LONGEST_QUESTION]
    adviser = turn.person(proposal.adviser_id)
    adviser_questions.keep(turn.db, case.id, proposal.id, plain, turn.now)
    turn.note(case, "initiator_asked", "adviser")
    secret = turn.invite_initiator(case)
    turn.to_initiator(case, "adviser_question", secret, question=plain, adviser_organisation=adviser.organisation)
    turn.to_person(adviser, case, "question_passed_on", question=plain)
