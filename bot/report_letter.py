"""Puts the weekly report in the outbox, once a week whatever happens. What stands in it is report.py's."""

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from bot import outbox
from bot.config import Programme
from bot.letters import Letter, write_letter
from bot.report import Report
from bot.report_layout import as_html, as_text
from bot.store.database import transaction
from bot.week import Week

TEMPLATE = "weekly_report"


def send_report(db: Database, report: Report, programme: Programme, key: bytes, now: datetime) -> bool:
    """Write the letter to the coordinator, in a transaction of its own. False when that week was sent before.

    `key` signs the Message-ID. Raises ValueError for a week that still runs: it would take the place of the whole.
    """
    if report.is_running:
        raise ValueError(f"week {report.week} is not over")
    letter = report_letter(report, programme.coordinator)
    mark = outbox.Postmark(case_id=None, channel="mail", in_reply_to=None, references=(), now=now)
    with transaction(db):
        return outbox.put_letter(db, letter, mark, programme, key, {programme.coordinator})


def report_key(week: Week) -> str:
    """The unique key of a week's report in the outbox."""
    return f"{TEMPLATE}:{week}"


def report_letter(report: Report, recipient: str) -> Letter:
    """The report as a letter: the covering words above the plain text, the page as its HTML."""
    cover = write_letter(
        TEMPLATE,
        key=report_key(report.week),
        recipient=recipient,
        language="nl",
        name="",
        reference="",
        week=report.week.in_words(),
        first_day=report.week.first_day,
        last_day=report.week.last_day,
        messages=report.facts.figures.messages,
        cases=report.facts.figures.cases,
        introductions=report.facts.figures.introduced,
        attention=report.facts.attention.total,
        page_link="",
    )
    return replace(cover, text=f"{cover.text}\n{as_text(report)}", html=as_html(report))
