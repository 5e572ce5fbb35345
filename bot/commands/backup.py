"""`mixmatch backup`: a checked copy of the whole installation, made while the service runs."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.backup import NoBackup, make_backup
from bot.settings import Settings
from bot.terminal import Refused, progress

NAME = "mixmatch-{:%Y%m%dT%H%M%SZ}.zip"
MEGABYTE = 1024 * 1024


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Make one backup: a file, or in a folder one whose name tells the moment. With --keep older ones there go."""
    now = datetime.now(UTC)
    path, keep = Path(options.file), options.keep
    if keep is not None and (keep < 1 or not path.is_dir()):
        raise Refused("Bij --keep hoort een map die er is, en een getal van 1 of meer.", 2)
    if path.is_dir():
        path = path / NAME.format(now)
    progress("kopie maken en controleren")
    try:
        manifest = make_backup(settings, path, now)
    except NoBackup as problem:
        raise Refused(str(problem)) from problem
    size = path.stat().st_size / MEGABYTE
    counted = manifest.rows
    print(
        f"Reservekopie gemaakt en gecontroleerd: {path} ({size:.1f} MB),"
        f" met {counted.get('cases', 0)} dossiers en {counted.get('messages', 0)} berichten.\n"
        "Hierin staat alles wat mensen schreven. Bewaar haar versleuteld, op een andere plek."
    )
    if keep is not None:
        _forget_older(path.parent, keep)
    return 0


def _forget_older(folder: Path, keep: int) -> None:
    """Only files that this command named itself are removed, and only after a newer one was checked."""
    for old in sorted(folder.glob("mixmatch-????????T??????Z.zip"))[:-keep]:
        old.unlink()
        print(f"Oude reservekopie verwijderd: {old.name}")
