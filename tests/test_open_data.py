"""The open data: nobody in it, no small number in it, always the same, described, and opened by others."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import importlib
import json
from collections import Counter
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
from bot.open_data.files import DATABASE
from bot.open_data.rows import Shown, coarsen, period_before, public_id, quarter_start
from bot.open_data.tables import SMALLEST, TABLES, BadSet, fits
from bot.settings import Settings
from bot.store.database import open_database
from expertise.topics import shipped_topics
from tests import command_line, many_cases, store_builders
from tests.many_cases import SECRET, fill
from tests.open_data_sets import KEY, NOW, a_set, exported

mixmatch = command_line.mixmatch
store_file, db = store_builders.store_file, store_builders.db
SIDES = {topic.code: topic.side for topic in shipped_topics()}


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


def test_the_key_is_that_of_the_installation(settings: Settings, tmp_path: Path) -> None:
    assert links_of(settings).key != links_of(Settings(data_dir=str(tmp_path / "ander"))).key


def test_every_place_and_need_of_the_builder_exists() -> None:
    for place, need in product(many_cases.PLACES, many_cases.NEEDS):
        assert need in SIDES
        assert fits(TABLES[4].columns[1], place)
    with closing(open_database(":memory:")) as db:
        fill(db, 2)
