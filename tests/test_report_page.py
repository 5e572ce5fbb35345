"""The weekly report is safe and pleasant to read: page, plain text, letter and command."""

import argparse
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot import cli
from bot.commands import report as command
from bot.config import Settings
from bot.report import Report, make_report, reason_in_words
from bot.report_json import as_json
from bot.report_layout import TEXT_WIDTH, as_html, as_text
from bot.report_letter import report_letter, send_report
from bot.report_words import duration
from bot.store import letters
from bot.store.database import open_database
from bot.store.figures import Decline
from bot.terminal import Refused
from bot.week import parse_week, week_of
from expertise.topics import shipped_topics
from tests.report_rows import Rows, at

WEEK = parse_week("2026-W47")
AFTER = at("2026-11-23 08:00")
NASTY = "<script>alert(1)</script> & \"x\" 'y' \x1b[31m=1+1"


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    db = open_database(tmp_path / "mixmatch.db")
    yield Rows(db)
    db.close()


def told(rows: Rows) -> Report:
    return make_report(rows.db, WEEK, AFTER, shipped_topics())


def fill_with(rows: Rows, words: str, times: int = 1) -> None:
    """Everything that others may have written holds `words`."""
    rows.expert("a1", words, name=words, capacity=1)
    for _ in range(times):
        when = at("2026-11-17 10:00")
        case = rows.case(when, municipality=words, eligibility=words, needs=json.dumps([words]))
        rows.proposal(case, "a1", when, "declined", decided_at=when, reason=words)
        rows.proposal(case, "a1", when)
        rows.review(case, when)
        rows.event(case, "unserved", when)
        rows.letter(when, "parked", case)
        rows.message(when, "request", [words], channel=words)
        rows.message(when, None, state="quarantined", problem=words, channel="mail")


class Page(HTMLParser):
    """The elements of a page, their nesting checked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_nothing_that_others_wrote_becomes_markup(rows: Rows) -> None:
    fill_with(rows, NASTY)
    html = as_html(told(rows))
    assert html.count("&lt;script&gt;") >= 9
    names = {tag for tag, _ in Page(html).elements}
    assert "script" not in names
    assert "\x1b" not in html
    assert "\x1b" not in as_text(told(rows))


def test_the_page_needs_nothing_else_and_tells_its_structure(rows: Rows) -> None:
    fill_with(rows, "Oss")
    html = as_html(told(rows))
    page = Page(html)
    assert page.all("html") == [{"lang": "nl"}]
    assert not {"script", "img", "link", "iframe", "a"} & {tag for tag, _ in page.elements}
    assert not re.search(r"https?:|url\(|@import", html)
    data = [table for table in page.all("table") if table.get("role") != "presentation"]
    assert len(data) == len(page.all("caption")) > 12
    assert {head.get("scope") for head in page.all("th")} == {"col", "row"}
    assert len(page.all("h1")) == 1


def test_a_page_of_a_busy_week_stays_small_enough_for_mail(rows: Rows) -> None:
    fill_with(rows, "Den Bosch", times=300)
    html = as_html(told(rows))
    assert "En nog 275." in html
    assert len(html.encode()) < 100_000


def test_the_plain_text_fits_a_terminal(rows: Rows) -> None:
    fill_with(rows, "Een heel lange naam van een organisatie die niemand ooit in één keer uitspreekt", times=2)
    lines = as_text(told(rows)).splitlines()
    assert max(map(len, lines)) <= TEXT_WIDTH
    assert lines[0] == "Weekverslag week 47 van 2026"


def test_no_initiator_is_in_the_report_nor_in_what_is_kept_of_it(rows: Rows) -> None:
    rows.expert("a1")
    when = at("2026-11-17 10:00")
    case = rows.case(
        when, initiator="b.dewoordvoerder@example.org", initiator_name="Bea de Woordvoerder", question="Geheim"
    )
    reason = "Bea belde al (06-12345678, b.dewoordvoerder@example.org); de woordvoerder wacht. Kijk op www.voorbeeld.nl"
    rows.proposal(case, "a1", when, "declined", decided_at=when, reason=reason)
    rows.message(when, sender="b.dewoordvoerder@example.org", subject="Geheim", text="Geheim", case_id=case)
    rows.message(when, None, state="quarantined", sender="b.dewoordvoerder@example.org")
    rows.event(case, "unserved", when)
    report = told(rows)
    kept = json.dumps(list(rows.db.query("SELECT figures FROM reports")))
    for form in (as_html(report), as_text(report), json.dumps(as_json(report)), kept):
        assert not re.search(r"\bBea\b|woordvoerder|12345678|Geheim|initiator\d", form, re.IGNORECASE)
    assert "belde al" in as_text(report)
    assert "belde al" not in kept


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("", "geen reden gegeven"),
        ("  ", "geen reden gegeven"),
        ("too_busy", "te druk"),
        ("Past niet.\nEcht niet.", "Past niet. Echt niet."),
        ("x" * 1000, "x" * 159 + "…"),
    ],
)
def test_a_reason_is_told_in_the_advisers_words_but_short(reason: str, shown: str) -> None:
    assert reason_in_words(Decline(reason, "", "")) == shown


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (None, "–"), (0.0, "minder dan 1 uur"), (1 / 24, "1 uur"), (0.99, "23 uur"), (1.0, "1 dag"), (1.4, "1 dag"),
        (1.5, "1,5 dagen"), (2.0, "2 dagen"), (9.9, "9,5 dagen"), (10.7, "10 dagen"), (120.0, "120 dagen"),
    ],
)  # fmt: skip
def test_a_wait_is_told_in_words(days: float | None, shown: str) -> None:
    assert duration(days) == shown


def test_the_letter_is_written_once_a_week(rows: Rows) -> None:
    fill_with(rows, "Oss")
    report = told(rows)
    programme = Settings().programme
    assert send_report(rows.db, report, programme, b"key", AFTER)
    assert not send_report(rows.db, report, programme, b"key", AFTER + timedelta(days=1))
    (letter,) = letters.with_state(rows.db, "waiting")
    assert (letter.key, letter.recipient) == ("weekly_report:2026-W47", programme.coordinator)
    assert letter.html == as_html(report)
    assert as_text(report) in letter.text
    assert "47" in letter.subject


def test_a_running_week_is_not_sent(rows: Rows) -> None:
    running = make_report(rows.db, WEEK, at("2026-11-18 08:00"), shipped_topics())
    with pytest.raises(ValueError, match="not over"):
        send_report(rows.db, running, Settings().programme, b"key", AFTER)
    assert report_letter(running, "coordinator@example.org").key == "weekly_report:2026-W47"


def options(week: str | None = None, form: str = "text", send: bool = False) -> argparse.Namespace:
    return argparse.Namespace(week=week, format=form, send=send)


def test_the_command_tells_last_week_when_no_week_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(options(form="json"), Settings(data_dir=str(tmp_path))) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["week"] == str(week_of(datetime.now(UTC)).previous())
    assert values["running"] is False


@pytest.mark.parametrize("form", ["html", "text", "json"])
def test_the_command_tells_the_same_week_the_same(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []
    for _ in range(2):
        assert command.run(options("2025-W10", form), Settings(data_dir=str(tmp_path))) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] != ""


def test_the_command_sends_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_dir=str(tmp_path))
    assert command.run(options("2025-W10", send=True), settings) == 0
    assert "staat klaar" in capsys.readouterr().err
    assert command.run(options("2025-W10", send=True), settings) == 0
    assert "geen tweede" in capsys.readouterr().err
    db = open_database(settings.database)
    assert len(letters.with_state(db, "waiting")) == 1
    db.close()


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


def test_the_command_does_not_send_a_week_that_still_runs(tmp_path: Path) -> None:
    running = str(week_of(datetime.now(UTC)))
    with pytest.raises(Refused, match="nog niet voorbij"):
        command.run(options(running, send=True), Settings(data_dir=str(tmp_path)))
