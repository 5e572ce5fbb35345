"""`mixmatch weights compare`: new weights beside the old ones, for a coordinator to decide on. It learns nothing."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from bot.decisions import Comparison, compare_weights
from bot.installation import open_store
from bot.learning.rank_learning import RankingFigures
from bot.pool_vectors import PoolShelf
from bot.reasons import words
from bot.settings import Settings
from bot.store import events, weights
from bot.store.database import transaction
from bot.terminal import Refused, progress
from bot.week import DUTCH_TIME
from bot.wiring import wire
from matcher.weights import Weights

MOST_SHOWN = 20


def compare(options: argparse.Namespace, settings: Settings) -> int:
    """Learn new weights, keep them as proposed and show them beside the old ones."""
    wiring = wire(settings, progress)
    now = datetime.now(UTC)
    with open_store(settings) as db:
        pool = PoolShelf(wiring.encoder).current(db)
        progress("leren van beoordelingen en beslissingen")
        found = compare_weights(db, wiring, pool, now.astimezone(DUTCH_TIME).date())
        if found is None:
            raise Refused(
                "Er zijn nog geen beslissingen om van te leren: geen aangenomen voorstel, en geen afwijzing om het"
                " onderwerp."
            )
        with transaction(db):
            number = weights.propose(db, found.new, found.figures(), now)
            events.keep(db, None, "weights_proposed", "coordinator", now, "terminal", str(number))
    if options.json:
        print(json.dumps({"id": number, "old": asdict(found.old), "new": asdict(found.new), **found.figures()}))
    else:
        _tell(number, found)
    return 0


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
