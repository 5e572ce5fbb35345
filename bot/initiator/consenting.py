"""Yes or no to sharing contact details, while an accepted match waits for it: which words are about just that.

Runs inside the transaction of its `Turn`. A reply by mail with the secret of the letter that asks, a page and a button
go to bot/adviser/answering.py themselves.
"""

import re
from dataclasses import replace

from bot import case_question, proving
from bot.adviser.answering import ask_consent_again, settle_consent
from bot.initiator import contact, live
from bot.reading import Read
from bot.store import letters
from bot.store.letters import KeptLetter
from bot.turn import Turn
from inbox.consent import consent_in
from inbox.message import LIVE_CHANNELS, Message
from inbox.privacy_right import requested_right
from matcher.proposal import Case, CaseState

ASKS_CONSENT = ("consent_request", "consent_unclear", "initiator_reminder")
NOT_YET_SHARED: tuple[CaseState, ...] = ("review", "proposed", "unserved")
_BETWEEN_WORDS = re.compile(r"\W+")


def hear(turn: Turn, read: Read, case: Case) -> str | None:
    """Settle consent, or ask again where a yes or no may have answered another letter; None for words that say neither.

    Somebody may have been asked more than one thing: a "ja" by itself counts as consent only behind the letter that
    asks for it. Words that name the own contact details need no letter before them.
    """
    message = read.message
    agreed = live.consent_of(message) if case.state == "accepted" else None
    if agreed is None:
        return None
    if not _is_about_consent(turn, message, case, agreed):
        ask_consent_again(turn, case, message.text)
        return "unclear"
    settle_consent(turn, contact.told_along(turn, message, case) if agreed else case, agreed)
    return "consented" if agreed else "consent_refused"


def take_back(turn: Turn, read: Read, case: Case) -> str | None:
    """Before anybody was introduced: who does not want to share the own details after all is believed at once.

    Words about the own data that we can't read for sure take a yes back too: it is asked anew once there is a match.
    """
    if case.state not in NOT_YET_SHARED or case.consent is False:
        return None
    if consent_in(read.message.text) is False:
        turn.note(case, "consent", "initiator", "no")
        case = case_question.keep_as_it_is(turn, replace(case, consent=False))
        turn.to_initiator(case, "decision_thanks", choice="no")
        return "consent_refused"
    unclear = read.understood is not None and read.understood.kind == "privacy"
    if case.consent and unclear and requested_right(read.message.text) == "unknown":
        case_question.keep_as_it_is(turn, replace(case, consent=None))
    return None


def _is_about_consent(turn: Turn, message: Message, case: Case, agreed: bool) -> bool:
    if consent_in(message.text) == agreed and proving.is_proven(turn, message):
        return True
    return message.channel in LIVE_CHANNELS and _answers_request(turn, message, case)


def _answers_request(turn: Turn, message: Message, case: Case) -> bool:
    """Whether the words in a live conversation quote the letter that asks, or came behind it as our last one."""
    if message.quoted:
        return any(_words(message.quoted) in _words(each.text) for each in _asking_now(turn, message, case))
    last = letters.last_to(turn.db, message.sender)
    if last is None or last.template not in ASKS_CONSENT or last.case_id != case.id or message.sent_at is None:
        return False
    return message.sent_at >= (last.sent_at or last.created_at).replace(microsecond=0)


def _asking_now(turn: Turn, message: Message, case: Case) -> list[KeptLetter]:
    """The letters that ask for consent to the match that waits, not to an earlier one of the same case."""
    asking = [
        each
        for each in letters.of_case(turn.db, case.id)
        if each.template in ASKS_CONSENT and each.recipient == message.sender
    ]
    newest = max((at for at, each in enumerate(asking) if each.template == ASKS_CONSENT[0]), default=0)
    return asking[newest:]


def _words(text: str) -> str:
    """The words of a text alone: a chat program shows our letters without their marks."""
    return f" {_BETWEEN_WORDS.sub(' ', text).strip()} "
