"""The open data of another installation: read back as they were, told by row and column where wrong, never half."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.open_data.check import read_set
from bot.open_data.files import DATABASE, write_set
from bot.settings import Settings
from tests import command_line, store_builders
from tests.command_line import Mixmatch
from tests.many_cases import fill
from tests.open_data_sets import a_set, exported

mixmatch = command_line.mixmatch
store_file, db = store_builders.store_file, store_builders.db


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
