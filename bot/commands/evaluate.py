"""`mixmatch evaluate`: quality on labelled messages. What is measured is bot/learning/evaluation.py's."""

import argparse
import json
from pathlib import Path

from bot.learning.cases import BadCases
from bot.learning.evaluation import evaluate
from bot.learning.evaluation_table import as_object, as_table
from bot.learning.learning_curve import as_svg, learning_curve
from bot.learning.rebuilding import open_study
from bot.settings import Settings
from bot.terminal import Refused, progress
from bot.wiring import encoder_of, packed_model


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Measure and print; takes minutes."""
    folder = Path(options.cases)
    if not folder.is_dir():
        raise Refused(f"De map {folder} met gelabelde berichten bestaat niet.")
    try:
        study = open_study(folder, packed_model(settings), encoder_of(settings, progress), progress)
        found = evaluate(study, progress)
        if options.curve:
            Path(options.curve).write_text(as_svg(learning_curve(study, progress)), encoding="utf-8")
    except BadCases as problem:
        raise Refused(f"De gelabelde berichten kloppen niet: {problem}") from problem
    if options.json:
        print(json.dumps(as_object(found), ensure_ascii=False))
    else:
        print(as_table(found, {topic.code: topic.label for topic in study.topics}))
    return 0
