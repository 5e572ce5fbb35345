"""`mixmatch privacy erase`: everything of one person goes, after a question. How is bot/privacy/erasing.py's."""

import argparse
import imaplib
import sys
from datetime import UTC, datetime

from imap_tools import ImapToolsError
from sqlite_utils import Database

from bot.installation import open_store
from bot.pool_vectors import PoolShelf
from bot.privacy import erasing, whose
from bot.settings import Settings
from bot.terminal import Refused, progress
from bot.wiring import wire


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Show whom it is about, ask, and erase; 1 when the address is still found somewhere."""
    with open_store(settings) as db:
        address = whose.plain_address(options.address)
        if whose.is_staff(db, address, settings.programme.all_coordinators):
            raise Refused(
                "Dit adres is van iemand uit de pool of van een coördinator. Haal die persoon eerst uit de pool."
            )
        scope = whose.known_of(db, address)
        print(f"Adressen van deze persoon: {', '.join(scope.addresses)}")
        print(f"Dossiers: {', '.join(scope.references) or 'geen'}. Berichten: {len(scope.messages)}.")
        if not options.yes and not _is_sure():
            print("Er is niets gewist.")
            return 0
        erased = _done(db, settings, address)
    print(f"Gewist: {erased.cases} dossiers, {erased.messages} berichten, {erased.mails} mails in de mailbox.")
    if not scope.is_empty:
        print("De telling in de verslagen blijft kloppen. De persoon krijgt bericht, en wie de vraag las ook.")
        print("Die laatste brief aan de persoon gaat een dag na het versturen ook weg.")
    if erased.left:
        print(f"Let op: het adres staat nog in {', '.join(erased.left)}. Kijk daar zelf naar.", file=sys.stderr)
    return 1 if erased.left else 0


def _is_sure() -> bool:
    print("Dit kan niet worden teruggedraaid. Typ 'wis' om door te gaan: ", end="", flush=True)
    return sys.stdin.readline().strip().lower() == "wis"


def _done(db: Database, settings: Settings, address: str) -> erasing.Erased:
    wiring = wire(settings, progress)
    try:
        return erasing.erase_person(db, wiring, PoolShelf(wiring.encoder), address, datetime.now(UTC))
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as problem:
        raise Refused(
            "De mailbox kan nu niet worden geopend. Er is nog niets gewist; probeer het later opnieuw."
            " 'mixmatch doctor' zegt wat er mis is."
        ) from problem
