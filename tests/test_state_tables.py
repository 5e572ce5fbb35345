"""A case and a proposal change by one table each: nothing else is allowed, and there is always a way to an end."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertise.experts import Expert
from inbox.facts import Facts
from inbox.needs import Need
from matcher.proposal import (
    CASE_CHANGES,
    CASE_ENDS,
    MOST_ROUNDS,
    PROPOSAL_CHANGES,
    PROPOSAL_ENDS,
    CaseEvent,
    CaseState,
    NotAllowed,
    ProposalEvent,
    ProposalState,
    change_case,
    change_proposal,
    choose_adviser,
    mermaid,
    next_step,
)
from matcher.ranking import Match, Ranking
from matcher.rules import assess
from tests.pool_builders import an_expert

TODAY = date(2026, 3, 2)
CASE_STATES: tuple[CaseState, ...] = get_args(CaseState)
CASE_EVENTS: tuple[CaseEvent, ...] = get_args(CaseEvent)
PROPOSAL_STATES: tuple[ProposalState, ...] = get_args(ProposalState)
PROPOSAL_EVENTS: tuple[ProposalEvent, ...] = get_args(ProposalEvent)
DIAGRAMS = Path(__file__).parent.parent / "docs" / "states.md"

ELIGIBLE = Facts(municipality="Oss", budget="closing", provincial_dependence=False)
NEEDS = [Need("financing", 0.9, "")]
SOMEBODY = Ranking(matches=(Match(an_expert(), 0.5, ("financing",), (), "covers"),))


def reached(changes: Mapping[Any, str], start: str) -> set[str]:
    """Every state that some row of events leads to."""
    found, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        after = {to for (before, _), to in changes.items() if before == state} - found
        found |= after
        waiting += after
    return found


@given(st.lists(st.sampled_from(CASE_EVENTS), max_size=40))
def test_wherever_a_case_wanders_an_end_is_in_reach(events: list[CaseEvent]) -> None:
    state: CaseState = "new"
    for event in events:
        try:
            state = change_case(state, event)
        except NotAllowed:
            assert (state, event) not in CASE_CHANGES
    assert reached(CASE_CHANGES, state) & CASE_ENDS


@given(st.lists(st.sampled_from(PROPOSAL_EVENTS), max_size=20))
def test_wherever_a_proposal_wanders_an_end_is_in_reach(events: list[ProposalEvent]) -> None:
    state: ProposalState = "open"
    for event in events:
        try:
            state = change_proposal(state, event)
        except NotAllowed:
            assert (state, event) not in PROPOSAL_CHANGES
    assert reached(PROPOSAL_CHANGES, state) & PROPOSAL_ENDS


@pytest.mark.parametrize("state", CASE_STATES)
@pytest.mark.parametrize("event", CASE_EVENTS)
def test_a_case_changes_by_the_table_only(state: CaseState, event: CaseEvent) -> None:
    if (state, event) in CASE_CHANGES:
        assert change_case(state, event) in CASE_STATES
    else:
        with pytest.raises(NotAllowed, match=f"{event} can't happen in state {state}"):
            change_case(state, event)


def test_every_state_and_event_is_used() -> None:
    assert reached(CASE_CHANGES, "new") == set(CASE_STATES)
    assert {event for _, event in CASE_CHANGES} == set(CASE_EVENTS)
    assert reached(PROPOSAL_CHANGES, "open") == set(PROPOSAL_STATES)
    assert {event for _, event in PROPOSAL_CHANGES} == set(PROPOSAL_EVENTS)


def test_an_initiator_can_stop_until_the_case_has_ended_and_come_back_after() -> None:
    for state in CASE_STATES:
        if state in CASE_ENDS:
            assert change_case(state, "reopened") == "new"
        else:
            assert change_case(state, "withdrawn") == "withdrawn"


def test_a_decision_is_taken_once() -> None:
    for event in ("adviser_accepted", "expired"):
        for state in sorted(PROPOSAL_ENDS):
            with pytest.raises(NotAllowed):
                change_proposal(state, event)


def test_the_program_itself_refuses_nobody() -> None:
    """Only a person's word or the initiator's ends a case that was not referred."""
    ending = {event for (before, event), after in CASE_CHANGES.items() if after in CASE_ENDS}
    assert ending == {"outside_area", "reviewed_no", "withdrawn", "closed", "follow_up_done"}


@pytest.mark.parametrize(
    ("facts", "needs", "ranking", "rounds", "step"),
    [
        (ELIGIBLE, NEEDS, SOMEBODY, 0, "proposed"),
        (ELIGIBLE, NEEDS, Ranking(), 0, "no_expert"),
        (ELIGIBLE, [], SOMEBODY, 0, "facts_missing"),
        (ELIGIBLE, [], SOMEBODY, MOST_ROUNDS, "needs_review"),
        (Facts(), NEEDS, SOMEBODY, 0, "facts_missing"),
        (Facts(), NEEDS, SOMEBODY, MOST_ROUNDS - 1, "facts_missing"),
        (Facts(), NEEDS, SOMEBODY, MOST_ROUNDS, "needs_review"),
        (Facts(budget="not_closing"), NEEDS, SOMEBODY, 0, "needs_review"),
        (Facts(municipality="Utrecht", budget="not_closing"), NEEDS, SOMEBODY, 0, "outside_area"),
    ],
)
def test_what_happens_after_understanding(
    facts: Facts, needs: list[Need], ranking: Ranking, rounds: int, step: CaseEvent
) -> None:
    assert next_step(assess(facts), needs, ranking, rounds) == step
    assert ("new", step) in CASE_CHANGES
    assert ("asking", step) in CASE_CHANGES


def test_a_coordinators_yes_settles_the_facts_but_not_the_question() -> None:
    short = assess(Facts(municipality="Oss", budget="not_closing"))
    assert next_step(short, NEEDS, SOMEBODY, 0, reviewed=True) == "proposed"
    assert next_step(assess(Facts()), NEEDS, Ranking(), 0, reviewed=True) == "no_expert"
    assert next_step(short, [], SOMEBODY, 0, reviewed=True) == "facts_missing"
    outside = assess(Facts(municipality="Utrecht"))
    assert next_step(outside, NEEDS, SOMEBODY, 0, reviewed=True) == "outside_area"


def adviser(adviser_id: str, *needs: str, **changes: Any) -> Expert:
    return an_expert(adviser_id, **{"role": "adviser", "needs": needs, "capacity": 3, **changes})


def chosen(
    advisers: Sequence[Expert], loads: Mapping[str, int] | None = None, avoid: Collection[str] = ()
) -> str | None:
    found = choose_adviser(advisers, ["financing", "impact"], "Oss", loads or {}, TODAY, avoid)
    return None if found is None else found.id


def test_the_adviser_who_knows_the_subject_and_is_least_busy_gets_the_proposal() -> None:
    both, one, none = adviser("c", "financing", "impact"), adviser("b", "impact"), adviser("a", "data")
    assert chosen([none, one, both]) == "c"
    assert chosen([adviser("b", "impact"), adviser("a", "impact")]) == "a"
    assert chosen([adviser("b", "impact"), adviser("a", "impact")], {"a": 2, "b": 1}) == "b"


def test_an_adviser_covers_the_place_is_at_work_and_is_an_adviser() -> None:
    away = adviser("a", "impact", away_until=TODAY)
    stopped = adviser("b", "impact", active=False)
    elsewhere = adviser("c", "impact", regions=("West-Brabant",))
    expert = an_expert("d", needs=("impact",))
    assert chosen([away, stopped, elsewhere, expert]) is None
    assert chosen([away, stopped, elsewhere, expert, adviser("e")]) == "e"
    assert chosen([adviser("e"), adviser("f")], avoid=("e",)) == "f"


def test_a_full_adviser_is_asked_only_when_nobody_else_is_there() -> None:
    full, other = adviser("a", "financing", "impact", capacity=1), adviser("b")
    assert chosen([full, other], {"a": 1}) == "b"
    assert chosen([full], {"a": 1}) == "a"


def test_an_unknown_place_excludes_no_adviser() -> None:
    west = adviser("a", regions=("West-Brabant",))
    found = choose_adviser([west], [], None, {}, TODAY)
    assert found is not None
    assert found.id == "a"


def test_the_documentation_shows_the_tables() -> None:
    shown = re.findall(r"```mermaid\n(.*?)```", DIAGRAMS.read_text(encoding="utf-8"), re.DOTALL)
    assert shown == [
        mermaid(CASE_CHANGES, "new", CASE_ENDS),
        mermaid(PROPOSAL_CHANGES, "open", PROPOSAL_ENDS),
    ]
