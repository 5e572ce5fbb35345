"""Puts the weekly report in the outbox, once a week whatever happens. What stands in it is week_report.py's."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlite_utils import Database

from bot import outbox
from bot.drawing import as_png
from bot.fault_points import reached
from bot.letters import Letter, write_letter
from bot.pool_vectors import PoolShelf
from bot.report.charts import Chart
from bot.report.layout import as_html
from bot.report.plain_text import as_text
from bot.report.sheet import MEDIA_TYPE, as_xlsx
from bot.report.telling import Telling, tell, tell_public
from bot.report.week_report import Report, make_report
from bot.report.words import phrase
from bot.settings import Settings
from bot.store import letter_files, reports
from bot.store.database import began_at, transaction
from bot.store.letter_files import LetterFile
from bot.week import DUTCH_TIME, Week, week_of
from bot.wiring import Wiring

TEMPLATE = "weekly_report"
PUBLIC_TEMPLATE = "public_report"
REPORT_HOUR = 8  # Monday morning, Amsterdam time
MOST_MISSED = 8  # weeks that are told after a long outage: what lies further back stands beside them


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A letter with the files that go along."""

    letter: Letter
    files: tuple[LetterFile, ...]


def send_due(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> None:
    """From Monday morning on the report of last week, and of the weeks in which nothing could be sent; each once."""
    del shelf
    for week in due_weeks(db, now):
        report = make_report(db, week, now, wiring.topics, wiring.settings.report.goal)
        send_report(db, report, wiring.settings, wiring.links.key, now)


def due_weeks(db: Database, now: datetime) -> tuple[Week, ...]:
    """The weeks whose report should have been sent by now and was not, the first one first."""
    local = now.astimezone(DUTCH_TIME)
    week = week_of(now).previous()
    if (local.weekday(), local.hour) < (0, REPORT_HOUR):
        week = week.previous()
    began, due = began_at(db), []
    for _ in range(MOST_MISSED):
        if began < week.end and not reports.is_sent(db, str(week)):
            due.append(week)
        week = week.previous()
    return tuple(reversed(due))


def send_report(db: Database, report: Report, settings: Settings, key: bytes, now: datetime) -> bool:
    """Write the letter to the coordinator, in a transaction of its own. False when that week was sent before.

    `key` signs the Message-ID. Raises ValueError for a week that still runs: it would take the place of the whole.
    """
    if report.is_running:
        raise ValueError(f"week {report.week} is not over")
    programme = settings.programme
    enclosed = report_letter(report, settings)
    mark = outbox.Postmark(case_id=None, channel="mail", in_reply_to=None, references=(), now=now)
    reached("report_made")
    with transaction(db):
        if not reports.mark_sent(db, str(report.week), now):
            return False
        fresh = outbox.put_letter(db, enclosed.letter, mark, programme, key, {programme.coordinator})
        if fresh:
            letter_files.keep(db, enclosed.letter.key, enclosed.files)
        reached("report_decided")
    reached("report_committed")
    return fresh


def send_public(db: Database, report: Report, settings: Settings, key: bytes, now: datetime) -> int:
    """Write what others may see to every reader of figures, in a transaction of its own; returns to how many.

    Each gets a week once, as long as that letter is kept. Raises ValueError for a week that still runs.
    """
    if report.is_running:
        raise ValueError(f"week {report.week} is not over")
    readers, fresh = settings.programme.all_readers, 0
    mark = outbox.Postmark(case_id=None, channel="mail", in_reply_to=None, references=(), now=now)
    letters = [public_letter(report, each) for each in readers]
    with transaction(db):
        for enclosed in letters:
            if outbox.put_letter(db, enclosed.letter, mark, settings.programme, key, set(readers)):
                letter_files.keep(db, enclosed.letter.key, enclosed.files)
                fresh += 1
    return fresh


def report_key(week: Week) -> str:
    """The unique key of a week's report in the outbox."""
    return f"{TEMPLATE}:{week}"


def report_letter(report: Report, settings: Settings) -> Enclosed:
    """The report as a letter: the covering words above the plain text, the page as its HTML, the sheet enclosed."""
    cover = _cover(
        TEMPLATE,
        report_key(report.week),
        settings.programme.coordinator,
        report.week,
        messages=report.facts.figures.messages,
        cases=report.facts.figures.cases,
        introductions=report.facts.figures.introduced,
        attention=report.facts.attention.total,
        page_link="",
    )
    return _enclosed(cover, tell(report), report.week, settings.web.base_url.rstrip("/"))


def public_letter(report: Report, reader: str) -> Enclosed:
    """What others may see of the report, as a letter to one of them: no small number, and no link into the desk."""
    cover = _cover(PUBLIC_TEMPLATE, f"{PUBLIC_TEMPLATE}:{report.week}/{reader}", reader, report.week)
    return _enclosed(cover, tell_public(report), report.week, "")


def _cover(template: str, key: str, recipient: str, week: Week, **facts: Any) -> Letter:
    days = {"first_day": week.first_day, "last_day": week.last_day}
    known = {"name": "", "reference": "", "week": week.in_words(), **days, **facts}
    return write_letter(template, key=key, recipient=recipient, language="nl", **known)


def _enclosed(cover: Letter, telling: Telling, week: Week, site: str) -> Enclosed:
    pictures = {chart.code: _picture(chart, week) for chart in telling.charts.values()}
    html = as_html(telling, site, lambda chart: _shown(chart, pictures[chart.code]))
    letter = replace(cover, text=f"{cover.text}\n{as_text(telling, site)}", html=html)
    return Enclosed(letter, (*pictures.values(), _sheet(telling, site)))


def _picture(chart: Chart, week: Week) -> LetterFile:
    name = f"{chart.code}-{week}"
    return LetterFile(f"{name}.png", "image/png", as_png(chart.picture), f"{name}@report.mixmatch")


def _shown(chart: Chart, file: LetterFile) -> Markup:
    picture = chart.picture
    return Markup('<img src="cid:{}" width="{}" height="{}" alt="{}">').format(
        file.content_id, picture.width, picture.height, picture.alt
    )


def _sheet(telling: Telling, site: str) -> LetterFile:
    return LetterFile(phrase("sheet_name", week=telling.week), MEDIA_TYPE, as_xlsx(telling, site))
