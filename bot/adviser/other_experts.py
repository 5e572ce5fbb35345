"""Other experts for an adviser to choose from: the next ones of the ranking, or those with a name that was typed.

Shows and numbers them, decides nothing; who may be chosen is matcher's judgement.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bot.adviser.buttons import more_choices
from bot.adviser.proposal_facts import expert_facts, ranked_ids, shown_experts
from bot.case_ranking import rank_case
from bot.store import offered, pool, rankings, tokens
from bot.turn import Turn
from expertise.named_people import people_named, the_one_named
from matcher.constraints import MAY_BE_OVERRULED
from matcher.proposal import Case, Proposal
from matcher.ranking import Ranking, may_be_picked

MORE = 3
"""So many names at a time: what somebody takes in at a glance."""


def show_more(turn: Turn, case: Case, proposal: Proposal) -> None:
    """Number and show the next experts of the ranking who can still be asked."""
    _show_next(turn, case, proposal, {one["id"] for one in shown_experts(turn, case, proposal)})


def show_instead(turn: Turn, case: Case, proposal: Proposal) -> None:
    """Tell why the proposed expert can't be asked any more, and show who can; whoever has a number keeps it."""
    left_out = rank_case(turn, case).left_out
    because = next((left.because for left in left_out if left.expert.id == proposal.expert_id), ("inactive",))
    why_not = next((code for code in because if code not in MAY_BE_OVERRULED), because[0])
    gone = turn.person(proposal.expert_id).name
    shown_experts(turn, case, proposal)  # the first numbers are those of the proposal itself
    _show_next(turn, case, proposal, {proposal.expert_id}, gone=gone, why_not=why_not)


def _show_next(turn: Turn, case: Case, proposal: Proposal, besides: Collection[str], **facts: str) -> None:
    ranking = rank_case(turn, case)
    left = [each for each in ranked_ids(turn, case) if each not in besides and may_be_picked(ranking, each)]
    offered.add(turn.db, proposal.id, left[:MORE])
    found = _found_facts(turn, case, proposal, left[:MORE], ranking)
    _tell(turn, case, proposal, found, any_left=len(left) > MORE, **facts)


def search(turn: Turn, case: Case, proposal: Proposal, typed: str) -> None:
    """Show the people with this name or at this organisation, and why somebody is not proposed."""
    _tell(turn, case, proposal, look_up(turn, case, proposal, typed), any_left=True, own_words=typed)


def look_up(turn: Turn, case: Case, proposal: Proposal, typed: str) -> list[dict[str, Any]]:
    """The people with this name or at this organisation; who may be chosen gets a number, who may not has number 0."""
    ranking = rank_case(turn, case)
    order = {expert_id: place for place, expert_id in enumerate(_fitting_first(ranking))}
    people = sorted(turn.pool.experts, key=lambda person: order.get(person.id, len(order)))
    found = [person.id for person in people_named(typed, people)][:MORE]
    shown_experts(turn, case, proposal)  # the first numbers are those of the proposal itself
    offered.add(turn.db, proposal.id, (each for each in found if may_be_picked(ranking, each)))
    return _found_facts(turn, case, proposal, found, ranking)


def meant_by(turn: Turn, case: Case, proposal: Proposal, hint: str) -> str | None:
    """The expert of those shown whose number this is, or whose name it can only be; None in every other case."""
    shown = {str(one["number"]): one["id"] for one in shown_experts(turn, case, proposal)}
    if hint.isdecimal():
        return shown.get(hint)
    if the_one_named(hint, turn.pool.experts) is None:
        return None
    one = the_one_named(hint, [turn.person(expert_id) for expert_id in shown.values()])
    return one.id if one is not None else None


def _fitting_first(ranking: Ranking) -> Iterable[str]:
    """Everyone by what speaks for them: matches in order, those ranked lower, then the others."""
    yield from (match.expert.id for match in ranking.matches)
    yield from (left.expert.id for left in ranking.left_out if left.because == ("ranked_lower",))


def _tell(
    turn: Turn, case: Case, proposal: Proposal, experts: Sequence[dict[str, Any]], any_left: bool, **facts: str
) -> None:
    """Write down what was found; a page shows it by itself."""
    if turn.channel == "web":
        return
    adviser = turn.person(proposal.adviser_id)
    secret = turn.invite("proposal", proposal.id, adviser.email)
    tokens.ask_which(turn.db, secret)
    turn.to_person(
        adviser,
        case,
        "more_experts",
        secret,
        more_choices(experts, any_left),
        proposal.id,
        experts=experts,
        expert_name="",
        alternatives=[one for one in experts if one["number"]],
        **{"own_words": "", "gone": "", "why_not": "", **facts},
    )


def _found_facts(
    turn: Turn, case: Case, proposal: Proposal, found: Sequence[str], ranking: Ranking
) -> list[dict[str, Any]]:
    """These experts with number (0 for one who can't be chosen), load, and why they are not proposed."""
    numbers = {expert_id: number for number, expert_id in offered.of_proposal(turn.db, proposal.id).items()}
    rows = {row["expert_id"]: row for row in rankings.of_case(turn.db, case.id)}
    because = {left.expert.id: left.because for left in ranking.left_out if left.expert.id in found}
    loads = pool.loads(turn.db)
    return [
        {
            **expert_facts(turn, expert_id, rows.get(expert_id), loads, proposal),
            "number": numbers.get(expert_id, 0),
            "because": [] if expert_id == proposal.expert_id else list(because.get(expert_id, ())),
        }
        for expert_id in found
    ]
