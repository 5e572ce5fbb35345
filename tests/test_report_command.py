"""`mixmatch report`: any week in any form, to the screen, a file or the outbox; what can't be told is refused."""

import argparse
import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from bot import cli
from bot.commands import report as command
from bot.outbox import as_mime
from bot.settings import Settings
from bot.store import letter_files, letters
from bot.store.database import open_database
from bot.terminal import Refused
from bot.week import week_of
from tests.report_rows import Rows
from tests.report_weeks import fill_weeks


def options(week: str | None = None, form: str = "text", **more: object) -> argparse.Namespace:
    return argparse.Namespace(**{"week": week, "format": form, "send": False, "out": None, "public": False, **more})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path))


def test_the_command_tells_last_week_when_no_week_is_named(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(options(form="json"), settings) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["week"] == str(week_of(datetime.now(UTC)).previous())
    assert values["running"] is False


@pytest.mark.parametrize("form", ["html", "text", "json", "xlsx"])
@pytest.mark.parametrize("public", [False, True])
def test_the_command_tells_the_same_week_the_same(settings: Settings, tmp_path: Path, form: str, public: bool) -> None:
    told = []
    for name in ("one", "two"):
        assert command.run(options("2025-W10", form, out=str(tmp_path / name), public=public), settings) == 0
        told.append((tmp_path / name).read_bytes())
    assert told[0] == told[1] != b""


def test_a_sheet_goes_to_the_output_too(settings: Settings, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command.run(options("2025-W10", "xlsx"), settings) == 0
    book = openpyxl.load_workbook(BytesIO(capfdbinary.readouterr().out))
    assert book.sheetnames[0] == "Alle cijfers"


def test_the_command_sends_once(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(options("2025-W10", send=True), settings) == 0
    assert "staat klaar" in capsys.readouterr().err
    assert command.run(options("2025-W10", send=True), settings) == 0
    assert "geen tweede" in capsys.readouterr().err
    db = open_database(settings.database)
    assert len(letters.with_state(db, "waiting")) == 1
    db.close()


def test_what_others_get_holds_no_small_number_and_no_link(settings: Settings, tmp_path: Path) -> None:
    db = open_database(settings.database)
    fill_weeks(Rows(db))
    db.close()
    assert command.run(options("2026-W46", "json", public=True, out=str(tmp_path / "public")), settings) == 0
    values = json.loads((tmp_path / "public").read_text(encoding="utf-8"))
    cells = [cell for table in values["tables"].values() for row in table["rows"] for cell in row["cells"] if cell != 0]
    assert {"hidden": "small"} in cells
    assert not [cell for cell in cells if isinstance(cell, int) and cell < 5]
    assert command.run(options("2026-W46", "html", public=True, out=str(tmp_path / "page")), settings) == 0
    assert "href" not in (tmp_path / "page").read_text(encoding="utf-8")


@pytest.mark.parametrize("week", ["2026-W60", "2999-W01", "vorige", "", "2025-W53", "1999-W10"])
def test_a_week_that_can_not_be_told_is_refused_in_a_sentence(
    week: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIXMATCH_DATA_DIR", str(tmp_path / "data"))
    assert cli.run(["report", "--week", week]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("mixmatch: ")
    assert not (tmp_path / "data").exists()


def test_the_command_does_not_send_a_week_that_still_runs(settings: Settings) -> None:
    running = str(week_of(datetime.now(UTC)))
    with pytest.raises(Refused, match="nog niet voorbij"):
        command.run(options(running, send=True), settings)


def test_what_others_get_is_mailed_to_each_reader_once(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readers = "lezer@example.org; tweede@example.org"
    reading = replace(settings, programme=replace(settings.programme, readers=readers))
    db = open_database(settings.database)
    fill_weeks(Rows(db))
    for said in ("naar 2 lezers", "geen tweede"):
        assert command.run(options("2026-W46", send=True, public=True), reading) == 0
        assert said in capsys.readouterr().err
    written = letters.with_state(db, "waiting")
    assert [letter.recipient for letter in written] == ["lezer@example.org", "tweede@example.org"]
    for letter in written:
        mail = as_mime(letter, reading.programme, letter_files.of_letter(db, letter.key))
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        assert all("&lt;5" in part or "<5" in part for part in parts)
        assert not [part for part in parts if "/bureau/" in part or "SV-2026" in part]
        (sheet,) = mail.iter_attachments()
        cells = [
            cell.value for page in openpyxl.load_workbook(BytesIO(sheet.get_content())) for row in page for cell in row
        ]
        assert "<5" in cells
    assert command.run(options("2026-W46", send=True), reading) == 0
    assert "naar coordinator@example.org" in capsys.readouterr().err, "the whole goes to the coordinator all the same"
    db.close()


def test_without_readers_nobody_gets_what_others_may_see(settings: Settings) -> None:
    with pytest.raises(Refused, match=r"programme\.readers"):
        command.run(options("2025-W10", send=True, public=True), settings)
