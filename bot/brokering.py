"""From a case that may take part to an introduction: propose, accept, decline, pick another, introduce.

Every function runs inside the transaction of its `Turn`. Who fits is matcher's judgement, wording is bot/letters'.
"""

from dataclasses import replace
from typing import Any, Literal

from bot.adviser import open_proposals
from bot.adviser.buttons import OF_PROPOSAL, proposal_choices
from bot.adviser.proposal_facts import need_facts as need_facts
from bot.adviser.proposal_facts import proposal_facts, why_facts
from bot.adviser.routing import adviser_for, adviser_to_wait_with
from bot.case_ranking import rank_case, what_would_change
from bot.choices import consent_choices
from bot.initiator.sharing import alike_facts
from bot.reasons import words_or_code
from bot.recommending import recommended_for
from bot.store import cases, choices, expected_words, instruments, proposals, rankings, reminders, tokens
from bot.store.events import Actor
from bot.store.proposals import NOBODY_THERE
from bot.turn import Turn
from expertise.experts import Expert
from inbox.sentences import split_sentences
from matcher.proposal import Case, CaseEvent, Proposal, ProposalEvent, change_case, change_proposal
from matcher.ranking import Match, Ranking, may_be_picked
from matcher.routing import Routed


def keep_state(turn: Turn, case: Case, event: CaseEvent, **changes: Any) -> Case:
    """Let an event change a case and write it down. Raises `NotAllowed` for an event that its state refuses."""
    changed = replace(case, state=change_case(case.state, event), **changes)
    cases.keep(turn.db, changed, cases.question_of(turn.db, case.id), turn.now)
    return changed


def propose_next(turn: Turn, case: Case) -> Case:
    """Put the best expert before an adviser, or tell the coordinator that nobody fits.

    While no adviser is there it waits with one of them, and the coordinator hears so.
    """
    ranking = rank_case(turn, case)
    rankings.keep(turn.db, case.id, ranking)
    best = _first_choice(turn, case, ranking) if ranking.matches else None
    routed = _adviser_for(turn, case, best) if best is not None else None
    if best is None or routed is None:
        return _nobody_fits(turn, case, ranking)
    case = keep_state(turn, case, "proposed")
    # before the proposal itself counts as work in hand
    changes = what_would_change(turn, case, ranking) if best is ranking.matches[0] else None
    proposal = proposals.keep_new(turn.db, case.id, best.expert.id, routed.adviser.id, turn.now)
    proposals.keep_route(turn.db, proposal.id, routed.adviser.id, routed.because)
    if changes is not None:
        what_if = {"because": changes.because, "expert_id": changes.expert.id}
        proposals.keep_what_if(turn.db, proposal.id, what_if)
    turn.note(case, "proposed", "bot", best.expert.id)
    put_before(turn, case, proposal, "proposal", handed_over_by="")
    if NOBODY_THERE in routed.because:
        waiting = open_proposals.waiting_of(turn.db, proposal)
        open_proposals.tell_stuck(turn, routed.adviser, [waiting], open_proposals.last_day_away(turn, routed.adviser))
    return case


def put_before(turn: Turn, case: Case, proposal: Proposal, template: str, **facts: Any) -> None:
    """Write the adviser of a proposal a letter that holds all of it, with a fresh secret and choices to decide by."""
    adviser = turn.person(proposal.adviser_id)
    shown = proposal_facts(turn, case, proposal)
    secret = turn.invite("proposal", proposal.id, adviser.email)
    buttons = proposal_choices([shown["expert"], *shown["alternatives"]])
    turn.to_person(adviser, case, template, secret, buttons, proposal.id, **{**shown, **facts})


def accept(turn: Turn, case: Case, proposal: Proposal) -> Case:
    """The adviser said yes: ask the initiator for consent, or introduce at once when consent is known."""
    decide(turn, proposal, "adviser_accepted", "")
    turn.note(case, "accepted", "adviser", proposal.expert_id)
    case = keep_state(turn, case, "adviser_accepted")
    adviser, expert = turn.person(proposal.adviser_id), turn.person(proposal.expert_id)
    turn.to_person(
        adviser,
        case,
        "decision_confirmed_yes",
        expert_name=expert.name,
        expert_organisation=expert.organisation,
        next_step="ask_consent" if case.consent is None else "introduce",
    )
    if case.consent is not None:
        return introduce(turn, case, proposal)
    choices.close_of_case(turn.db, case.id, ("consent",), turn.now)
    secret = turn.invite_initiator(case, "consent")
    turn.to_initiator(
        case,
        "consent_request",
        secret,
        choices=consent_choices(case.language),
        needs=need_facts(turn, case),
        expert_name=expert.name,
        expert_organisation=expert.organisation,
        profile=_first_sentence(expert.profile),
    )
    return case


def decline(turn: Turn, case: Case, proposal: Proposal, reason: str) -> Case:
    """The adviser said no: keep the reason and go on with the next best expert."""
    decide(turn, proposal, "adviser_declined", reason)
    turn.note(case, "declined", "adviser", proposal.expert_id)
    adviser, expert = turn.person(proposal.adviser_id), turn.person(proposal.expert_id)
    case = keep_state(turn, case, "adviser_declined")
    case = propose_next(turn, case)
    turn.to_person(
        adviser,
        case,
        "decision_confirmed_no",
        expert_name=expert.name,
        expert_organisation=expert.organisation,
        reason=words_or_code("decline_reason", reason),
        more_experts=case.state == "proposed",
    )
    return case


def pick(turn: Turn, case: Case, proposal: Proposal, expert_id: str) -> Case | None:
    """The adviser said yes to this expert, the proposed one or another. None when it can't be that one now."""
    if not may_be_picked(rank_case(turn, case), expert_id):
        return None
    if expert_id == proposal.expert_id:
        return accept(turn, case, proposal)
    decide(turn, proposal, "other_picked", "")
    turn.note(case, "replaced", "adviser", proposal.expert_id)
    picked = proposals.keep_new(turn.db, case.id, expert_id, proposal.adviser_id, turn.now)
    turn.note(case, "proposed", "adviser", expert_id)
    return accept(turn, case, picked)


def pass_on(
    turn: Turn, case: Case, proposal: Proposal, to: Expert, handed_over_by: str, actor: Actor = "adviser"
) -> None:
    """Put an open proposal before another adviser, who gets a fresh secret; the old ones decide nothing any more.

    `handed_over_by` names who did so, for the new adviser to read; "" when time did (`actor` "bot"). Raises
    `AlreadyDecided` for one that is not open.
    """
    change_proposal(proposal.state, "handed_over")
    if not proposals.hand_over(turn.db, proposal.id, to.id):
        raise AlreadyDecided(proposal.id)
    tokens.pass_on(turn.db, "proposal", proposal.id, turn.now)
    choices.close_of_case(turn.db, case.id, OF_PROPOSAL, turn.now)
    reminders.forget(turn.db, proposal.id)
    expected_words.forget(turn.db, proposal.id)
    turn.note(case, "handed_over", actor, to.id)
    put_before(turn, case, replace(proposal, adviser_id=to.id), "proposal", handed_over_by=handed_over_by)


def introduce(turn: Turn, case: Case, proposal: Proposal) -> Case:
    """Bring initiator and expert together; contact details go along only when the initiator agreed."""
    case = keep_state(turn, case, "consent_given" if case.consent else "consent_refused")
    adviser, expert = turn.person(proposal.adviser_id), turn.person(proposal.expert_id)
    reachable = expert if expert.email else adviser  # an expert without an address is reached through the adviser
    turn.note(case, "introduced", "bot", expert.id)
    recommended = recommended_for(turn.db, turn.wiring, case)
    instruments.note_recommended(turn.db, case.id, [each.code for each in recommended], turn.now)
    turn.to_initiator(
        case,
        "introduction_initiator",
        adviser_organisation=adviser.organisation,
        expert_name=expert.name,
        expert_organisation=expert.organisation,
        expert_email=reachable.email,
        why=_why_of(turn, case, expert),
        consent=bool(case.consent),
        reachable=bool(case.reachable_at),
        instruments=recommended,
        similar=alike_facts(turn.db, turn.wiring, case, agreed_only=True),
        sharing_link=turn.wiring.links.sharing(case.reference),
    )
    _introduce_to(reachable, turn, case, adviser)
    return case


def _introduce_to(reachable: Expert, turn: Turn, case: Case, adviser: Expert) -> None:
    """Tell the expert, or the adviser in whose place, of the initiative; who is behind it only with consent."""
    turn.to_person(
        reachable,
        case,
        "introduction_expert",
        adviser_name=adviser.name,
        adviser_organisation=adviser.organisation,
        initiative=case.facts.initiative or "",
        municipality=case.facts.municipality or "",
        needs=need_facts(turn, case),
        consent=bool(case.consent),
        initiator_name=case.initiator_name if case.consent else "",
        initiator_email=case.reachable_at if case.consent else "",
    )


def stop_proposal(
    turn: Turn, case: Case, event: Literal["initiator_withdrew", "expired"] = "initiator_withdrew"
) -> None:
    """The initiator stops: the proposal that waits, or the match that waits for consent, is taken back.

    Its adviser hears so. A proposal that led to an introduction stays what it is. When nobody stopped, but all of it
    was kept long enough, the proposal that waits has `expired`.
    """
    stopped = proposals.open_of_case(turn.db, case.id)
    if stopped is not None:
        decide(turn, stopped, event, "")
    elif case.state == "accepted":
        stopped = proposals.accepted_of_case(turn.db, case.id)
        if stopped is not None:
            change_proposal(stopped.state, "initiator_withdrew")
            proposals.take_back_accepted(turn.db, stopped.id, turn.channel, turn.now)
    if stopped is not None:
        turn.to_person(turn.person(stopped.adviser_id), case, "proposal_withdrawn")


def _why_of(turn: Turn, case: Case, expert: Expert) -> list[dict[str, str]]:
    kept = next((row for row in rankings.of_case(turn.db, case.id) if row["expert_id"] == expert.id), None)
    return why_facts(turn, kept["why"]) if kept is not None else []


def _nobody_fits(turn: Turn, case: Case, ranking: Ranking) -> Case:
    case = keep_state(turn, case, "no_expert")
    turn.note(case, "unserved", "bot", " ".join(need.code for need in case.needs))
    counts: dict[str, int] = {}
    for left in ranking.left_out:
        counts[left.because[0]] = counts.get(left.because[0], 0) + 1
    turn.to_initiator(case, "unserved_notice", needs=need_facts(turn, case))
    turn.to_coordinator(
        case,
        "unserved",
        initiative=case.facts.initiative or "",
        municipality=case.facts.municipality or "",
        needs=need_facts(turn, case),
        left_out=[{"because": because, "count": count} for because, count in counts.items()],
        initiator_name=case.initiator_name,
        initiator_email=case.reachable_at,
    )
    return case


def not_decided_on(turn: Turn, case: Case) -> set[str]:
    """The experts of proposals of this case that ran out without a decision: others go first now."""
    return {each.expert_id for each in proposals.of_case(turn.db, case.id) if each.state == "expired"}


def _adviser_for(turn: Turn, case: Case, best: Match) -> Routed | None:
    """Who decides on this expert; while nobody is there, with whom the proposal waits."""
    return adviser_for(turn, case, expert_id=best.expert.id) or adviser_to_wait_with(turn, case)


def _first_choice(turn: Turn, case: Case, ranking: Ranking) -> Match:
    """The best expert; one with whom a proposal ran out only when there is no other."""
    passed = not_decided_on(turn, case)
    return next((match for match in ranking.matches if match.expert.id not in passed), ranking.matches[0])


def decide(turn: Turn, proposal: Proposal, event: ProposalEvent, reason: str) -> None:
    """Write down what became of an open proposal. Raises `AlreadyDecided` when somebody was first."""
    state = change_proposal(proposal.state, event)
    if not proposals.decide(turn.db, proposal.id, state, reason, turn.channel, turn.now):
        raise AlreadyDecided(proposal.id)


class AlreadyDecided(RuntimeError):
    """Somebody decided this proposal a moment earlier; the whole turn is undone."""


def _first_sentence(profile: str) -> str:
    spans = split_sentences(profile)
    return profile[spans[0][0] : spans[0][1]] if spans else profile
