"""Which instruments and funders stand beside an expert in a case, by the list and what helped others. Words nothing."""

from sqlite_utils import Database

from bot.store import instruments
from bot.wiring import Wiring
from expertise.instruments import Instrument, recommend
from matcher.proposal import Case


def recommended_for(db: Database, wiring: Wiring, case: Case) -> tuple[Instrument, ...]:
    """What to recommend in a case now; it changes with the list and with what initiatives tell of it."""
    in_use = instruments.in_use(db, wiring.instruments)
    return recommend(
        [need.code for need in case.needs], in_use, instruments.helped_most(db, [each.code for each in in_use])
    )
