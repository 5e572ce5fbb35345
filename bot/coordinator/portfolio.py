"""The initiatives of the programme: the eleven it began with, and those of cases that agreed to be shown to others.

What is shown of a case is its name, place, needs and phase; never a person, and never a word that somebody wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.store import sharing
from bot.store.sharing import Agreed
from expertise.initiatives import Initiative

GONE = frozenset({"withdrawn", "referred"})
"""States in which an initiative no longer takes part."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One initiative: `case_id` is None for one that ships, `agreed` None when it was not asked about contact."""

    initiative: Initiative
    case_id: int | None
    agreed: bool | None


def portfolio(db: Database, shipped: Sequence[Initiative], most: int = sharing.ALL) -> tuple[Entry, ...]:
    """Every initiative that may be shown: those that ship in their order, then the `most` cases that agreed last."""
    first = [Entry(each, None, _agreed(db, each.code)) for each in shipped]
    return (*first, *(Entry(_initiative(each), each.case_id, True) for each in sharing.agreed(db, GONE, most)))


def portfolio_page(db: Database, shipped: Sequence[Initiative], most: int, skip: int) -> tuple[Entry, ...]:
    """A part of the portfolio in its fixed order, cases by their references: `most`, after the first `skip`."""
    first = [Entry(each, None, _agreed(db, each.code)) for each in shipped[skip : skip + most]]
    rest = sharing.agreed_in_order(db, GONE, most - len(first), max(skip - len(shipped), 0))
    return (*first, *(Entry(_initiative(each), each.case_id, True) for each in rest))


def place_of(db: Database, shipped: Sequence[Initiative], code: str) -> int:
    """How many initiatives stand before this one in that order."""
    codes = [each.code for each in shipped]
    return codes.index(code) if code in codes else len(codes) + sharing.agreed_before(db, GONE, code)


def phase_counts(db: Database, shipped: Sequence[Initiative]) -> dict[int | None, int]:
    """How many initiatives are in each design phase, None where it is not known; between two counts in the later."""
    counts: dict[int | None, int] = {**dict.fromkeys(range(1, 6), 0), None: 0}
    for each in shipped:
        counts[max(each.phases, default=None)] += 1
    for phase, count in sharing.agreed_by_phase(db, GONE).items():
        counts[phase] += count
    return counts


def _agreed(db: Database, code: str) -> bool | None:
    told = sharing.find(db, code)
    return None if told is None else told.agreed


def _initiative(shown: Agreed) -> Initiative:
    return Initiative(
        code=shown.reference,
        name=shown.name or "",
        initiator="",
        area=shown.municipality or "",
        municipalities=(shown.municipality,) if shown.municipality else (),
        phases=(shown.phase,) if shown.phase else (),
        partners=(),
        instruments=(),
        needs=shown.needs,
        question="",
    )
