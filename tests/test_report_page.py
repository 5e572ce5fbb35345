"""The weekly report is safe and pleasant to read, as page and as plain text."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.report.layout import as_html
from bot.report.plain_text import TEXT_WIDTH, as_text
from bot.report.plain_values import as_json
from bot.report.telling import tell
from bot.report.week_report import Report, make_report, reason_in_words
from bot.report.words import MOST_WAITING, duration
from bot.store.database import open_database
from bot.store.figures import Decline
from bot.week import parse_week
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
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_nothing_that_others_wrote_becomes_markup(rows: Rows) -> None:
    fill_with(rows, NASTY)
    html = as_html(tell(told(rows)))
    assert html.count("&lt;script&gt;") >= 9
    names = {tag for tag, _ in Page(html).elements}
    assert "script" not in names
    assert "\x1b" not in html
    assert "\x1b" not in as_text(tell(told(rows)))


def test_the_page_needs_nothing_else_and_tells_its_structure(rows: Rows) -> None:
    fill_with(rows, "Oss")
    html = as_html(tell(told(rows)))
    page = Page(html)
    assert page.all("html") == [{"lang": "nl"}]
    assert not {"script", "img", "link", "iframe", "a"} & {tag for tag, _ in page.elements}
    assert not re.search(r"https?:|url\(|@import", html.replace('xmlns="http://www.w3.org/2000/svg"', ""))
    data = [table for table in page.all("table") if table.get("role") != "presentation"]
    assert len(data) == len(page.all("caption")) > 12
    assert {picture["role"] for picture in page.all("svg")} == {"img"}
    assert all(picture["aria-label"] for picture in page.all("svg"))
    assert {head.get("scope") for head in page.all("th")} == {"col", "row"}
    assert len(page.all("h1")) == 1


def test_styles_stand_at_the_elements_for_mail_programs_that_know_no_others(rows: Rows) -> None:
    fill_with(rows, "Oss")
    page = Page(as_html(tell(told(rows))))
    assert all(head.get("style") for tag in ("h1", "h2", "p", "th") for head in page.all(tag))
    assert "@media" in as_html(tell(told(rows)))


def test_what_asks_for_attention_links_to_where_something_can_be_done(rows: Rows) -> None:
    fill_with(rows, "Oss")
    html = as_html(tell(told(rows)), "https://desk.example.org")
    links = {link["href"] for link in Page(html).all("a")}
    (reference,) = (row["reference"] for row in rows.db.query("SELECT reference FROM cases"))
    pages = ("weekverslag/2026-W47", f"dossiers/{reference}", "quarantaine", "brieven", "pool")
    assert {f"https://desk.example.org/bureau/{page}" for page in pages} <= links
    text = as_text(tell(told(rows)), "https://desk.example.org")
    assert f"https://desk.example.org/bureau/dossiers/{reference}" in text


def test_a_page_of_a_busy_week_stays_small_enough_for_mail(rows: Rows) -> None:
    fill_with(rows, "Den Bosch", times=300)
    html = as_html(tell(told(rows)), "https://desk.example.org")
    assert f"En nog {300 - MOST_WAITING}." in html
    assert len(html.encode()) < 100_000


def test_the_plain_text_fits_a_terminal(rows: Rows) -> None:
    fill_with(rows, "Een heel lange naam van een organisatie die niemand ooit in één keer uitspreekt", times=2)
    lines = as_text(tell(told(rows))).splitlines()
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
    for form in (as_html(tell(report)), as_text(tell(report)), json.dumps(as_json(report)), kept):
        assert not re.search(r"\bBea\b|woordvoerder|12345678|Geheim|initiator\d", form, re.IGNORECASE)
    assert "belde al" in as_text(tell(report))
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
