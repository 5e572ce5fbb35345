"""Whether a message belongs to a case of the same person or is a new question; asks nobody."""

from collections.abc import Callable, Sequence
from typing import Literal

from inbox.found_need import Need
from inbox.known_facts import Facts
from matcher.proposal import Case

Belonging = Literal["same", "new", "unsure"]
Rule = Callable[[Case, Facts, Sequence[Need]], Belonging | None]


def names_the_initiative(case: Case, facts: Facts, needs: Sequence[Need]) -> Belonging | None:
    """A name settles it: the same initiative, or another one."""
    del needs
    ours, theirs = case.facts.initiative, facts.initiative
    if not ours or not theirs:
        return None
    return "same" if ours.casefold() == theirs.casefold() else "new"


def lies_elsewhere_and_asks_else(case: Case, facts: Facts, needs: Sequence[Need]) -> Belonging | None:
    """Another municipality and nothing that was asked before: another initiative."""
    ours, theirs = case.facts.municipality, facts.municipality
    elsewhere = ours is not None and theirs is not None and ours != theirs
    return "new" if elsewhere and not _shares_need(case, needs) else None


def asks_the_same(case: Case, facts: Facts, needs: Sequence[Need]) -> Belonging | None:
    """The same need, at a place that can be the same."""
    place = facts.municipality
    here = place is None or case.facts.municipality in (None, place)
    return "same" if here and _shares_need(case, needs) else None


RULES: tuple[Rule, ...] = (names_the_initiative, lies_elsewhere_and_asks_else, asks_the_same)


def belonging(case: Case, facts: Facts, needs: Sequence[Need]) -> Belonging:
    """What the facts and needs of a message say of its belonging to a case; the first rule that knows decides."""
    said = (rule(case, facts, needs) for rule in RULES)
    return next((each for each in said if each is not None), "unsure")


def _shares_need(case: Case, needs: Sequence[Need]) -> bool:
    return bool({need.code for need in case.needs} & {need.code for need in needs})
