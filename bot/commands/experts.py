"""`mixmatch experts import|export|check|list`: the pool as a file. The rules for a row are in expertise/experts.py."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from bot.installation import open_store
from bot.pool_import import check_pool_file
from bot.reasons import column_problem
from bot.settings import Settings
from bot.store import pool
from bot.store.database import transaction
from bot.terminal import Refused
from expertise.experts import Expert, write_pool_csv


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of the four actions."""
    return {"import": _import, "export": _export, "check": _check, "list": _list}[options.action](options, settings)


def _read(options: argparse.Namespace, settings: Settings) -> tuple[Expert, ...]:
    experts, errors = check_pool_file(Path(options.file), settings)
    if errors and options.json:
        print(json.dumps({"errors": [asdict(error) for error in errors]}, ensure_ascii=False))
    if errors:
        lines = [column_problem(error) for error in errors]
        raise Refused("\n  ".join([f"In {options.file} klopt iets niet; er is niets veranderd.", *lines]))
    return experts


def _check(options: argparse.Namespace, settings: Settings) -> int:
    experts = _read(options, settings)
    print(json.dumps({"rows": len(experts), "errors": []}) if options.json else f"In orde: {len(experts)} personen.")
    return 0


def _import(options: argparse.Namespace, settings: Settings) -> int:
    experts = _read(options, settings)
    with open_store(settings) as db, transaction(db):
        pool.replace(db, experts)
    print(json.dumps({"rows": len(experts), "errors": []}) if options.json else f"Ingelezen: {len(experts)} personen.")
    return 0


def _export(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        experts = pool.everyone(db)
    Path(options.file).write_text(write_pool_csv(experts), encoding="utf-8", newline="")
    print(json.dumps({"rows": len(experts)}) if options.json else f"Weggeschreven: {len(experts)} personen.")
    return 0


def _list(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        experts, loads = pool.everyone(db), pool.loads(db)
    if options.json:
        print(json.dumps([_as_object(expert, loads.get(expert.id, 0)) for expert in experts], ensure_ascii=False))
        return 0
    for expert in experts:
        state = "" if expert.active else " (niet actief)"
        room = f"{loads.get(expert.id, 0)} van {expert.capacity}"
        print(f"{expert.id:8} {expert.name} · {expert.organisation}{state} · bezet: {room} · {', '.join(expert.needs)}")
    return 0


def _as_object(expert: Expert, load: int) -> dict[str, object]:
    away = expert.away_until.isoformat() if expert.away_until else None
    return {**asdict(expert), "away_until": away, "load": load}
