"""`mixmatch import`: takes in the open data of another installation, wholly checked before anything changes."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bot.installation import open_store
from bot.open_data.check import read_set
from bot.open_data.tables import BadSet, Set
from bot.settings import Settings
from bot.store import shared
from bot.store.database import transaction
from bot.terminal import Refused


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Check the folder and keep its set; the same set once more changes nothing."""
    found = _read(options, Path(options.folder))
    if found.publisher == settings.sharing.publisher:
        raise Refused("Dit is open data onder de eigen naam (sharing.publisher). Er is niets veranderd.")
    with open_store(settings) as db, transaction(db):
        known = shared.period_of(db, found.publisher)
        if known is not None and known > found.period:
            raise Refused(f"Van {found.publisher} is al nieuwere data ingelezen (tot en met {known}).")
        fresh = shared.put(db, found, datetime.now(UTC))
    rows = sum(map(len, found.rows.values()))
    if options.json:
        print(json.dumps({"publisher": found.publisher, "period": found.period, "rows": rows, "new": fresh}))
    else:
        what = "Ingelezen" if fresh else "Dit was al ingelezen; er verandert niets"
        print(f"{what}: {found.publisher}, tot en met {found.period}, {rows} rijen.")
    return 0


def _read(options: argparse.Namespace, folder: Path) -> Set:
    try:
        found, problems = read_set(folder)
    except BadSet as problem:
        raise Refused(str(problem)) from problem
    if found is None:
        if options.json:
            print(json.dumps({"errors": [asdict(each) for each in problems]}, ensure_ascii=False))
        lines = [str(each) for each in problems]
        raise Refused("\n  ".join([f"In {folder} klopt iets niet; er is niets veranderd.", *lines]))
    return found
