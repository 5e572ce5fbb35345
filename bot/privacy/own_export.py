"""Everything we hold of one person in one file: for a machine (JSON) and to read. Changes nothing, sends nothing."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.privacy import whose
from bot.reasons import words_or_code
from bot.store import own_records
from bot.week import day_in_words, dutch_day

FORMAT = "mixmatch-own-data/1"
MADE = (1980, 1, 1, 0, 0, 0)  # the same data give the same file


@dataclass(frozen=True, slots=True)
class OwnData:
    """All rows of one person by their table, and the attachments by id."""

    addresses: tuple[str, ...]
    records: Mapping[str, list[dict[str, Any]]]
    files: Mapping[int, bytes]

    @property
    def is_empty(self) -> bool:
        """True when nothing is held."""
        return not any(self.records.values())


def gather(db: Database, address: str) -> OwnData:
    """What is held of the person with this address, over all linked addresses."""
    scope = whose.scope_of(db, whose.plain_address(address))
    return OwnData(scope.addresses, own_records.records_of(db, scope), own_records.files_of(db, scope))


def as_json(own: OwnData, now: datetime) -> str:
    """The rows as JSON, with English names as in the store."""
    cells = {"format": FORMAT, "made_at": now.isoformat(timespec="seconds"), "addresses": own.addresses, **own.records}
    return json.dumps(cells, ensure_ascii=False, indent=2) + "\n"


def as_text(own: OwnData, now: datetime) -> str:
    """The rows to read, in Dutch."""
    lines = [f"Dit bewaren wij van {', '.join(own.addresses)}", f"Gemaakt op {day_in_words(dutch_day(now))}", ""]
    if own.is_empty:
        return "\n".join([*lines, "Wij bewaren niets.", ""])
    for name, title, line in SECTIONS:
        rows = own.records[name]
        if rows:
            lines += [f"{title} ({len(rows)})", "-" * 60, *(part for row in rows for part in line(row)), ""]
    return "\n".join([*lines, "Klopt iets niet, of moet het weg? Schrijf ons dan. Dat is uw recht.", ""])


def as_zip(own: OwnData, now: datetime) -> bytes:
    """Both, together with the attachments as they came."""
    names = {row["id"]: row["filename"] for row in own.records["attachments"]}
    parts = [("gegevens.json", as_json(own, now).encode()), ("gegevens.txt", as_text(own, now).encode())]
    parts += [(f"bijlagen/{number}-{_file_name(names[number])}", content) for number, content in own.files.items()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name, MADE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


FORMS: Mapping[str, Callable[[OwnData, datetime], str | bytes]] = {".json": as_json, ".txt": as_text, ".zip": as_zip}
"""The forms of the file, by how its name ends."""


def _file_name(name: str) -> str:
    """A name that can't lead out of the folder."""
    return re.sub(r"[^\w.-]+", "_", name).strip(".")[-80:] or "bijlage"


def _day(text: str | None) -> str:
    return day_in_words(dutch_day(datetime.fromisoformat(text))) if text else "onbekend"


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in (text or "").splitlines()]


def _case(row: dict[str, Any]) -> list[str]:
    told = [
        ("Gevraagd op", _day(row["opened_at"])), ("Laatste contact", _day(row["touched_at"])),
        ("Naam", row["initiator_name"]),
        ("Bereikbaar op", row["contact"]), ("Initiatief", row["initiative"]), ("Gemeente", row["municipality"]),
        ("Begroting", row["budget"] and words_or_code("budget", row["budget"])), ("Fase", row["phase"]),
        ("Delen van contactgegevens", {1: "ja", 0: "nee"}.get(row["consent"], "niet gevraagd")),
        ("Waar het over gaat", ", ".join(need["code"] for need in row["needs"])),
    ]  # fmt: skip
    lines = [f"Dossier {row['reference']}", *(f"  {name}: {value}" for name, value in told if value not in (None, ""))]
    return [*lines, "  De vraag:", *_indented(row["question"])]


def _message(row: dict[str, Any]) -> list[str]:
    return [f"{_day(row['received_at'])}, {row['subject'] or 'zonder onderwerp'}", *_indented(row["text"])]


def _letter(row: dict[str, Any]) -> list[str]:
    if row["text"] is None:
        return [
            f"{_day(row['created_at'])}, brief aan een medewerker ({row['template']}): de inhoud gaat over een ander"
        ]
    return [f"{_day(row['created_at'])}, {row['subject']}", *_indented(row["text"])]


def _plain(row: dict[str, Any]) -> list[str]:
    return ["  " + ", ".join(f"{name}: {value}" for name, value in row.items() if value not in (None, ""))]


SECTIONS: tuple[tuple[str, str, Callable[[dict[str, Any]], list[str]]], ...] = (
    ("cases", "Uw vragen, en wat wij ervan begrepen", _case),
    ("messages", "Uw berichten", _message),
    ("attachments", "Bijlagen bij uw berichten", _plain),
    ("letters", "Onze brieven aan u", _letter),
    ("proposals", "Aan welke experts wij dachten", _plain),
    ("follow_ups", "Wat u later vertelde", _plain),
    ("lessons", "Wat u anderen wilde leren", _plain),
    ("sharing", "Of u gevonden wilt worden door andere initiatieven", _plain),
    ("accounts", "Gekoppelde adressen", _plain),
    ("pool", "Wat er van u in de pool staat", _plain),
    ("absences", "Wanneer u afwezig was", _plain),
    ("decisions", "Uw besluiten over voorstellen", _plain),
    ("conversations", "Gesprekken op onze webpagina", _plain),
    ("erasures", "Verzoeken om te wissen", _plain),
    ("history", "Wat er in uw dossiers gebeurde", _plain),
)
"""What stands in the text to read, in its order."""
