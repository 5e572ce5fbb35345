"""Who may take part: the rules of the programme, each a claim that holds, fails or is not yet known; no wording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from expertise.places import BRABANT, FOCUS_MUNICIPALITIES, covers, region_of
from inbox.known_facts import Facts

Eligibility = Literal["eligible", "incomplete", "review", "outside_area"]
Outcome = Literal["hit", "miss", "unknown"]

FOCUS_REGION = "West-Brabant"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found, with the sentence of the initiator it rests on ("" when there is none)."""

    rule: str
    outcome: Outcome
    evidence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all rules together say; `missing` names the facts still unknown, in the order to ask for them."""

    eligibility: Eligibility
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A claim about one fact (None: not known) and what the case becomes when the claim fails."""

    claim: Callable[[Facts], bool | None]
    fact: str
    when_it_fails: Eligibility

    @property
    def name(self) -> str:
        """The claim in words, as it is stored and translated."""
        return self.claim.__name__


def in_noord_brabant(facts: Facts) -> bool | None:
    """The initiative lies in a municipality of Noord-Brabant; a name that is no municipality tells nothing."""
    return covers((BRABANT,), facts.municipality)


def closes_budget_or_may(facts: Facts) -> bool | None:
    """The budget closes, or there is a concrete view on closing it."""
    return None if facts.budget is None else facts.budget in ("closing", "prospect")


def independent_of_province(facts: Facts) -> bool | None:
    """The initiative survives without subsidy of the province."""
    return None if facts.provincial_dependence is None else not facts.provincial_dependence


# The order is the programme's: a place outside the area is referred on before anything else is judged.
# It is also the order in which missing facts are asked for.
RULES: tuple[Rule, ...] = (
    Rule(in_noord_brabant, "municipality", "outside_area"),
    Rule(closes_budget_or_may, "budget", "review"),
    Rule(independent_of_province, "provincial_dependence", "review"),
)


def assess(facts: Facts) -> Verdict:
    """Judge the facts by every rule of RULES; the first rule that fails decides, unknown facts never do.

    A claim that rests on a fact that was not read surely counts as not known: it is asked. One that fails goes before
    a person anyway.
    """
    holds = tuple(_holds(rule, facts) for rule in RULES)
    failed = [rule.when_it_fails for rule, held in zip(RULES, holds, strict=True) if held is False]
    missing = tuple(rule.fact for rule, held in zip(RULES, holds, strict=True) if held is None)
    return Verdict(
        eligibility=failed[0] if failed else "incomplete" if missing else "eligible",
        findings=tuple(_finding(rule, held, facts) for rule, held in zip(RULES, holds, strict=True)),
        missing=missing,
    )


def _holds(rule: Rule, facts: Facts) -> bool | None:
    held = rule.claim(facts)
    return None if held and rule.fact in facts.unsure else held


def is_focus(facts: Facts) -> bool:
    """Whether the initiative lies where the programme looks first; a priority in a list, never a gate."""
    if facts.municipality is None:
        return False
    return facts.municipality in FOCUS_MUNICIPALITIES or region_of(facts.municipality) == FOCUS_REGION


def _finding(rule: Rule, held: bool | None, facts: Facts) -> Finding:
    outcome: Outcome = "unknown" if held is None else "hit" if held else "miss"
    # The last sentence told about a fact is the one that counts: newer facts are added at the end.
    evidence = "" if held is None else dict(facts.evidence).get(rule.fact, "")
    return Finding(rule.name, outcome, evidence)
