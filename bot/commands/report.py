"""`mixmatch report`: the weekly report of any week, shown or mailed. What stands in it is bot/report.py's."""

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.config import Settings
from bot.installation import links_of, open_store, topics_of
from bot.report import Report, make_report
from bot.report_json import as_json
from bot.report_layout import as_html, as_text
from bot.report_letter import send_report
from bot.terminal import WRONG_USE, Refused, progress
from bot.week import Week, parse_week, week_of


def _json(report: Report) -> str:
    return json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n"


FORMS: Mapping[str, Callable[[Report], str]] = {"html": as_html, "text": as_text, "json": _json}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the report of a week; with --send also put it in the outbox, once a week."""
    now = datetime.now(UTC)
    week = _week(options.week, now)
    if options.send and now < week.end:
        raise Refused(f"Week {week} is nog niet voorbij. Verstuur het verslag na zondag.", WRONG_USE)
    topics = topics_of(settings)
    with open_store(settings) as db:
        report = make_report(db, week, now, topics)
        if options.send:
            fresh = send_report(db, report, settings.programme, links_of(settings).key, now)
            _tell(fresh, settings.programme.coordinator)
    print(FORMS[options.format](report), end="")
    return 0


def _week(text: str | None, now: datetime) -> Week:
    if text is None:
        return week_of(now).previous()
    try:
        week = parse_week(text)
    except ValueError:
        raise Refused(
            f"De week {text!r} bestaat niet. Schrijf een week zo: {week_of(now).previous()}.", WRONG_USE
        ) from None
    if week.start > now:
        raise Refused(f"Week {week} is nog niet begonnen. Kies een week die er al was.", WRONG_USE)
    return week


def _tell(fresh: bool, coordinator: str) -> None:
    if fresh:
        progress(f"Het weekverslag staat klaar om te versturen naar {coordinator}.")
    else:
        progress("Het weekverslag van deze week was al verstuurd. Er gaat geen tweede mail.")
