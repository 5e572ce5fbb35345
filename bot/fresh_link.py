"""A fresh link for somebody whose link to a decision grew too old: to that person's own mailbox only.

Runs inside the transaction of its `Turn`. The page on which it is asked for is bot/web/fresh_link.py.
"""

from datetime import timedelta

from bot.accounts import same_person
from bot.adviser.answering import Pending, find_pending, refusal, settled_by
from bot.store import letters, proposals
from bot.turn import Turn
from inbox.message import LIVE_CHANNELS

TEMPLATE = "fresh_link"
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 3  # letters that anybody can have sent who holds an old link


def send_fresh_link(turn: Turn, secret: str) -> bool:
    """Mail a link that works to the holder of an expired one, while there is still something to decide.

    False, and nothing sent, for every other secret, and when the holder got too many in an hour.
    """
    pending = find_pending(turn, secret)
    if pending is None or refusal(turn, pending) != "expired" or settled_by(turn, pending) is not None:
        return False
    if letters.count_of(turn.db, pending.token.holder, TEMPLATE, turn.now - HOUR) >= MOST_AN_HOUR:
        return False
    return SENT_TO[pending.token.purpose](turn, pending)


def _to_adviser(turn: Turn, pending: Pending) -> bool:
    proposal = proposals.find(turn.db, pending.token.subject_id)
    assert proposal is not None
    adviser = turn.person(proposal.adviser_id)
    if not same_person(turn.db, adviser.email, pending.token.holder):
        return False
    fresh = turn.invite("proposal", proposal.id, adviser.email)
    turn.to_person(adviser, pending.case, TEMPLATE, fresh)
    return True


def _to_coordinator(turn: Turn, pending: Pending) -> bool:
    coordinator = turn.wiring.settings.programme.coordinator
    if pending.token.holder != coordinator:
        return False
    turn.to_coordinator(pending.case, TEMPLATE, turn.invite("review", pending.token.subject_id, coordinator))
    return True


def _to_initiator(turn: Turn, pending: Pending) -> bool:
    case = pending.case
    if case.channel in LIVE_CHANNELS:  # in a conversation of its own nobody needs a link
        return False
    turn.to_initiator(case, TEMPLATE, turn.invite("consent", case.id, case.initiator))
    return True


SENT_TO = {
    "proposal": _to_adviser,
    "review": _to_coordinator,
    "consent": _to_initiator,
    "reply": lambda *_: False,  # decides nothing
}
