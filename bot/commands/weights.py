"""`mixmatch weights compare|approve|reject|list`: a coordinator decides whether new weights count. Learns nothing."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from sqlite_utils import Database

from bot.decisions import Comparison, compare_weights
from bot.installation import open_store
from bot.learning.rank_learning import RankingFigures
from bot.pool_vectors import PoolShelf
from bot.reasons import words
from bot.settings import Settings
from bot.store import events, weights
from bot.store.database import transaction
from bot.terminal import WRONG_USE, Refused, progress
from bot.turn import AMSTERDAM
from bot.wiring import wire
from matcher.weights import Weights, shipped_weights

MOST_SHOWN = 20


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of the four actions."""
    return {"compare": _compare, "approve": _approve, "reject": _reject, "list": _list}[options.action](
        options, settings
    )


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    wiring = wire(settings, progress)
    now = datetime.now(UTC)
    with open_store(settings) as db:
        pool = PoolShelf(wiring.encoder).current(db)
        progress("leren van beoordelingen en beslissingen")
        found = compare_weights(db, wiring, pool, now.astimezone(AMSTERDAM).date())
        if found is None:
            raise Refused(
                "Er zijn nog geen beslissingen om van te leren: geen aangenomen voorstel, en geen afwijzing om het"
                " onderwerp."
            )
        with transaction(db):
            number = weights.propose(db, found.new, found.figures(), now)
            _note(db, "weights_proposed", number, now)
    if options.json:
        print(json.dumps({"id": number, "old": asdict(found.old), "new": asdict(found.new), **found.figures()}))
    else:
        _tell(number, found)
    return 0


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
        day = one.made_at.astimezone(AMSTERDAM).date().isoformat()
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


def _tell(number: int, found: Comparison) -> None:
    print(f"Geleerd van {found.decisions} vragen waarover adviseurs hebben besloten.\n")
    print(f"{'':34}{'nu':>9}{'nieuw':>9}")
    for name, value in asdict(found.old).items():
        print(_row(words("feature", name), _share(found.old, value), _share(found.new, found.new.of(name))))
    for title, old, new in (
        ("Eigen beslissingen (niet van geleerd)", found.old_figures, found.new_figures),
        ("Beoordelingen die bij het programma horen", found.old_shipped, found.new_shipped),
    ):
        print(f"\n{title}: {old.lessons} vragen")
        _tell_figures(old, new)
    print(f"\nVan de laatste {found.recent} vragen krijgen er {len(found.changed)} een ander eerste voorstel.")
    for one in found.changed[:MOST_SHOWN]:
        print(f"  {one.reference}: {one.before or 'niemand'} → {one.after or 'niemand'}")
    print(f"\nEr is niets veranderd. Goedkeuren: mixmatch weights approve {number} --by ADRES")


def _tell_figures(old: RankingFigures, new: RankingFigures) -> None:
    print(_row("  nDCG@5", old.ndcg_at_5, new.ndcg_at_5))
    print(_row("  goede bij de eerste drie", old.hit_at_3, new.hit_at_3))
    print(_row("  MRR", old.reciprocal_rank, new.reciprocal_rank))
    if old.turned_down:
        print(_row(f"  afgewezen toch eerst (van {old.turned_down})", old.turned_down_first, new.turned_down_first))


def _row(name: str, old: float, new: float) -> str:
    return f"{name:34}{old:>9.3f}{new:>9.3f}"


def _share(weights_: Weights, value: float) -> float:
    return value / max(weights_.total, 1e-9)
