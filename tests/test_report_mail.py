"""The weekly report as a mail: page with pictures, plain text and sheet; once an ISO week, whatever happens."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.channels.shape import SendResult
from bot.outbox import as_mime, send_one_letter
from bot.report.sheet import MEDIA_TYPE
from bot.report.week_report import make_report
from bot.report.weekly_letter import due_weeks, report_letter, send_report
from bot.settings import Settings
from bot.store import letter_files, letters, reports
from bot.store.database import open_database
from bot.store.migrations import MIGRATIONS
from bot.store.rows import as_text
from bot.week import Week, parse_week
from expertise.topics import shipped_topics
from tests.report_rows import Rows, at
from tests.report_weeks import AFTER, LAST, fill_weeks

SETTINGS = Settings()


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    db = open_database(tmp_path / "mixmatch.db")
    rows = Rows(db)
    fill_weeks(rows, cases_a_week=4)
    yield rows
    db.close()


def send(db: Database, week: Week, now: datetime) -> bool:
    return send_report(db, make_report(db, week, now, shipped_topics()), SETTINGS, b"key", now)


def mail_of(db: Database) -> EmailMessage:
    (letter,) = letters.with_state(db, "waiting")
    return as_mime(letter, SETTINGS.programme, letter_files.of_letter(db, letter.key))


def test_the_letter_is_written_once_a_week(rows: Rows) -> None:
    assert send(rows.db, LAST, AFTER)
    assert not send(rows.db, LAST, AFTER + timedelta(days=1))
    (letter,) = letters.with_state(rows.db, "waiting")
    assert (letter.key, letter.recipient) == ("weekly_report:2026-W47", SETTINGS.programme.coordinator)
    assert "47" in letter.subject


def test_a_week_is_not_sent_again_when_its_letter_is_no_longer_kept(rows: Rows) -> None:
    assert send(rows.db, LAST, AFTER)
    rows.db.execute("DELETE FROM letters")
    assert rows.db.table("letter_files").count == 0
    assert not send(rows.db, LAST, AFTER)


def test_what_was_sent_before_this_table_existed_is_not_sent_again() -> None:
    db = Database(memory=True)
    for name, statements in MIGRATIONS:
        if name == "0015_reports":
            cells = {"channel": "mail", "recipient": "", "language": "nl", "subject": "", "text": "", "html": ""}
            times = {"due_at": as_text(AFTER), "created_at": as_text(AFTER)}
            for key, template in (("weekly_report:2026-W46", "weekly_report"), ("case:1/proposal", "proposal")):
                row = {"key": key, "template": template, "message_id": key, "state": "sent", **cells, **times}
                db.table("letters").insert(row)
        for statement in statements:
            db.execute(statement)
    assert reports.is_sent(db, "2026-W46")
    assert [row["week"] for row in db.table("sent_reports").rows] == ["2026-W46"]
    db.close()


def test_the_mail_holds_text_page_pictures_and_sheet(rows: Rows) -> None:
    send(rows.db, LAST, AFTER)
    mail = mail_of(rows.db)
    assert mail.get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", *["image/png"] * 3, MEDIA_TYPE]
    (sheet,) = mail.iter_attachments()
    assert sheet.get_filename() == "weekverslag-2026-W47.xlsx"
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "Wat er wacht" in plain.get_content()
    pictures = {part["Content-ID"]: part for part in mail.walk() if part.get_content_maintype() == "image"}
    for content_id, picture in pictures.items():
        assert f'src="cid:{content_id.strip("<>")}"' in page.get_content()
        assert picture.get_content().startswith(b"\x89PNG")
        assert picture.get_content_disposition() == "inline"
    assert page.get_content().count('alt="Grafiek') == 3


def test_the_same_letter_gives_the_same_mail(rows: Rows) -> None:
    send(rows.db, LAST, AFTER)
    assert mail_of(rows.db).as_bytes() == mail_of(rows.db).as_bytes()
    report = make_report(rows.db, LAST, AFTER, shipped_topics())
    assert report_letter(report, SETTINGS) == report_letter(report, SETTINGS)


async def _takes(mail: EmailMessage, _sender: str, _recipient: str) -> SendResult:
    assert any(part.get_content_maintype() == "image" for part in mail.walk())
    return SendResult("sent", "taken")


def test_the_outbox_sends_the_files_along(rows: Rows) -> None:
    import asyncio

    send(rows.db, LAST, AFTER)
    assert asyncio.run(send_one_letter(rows.db, _takes, SETTINGS.programme, lambda: AFTER))
    assert [letter.template for letter in letters.with_state(rows.db, "sent")] == ["weekly_report"]


def test_a_running_week_is_not_sent(rows: Rows) -> None:
    running = make_report(rows.db, LAST, at("2026-11-18 08:00"), shipped_topics())
    with pytest.raises(ValueError, match="not over"):
        send_report(rows.db, running, SETTINGS, b"key", AFTER)


def began(db: Database, moment: datetime) -> None:
    """Let the database have been made at a moment."""
    db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [as_text(moment)])


@pytest.mark.parametrize(
    ("now", "weeks"),
    [
        ("2026-11-16 07:59", []),
        ("2026-11-16 08:00", ["2026-W46"]),
        ("2026-11-19 03:00", ["2026-W46"]),
        ("2026-11-23 07:59", ["2026-W46"]),
        ("2026-11-23 08:00", ["2026-W46", "2026-W47"]),
        ("2027-11-23 08:00", [f"2027-W{week}" for week in range(39, 47)]),
    ],
)
def test_a_report_is_due_from_monday_eight_o_clock_on(now: str, weeks: list[str]) -> None:
    db = open_database(":memory:")
    began(db, at("2026-11-11 12:00"))
    assert [str(week) for week in due_weeks(db, at(now))] == weeks
    db.close()


@pytest.mark.parametrize("monday", ["2026-03-30", "2026-10-26"])
def test_eight_o_clock_is_that_of_the_netherlands_also_after_the_clock_changed(monday: str) -> None:
    db = open_database(":memory:")
    began(db, at(f"{monday} 00:00") - timedelta(days=5))
    eight = at(f"{monday} 08:00")
    assert due_weeks(db, eight - timedelta(minutes=1)) == ()
    assert len(due_weeks(db, eight)) == 1
    db.close()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_week_is_sent_once_whatever_the_clock_does(seed: int) -> None:
    """Half a year with outages of days, restarts, both changes of the clock, and a clock that is set back."""
    chance = random.Random(seed)
    db = open_database(":memory:")
    start = datetime(2026, 3, 4, 12, tzinfo=UTC)
    began(db, start)
    now, sent = start, []
    while now < start + timedelta(weeks=36):
        for week in due_weeks(db, now):
            assert reports.mark_sent(db, str(week), now)
            assert at(str(week.last_day) + " 08:00") + timedelta(days=1) <= now
            sent.append(week)
        now += timedelta(hours=chance.choice((1, 6, 24, 24 * chance.randint(1, 40), -chance.randint(1, 50))))
    expected = [parse_week("2026-W10")]
    while expected[-1] < sent[-1]:
        expected.append(_next(expected[-1]))
    assert sent == expected
    db.close()


def _next(week: Week) -> Week:
    return Week(*(week.last_day + timedelta(days=1)).isocalendar()[:2])
