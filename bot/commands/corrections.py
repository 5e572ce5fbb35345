"""`mixmatch corrections`: writes corrections as labelled messages. How is bot/learning/correction_cases.py's."""

import argparse
from pathlib import Path

from bot.installation import open_store
from bot.learning.correction_cases import as_lines, labelled_corrections, plain_requests
from bot.learning.plain_table import as_plain_table
from bot.settings import Settings
from bot.store import topic_phrases


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the file, and on request that of the sentences beside topics; says how many of each."""
    with open_store(settings) as db:
        labelled, phrases = labelled_corrections(db), topic_phrases.by_topic(db)
    _write(Path(options.file), as_lines(labelled))
    print(
        f"Verbeterde berichten in {options.file}: {len(labelled)}, zonder adressen, nummers en de naam van de afzender."
    )
    if options.phrases:
        _write(Path(options.phrases), as_plain_table(plain_requests(phrases)))
        print(f"Zinnen bij onderwerpen in {options.phrases}: {sum(len(own) for own in phrases.values())}.")
    print("Lees ze na voordat je ze deelt: in de tekst kunnen nog namen staan.")
    return 0


def _write(path: Path, content: str) -> None:
    """What citizens wrote is for its owner only."""
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
