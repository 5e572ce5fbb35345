"""`mixmatch report`: the weekly report of any week, shown, written or mailed. What it tells is bot/report/'s."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from bot.installation import links_of, open_store, topics_of
from bot.report.plain_text import as_text
from bot.report.plain_values import as_json, as_public_json
from bot.report.telling import Telling, tell, tell_public
from bot.report.week_report import Report, make_report
from bot.settings import Settings
from bot.terminal import WRONG_USE, Refused, progress
from bot.week import Week, parse_week, week_of


def _html(_: Report, telling: Telling, site: str) -> bytes:
    # A page and a sheet each bring their own libraries, which take long to load; the other forms come without.
    from bot.report.layout import as_html

    return as_html(telling, site).encode()


def _xlsx(_: Report, telling: Telling, site: str) -> bytes:
    from bot.report.sheet import as_xlsx

    return as_xlsx(telling, site)


def _text(_: Report, telling: Telling, __: str) -> bytes:
    return as_text(telling).encode()


def _json(report: Report, telling: Telling, _: str) -> bytes:
    values = as_public_json(telling) if telling.public else as_json(report)
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


FORMS: Mapping[str, Callable[[Report, Telling, str], bytes]] = {
    "html": _html,
    "text": _text,
    "xlsx": _xlsx,
    "json": _json,
}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Tell the report of a week; with --send also put it in the outbox, once a week."""
    now = datetime.now(UTC)
    week = _week(options.week, now)
    _check(options, week, now, settings)
    topics = topics_of(settings)
    with open_store(settings) as db:
        report = make_report(db, week, now, topics, settings.report.goal)
        if options.send:
            _send(db, report, settings, now, public=options.public)
    telling = tell_public(report) if options.public else tell(report)
    # Links lead into the desk: they are for the team.
    site = "" if options.public else settings.web.base_url.rstrip("/")
    _write(FORMS[options.format](report, telling, site), options.out)
    return 0


def _check(options: argparse.Namespace, week: Week, now: datetime, settings: Settings) -> None:
    if options.send and now < week.end:
        raise Refused(f"Week {week} is nog niet voorbij. Verstuur het verslag na zondag.", WRONG_USE)
    if options.send and options.public and not settings.programme.all_readers:
        raise Refused(
            "Er zijn geen lezers ingesteld. Zet hun mailadressen in programme.readers, of laat --send weg.",
            WRONG_USE,
        )
    if options.format == "xlsx" and options.out is None and sys.stdout.isatty():
        raise Refused("Een XLSX-bestand past niet op het scherm. Noem een bestand met --out.", WRONG_USE)


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


def _write(content: bytes, out: str | None) -> None:
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        Path(out).write_bytes(content)
        progress(f"Het weekverslag staat in {out}.")


def _send(db: Database, report: Report, settings: Settings, now: datetime, *, public: bool) -> None:
    """Put the report in the outbox: the whole to the coordinator, what others may see to the readers."""
    # The letter brings the outbox, its templates and every form along; a report that is only shown needs none.
    from bot.report.weekly_letter import send_public, send_report

    key, programme = links_of(settings).key, settings.programme
    if not public:
        fresh, readers = send_report(db, report, settings, key, now), programme.coordinator
    else:
        count = send_public(db, report, settings, key, now)
        fresh, readers = count > 0, f"{count} {'lezer' if count == 1 else 'lezers'}"
    if fresh:
        progress(f"Het weekverslag staat klaar om te versturen naar {readers}.")
    else:
        progress("Het weekverslag van deze week was al verstuurd. Er gaat geen tweede mail.")
