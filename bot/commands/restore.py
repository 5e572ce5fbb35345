"""`mixmatch restore`: puts a backup back, checked first, with what stood there set aside."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.backup import NoBackup
from bot.restoring import Restored, restore
from bot.settings import Settings
from bot.terminal import Refused, progress
from bot.week import DUTCH_TIME


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Put one backup back and say what a person has to look at."""
    progress("reservekopie controleren en klaarzetten")
    try:
        restored = restore(settings, Path(options.file), datetime.now(UTC), replace=options.replace)
    except NoBackup as problem:
        raise Refused(str(problem)) from problem
    print("\n".join(_told(restored, settings)))
    return 0


def _told(restored: Restored, settings: Settings) -> list[str]:
    made, rows = restored.manifest.made_at.astimezone(DUTCH_TIME), restored.manifest.rows
    what = f"{rows.get('cases', 0)} dossiers en {rows.get('messages', 0)} berichten"
    lines = [
        f"Teruggezet: de reservekopie van {made:%d-%m-%Y %H:%M}, met {what}.",
        "Wat daarna gebeurde, staat er niet in. Doe nog dit:",
        f"  - Mail die daarna binnenkwam, staat in de map {settings.imap.done_folder} van de postbus.",
        f"    Zet die terug in {settings.imap.folder}: wat al bekend is, wordt niet twee keer gelezen.",
    ]
    if restored.held_letters:
        lines += [
            f"  - {restored.held_letters} brieven stonden klaar. Misschien zijn ze toen al verstuurd:",
            "    ze wachten tot jij ze vrijgeeft.",
        ]
    if restored.aside is not None:
        lines.append(f"  - Wat er stond, staat nu in {restored.aside}. Gooi dat weg als alles klopt.")
    return [*lines, "Start daarna 'mixmatch doctor' en dan de dienst."]
