"""Words are not kept for ever: what has been kept long enough loses them, once a day or at a command.

How long, by outcome, stands in the settings [privacy], and is never longer than the letters promise (`keep_months`).
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlite_utils import Database

from bot.settings import Settings
from bot.store import ageing, cases, events
from bot.store.ageing import OldCase
from bot.store.database import transaction
from bot.week import DUTCH_TIME

if TYPE_CHECKING:
    from bot.pool_vectors import PoolShelf
    from bot.wiring import Wiring

IN_DUTCH: Mapping[str, str] = {
    "introduced": "dossiers waarin een expert is voorgesteld",
    "unserved": "dossiers waarvoor geen expert was",
    "silent": "dossiers die nooit zijn afgerond",
    "closed": "afgesloten dossiers zonder expert",
    "stopped": "dossiers die de initiatiefnemer stopte",
    "referred": "dossiers buiten Noord-Brabant",
    "offer": "berichten met een aanbod",
    "quarantined": "berichten die niet te lezen waren",
    "no_case": "andere berichten zonder dossier",
    "late": "late berichten bij gewiste dossiers",
}
DAYS_A_MONTH = 30  # a little less than the promise: never more
LATE = timedelta(days=7)
"""So long an answer stays that came in a case whose words were gone."""


@dataclass(frozen=True, slots=True)
class Due:
    """What has been kept long enough: cases, and messages without one with their sort."""

    cases: tuple[OldCase, ...]
    messages: tuple[tuple[int, str], ...]
    late: tuple[int, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each outcome."""
        found = Counter([case.outcome for case in self.cases] + [sort for _, sort in self.messages])
        return {**found, **({"late": len(self.late)} if self.late else {})}


def moments(settings: Settings, now: datetime) -> dict[str, datetime]:
    """For every outcome the moment before which words go."""
    most = settings.programme.keep_months * DAYS_A_MONTH
    outcomes = (*ageing.OUTCOMES, *ageing.NO_CASE)
    return {each: now - timedelta(days=min(days_for(settings, each), most)) for each in outcomes}


def days_for(settings: Settings, outcome: str) -> int:
    """How many days words stay after this outcome."""
    return int(getattr(settings.privacy, f"{outcome}_days"))


def find_due(db: Database, settings: Settings, now: datetime) -> Due:
    """What would go now. Changes nothing."""
    before = moments(settings, now)
    return Due(
        tuple(ageing.old_cases(db, before)),
        tuple(ageing.old_messages(db, before)),
        tuple(ageing.late_messages(db, now - LATE)),
    )


def take_out_due(db: Database, wiring: "Wiring", shelf: "PoolShelf", due: Due, now: datetime) -> None:
    """Take the words out of all that is due; somebody of whom nothing else is left goes wholly. Raises as erasing.

    The file is not written anew for it: call `scrubbing.wipe` afterwards.
    """
    # Erasing brings the mailbox and the whole story along; telling what is due, and how long words stay, needs neither.
    from bot.privacy.erasing import IsStaff, erase_words, take_out_person

    by_person: dict[str, list[int]] = {}
    for case in due.cases:
        by_person.setdefault(case.initiator, []).append(case.id)
    for address, old in by_person.items():
        own = {case.id for case in cases.of_initiator(db, address)}
        if own <= set(old):
            with suppress(IsStaff):
                take_out_person(db, wiring, shelf, address, now, "retention")
                continue
        erase_words(db, wiring, shelf, now, tuple(old), ())
    messages = (*(message for message, _ in due.messages), *due.late)
    if messages:
        erase_words(db, wiring, shelf, now, (), messages)


def keep_no_longer(db: Database, wiring: "Wiring", shelf: "PoolShelf", now: datetime) -> int:
    """Once a day: take out what is due; returns of how much. A step of the clock."""
    midnight = datetime.combine(now.astimezone(DUTCH_TIME).date(), time.min, tzinfo=DUTCH_TIME)
    if ageing.was_done(db, midnight):
        return 0
    due = find_due(db, wiring.settings, now)
    take_out_due(db, wiring, shelf, due, now)
    with transaction(db):
        events.keep(db, None, "retention", "bot", now)
    return sum(due.counts.values())
