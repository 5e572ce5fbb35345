"""A proposal that nobody decides on: a reminder, then another adviser or expert, at last the coordinator.

When each of these is due tells bot/clock/deadlines.py. Whoever is away or has left is bot/adviser/taking_over.py's.
"""

from datetime import datetime

from sqlite_utils import Database

from bot import accounts, brokering
from bot.adviser import open_proposals
from bot.adviser.buttons import OF_PROPOSAL
from bot.adviser.routing import adviser_for
from bot.brokering import need_facts, pass_on, propose_next, put_before
from bot.case_ranking import rank_case
from bot.clock.deadlines import NextStep, Waits, of_proposal
from bot.clock.one_by_one import in_office_hours
from bot.pool_vectors import PoolShelf
from bot.store import cases, choices, expected_words, proposals, reminders, waits
from bot.turn import AMSTERDAM, Turn
from bot.wiring import Wiring
from expertise.experts import Expert
from matcher.proposal import Case, Proposal

NOT_DECIDED = "not_decided"
"""The code of why a proposal comes to an adviser: the one before did not get round to it."""


def go_on(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """What the clock calls: every open proposal gets what is due; returns how many did. Each in its own commit."""
    return in_office_hours(db, wiring, shelf, now, "undecided", waits.open_proposals, _due, _act)


def next_step(turn: Turn, told_by: Waits, case: Case, proposal: Proposal) -> NextStep | None:
    """What an open proposal gets next and when; None while its adviser is not there, or a person has to act now."""
    adviser = accounts.adviser_with(turn, proposal.adviser_id)
    if adviser is None or open_proposals.last_day_away(turn, adviser) is not None:
        return None
    history = waits.history(turn.db, case.id)
    return of_proposal(told_by, history, proposal.created_at, waits.days_away(turn.db, adviser.id))


def _due(turn: Turn, told_by: Waits, proposal_id: int) -> NextStep | None:
    proposal = proposals.find(turn.db, proposal_id)
    case = cases.find(turn.db, proposal.case_id) if proposal is not None else None
    if proposal is None or case is None or proposal.state != "open":
        return None
    step = next_step(turn, told_by, case, proposal)
    return step if step is not None and step.at <= turn.now else None


def _act(turn: Turn, told_by: Waits, proposal_id: int, step: NextStep) -> None:
    proposal = proposals.find(turn.db, proposal_id)
    case = cases.find(turn.db, proposal.case_id) if proposal is not None else None
    assert proposal is not None
    assert case is not None
    written = len(waits.history(turn.db, case.id))  # a letter's key has to be of this occasion alone
    turn = Turn(turn.db, turn.wiring, turn.pool, turn.now, cause=f"undecided:{proposal_id}:{written}")
    if step.what == "remind":
        _remind(turn, told_by, case, proposal, step)
    elif step.what == "hand_on":
        _hand_on(turn, case, proposal, step)
    else:
        _escalate(turn, case, proposal, step)


def _remind(turn: Turn, told_by: Waits, case: Case, proposal: Proposal, step: NextStep) -> None:
    clock, away = told_by.clock, waits.days_away(turn.db, proposal.adviser_id)
    last = told_by.days(turn.now, clock.hand_on_days - clock.reminder_days, away)
    turn.note(case, "adviser_reminded", "bot", proposal.adviser_id)
    put_before(
        turn,
        case,
        proposal,
        "proposal_waits",
        day=step.begun.astimezone(AMSTERDAM).date(),
        last_day=last.astimezone(AMSTERDAM).date(),
    )


def _hand_on(turn: Turn, case: Case, proposal: Proposal, step: NextStep) -> None:
    """To the adviser who is next, else with the next expert to the same one, else to the coordinator."""
    own = turn.person(proposal.adviser_id)
    routed = adviser_for(turn, case, avoid=(own.id,), expert_id=proposal.expert_id)
    if routed is not None:
        turn.note(case, NOT_DECIDED, "bot", own.id)
        proposals.keep_route(turn.db, proposal.id, routed.adviser.id, (*routed.because, NOT_DECIDED))
        pass_on(turn, case, proposal, routed.adviser, handed_over_by="", actor="bot")
        _tell(turn, own, case, goes_to="colleague", other=routed.adviser)
    elif _has_another(turn, case, proposal):
        turn.note(case, NOT_DECIDED, "bot", own.id)
        _expire(turn, case, proposal)
        propose_next(turn, case)
        now = proposals.open_of_case(turn.db, case.id)
        assert now is not None
        _tell(turn, own, case, goes_to="expert", other=turn.person(now.expert_id))
    else:
        _escalate(turn, case, proposal, step)


def _tell(turn: Turn, adviser: Expert, case: Case, *, goes_to: str, other: Expert) -> None:
    turn.to_person(
        adviser,
        case,
        "not_decided",
        goes_to=goes_to,
        colleague_name=other.name,
        colleague_organisation=other.organisation,
    )


def _has_another(turn: Turn, case: Case, proposal: Proposal) -> bool:
    """Whether an expert fits whom nobody was shown as the first choice yet."""
    shown = {proposal.expert_id, *brokering.not_decided_on(turn, case)}
    return any(match.expert.id not in shown for match in rank_case(turn, case).matches)


def _expire(turn: Turn, case: Case, proposal: Proposal) -> None:
    brokering.decide(turn, proposal, "expired", "")
    choices.close_of_case(turn.db, case.id, OF_PROPOSAL, turn.now)
    reminders.forget(turn.db, proposal.id)
    expected_words.forget(turn.db, proposal.id)


def _escalate(turn: Turn, case: Case, proposal: Proposal, step: NextStep) -> None:
    """The coordinator hears of it once; whoever has the proposal may still decide."""
    adviser, expert = turn.person(proposal.adviser_id), turn.person(proposal.expert_id)
    turn.note(case, "escalated", "bot", adviser.id)
    turn.to_coordinator(
        case,
        "proposal_unanswered",
        initiative=case.facts.initiative or "",
        municipality=case.facts.municipality or "",
        needs=need_facts(turn, case),
        adviser_name=adviser.name,
        adviser_organisation=adviser.organisation,
        expert_name=expert.name,
        expert_organisation=expert.organisation,
        day=step.begun.astimezone(AMSTERDAM).date(),
    )
