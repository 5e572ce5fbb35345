"""`mixmatch privacy …`: show, erase and age what is held of people, and the papers about it. The work is elsewhere."""

import argparse
import imaplib
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from imap_tools import ImapToolsError
from sqlite_utils import Database

from bot.installation import open_store, topics_of
from bot.pool_vectors import PoolShelf
from bot.privacy import erasing, own_export, retention, whose
from bot.privacy import papers as privacy_papers
from bot.settings import Settings
from bot.store import erasures, scrubbing
from bot.store.database import transaction
from bot.terminal import WRONG_USE, Refused, progress
from bot.wiring import Wiring, wire

Action = Callable[[argparse.Namespace, Settings], int]


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of the actions."""
    return ACTIONS[options.action](options, settings)


def _export(options: argparse.Namespace, settings: Settings) -> int:
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


def _erase(options: argparse.Namespace, settings: Settings) -> int:
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
    wiring, shelf = _parts(settings)
    try:
        return erasing.erase_person(db, wiring, shelf, address, datetime.now(UTC))
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as problem:
        raise Refused(
            "De mailbox kan nu niet worden geopend. Er is nog niets gewist; probeer het later opnieuw."
            " 'mixmatch doctor' zegt wat er mis is."
        ) from problem


def _parts(settings: Settings) -> tuple[Wiring, PoolShelf]:
    wiring = wire(settings, progress)
    return wiring, PoolShelf(wiring.encoder)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        wishes = erasures.to_do(db)
    if options.json:
        cells = [{"id": w.id, "address": w.address, "state": w.state, "at": w.confirmed_at.isoformat()} for w in wishes]
        print(json.dumps(cells, ensure_ascii=False))
        return 0
    for wish in wishes:
        state = "goedgekeurd" if wish.state == "approved" else "wacht op een coördinator"
        print(f"{wish.id:5} {wish.address} · bevestigd op {wish.confirmed_at:%d-%m-%Y} · {state}")
    if not wishes:
        print("Er wacht geen wisverzoek.")
    return 0


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    if options.by.strip().lower() not in {each.lower() for each in settings.programme.all_coordinators}:
        raise Refused(f"{options.by} is geen coördinator. Kijk bij [programme] in de instellingen.", WRONG_USE)
    with open_store(settings) as db, transaction(db):
        if not erasures.approve(db, options.id, options.by, datetime.now(UTC)):
            raise Refused(f"Er wacht geen wisverzoek met nummer {options.id}. Zie 'mixmatch privacy list'.")
    print("Goedgekeurd. De dienst wist de gegevens binnen een paar minuten.")
    return 0


def _retention(options: argparse.Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    with open_store(settings) as db:
        due = retention.find_due(db, settings, now)
        for outcome, count in sorted(due.counts.items()):
            print(f"{retention.IN_DUTCH[outcome]}: {count}")
        for case in due.cases:
            print(f"  {case.reference} ({retention.IN_DUTCH[case.outcome]})")
        if not due.counts:
            print("Er is niets dat weg moet.")
        elif options.dry_run:
            print("Dit is een proef: er is niets gewist.")
        else:
            retention.take_out_due(db, *_parts(settings), due, now)
            scrubbing.wipe(db)  # the words also stand in the log beside the database while a service runs
            print("Gewist.")
    return 0


def _paper(options: argparse.Namespace, settings: Settings) -> int:
    text = privacy_papers.write(options.action, settings, topics_of(settings), datetime.now(UTC))
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")
        print(f"Weggeschreven: {options.out}.")
    else:
        print(text, end="")
    return 0


ACTIONS: Mapping[str, Action] = {
    "export": _export,
    "erase": _erase,
    "list": _list,
    "approve": _approve,
    "retention": _retention,
    **dict.fromkeys(privacy_papers.PAPERS, _paper),
}
