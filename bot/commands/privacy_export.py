"""`mixmatch privacy export`: all that is held of one person, on the screen or in a file."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.installation import open_store
from bot.privacy import own_export
from bot.settings import Settings
from bot.terminal import WRONG_USE, Refused


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Gather what is held of the address, in the form that was asked for."""
    now = datetime.now(UTC)
    suffix = Path(options.out).suffix.lower() if options.out else ".json" if options.json else ".txt"
    form = own_export.FORMS.get(suffix)
    if form is None:
        raise Refused(f"De naam {options.out} moet eindigen op {', '.join(own_export.FORMS)}.", WRONG_USE)
    with open_store(settings) as db:
        own = own_export.gather(db, options.address)
    made = form(own, now)
    if not options.out:
        print(made if isinstance(made, str) else "", end="")
        return 0
    _write(Path(options.out), made if isinstance(made, bytes) else made.encode())
    print("Wij bewaren niets van dit adres." if own.is_empty else f"Weggeschreven: {options.out}.")
    return 0


def _write(path: Path, content: bytes) -> None:
    """What somebody's data are is for their reader only."""
    path.touch(mode=0o600)
    path.chmod(0o600)  # also where another file stood
    path.write_bytes(content)
