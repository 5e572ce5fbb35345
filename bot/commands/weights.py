"""`mixmatch weights compare|approve|reject|list`: a coordinator decides whether new weights count.

What compare does is bot/commands/weights_compare.py's.
"""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from sqlite_utils import Database

from bot.installation import open_store
from bot.reasons import words
from bot.settings import Settings
from bot.store import events, weights
from bot.store.database import transaction
from bot.terminal import WRONG_USE, Refused
from bot.week import DUTCH_TIME
from matcher.weights import shipped_weights


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of the four actions."""
    return {"compare": _compare, "approve": _approve, "reject": _reject, "list": _list}[options.action](
        options, settings
    )


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    # Learning needs the model and the story; the other actions start without.
    from bot.commands.weights_compare import compare

    return compare(options, settings)


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    coordinator = settings.programme.coordinator
    if options.by.strip().casefold() != coordinator.casefold():
        raise Refused("Alleen de coördinator van de instellingen kan gewichten goedkeuren.", WRONG_USE)
    now = datetime.now(UTC)
    with open_store(settings) as db, transaction(db):
        if not weights.approve(db, options.id, coordinator, now):
            raise Refused(_why_not(db, options.id))
        _note(db, "weights_approved", options.id, now, coordinator)
    print(f"Goedgekeurd: gewichten {options.id} bepalen vanaf nu de volgorde.")
    return 0


def _reject(options: argparse.Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    with open_store(settings) as db, transaction(db):
        if not weights.reject(db, options.id, settings.programme.coordinator, now):
            raise Refused(_why_not(db, options.id))
        _note(db, "weights_rejected", options.id, now)
    print(f"Afgewezen: gewichten {options.id} worden niet gebruikt.")
    return 0


def _list(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        kept, used = weights.history(db), weights.in_use(db) or shipped_weights()
    if options.json:
        rows = [{"id": one.id, "state": one.state, "made_at": one.made_at.isoformat()} for one in kept]
        print(json.dumps({"in_use": asdict(used), "weights": rows}))
        return 0
    if not any(one.state == "approved" and one.weights is not None for one in kept):
        print("In gebruik: de gewichten die bij het programma horen.")
    for one in kept:
        day = one.made_at.astimezone(DUTCH_TIME).date().isoformat()
        by = f", door {one.decided_by}" if one.decided_by else ""
        print(f"{one.id:4}  {day}  {words('weights_state', one.state)}{by}")
    return 0


def _note(db: Database, event: str, number: int, now: datetime, by: str = "") -> None:
    events.keep(db, None, event, "coordinator", now, "terminal", f"{number} {by}".strip())


def _why_not(db: Database, number: int) -> str:
    kept = weights.find(db, number)
    if kept is None:
        return f"Gewichten {number} bestaan niet. 'mixmatch weights list' laat zien welke er zijn."
    if kept.weights is None:
        return f"Gewichten {number} zijn door een andere versie gemaakt. Vergelijk opnieuw."
    return f"Over gewichten {number} is al besloten: {words('weights_state', kept.state)}."
