"""What an initiator writes back to an adviser's question: whether it is the answer, and passing it on.

Runs inside the transaction of its `Turn`. The question itself goes out in bot/adviser/asking_initiator.py.
"""

from dataclasses import replace
from textwrap import wrap

from bot import brokering, case_question, proving
from bot.foreign import without_contact
from bot.initiator import belonging, changing, own_data
from bot.initiator.live import stands_by_itself
from bot.pressing import Heard
from bot.reading import Read
from bot.store import adviser_questions, cases, letters, proposals, tokens
from bot.store.accounts import addresses_of
from bot.store.adviser_questions import AdviserQuestion
from bot.turn import Turn
from inbox.decision_token import find_tokens
from inbox.message import LIVE_CHANNELS, Message
from inbox.putting_off import puts_off
from matcher.proposal import Case, Proposal

PART, MOST_PARTS = 450, 8
"""A long answer is quoted in so many parts of so many characters at most."""
ITS_LETTERS = ("adviser_question", "answer_passed_on")
"""Our letters about the question: what comes in their thread, or right behind them, is about it too."""
NEVER = ("automatic", "spam")


def hear(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """Pass on an initiator's answer to an adviser's question; None for everything that is no answer to one.

    `case` is the one that the message belongs to, as far as its thread or its channel tells. Thanks, and words that put
    the answer off, leave the question waiting.
    """
    case = case or _by_secret(turn, read.message)
    proposal = proposals.open_of_case(turn.db, case.id) if case is not None and case.state == "proposed" else None
    question = adviser_questions.last_of(turn.db, proposal.id) if proposal is not None else None
    if case is None or proposal is None or question is None or not _may_answer(turn, read, case):
        return None
    if question.answered and not _goes_on_about_it(turn, read, case):
        return None
    erasing = own_data.hear_erasure(turn, read, case)
    if erasing is not None:
        return erasing
    assert read.understood is not None
    if not _has_sheet(read) and (read.understood.kind == "thanks" or puts_off(read.message.text)):
        cases.touch(turn.db, case.id, turn.now)
        return "put_off", case.id
    return _pass_on(turn, read, case, proposal, question)


def _may_answer(turn: Turn, read: Read, case: Case) -> bool:
    """Whether a message can be an answer: proven, with words or a begroting in it, and no question of its own."""
    if read.understood is None or read.understood.kind in NEVER or stands_by_itself(read):
        return False
    if not proving.is_proven(turn, read.message):
        return False
    if read.understood.kind in belonging.ASKS and belonging.clearly_new(read, case):
        return False
    return bool(read.message.text.strip()) or _has_sheet(read)


def _has_sheet(read: Read) -> bool:
    return read.understood is not None and read.understood.facts.sheet is not None


def _goes_on_about_it(turn: Turn, read: Read, case: Case) -> bool:
    """Whether words behind an answer still belong to it: by the letter that they answer, or the last one in a chat."""
    assert read.understood is not None
    message = read.message
    if read.understood.kind == "request" and not belonging.clearly_same(read, case):
        return False
    if message.channel in LIVE_CHANNELS:
        last = letters.last_to(turn.db, message.sender)
    else:
        ids = (message.in_reply_to, *reversed(message.references))
        last = letters.answered(turn.db, ids, addresses_of(turn.db, message.sender))
    return last is not None and last.case_id == case.id and last.template in ITS_LETTERS


def _by_secret(turn: Turn, message: Message) -> Case | None:
    """The case whose initiator this is, by the secret of a letter of ours that the message quotes."""
    for secret in find_tokens(message):
        token = tokens.find(turn.db, secret)
        if token is not None and token.purpose in tokens.OF_INITIATORS:
            case = cases.find(turn.db, token.subject_id)
            if case is not None and case.initiator == message.sender:
                return case
    return None


def _pass_on(turn: Turn, read: Read, case: Case, proposal: Proposal, question: AdviserQuestion) -> Heard:
    """Keep what is told, and put the answer before the adviser together with the case as it is now."""
    adviser_questions.mark_answered(turn.db, case.id, turn.now)
    turn.note(case, "initiator_answered", "initiator")
    told = _with_what_is_told(turn, read, case)
    answer = wrap(without_contact(read.message.text), PART)[:MOST_PARTS]
    brokering.put_before(turn, told, proposal, "initiator_answer", question=question.words, answer=answer)
    if told.eligibility != case.eligibility:
        changing.put_change(turn, case, told)  # it may no longer go on as it was proposed; the adviser read why
    else:
        turn.to_initiator(told, "answer_passed_on")
    return "answer_passed_on", case.id


def _with_what_is_told(turn: Turn, read: Read, case: Case) -> Case:
    """The case with the facts and the begroting of an answer; what is needed was not asked."""
    assert read.understood is not None
    told = changing.case_with(case, read, read.understood.facts, wrong=False)
    return case_question.keep_as_it_is(turn, replace(told, needs=case.needs))
