"""Who may take part follows from the facts alone, in the programme's order, and unknown stays unknown."""

from dataclasses import replace
from itertools import product
from typing import Literal

import pytest

from expertise.places import FOCUS_MUNICIPALITIES, shipped_places
from inbox.facts import Facts
from matcher.rules import RULES, Eligibility, assess, is_focus

MUNICIPALITIES = (None, "Oss", "Eindhoven", "Zundert", "Utrecht", "Geen gemeente")
BUDGETS: tuple[Literal["closing", "prospect", "not_closing"] | None, ...] = (None, "closing", "prospect", "not_closing")
EVERY_CASE = [
    Facts(municipality=place, budget=budget, provincial_dependence=dependent)
    for place, budget, dependent in product(MUNICIPALITIES, BUDGETS, (None, True, False))
]


def expected(facts: Facts) -> Eligibility:
    """The rules as the programme writes them down, without the table."""
    if facts.municipality == "Utrecht":
        return "outside_area"
    if facts.budget == "not_closing" or facts.provincial_dependence is True:
        return "review"
    in_brabant = facts.municipality in ("Oss", "Eindhoven", "Zundert")
    if in_brabant and facts.budget is not None and facts.provincial_dependence is False:
        return "eligible"
    return "incomplete"


@pytest.mark.parametrize("facts", EVERY_CASE)
def test_every_combination_of_facts(facts: Facts) -> None:
    assert assess(facts).eligibility == expected(facts)


@pytest.mark.parametrize("facts", EVERY_CASE)
def test_every_rule_is_recorded_and_only_what_is_unknown_is_missing(facts: Facts) -> None:
    verdict = assess(facts)
    assert [finding.rule for finding in verdict.findings] == [rule.name for rule in RULES]
    unknown = [rule.fact for rule, finding in zip(RULES, verdict.findings, strict=True) if finding.outcome == "unknown"]
    assert list(verdict.missing) == unknown
    if verdict.eligibility == "incomplete":
        assert unknown
    if verdict.eligibility == "eligible":
        assert [finding.outcome for finding in verdict.findings] == ["hit", "hit", "hit"]


def test_missing_facts_come_in_the_order_of_asking() -> None:
    assert assess(Facts()).missing == ("municipality", "budget", "provincial_dependence")


def test_each_finding_shows_the_sentence_it_rests_on() -> None:
    facts = Facts(
        municipality="Oss",
        budget="not_closing",
        evidence=(("municipality", "Wij zitten in Oss."), ("budget", "Er blijft een gat.")),
    )
    shown = {finding.rule: (finding.outcome, finding.evidence) for finding in assess(facts).findings}
    assert shown == {
        "in_noord_brabant": ("hit", "Wij zitten in Oss."),
        "closes_budget_or_may": ("miss", "Er blijft een gat."),
        "independent_of_province": ("unknown", ""),
    }


def test_a_name_that_is_no_municipality_never_puts_anyone_outside_the_area() -> None:
    verdict = assess(Facts(municipality="Geen gemeente", budget="closing", provincial_dependence=False))
    assert (verdict.eligibility, verdict.missing) == ("incomplete", ("municipality",))


def test_the_focus_holds_the_mid_sized_cities_and_west_brabant_only() -> None:
    brabant = {place.municipality for place in shipped_places() if place.province == "Noord-Brabant"}
    focus = {name for name in brabant if is_focus(Facts(municipality=name))}
    west = {place.municipality for place in shipped_places() if place.region == "West-Brabant"}
    assert focus == set(FOCUS_MUNICIPALITIES) | west
    assert not is_focus(Facts())
    assert not is_focus(Facts(municipality="Utrecht"))


def test_the_focus_is_no_gate() -> None:
    inside = Facts(municipality="Oss", budget="closing", provincial_dependence=False)
    elsewhere = replace(inside, municipality="Eindhoven")
    assert is_focus(inside)
    assert not is_focus(elsewhere)
    assert assess(inside).eligibility == assess(elsewhere).eligibility == "eligible"


@pytest.mark.parametrize(
    ("facts", "expected", "missing"),
    [
        (Facts(municipality="Oss", budget="closing", provincial_dependence=False), "incomplete", ("budget",)),
        (Facts(municipality="Oss", budget="prospect", provincial_dependence=False), "incomplete", ("budget",)),
        (Facts(municipality="Oss", budget="not_closing", provincial_dependence=False), "review", ()),
        (Facts(municipality="Venlo", budget="closing", provincial_dependence=False), "outside_area", ("budget",)),
    ],
)
def test_what_was_not_read_surely_lets_nobody_in(facts: Facts, expected: str, missing: tuple[str, ...]) -> None:
    verdict = assess(replace(facts, unsure=("budget",)))
    assert (verdict.eligibility, verdict.missing) == (expected, missing)
