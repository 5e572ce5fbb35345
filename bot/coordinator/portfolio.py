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
