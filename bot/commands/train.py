"""`mixmatch train`: rebuilds everything that is learned. How that goes is bot/learning/rebuilding.py's."""

import argparse
from pathlib import Path

from bot.learning.cases import BadCases
from bot.learning.rebuilding import open_study, rebuild
from bot.settings import Settings
from bot.terminal import Refused, progress
from bot.wiring import encoder_of, packed_model


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Learn from the labelled messages and tell where the result lies."""
    cases = Path(options.cases)
    if not cases.is_dir():
        raise Refused(f"De map {cases} met gelabelde berichten bestaat niet.")
    out = Path(options.out) if options.out else None
    try:
        study = open_study(cases, packed_model(settings), encoder_of(settings, progress), progress)
        written = rebuild(study, out, lambda adapter: encoder_of(settings, progress, adapter))
    except BadCases as problem:
        raise Refused(f"De gelabelde berichten in {cases} kloppen niet: {problem}") from problem
    for file in written:
        print(f"Geschreven: {file}")
    return 0
