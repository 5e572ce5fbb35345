"""`mixmatch analyse`: a dry run over files or standard input. What is made of a message is bot/analysis.py's."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.analysis import Analysis, analyse, as_object, initiative_vectors
from bot.intake_files import Given, read_files
from bot.pool_import import check_pool_file
from bot.pool_vectors import embed_profiles
from bot.reasons import column_problem, words
from bot.settings import Settings
from bot.sheet_facts import sheet_facts
from bot.terminal import FAILURE, Refused, progress
from bot.turn import AMSTERDAM
from bot.wiring import Wiring, wire
from expertise.experts import Expert, shipped_pool
from matcher.pool import pool_vectors, shipped_means


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print what the product would make of each message; 1 when one of them could not be read."""
    experts = _experts(options.experts, settings)
    wiring = wire(settings, _quiet if options.json else progress)
    pool = pool_vectors(experts, embed_profiles(experts, wiring.encoder), shipped_means(wiring.encoder.name))
    portfolio = initiative_vectors(wiring.initiatives, wiring.encoder)
    given = read_files(options.files, settings.programme.address)
    today = datetime.now(UTC).astimezone(AMSTERDAM).date()
    code = 0
    for outcome in analyse(given, wiring, pool, portfolio, today):
        if isinstance(outcome, Given):
            print(f"mixmatch: {outcome.problem}", file=sys.stderr)
            code = FAILURE
        elif options.json:
            print(json.dumps(as_object(outcome), ensure_ascii=False))
        else:
            _tell(outcome, wiring)
    sys.stdout.flush()
    return code


def _quiet(step: str) -> None:
    del step


def _experts(file: str | None, settings: Settings) -> tuple[Expert, ...]:
    if file is None:
        return shipped_pool()
    experts, errors = check_pool_file(Path(file), settings)
    if errors:
        raise Refused("\n  ".join([f"In {file} klopt iets niet.", *map(column_problem, errors)]))
    return experts


def _tell(analysis: Analysis, wiring: Wiring) -> None:
    """The same for a reader at the terminal, in Dutch."""
    understood = analysis.understood
    kind = f"{words('kind', understood.kind)} ({understood.kind_confidence:.0%})"
    print(f"\n{analysis.id}: {kind}, taal {understood.language}")
    for need in understood.needs:
        print(f"  vraag: {wiring.label(need.code)} ({need.confidence:.0%}): “{' '.join(need.evidence.split())}”")
    facts = understood.facts
    for name in ("municipality", "province", "initiative"):
        if getattr(facts, name):
            print(f"  {words('fact', name)}: {getattr(facts, name)}")
    _tell_sheet(sheet_facts(facts))
    if analysis.verdict is not None:
        print(f"  {words('eligibility', analysis.verdict.eligibility)}")
        for finding in analysis.verdict.findings:
            print(f"    {words('finding', f'{finding.rule}.{finding.outcome}')}")
    for place, match in enumerate(analysis.ranking.matches[:3], start=1):
        print(f"  {place}. {match.expert.name}, {match.expert.organisation} ({match.score:.2f})")


def _tell_sheet(sheet: Mapping[str, Any] | None) -> None:
    """What an attached begroting adds up to, why it could not be read, and what it says against the words."""
    if sheet is None:
        return
    if sheet["refusal"]:
        print(f"  begroting {sheet['name']}: {words('sheet_refusal', sheet['refusal'])}")
    for year in sheet["years"]:
        left = f"{'tekort' if year['short'] else 'over'} € {year['difference']}"
        print(f"  begroting {year['year']}: inkomsten € {year['income']}, kosten € {year['costs']}, {left}")
    for each in sheet["contradictions"]:
        print(f"    bericht: {words('told', each['told'])}; bijlage: {words('told', each['shown'])}")
