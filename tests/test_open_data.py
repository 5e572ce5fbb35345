"""The open data: nobody in it, no small number in it, always the same, described, and readable elsewhere."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import importlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.installation import links_of
from bot.open_data.check import read_set
from bot.open_data.files import DATABASE, write_set
from bot.open_data.rows import Shown, coarsen, count_rows, period_before, public_id, quarter_start
from bot.open_data.tables import SMALLEST, TABLES, BadSet, Set, fits
from bot.settings import Settings
from bot.store.database import open_database
from expertise.topics import shipped_topics
from tests import command_line, many_cases, store_builders
from tests.command_line import Mixmatch
from tests.many_cases import SECRET, fill

mixmatch = command_line.mixmatch
store_file, db = store_builders.store_file, store_builders.db
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
SIDES = {topic.code: topic.side for topic in shipped_topics()}


def a_set(db: Database, publisher: str = "Provincie A", now: datetime = NOW) -> Set:
    """What would be published now."""
    return Set(publisher, period_before(now), "CC0-1.0", count_rows(db, shipped_topics(), KEY, now))


def exported(db: Database, folder: Path, publisher: str = "Provincie A") -> Path:
    """The set in a folder."""
    write_set(a_set(db, publisher), [], folder)
    return folder


# What is in it


def test_nobody_is_in_it(db: Database, tmp_path: Path) -> None:
    fill(db, 400)
    folder = exported(db, tmp_path / "open")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(files["questions.csv"].splitlines()) > 300
    for name, content in files.items():
        for private in (SECRET, "SV-2026", "example.org", "09:00"):
            assert private.encode() not in content, name


@pytest.mark.parametrize("count", [3, 23, 60, 400])
def test_no_number_below_five_is_in_it(db: Database, count: int) -> None:
    fill(db, count)
    rows = a_set(db).rows
    for table in TABLES:
        for name, cells in ((name, [row[at] for row in rows[table.name]]) for at, name in enumerate(table.names)):
            if name in ("questions", "proposals", "introductions"):
                assert [cell for cell in cells if isinstance(cell, int) and 0 < cell < SMALLEST] == []
    alike = Counter(row[1:] for row in rows["questions"])
    assert min(alike.values(), default=SMALLEST) >= SMALLEST


def test_the_numbers_are_those_of_the_store(db: Database) -> None:
    fill(db, 400)
    rows = a_set(db).rows
    counted = dict(db.execute("SELECT municipality, count(*) FROM cases WHERE opened_at < '2026-09-30T22' GROUP BY 1"))
    told = {row[1]: row[3] for row in rows["questions_by_municipality"] if row[3] is not None}
    assert told
    assert told == {place: counted[place] for place in told}
    assert sum(row[2] for row in rows["questions_by_quarter"] if isinstance(row[2], int)) == sum(counted.values())
    assert {row[0] for row in rows["questions_by_quarter"]} == {"2026-Q1", "2026-Q2", "2026-Q3"}
    assert rows["introductions_by_quarter"][0] == ("2026-Q1", 50, 10.0)


def test_a_quarter_counts_once_it_is_over(db: Database) -> None:
    fill(db, 400)
    early, late = (datetime(2026, month, day, 21, 59, tzinfo=UTC) for month, day in ((9, 29), (9, 30)))
    assert a_set(db, now=early) == a_set(db, now=late)
    assert period_before(late) == "2026-Q2"
    assert period_before(datetime(2026, 9, 30, 22, 0, tzinfo=UTC)) == "2026-Q3"
    assert period_before(datetime(2026, 2, 1, tzinfo=UTC)) == "2025-Q4"
    assert quarter_start(NOW).isoformat() == "2026-10-01T00:00:00+02:00"


def test_an_empty_store_gives_an_empty_set(db: Database, tmp_path: Path) -> None:
    folder = exported(db, tmp_path / "open")
    assert read_set(folder)[1] == []
    assert (folder / "questions.csv").read_text() == "id,period,area,need,outcome\n"


def test_a_number_of_a_question_stays_and_can_not_be_turned_back(db: Database) -> None:
    assert public_id(KEY, "SV-2026-0001") == public_id(KEY, "SV-2026-0001")
    assert len({public_id(key, f"SV-2026-{number:04d}") for key in (KEY, b"x" * 32) for number in range(500)}) == 1000
    plain = {hashlib.sha256(f"SV-2026-{number:04d}".encode()).hexdigest()[:16] for number in range(500)}
    assert public_id(KEY, "SV-2026-0001") not in plain


shown = st.builds(
    Shown,
    st.sampled_from(["2026-Q1", "2026-Q2", "2025-Q4"]),
    st.sampled_from(["Oss", "Helmond", "Utrecht", ""]),
    st.sampled_from(["financing", "dialogue", ""]),
    st.sampled_from(["introduced", "open", "ended"]),
)


@given(st.lists(shown, max_size=60))
def test_coarser_rows_say_nothing_untrue_and_nothing_rare(rows: list[Shown]) -> None:
    told = coarsen({str(at): row for at, row in enumerate(rows)}, SIDES)
    assert min(Counter(told.values()).values(), default=SMALLEST) >= SMALLEST
    assert len(rows) - len(told) < SMALLEST
    for at, row in told.items():
        whole = rows[int(at)]
        assert whole.period.startswith(row.period)
        assert row.outcome in ("", whole.outcome)
        assert row.need in ("", whole.need, SIDES.get(whole.need))


# As files


def test_the_same_store_gives_the_same_bytes(db: Database, tmp_path: Path) -> None:
    fill(db, 60)
    first, second = (exported(db, tmp_path / name) for name in ("een", "twee"))
    assert sorted(path.name for path in first.iterdir()) == sorted(path.name for path in second.iterdir())
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name
    assert exported(db, first) == first, "an earlier export may be replaced"


def test_every_file_is_described(db: Database, tmp_path: Path) -> None:
    fill(db, 60)
    folder = exported(db, tmp_path / "open")
    described = json.loads((folder / "datapackage.json").read_text())
    assert described["version"] == "2026-Q3"
    for resource in described["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = list(csv.DictReader(content.decode().splitlines()))
        names = [field["name"] for field in resource["schema"]["fields"]]
        objects = json.loads((folder / resource["path"].replace(".csv", ".json")).read_text())
        assert len(objects) == len(rows)
        assert all(list(row) == names for row in rows)
        assert f"## {resource['path'].removesuffix('.csv')}: " in (folder / "LEESMIJ.md").read_text()


def test_a_folder_with_something_else_in_it_is_left_alone(db: Database, tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "brief.txt").write_text("van iemand")
    (tmp_path / "bestand").write_text("van iemand")
    for wrong in ("map", "bestand"):
        with pytest.raises(BadSet):
            exported(db, tmp_path / wrong)
    assert [path.name for path in (tmp_path / "map").iterdir()] == ["brief.txt"]


def test_a_text_that_a_sheet_takes_for_a_formula_is_never_written(db: Database) -> None:
    column = TABLES[0].columns[2]
    assert fits(column, "Netwerk")
    assert [text for text in ("=1+1", "@x", "+31", "-a", "een\ntwee") if fits(column, text)] == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_datasette_opens_it_at_once(db: Database, tmp_path: Path) -> None:
    datasette = importlib.import_module("datasette.app").Datasette
    fill(db, 120)
    folder = exported(db, tmp_path / "open")

    async def look() -> tuple[int, list[dict[str, object]], str]:
        metadata = json.loads((folder / "metadata.json").read_text())
        site = datasette(files=[], immutables=[str(folder / DATABASE)], metadata=metadata)
        await site.invoke_startup()
        page = await site.client.get("/open_data")
        rows = await site.client.get("/open_data/open_needs_by_year.json?_shape=array")
        return page.status_code, rows.json(), page.text

    status, rows, page = asyncio.run(look())
    assert status == 200
    assert {"publisher", "year", "need", "questions", "need_label"} <= set(rows[0])
    assert all(f"open_{table.name}" in page for table in TABLES)


# On another installation


def test_what_was_exported_is_read_back_as_it_was(db: Database, tmp_path: Path) -> None:
    fill(db, 400)
    found, problems = read_set(exported(db, tmp_path / "open"))
    assert problems == []
    assert found is not None
    assert {name: list(rows) for name, rows in found.rows.items()} == {
        name: list(rows) for name, rows in a_set(db).rows.items()
    }


def change(name: str, old: str, new: str, *, described: bool = True) -> Callable[[Path], None]:
    """Change the first occurrence of a text in a file, and what the description says of it."""

    def do(folder: Path) -> None:
        path = folder / name
        before = path.read_bytes()
        after = before.replace(old.encode(), new.encode(), 1)
        assert after != before
        path.write_bytes(after)
        if described and name != "datapackage.json":
            text = (folder / "datapackage.json").read_text()
            old_digest, new_digest = (hashlib.sha256(content).hexdigest() for content in (before, after))
            (folder / "datapackage.json").write_text(text.replace(old_digest, new_digest))

    return do


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (change("needs.csv", "hard", "zacht"), "needs.csv, rij 2, kolom side: 'zacht' past hier niet."),
        (change("needs.csv", "code,", "kode,"), "needs.csv, rij 1: hier horen deze kolommen"),
        (change("needs.csv", "\n", ",extra\n"), "needs.csv, rij 1"),
        (change("needs.csv", "financing", "funders"), "deze rij staat er twee keer."),
        (change("questions_by_quarter.csv", "2026-Q1,eligible,", "2026-Q1,eligible,0"), "kolom questions"),
        (
            change("questions_by_municipality.csv", "Zundert", "Zunderd"),
            "kolom municipality: 'Zunderd' past hier niet.",
        ),
        (
            change("needs_by_year.csv", "dialogue", "dansen"),
            "needs_by_year.csv, rij 2, kolom need: 'dansen' staat niet",
        ),
        (change("questions.csv", ",introduced", ",", described=True), "questions.csv"),
        (change("questions.csv", "2026", "2025", described=False), "het bestand is anders dan datapackage.json zegt."),
        (lambda folder: (folder / "questions.csv").unlink(), "questions.csv: het bestand ontbreekt"),
        (change("needs.csv", "Financ", "\x00Financ"), "needs.csv"),
    ],
)
def test_a_wrong_set_is_told_by_row_and_column_and_changes_nothing(
    mixmatch: Mixmatch, db: Database, tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    fill(db, 400)
    folder = exported(db, tmp_path / "open")
    spoil(folder)
    answered = mixmatch("import", folder)
    assert answered.code == 1
    assert "er is niets veranderd" in answered.err
    assert told in answered.err
    assert json.loads(mixmatch("import", folder, "--json").out)["errors"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"name": "iets"}', "{" * 5000, '{"name": "mixmatch-open-data", "resources": 3}']
)
def test_a_folder_that_holds_no_set_is_told(mixmatch: Mixmatch, tmp_path: Path, text: str) -> None:
    assert "geen datapackage.json" in mixmatch("import", tmp_path / "weg").err
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "datapackage.json").write_text(text)
    answered = mixmatch("import", tmp_path / "map")
    assert (answered.code, "beschrijft geen open data" in answered.err) == (1, True)


def test_small_numbers_of_another_are_refused(db: Database, tmp_path: Path) -> None:
    fill(db, 400)
    folder = exported(db, tmp_path / "open")
    change("questions_by_quarter.csv", "2026-Q1,review,34,", "2026-Q1,review,3,")(folder)
    _, (problem, *_) = read_set(folder)
    assert "3 is een klein getal en moet verborgen zijn." in str(problem)


def test_by_command_from_one_installation_to_another(mixmatch: Mixmatch, db: Database, tmp_path: Path) -> None:
    fill(db, 400)
    folder = exported(db, tmp_path / "van-a")
    first = mixmatch("import", folder, "--json")
    assert json.loads(first.out)["new"] is True
    assert "er verandert niets" in mixmatch("import", folder).out
    answered = mixmatch("export", "open")
    assert answered.code == 0, answered.err
    assert mixmatch("export", "open").code == 0, "an earlier export may be replaced"
    assert "onder de eigen naam" in mixmatch("import", "open").err
    with closing(sqlite3.connect(tmp_path / "open" / DATABASE)) as connection:
        publishers = dict(connection.execute("SELECT publisher, count(*) FROM open_needs GROUP BY 1"))
        questions = dict(connection.execute("SELECT publisher, count(*) FROM open_questions GROUP BY 1"))
    assert publishers == {"Provincie A": 13, Settings().sharing.publisher: 13}
    assert questions["Provincie A"] > 300


def test_an_older_set_does_not_take_the_place_of_a_newer_one(mixmatch: Mixmatch, db: Database, tmp_path: Path) -> None:
    write_set(a_set(db), [], tmp_path / "nieuw")
    write_set(a_set(db, now=datetime(2026, 5, 1, tzinfo=UTC)), [], tmp_path / "oud")
    assert mixmatch("import", tmp_path / "nieuw").code == 0
    assert "al nieuwere data" in mixmatch("import", tmp_path / "oud").err


def test_the_key_is_that_of_the_installation(settings: Settings, tmp_path: Path) -> None:
    assert links_of(settings).key != links_of(Settings(data_dir=str(tmp_path / "ander"))).key


def test_every_place_and_need_of_the_builder_exists() -> None:
    for place, need in product(many_cases.PLACES, many_cases.NEEDS):
        assert need in SIDES
        assert fits(TABLES[4].columns[1], place)
    with closing(open_database(":memory:")) as db:
        fill(db, 2)
