"""The initiatives of the programme: the eleven it began with, and those of cases that agreed to be shown to others.

What is shown of a case is its name, place, needs and phase; never a person, and never a word that somebody wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.store import cases, sharing
from expertise.initiatives import Initiative
from matcher.proposal import Case

GONE = frozenset({"withdrawn", "referred"})
"""States in which an initiative no longer takes part."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One initiative: `case_id` is None for one that ships, `agreed` None when it was not asked about contact."""

    initiative: Initiative
    case_id: int | None
    agreed: bool | None


def portfolio(db: Database, shipped: Sequence[Initiative]) -> tuple[Entry, ...]:
    """Every initiative that may be shown: those that ship, in their order, and then the cases that agreed."""
    told = sharing.everyone(db)
    first = [Entry(each, None, told[each.code].agreed if each.code in told else None) for each in shipped]
    return (*first, *_of_cases(db, told.values()))


def initiative_of(case: Case) -> Initiative:
    """A case as an initiative of the portfolio, without anything that somebody wrote but its name."""
    facts = case.facts
    return Initiative(
        code=case.reference,
        name=facts.initiative or "",
        initiator="",
        area=facts.municipality or "",
        municipalities=(facts.municipality,) if facts.municipality else (),
        phases=(facts.phase,) if facts.phase else (),
        partners=(),
        instruments=(),
        needs=tuple(need.code for need in case.needs),
        question="",
    )


def _of_cases(db: Database, told: Iterable[sharing.Sharing]) -> list[Entry]:
    ids = [each.case_id for each in told if each.agreed and each.case_id is not None]
    found = [case for case_id in ids if (case := cases.find(db, case_id)) is not None]
    return [Entry(initiative_of(case), case.id, True) for case in found if case.state not in GONE]
