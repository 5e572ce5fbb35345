"""From a case that may take part to an introduction: propose, accept, decline, pick another, introduce.

Every function runs inside the transaction of its `Turn`. Who fits is matcher's judgement, wording is bot/letters'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.case_told import told_of
from bot.store import cases, pool, proposals, rankings, weights
from bot.turn import Turn
from expertise.experts import Expert
from expertise.instruments import recommend
from inbox.sentences import split_sentences
from matcher.proposal import Case, CaseEvent, Proposal, change_case, change_proposal, choose_adviser
from matcher.ranking import Match, Ranking, rank
from matcher.rules import assess

ALTERNATIVES = 2  # how many other experts a proposal names, as numbers 2 and 3


def keep_state(turn: Turn, case: Case, event: CaseEvent, **changes: Any) -> Case:
    """Let an event change a case and write it down. Raises `NotAllowed` for an event that its state refuses."""
    changed = replace(case, state=change_case(case.state, event), **changes)
    cases.keep(turn.db, changed, cases.question_of(turn.db, case.id), turn.now)
    return changed


def rank_case(turn: Turn, case: Case) -> Ranking:
    """The experts for a case as things stand now; those who were declined or replaced before are left out."""
    told = told_of(turn.db, turn.wiring, case)
    past = {each.expert_id for each in proposals.of_case(turn.db, case.id) if each.state in ("declined", "replaced")}
    return rank(
        told.needs,
        told.facts,
        told.language,
        told.request,
        turn.pool,
        loads=pool.loads(turn.db),
        today=turn.today,
        declined=past,
        initiator=case.initiator,
        probabilities=told.probabilities,
        weights=weights.in_use(turn.db),
    )


def propose_next(turn: Turn, case: Case) -> Case:
    """Put the best expert before an adviser, or tell the coordinator that nobody fits."""
    ranking = rank_case(turn, case)
    rankings.keep(turn.db, case.id, ranking)
    adviser = _adviser_for(turn, case)
    if not ranking.matches or adviser is None:
        return _nobody_fits(turn, case, ranking)
    case = keep_state(turn, case, "proposed")
    facts = proposal_facts(turn, case, ranking.matches)  # before the proposal itself counts as work in hand
    best = ranking.matches[0]
    proposal = proposals.keep_new(turn.db, case.id, best.expert.id, adviser.id, turn.now)
    turn.note(case, "proposed", "bot", best.expert.id)
    secret = turn.invite("proposal", proposal.id, adviser.email)
    turn.to_person(adviser, case, "proposal", secret, **facts)
    return case


def accept(turn: Turn, case: Case, proposal: Proposal) -> Case:
    """The adviser said yes: ask the initiator for consent, or introduce at once when consent is known."""
    _decide(turn, proposal, "adviser_accepted", "")
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
    secret = turn.invite_initiator(case)
    turn.to_initiator(
        case,
        "consent_request",
        secret,
        needs=need_facts(turn, case),
        expert_name=expert.name,
        expert_organisation=expert.organisation,
        profile=_first_sentence(expert.profile),
    )
    return case


def decline(turn: Turn, case: Case, proposal: Proposal, reason: str) -> Case:
    """The adviser said no: keep the reason and go on with the next best expert."""
    _decide(turn, proposal, "adviser_declined", reason)
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
        reason=reason,
        more_experts=case.state == "proposed",
    )
    return case


def pick(turn: Turn, case: Case, proposal: Proposal, hint: str) -> Case | None:
    """The adviser chose another expert of the list: that is a yes for that one. None when the choice is unclear."""
    chosen = _picked(turn, case, proposal, hint)
    if chosen is None:
        return None
    if chosen == proposal.expert_id:
        return accept(turn, case, proposal)
    _decide(turn, proposal, "other_picked", "")
    turn.note(case, "replaced", "adviser", proposal.expert_id)
    picked = proposals.keep_new(turn.db, case.id, chosen, proposal.adviser_id, turn.now)
    turn.note(case, "proposed", "adviser", chosen)
    return accept(turn, case, picked)


def introduce(turn: Turn, case: Case, proposal: Proposal) -> Case:
    """Bring initiator and expert together; contact details go along only when the initiator agreed."""
    case = keep_state(turn, case, "consent_given" if case.consent else "consent_refused")
    adviser, expert = turn.person(proposal.adviser_id), turn.person(proposal.expert_id)
    reachable = expert if expert.email else adviser  # an expert without an address is reached through the adviser
    turn.note(case, "introduced", "bot", expert.id)
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
        instruments=recommend([need.code for need in case.needs], turn.wiring.instruments),
    )
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
    return case


def stop_proposal(turn: Turn, case: Case) -> None:
    """The initiator stops: the proposal that waits is taken back and its adviser told."""
    waiting = proposals.open_of_case(turn.db, case.id)
    if waiting is not None:
        _decide(turn, waiting, "initiator_withdrew", "")
        turn.to_person(turn.person(waiting.adviser_id), case, "proposal_withdrawn")


def proposal_facts(turn: Turn, case: Case, matches: Sequence[Match]) -> dict[str, Any]:
    """What an adviser has to know to decide; no contact detail of the initiator is among it."""
    loads = pool.loads(turn.db)
    return {
        "initiative": case.facts.initiative or "",
        "municipality": case.facts.municipality or "",
        "needs": need_facts(turn, case),
        "eligibility": case.eligibility,
        "findings": assess(case.facts).findings,
        "expert": _match_facts(turn, matches[0], loads),
        "alternatives": [_match_facts(turn, match, loads) for match in matches[1 : 1 + ALTERNATIVES]],
        "instruments": recommend([need.code for need in case.needs], turn.wiring.instruments),
    }


def need_facts(turn: Turn, case: Case) -> list[dict[str, str]]:
    """The needs of a case as letters show them."""
    return [
        {"code": need.code, "label": turn.wiring.label(need.code), "evidence": need.evidence} for need in case.needs
    ]


def _match_facts(turn: Turn, match: Match, loads: Mapping[str, int]) -> dict[str, Any]:
    why = [
        {"code": each.need, "label": turn.wiring.label(each.need), "evidence": each.evidence, "profile": each.profile}
        for each in match.why
    ]
    return {
        "name": match.expert.name,
        "organisation": match.expert.organisation,
        "region": match.region,
        "load": loads.get(match.expert.id, 0),
        "capacity": match.expert.capacity,
        "labels": [turn.wiring.label(need) for need in match.needs],
        "why": why,
    }


def _why_of(turn: Turn, case: Case, expert: Expert) -> list[dict[str, str]]:
    kept = next((row for row in rankings.of_case(turn.db, case.id) if row["expert_id"] == expert.id), None)
    return [
        {**why, "code": why["need"], "label": turn.wiring.label(why["need"])} for why in (kept or {"why": []})["why"]
    ]


def _adviser_for(turn: Turn, case: Case) -> Expert | None:
    advisers = [person for person in turn.pool.experts if person.role == "adviser" and person.active]
    return choose_adviser(
        advisers,
        [need.code for need in case.needs],
        case.facts.municipality,
        pool.adviser_loads(turn.db),
        turn.today,
    )


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


def _decide(turn: Turn, proposal: Proposal, event: Any, reason: str) -> None:
    state = change_proposal(proposal.state, event)
    if not proposals.decide(turn.db, proposal.id, state, reason, turn.channel, turn.now):
        raise AlreadyDecided(proposal.id)


class AlreadyDecided(RuntimeError):
    """Somebody decided this proposal a moment earlier; the whole turn is undone."""


def _picked(turn: Turn, case: Case, proposal: Proposal, hint: str) -> str | None:
    """The expert whose number in the letter was named, if that expert may still be proposed."""
    digits = "".join(sign for sign in hint if sign.isdigit())
    listed = [row["expert_id"] for row in rankings.of_case(turn.db, case.id) if row["position"] is not None]
    numbered = [proposal.expert_id, *[one for one in listed if one != proposal.expert_id][:ALTERNATIVES]]
    if not digits or not 1 <= int(digits) <= len(numbered):
        return None
    chosen = numbered[int(digits) - 1]
    available = {match.expert.id for match in rank_case(turn, case).matches}
    return chosen if chosen in available or chosen == proposal.expert_id else None


def _first_sentence(profile: str) -> str:
    spans = split_sentences(profile)
    return profile[spans[0][0] : spans[0][1]] if spans else profile
