"""`mixmatch privacy retention`: what has been kept long enough, told or taken out."""

import argparse
from datetime import UTC, datetime

from sqlite_utils import Database

from bot.installation import open_store
from bot.privacy import retention
from bot.privacy.retention import Due
from bot.settings import Settings
from bot.store import scrubbing
from bot.terminal import progress


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Tell what is due and take it out, unless this is only a try."""
    now = datetime.now(UTC)
    with open_store(settings) as db:
        due = retention.find_due(db, settings, now)
        for outcome, count in sorted(due.counts.items()):
            print(f"{retention.IN_DUTCH[outcome]}: {count}")
        for case in due.cases:
            print(f"  {case.reference} ({retention.IN_DUTCH[case.outcome]})")
        if not due.counts:
            print("Er is niets dat weg moet.")
        elif options.dry_run:
            print("Dit is een proef: er is niets gewist.")
        else:
            _take_out(db, settings, due, now)
            print("Gewist.")
    return 0


def _take_out(db: Database, settings: Settings, due: Due, now: datetime) -> None:
    # The parts of the story, the model among them: a try run does without.
    from bot.pool_vectors import PoolShelf
    from bot.wiring import wire

    wiring = wire(settings, progress)
    retention.take_out_due(db, wiring, PoolShelf(wiring.encoder), due, now)
    scrubbing.wipe(db)  # the words also stand in the log beside the database while a service runs
