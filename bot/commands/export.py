"""`mixmatch export`: writes the open data of an installation. What may be in it: bot/open_data/tables.py."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.installation import links_of, open_store, topics_of
from bot.open_data.files import DATABASE, METADATA, write_set
from bot.open_data.rows import count_rows, period_before
from bot.open_data.tables import BadSet, Set
from bot.settings import Settings
from bot.store import shared
from bot.terminal import Refused


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Count, hide what is small, and write; says how to look at it."""
    now, folder = datetime.now(UTC), Path(options.folder)
    topics, key = topics_of(settings), links_of(settings).key
    with open_store(settings) as db:
        rows = count_rows(db, topics, key, now)
        others = shared.everything(db)
    own = Set(settings.sharing.publisher, period_before(now), settings.sharing.licence, rows)
    try:
        write_set(own, [each for each in others if each.publisher != own.publisher], folder)
    except BadSet as problem:
        raise Refused(str(problem)) from problem
    print(f"Open data tot en met {own.period} staat in {folder}: {len(rows['questions'])} vragen, zonder namen.")
    print(f"Bekijken kan met: datasette {folder / DATABASE} -m {folder / METADATA}")
    return 0
