"""A case and a proposal change by one table each: nothing else is allowed, and there is always a way to an end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.facts import Facts
from inbox.found_need import Need
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
    mermaid,
    next_step,
)
from matcher.ranking import Match, Ranking
from matcher.rules import assess
from tests.pool_builders import an_expert

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
    """What ended stays so; only an acceptance can be undone, when the expert or the initiator says no after it."""
    assert {*PROPOSAL_STATES} - {"open"} == PROPOSAL_ENDS
    for state in sorted(PROPOSAL_ENDS):
        undone = {"adviser_declined", "other_picked", "initiator_withdrew"} if state == "accepted" else set()
        for event in PROPOSAL_EVENTS:
            if event not in undone:
                with pytest.raises(NotAllowed):
                    change_proposal(state, event)


def test_the_program_itself_refuses_nobody() -> None:
    """Only a person's word or the initiator's ends a case that was not referred, or that nobody wrote in any more."""
    ending = {event for (before, event), after in CASE_CHANGES.items() if after in CASE_ENDS}
    assert ending == {"outside_area", "reviewed_no", "withdrawn", "closed", "follow_up_done", "kept_no_longer"}


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


def test_the_documentation_shows_the_tables() -> None:
    shown = re.findall(r"```mermaid\n(.*?)```", DIAGRAMS.read_text(encoding="utf-8"), re.DOTALL)
    assert shown == [
        mermaid(CASE_CHANGES, "new", CASE_ENDS),
        mermaid(PROPOSAL_CHANGES, "open", PROPOSAL_ENDS),
    ]
