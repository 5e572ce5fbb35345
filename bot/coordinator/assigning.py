"""A coordinator chooses the expert and the adviser of a case by hand. Runs inside the transaction of its `Turn`."""

from dataclasses import replace
from typing import Literal

from bot import brokering
from bot.adviser.buttons import OF_PROPOSAL
from bot.adviser.routing import adviser_for, adviser_to_wait_with
from bot.brokering import keep_state, put_before
from bot.case_ranking import rank_case
from bot.store import asked, cases, choices, expected_words, proposals, rankings, reminders, tokens
from bot.turn import Turn
from expertise.experts import Expert
from matcher.constraints import MAY_BE_OVERRULED
from matcher.proposal import Case, CaseState, Proposal, change_proposal
from matcher.ranking import Ranking, may_be_picked
from matcher.rules import assess

CAN_BE_ASSIGNED: tuple[CaseState, ...] = ("new", "asking", "unserved", "proposed")
Assigned = Literal["assigned", "passed_on", "nothing_new", "not_now", "no_adviser", "not_this_one"]


def assign(turn: Turn, case: Case, expert_id: str, adviser_id: str) -> Assigned:
    """Put this expert before this adviser, whom the program chooses when `adviser_id` is "".

    The proposal that waits gives way; with the same expert it only goes to the other adviser.
    """
    if case.state not in CAN_BE_ASSIGNED:
        return "not_now"
    ranking = rank_case(turn, case)
    waiting = proposals.open_of_case(turn.db, case.id)
    if not (may_be_picked(ranking, expert_id) or (waiting is not None and waiting.expert_id == expert_id)):
        return "not_this_one"
    adviser = _adviser(turn, case, adviser_id, waiting)
    if adviser is None:
        return "no_adviser"
    if waiting is not None and waiting.expert_id == expert_id:
        return _pass_on(turn, case, waiting, adviser)
    if waiting is not None:
        _take_back(turn, case, waiting, adviser)
    _propose(turn, case, ranking, expert_id, adviser)
    return "assigned"


def why_not(turn: Turn, case: Case, expert_id: str) -> str:
    """The code of what stands in the way of an expert; "" when nothing does."""
    left = next((each for each in rank_case(turn, case).left_out if each.expert.id == expert_id), None)
    return next((code for code in left.because if code not in MAY_BE_OVERRULED), "") if left is not None else ""


def _adviser(turn: Turn, case: Case, adviser_id: str, waiting: Proposal | None) -> Expert | None:
    able = {one.id: one for one in turn.pool.experts if one.role == "adviser" and one.active}
    if adviser_id:
        return able.get(adviser_id)
    if waiting is not None:
        return turn.person(waiting.adviser_id)
    routed = adviser_for(turn, case) or adviser_to_wait_with(turn, case)
    return routed.adviser if routed is not None else None


def _pass_on(turn: Turn, case: Case, waiting: Proposal, adviser: Expert) -> Assigned:
    if adviser.id == waiting.adviser_id:
        return "nothing_new"
    before = turn.person(waiting.adviser_id)
    brokering.pass_on(turn, case, waiting, adviser, handed_over_by=BY_COORDINATOR, actor="coordinator")
    turn.to_person(
        before, case, "handed_over", colleague_name=adviser.name, colleague_organisation=adviser.organisation
    )
    return "passed_on"


def _take_back(turn: Turn, case: Case, waiting: Proposal, adviser: Expert) -> None:
    """The proposal that waits gives way to another one; its adviser hears so, unless it is the same adviser."""
    state = change_proposal(waiting.state, "other_picked")
    if not proposals.decide(turn.db, waiting.id, state, "", turn.channel, turn.now):
        raise brokering.AlreadyDecided(waiting.id)
    tokens.pass_on(turn.db, "proposal", waiting.id, turn.now)
    choices.close_of_case(turn.db, case.id, OF_PROPOSAL, turn.now)
    reminders.forget(turn.db, waiting.id)
    expected_words.forget(turn.db, waiting.id)
    turn.note(case, "replaced", "coordinator", waiting.expert_id)
    if waiting.adviser_id != adviser.id:
        turn.to_person(turn.person(waiting.adviser_id), case, "proposal_withdrawn")


def _propose(turn: Turn, case: Case, ranking: Ranking, expert_id: str, adviser: Expert) -> None:
    rankings.keep(turn.db, case.id, ranking)
    asked.keep(turn.db, replace(asked.of_case(turn.db, case.id), questions=()), turn.now)
    case = keep_state(turn, replace(case, eligibility=assess(case.facts).eligibility), "proposed")
    proposal = proposals.keep_new(turn.db, case.id, expert_id, adviser.id, turn.now)
    turn.note(case, "proposed", "coordinator", expert_id)
    put_before(turn, case, proposal, "proposal", handed_over_by=BY_COORDINATOR)
    cases.touch(turn.db, case.id, turn.now)


BY_COORDINATOR = "de coördinator"
"""Who handed it over, as the new adviser reads it."""
