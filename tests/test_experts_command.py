"""`mixmatch experts`: a pool file goes in whole or not at all, its faults told by row and column, and comes out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlite_utils import Database

from bot.store import pool, proposals
from bot.store.database import open_database, transaction
from expertise.experts import POOL_HEADER, shipped_pool, write_pool_csv
from tests import command_line
from tests.command_line import Answered, Mixmatch
from tests.pool_builders import an_expert
from tests.store_builders import NOW, a_case

mixmatch = command_line.mixmatch

ADVISER = an_expert("a1", role="adviser", name="Adviseur West", needs=())
PEOPLE = (ADVISER, an_expert("e1"), an_expert("e2", name="Ontwerper", capacity=0, active=False, languages=("nl", "en")))
ROWS = [dict(row) for row in csv.DictReader(io.StringIO(write_pool_csv(PEOPLE)))]


def a_file(changes: Mapping[str, str] | None = None, header: Sequence[str] = POOL_HEADER, delimiter: str = ",") -> Path:
    """A pool file of three people in this folder, with changes in the row of e1 (row 3)."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, extrasaction="ignore", restval="x", delimiter=delimiter)
    writer.writeheader()
    writer.writerows([ROWS[0], {**ROWS[1], **(changes or {})}, ROWS[2]])
    file = Path("pool.csv")
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    return file


def a_workbook(cells: list[list[Any]], name: str = "pool.xlsx") -> Path:
    """An XLSX file with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in cells:
        sheet.append(line)
    book.save(name)
    return Path(name)


def listed(mixmatch: Mixmatch) -> list[dict[str, Any]]:
    """What `experts list --json` shows."""
    answered = mixmatch("experts", "list", "--json")
    assert (answered.code, answered.err) == (0, "")
    people: list[dict[str, Any]] = json.loads(answered.out)
    return people


@pytest.fixture
def stocked(mixmatch: Mixmatch) -> Mixmatch:
    """A store with the three people in it."""
    assert mixmatch("experts", "import", a_file()).code == 0
    return mixmatch


@pytest.fixture
def store(stocked: Mixmatch, tmp_path: Path) -> Iterator[Database]:
    """The store of the commands, open beside them."""
    with closing(open_database(tmp_path / "data" / "mixmatch.db")) as db:
        yield db


def refused(answered: Answered, sentence: str) -> None:
    """It failed, with this on stderr and nothing else."""
    assert (answered.code, answered.out) == (1, "")
    assert sentence in answered.err
    assert answered.err.startswith("mixmatch: ")


# In and out


def test_before_any_import_the_sample_pool_is_there(mixmatch: Mixmatch) -> None:
    assert [person["id"] for person in listed(mixmatch)] == sorted(expert.id for expert in shipped_pool())


def test_an_import_makes_the_pool_exactly_the_file(stocked: Mixmatch) -> None:
    people = listed(stocked)
    assert [person["id"] for person in people] == ["a1", "e1", "e2"]
    last = people[2]
    assert (last["name"], last["capacity"], last["active"], last["languages"]) == ("Ontwerper", 0, False, ["nl", "en"])
    assert (last["load"], last["away_until"], last["needs"]) == (0, None, ["financing"])


def test_the_list_can_be_read_by_people(stocked: Mixmatch) -> None:
    answered = stocked("experts", "list")
    assert (answered.code, answered.err) == (0, "")
    adviser, expert, inactive = answered.out.splitlines()
    assert adviser == "a1       Adviseur West · Zet · bezet: 0 van 2 · "
    assert expert == "e1       Adviseur begroting · Zet · bezet: 0 van 2 · financing"
    assert "(niet actief)" in inactive


def test_each_action_says_what_it_did(mixmatch: Mixmatch) -> None:
    assert mixmatch("experts", "check", a_file()).out == "In orde: 3 personen.\n"
    assert mixmatch("experts", "import", a_file()).out == "Ingelezen: 3 personen.\n"
    assert mixmatch("experts", "export", "uit.csv").out == "Weggeschreven: 3 personen.\n"
    for action in ("check", "import"):
        assert json.loads(mixmatch("experts", action, a_file(), "--json").out) == {"rows": 3, "errors": []}
    assert json.loads(mixmatch("experts", "export", "uit.csv", "--json").out) == {"rows": 3}


def test_an_exported_pool_comes_back_the_same(mixmatch: Mixmatch) -> None:
    before = listed(mixmatch)
    mixmatch("experts", "export", "uit.csv")
    assert mixmatch("experts", "check", "uit.csv").code == 0
    mixmatch("experts", "import", a_file())
    assert listed(mixmatch) != before
    mixmatch("experts", "import", "uit.csv")
    assert listed(mixmatch) == before
    mixmatch("experts", "export", "nog.csv")
    assert Path("nog.csv").read_bytes() == Path("uit.csv").read_bytes()
    assert Path("uit.csv").read_bytes().startswith(",".join(POOL_HEADER).encode() + b"\r\n")
    assert b"\r\r" not in Path("uit.csv").read_bytes()


def test_an_exported_cell_is_never_a_formula_and_comes_back_whole(mixmatch: Mixmatch) -> None:
    mixmatch("experts", "import", a_file({"profile": "=1+1 is wat we vaak uitrekenen."}))
    mixmatch("experts", "export", "uit.csv")
    assert "'=1+1" in Path("uit.csv").read_text(encoding="utf-8")
    mixmatch("experts", "import", "uit.csv")
    assert listed(mixmatch)[1]["profile"] == "=1+1 is wat we vaak uitrekenen."


def test_a_check_changes_nothing(stocked: Mixmatch) -> None:
    before = listed(stocked)
    assert stocked("experts", "check", a_file({"name": "Iemand anders", "capacity": "9"})).code == 0
    assert listed(stocked) == before


def test_a_workbook_is_as_good_as_a_csv(mixmatch: Mixmatch) -> None:
    cells: list[list[Any]] = [list(POOL_HEADER)]
    cells += [[int(row[name]) if name == "capacity" else row[name] for name in POOL_HEADER] for row in ROWS]
    assert mixmatch("experts", "import", a_workbook(cells)).out == "Ingelezen: 3 personen.\n"
    assert [person["capacity"] for person in listed(mixmatch)] == [2, 2, 0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_file_saved_by_a_spreadsheet_is_read(mixmatch: Mixmatch, encoding: str) -> None:
    text = a_file({"name": "Financiën"}, delimiter=";").read_text(encoding="utf-8")
    Path("excel.csv").write_bytes(text.encode(encoding))
    assert mixmatch("experts", "import", "excel.csv").code == 0
    assert listed(mixmatch)[1]["name"] == "Financiën"


# Faults


@pytest.mark.parametrize(
    ("column", "value", "problem", "sentence"),
    [
        ("id", "e 1", "bad_id", "gebruik alleen letters, cijfers, punten en streepjes. Er staat: e 1."),
        ("id", "a1", "duplicate_id", "dit nummer komt al eerder voor. Er staat: a1."),
        ("name", "", "missing", "hier moet iets staan."),
        ("role", "baas", "bad_role", "kies adviser of expert. Er staat: baas."),
        ("email", "geen adres", "bad_email", "dit is geen mailadres. Er staat: geen adres."),
        ("email", "a1@example.org", "duplicate_email", "dit mailadres komt al eerder voor."),
        ("telegram", "@@", "bad_telegram", "dit is geen naam op Telegram. Er staat: @@."),
        ("needs", "dansen", "unknown_need", "dit onderwerp kennen we niet. Er staat: dansen."),
        ("profile", "x" * 4001, "too_long", "dit is te lang. Er staat: xxx"),
        ("regions", "Atlantis", "unknown_region", "deze regio kennen we niet. Er staat: Atlantis."),
        ("languages", "klingon", "unknown_language", "deze taal kennen we niet, schrijf bijvoorbeeld nl."),
        ("capacity", "veel", "bad_capacity", "hier moet een heel getal staan. Er staat: veel."),
        ("active", "misschien", "bad_active", "schrijf ja of nee. Er staat: misschien."),
        ("organisation", "Zet\x07", "bad_character", "hier staat een teken dat niet mag. Er staat: Zet."),
    ],
)
def test_one_fault_keeps_everybody_out_and_is_told_by_row_and_column(
    stocked: Mixmatch, column: str, value: str, problem: str, sentence: str
) -> None:
    before = listed(stocked)
    file = a_file({column: value})
    for action in ("check", "import"):
        answered = stocked("experts", action, file)
        refused(answered, f"In {file} klopt iets niet; er is niets veranderd.\n  Rij 3, kolom {column}: {sentence}")
        as_json = stocked("experts", action, file, "--json")
        assert as_json.code == 1
        assert json.loads(as_json.out) == {"errors": [{"row": 3, "column": column, "problem": problem, "value": value}]}
    assert listed(stocked) == before


def test_all_faults_are_told_at_once(mixmatch: Mixmatch) -> None:
    answered = mixmatch("experts", "check", a_file({"role": "baas", "capacity": "veel", "needs": "dansen;zingen"}))
    places = [line.partition(":")[0].strip() for line in answered.err.splitlines()[1:]]
    assert places == [f"Rij 3, kolom {column}" for column in ("role", "needs", "needs", "capacity")]


def test_a_wrong_header_is_told_and_nothing_changes(stocked: Mixmatch) -> None:
    before = listed(stocked)
    wrong = [*(name for name in POOL_HEADER if name not in ("capacity", "active")), "kleur", "id"]
    answered = stocked("experts", "import", a_file(header=wrong))
    refused(answered, "er is niets veranderd")
    assert answered.err.splitlines()[1:] == [
        "  Rij 1, kolom capacity: deze kolom ontbreekt.",
        "  Rij 1, kolom active: deze kolom ontbreekt.",
        "  Rij 1, kolom id: deze kolom staat er twee keer. Er staat: id.",
        "  Rij 1, kolom kleur: deze kolom kennen we niet. Er staat: kleur.",
    ]
    assert listed(stocked) == before


def test_a_formula_or_an_excel_error_is_told_by_place(mixmatch: Mixmatch) -> None:
    for cell, sentence in (("=1+1", "hier staat een formule"), ("#REF!", "hier staat een fout uit Excel")):
        row: list[Any] = [cell if name == "capacity" else ROWS[1][name] for name in POOL_HEADER]
        answered = mixmatch("experts", "import", a_workbook([list(POOL_HEADER), row]))
        refused(answered, sentence)
        assert "(rij 2, kolom capacity)." in answered.err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "het bestand is leeg"),
        (b"\x00\x01\x02", "de letters in het bestand zijn niet te lezen"),
        (b"PK\x03\x04 en dan niets", "dit is geen goed Excel-bestand (XLSX)"),
        (b'id,name\n"open', "dit is geen goed CSV-bestand (rij 2)."),
        (b"x" * 5_000_001, "het bestand is te groot"),
    ],
    ids=["empty", "binary", "damaged", "quote", "big"],
)
def test_a_file_that_is_no_table_is_refused_in_dutch(mixmatch: Mixmatch, content: bytes, sentence: str) -> None:
    Path("pool.csv").write_bytes(content)
    refused(mixmatch("experts", "import", "pool.csv"), sentence)


def test_a_giant_file_is_refused_unread(mixmatch: Mixmatch) -> None:
    with Path("reus.csv").open("wb") as giant:
        giant.truncate(21 * 1024**2)
    refused(mixmatch("experts", "check", "reus.csv"), "te groot (meer dan 20 MB)")


def test_places_that_cannot_be_read_or_written_are_named(mixmatch: Mixmatch) -> None:
    refused(mixmatch("experts", "import", "weg.csv"), "Het bestand weg.csv bestaat niet.")
    refused(mixmatch("experts", "import", "."), "Het bestand . bestaat niet.")
    refused(mixmatch("experts", "export", "geen/map.csv"), "geen/map.csv kan niet worden gebruikt: dit bestaat niet.")
    refused(mixmatch("experts", "export", "."), "kan niet worden gebruikt: dit is een map.")


def test_a_store_that_cannot_be_opened_is_refused_and_unchanged(mixmatch: Mixmatch, tmp_path: Path) -> None:
    store = tmp_path / "data" / "mixmatch.db"
    store.parent.mkdir()
    store.write_bytes(b"Dit is geen database, maar wel een bestand.\n" * 100)
    before = store.read_bytes()
    for arguments in (["list"], ["import", a_file()], ["export", "uit.csv"]):
        refused(mixmatch("experts", *arguments), "is geen database of is beschadigd. Er is niets veranderd;")
    assert store.read_bytes() == before
    store.unlink()
    with closing(open_database(store)) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('mixmatch', '9999_later', '2030')"
        )
    refused(mixmatch("experts", "list"), "is gemaakt door een nieuwere versie van Mix&Match. Er is niets veranderd;")


def test_an_own_list_of_topics_counts(mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXMATCH_TOPICS_FILE", "weg.toml")
    answered = mixmatch("experts", "check", a_file())
    assert answered.code == 2
    assert "Het onderwerpenbestand weg.toml klopt niet" in answered.err


# What earlier matches name


def test_somebody_who_left_the_pool_is_still_known_to_earlier_proposals(stocked: Mixmatch, store: Database) -> None:
    case = a_case(store)
    with transaction(store):
        proposal = proposals.keep_new(store, case.id, "e1", "a1", NOW)
    assert [person["load"] for person in listed(stocked)] == [0, 1, 0]
    Path("nieuw.csv").write_text(write_pool_csv([an_expert("e9"), ADVISER]), encoding="utf-8")
    assert stocked("experts", "import", "nieuw.csv").code == 0
    assert [person["id"] for person in listed(stocked)] == ["a1", "e9"]
    gone = pool.find(store, "e1")
    assert gone is not None
    assert gone.name == PEOPLE[1].name
    assert proposals.open_of_case(store, case.id) == proposal
    assert pool.loads(store) == {"e1": 1}


def test_somebody_who_comes_back_is_one_person_with_the_same_load(stocked: Mixmatch, store: Database) -> None:
    case = a_case(store)
    with transaction(store):
        proposals.keep_new(store, case.id, "e1", "a1", NOW)
    Path("nieuw.csv").write_text(write_pool_csv([ADVISER]), encoding="utf-8")
    stocked("experts", "import", "nieuw.csv")
    stocked("experts", "import", a_file({"name": "Nieuwe naam"}))
    assert [(person["id"], person["name"], person["load"]) for person in listed(stocked)][1] == ("e1", "Nieuwe naam", 1)
