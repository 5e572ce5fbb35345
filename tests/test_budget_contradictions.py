"""Words and begroting together: contradictions are found, and never make an initiative eligible."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.store.budget_sheets import sheet_cell, sheet_of
from inbox.budget_sheet import BudgetSheet
from inbox.facts import Budget, Contradiction, Facts, contradictions, with_sheet
from inbox.shown_budget import SheetRefusal, YearSums
from matcher.rules import assess

BUDGETS = st.sampled_from([None, *get_args(Budget)])
TRUTHS = st.sampled_from([None, True, False])
PLACE = Facts(municipality="Oss", province="Noord-Brabant")


def sheet(budget: Budget | None, depends: bool | None = None, name: str = "begroting.xlsx") -> BudgetSheet:
    return BudgetSheet(name, (YearSums("2027", 1000, 900),), budget, depends, ("macros",))


def told(budget: Budget | None = None, depends: bool | None = None) -> Facts:
    words = (("budget", "Dat zeggen wij."), ("provincial_dependence", "Dat ook."))
    known = {"budget": budget, "provincial_dependence": depends}
    evidence = tuple((name, sentence) for name, sentence in words if known[name] is not None)
    return Facts("Oss", "Noord-Brabant", budget, depends, evidence=evidence)


FACTS = st.builds(told, BUDGETS, TRUTHS)
SHEETS = st.one_of(st.none(), st.builds(sheet, BUDGETS, TRUTHS), st.just(SheetRefusal("a.xlsx", "damaged")))


def test_a_contradiction_names_both_views_and_the_words() -> None:
    assert contradictions(told("closing", False), sheet("not_closing", True)) == (
        Contradiction("budget", "closing", "not_closing", "Dat zeggen wij."),
        Contradiction("provincial_dependence", False, True, "Dat ook."),
    )
    assert contradictions(told("prospect"), sheet("closing")) == ()
    assert contradictions(told("closing"), sheet(None)) == ()


def test_the_sheet_fills_in_what_the_words_leave_open() -> None:
    facts = with_sheet(PLACE, sheet("closing", False))
    assert (facts.budget, facts.provincial_dependence, facts.contradictions) == ("closing", False, ())
    assert assess(facts).eligibility == "eligible"


def test_a_newer_sheet_takes_the_place_of_an_older_one() -> None:
    facts = with_sheet(PLACE, sheet("not_closing", False)).updated(
        with_sheet(Facts(), sheet("closing", False, "b.xlsx"))
    )
    assert (facts.budget, facts.contradictions) == ("closing", ())
    kept = facts.updated(with_sheet(Facts(), SheetRefusal("c.xlsx", "damaged")))
    assert kept.sheet == facts.sheet


def test_words_beside_a_file_that_cannot_be_read_are_asked_about_once() -> None:
    refused, claim = SheetRefusal("c.xlsx", "damaged"), told("closing", False)
    for facts in (
        PLACE.updated(with_sheet(claim, refused)),
        PLACE.updated(claim).updated(with_sheet(Facts(), refused)),
    ):
        assert assess(facts).eligibility == "incomplete"
        assert assess(facts.updated(told("closing"))).eligibility == "eligible"
        assert assess(facts.updated(with_sheet(Facts(), sheet("closing", False)))).eligibility == "eligible"
    not_closing = PLACE.updated(with_sheet(told("not_closing"), refused))
    assert "budget" not in not_closing.unsure


def test_words_said_before_and_after_the_sheet_are_held_against_it() -> None:
    after = with_sheet(Facts(), sheet("not_closing")).updated(told("closing"))
    before = told("closing").updated(with_sheet(Facts(), sheet("not_closing")))
    for facts in (after, before):
        assert facts.budget == "not_closing"
        assert facts.contradictions == (Contradiction("budget", "closing", "not_closing", "Dat zeggen wij."),)
        assert dict(facts.evidence).get("budget") is None
    assert after.updated(told("not_closing")).contradictions == ()


@given(st.lists(st.tuples(FACTS, SHEETS), min_size=1, max_size=4))
def test_a_contradiction_is_never_eligible(messages: list[tuple[Facts, BudgetSheet | SheetRefusal | None]]) -> None:
    facts = PLACE
    for words, attached in messages:
        facts = facts.updated(with_sheet(words, attached))
        if facts.contradictions:
            assert assess(facts).eligibility == "review"
        if isinstance(facts.sheet, BudgetSheet) and "not_closing" in (facts.sheet.budget, words.budget):
            assert assess(facts).eligibility == "review"


@given(FACTS, SHEETS)
def test_a_case_keeps_its_sheet(words: Facts, attached: BudgetSheet | SheetRefusal | None) -> None:
    facts = with_sheet(words, attached)
    assert sheet_of(sheet_cell(facts)) == (facts.sheet, facts.contradictions)
