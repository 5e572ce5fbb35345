"""`mixmatch begroting`: write the empty begroting to a file. What stands in it is bot/budget_template.py's."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.budget_template import budget_template
from bot.settings import Settings
from bot.terminal import Refused
from bot.week import DUTCH_TIME


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the template, from next year on; never over a file that is there."""
    del settings
    path = Path(options.out)
    if path.suffix.lower() != ".xlsx":
        raise Refused("Geef een naam die eindigt op .xlsx.")
    next_year = datetime.now(UTC).astimezone(DUTCH_TIME).year + 1
    try:
        with path.open("xb") as file:
            file.write(budget_template(next_year))
    except FileExistsError:
        raise Refused(f"Het bestand {path} is er al. Kies een andere naam met --out.") from None
    print(f"De lege begroting staat in {path}.")
    return 0
