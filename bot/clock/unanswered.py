"""An initiator does not answer what we asked: one kind reminder, and much later the case is closed politely.

When each is due tells deadlines.py. Questions that a case can do without are silence.py's; an answer that comes after
all is taken in by bot/initiator/coming_back.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.brokering import keep_state, need_facts
from bot.choices import Choice, choice_in, consent_choices
from bot.clock.deadlines import NextStep, Waits, of_question
from bot.clock.one_by_one import in_office_hours
from bot.initiator import confirming
from bot.initiator.asking import SHORT_LISTS, check_choices
from bot.pool_vectors import PoolShelf
from bot.store import asked, cases, choices, proposals, waits
from bot.store.asked import Asked
from bot.turn import AMSTERDAM, Turn
from bot.wiring import Wiring
from inbox.message import LIVE_CHANNELS
from matcher.proposal import Case
from matcher.rules import assess

STATES = ("asking", "accepted")
TOLD_AS = ("need", "right", "different", *confirming.FACTS)
"""The questions that a reminder can ask again, in the order in which it does."""


def go_on(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """What the clock calls: every case that waits for its initiator gets what is due; returns how many did."""
    return in_office_hours(db, wiring, shelf, now, "unanswered", lambda db: waits.cases_in(db, *STATES), _due, _act)


def next_step(turn: Turn, told_by: Waits, case: Case) -> NextStep | None:
    """What a case that waits for its initiator gets next and when; None for one that waits for nobody."""
    if case.state not in STATES or (case.state == "accepted" and case.consent is not None):
        return None
    known = asked.of_case(turn.db, case.id)
    if confirming.needs_no_answer(case, known):  # bot/clock/silence.py lets it go on
        return None
    history = waits.history(turn.db, case.id)
    return of_question(told_by, history, case.opened_at, waits.last_heard(turn.db, case.id))


def _due(turn: Turn, told_by: Waits, case_id: int) -> NextStep | None:
    case = cases.find(turn.db, case_id)
    step = next_step(turn, told_by, case) if case is not None else None
    return step if step is not None and step.at <= turn.now else None


def _act(turn: Turn, told_by: Waits, case_id: int, step: NextStep) -> None:
    case = cases.find(turn.db, case_id)
    assert case is not None
    written = len(waits.history(turn.db, case.id))  # a letter's key has to be of this occasion alone
    turn = Turn(turn.db, turn.wiring, turn.pool, turn.now, cause=f"unanswered:{case_id}:{written}")
    if step.what == "remind":
        _remind(turn, told_by, case)
    else:
        _close(turn, case)


def _remind(turn: Turn, told_by: Waits, case: Case) -> None:
    """The same question once more, with a secret that works; what was written before keeps working too."""
    consent = case.state == "accepted"
    questions = () if consent else _questions(case, asked.of_case(turn.db, case.id))
    may_consent = consent or "consent" in questions
    live = case.channel in LIVE_CHANNELS
    secret = None if live else turn.invite("consent" if may_consent else "reply", case.id, case.initiator)
    turn.note(case, "initiator_reminded", "bot", " ".join(questions) or "consent")
    shown = _shown(case, questions)
    if shown:  # the same choices stand under the first letter, and are made once
        choices.close_of_case(turn.db, case.id, [each.action for each in shown], turn.now)
    turn.to_initiator(
        case,
        "initiator_reminder",
        secret,
        choices=shown,
        missing=questions,
        ask_consent=consent,
        needs=need_facts(turn, case),
        last_day=told_by.days(turn.now, told_by.clock.close_days).astimezone(AMSTERDAM).date(),
        **_expert(turn, case),
    )


def _questions(case: Case, known: Asked) -> tuple[str, ...]:
    """What is asked still; what an older release asked follows from what is missing."""
    open_now = tuple(each for each in TOLD_AS if each in known.questions)
    return open_now or tuple(each for each in assess(case.facts).missing if each not in known.not_known) or ("need",)


def _shown(case: Case, questions: Sequence[str]) -> tuple[Choice, ...]:
    """The choices of a single question, as its first letter had them."""
    if case.state == "accepted":
        return consent_choices(case.language)
    if tuple(questions) == ("right",):
        return check_choices(case)
    if len(questions) != 1:
        return ()
    return tuple(choice_in(case.language, questions[0], value) for value in SHORT_LISTS.get(questions[0], ()))


def _expert(turn: Turn, case: Case) -> dict[str, Any]:
    accepted = proposals.accepted_of_case(turn.db, case.id) if case.state == "accepted" else None
    expert = turn.person(accepted.expert_id) if accepted is not None else None
    return {
        "expert_name": expert.name if expert is not None else "",
        "expert_organisation": expert.organisation if expert is not None else "",
    }


def _close(turn: Turn, case: Case) -> None:
    """No refusal: what was asked stays known, so that an answer after all is still one to it."""
    accepted = proposals.accepted_of_case(turn.db, case.id)
    case = keep_state(turn, case, "closed")
    turn.note(case, "closed", "bot", "unanswered")
    choices_now = (choice_in(case.language, "carry_on"),)
    turn.to_initiator(case, "case_closed", turn.invite_initiator(case), choices_now, after_introduction=False)
    if accepted is not None and proposals.take_back_accepted(turn.db, accepted.id, "clock", turn.now):
        turn.to_person(
            turn.person(accepted.adviser_id),
            case,
            "initiator_silent",
            expert_name=turn.person(accepted.expert_id).name,
        )
