"""`mixmatch privacy register|dpia|algorithm`: the papers about personal data. Their words: bot/privacy/papers.py."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.installation import topics_of
from bot.privacy import papers
from bot.settings import Settings


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write one paper to a file, or to the screen."""
    text = papers.write(options.action, settings, topics_of(settings), datetime.now(UTC))
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")
        print(f"Weggeschreven: {options.out}.")
    else:
        print(text, end="")
    return 0
