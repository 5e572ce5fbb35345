"""What an adviser has to know to decide on a proposal, from what is kept: for letters and pages alike. Words nothing.

No contact detail of the initiator is among it. The experts shown stand in one numbered list (bot/store/offered.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.initiator.sharing import alike_facts
from bot.recommending import recommended_for
from bot.store import offered, pool, proposals, rankings
from bot.turn import Turn
from matcher.proposal import Case, Proposal
from matcher.rules import assess

SHOWN_FIRST = 3
"""So many experts a proposal names: the proposed one and two others, as numbers 1 to 3."""


def need_facts(turn: Turn, case: Case) -> list[dict[str, str]]:
    """The needs of a case as letters show them."""
    return [
        {"code": need.code, "label": turn.wiring.label(need.code), "evidence": need.evidence} for need in case.needs
    ]


def proposal_facts(turn: Turn, case: Case, proposal: Proposal) -> dict[str, Any]:
    """The request, the verdict, the experts with why, and what would have changed the choice."""
    best, *others = shown_experts(turn, case, proposal)
    return {
        "initiative": case.facts.initiative or "",
        "municipality": case.facts.municipality or "",
        "needs": need_facts(turn, case),
        "eligibility": case.eligibility,
        "findings": assess(case.facts).findings,
        "expert": best,
        "expert_name": best["name"],
        "alternatives": others[: SHOWN_FIRST - 1],
        "instruments": recommended_for(turn.db, turn.wiring, case),
        "similar": alike_facts(turn.db, turn.wiring, case, agreed_only=False),
        "what_if": _what_if_facts(turn, proposal),
        "why_you": list(proposals.route_of(turn.db, proposal.id)),
    }


def shown_experts(turn: Turn, case: Case, proposal: Proposal) -> list[dict[str, Any]]:
    """Everyone whom the adviser was shown for this proposal, by number; the proposed expert is number 1."""
    numbers = offered.of_proposal(turn.db, proposal.id)
    if not numbers:  # shown for the first time, or proposed by an older release
        offered.add(turn.db, proposal.id, _first_ones(turn, case, proposal))
        numbers = offered.of_proposal(turn.db, proposal.id)
    rows = {row["expert_id"]: row for row in rankings.of_case(turn.db, case.id)}
    loads = pool.loads(turn.db)
    return [
        {"number": number, **expert_facts(turn, expert_id, rows.get(expert_id), loads, proposal)}
        for number, expert_id in numbers.items()
    ]


def expert_facts(
    turn: Turn, expert_id: str, row: Mapping[str, Any] | None, loads: Mapping[str, int], proposal: Proposal
) -> dict[str, Any]:
    """One expert, with what the kept ranking says; `load` leaves the proposal itself out of what is in hand."""
    person = turn.person(expert_id)
    row = row or {}
    return {
        "id": expert_id,
        "name": person.name,
        "organisation": person.organisation,
        "region": row.get("region") or "",
        "load": loads.get(expert_id, 0) - (expert_id == proposal.expert_id and proposal.state == "open"),
        "capacity": person.capacity,
        "labels": [turn.wiring.label(need) for need in row.get("needs") or person.needs],
        "why": why_facts(turn, row.get("why") or ()),
        "because": list(row.get("because") or ()),
    }


def why_facts(turn: Turn, why: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The sentences of request and profile that match, as letters show them."""
    return [{**each, "code": each["need"], "label": turn.wiring.label(each["need"])} for each in why]


def ranked_ids(turn: Turn, case: Case) -> list[str]:
    """Everyone who could be proposed when the ranking was made, best first."""
    return [row["expert_id"] for row in rankings.of_case(turn.db, case.id) if row["position"] is not None]


def _first_ones(turn: Turn, case: Case, proposal: Proposal) -> list[str]:
    others = [each for each in ranked_ids(turn, case) if each != proposal.expert_id]
    return [proposal.expert_id, *others[: SHOWN_FIRST - 1]]


def _what_if_facts(turn: Turn, proposal: Proposal) -> dict[str, str] | None:
    kept = proposals.what_if_of(turn.db, proposal.id)
    if not kept:
        return None
    person = turn.person(kept["expert_id"])
    return {"because": kept["because"], "name": person.name, "organisation": person.organisation}
