"""`mixmatch privacy list|approve`: the wishes to be erased that wait. Erasing is the service's work."""

import argparse
import json
from datetime import UTC, datetime

from bot.installation import open_store
from bot.settings import Settings
from bot.store import erasures
from bot.store.database import transaction
from bot.terminal import WRONG_USE, Refused


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of the two actions."""
    return {"list": _list, "approve": _approve}[options.action](options, settings)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        wishes = erasures.to_do(db)
    if options.json:
        cells = [{"id": w.id, "address": w.address, "state": w.state, "at": w.confirmed_at.isoformat()} for w in wishes]
        print(json.dumps(cells, ensure_ascii=False))
        return 0
    for wish in wishes:
        state = "goedgekeurd" if wish.state == "approved" else "wacht op een coördinator"
        print(f"{wish.id:5} {wish.address} · bevestigd op {wish.confirmed_at:%d-%m-%Y} · {state}")
    if not wishes:
        print("Er wacht geen wisverzoek.")
    return 0


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    if options.by.strip().lower() not in {each.lower() for each in settings.programme.all_coordinators}:
        raise Refused(f"{options.by} is geen coördinator. Kijk bij [programme] in de instellingen.", WRONG_USE)
    with open_store(settings) as db, transaction(db):
        if not erasures.approve(db, options.id, options.by, datetime.now(UTC)):
            raise Refused(f"Er wacht geen wisverzoek met nummer {options.id}. Zie 'mixmatch privacy list'.")
    print("Goedgekeurd. De dienst wist de gegevens binnen een paar minuten.")
    return 0
