"""The weekly report as plain values for programs: codes in English, moments in UTC. It counts and words nothing.

A pair is {"now", "before"}: this week and the week before it.

week, start, end, as_of (end, or now while "running" is true)
goal: {year, initiatives (pair), of}
attention: {total (pair), proposals [{reference, expert, organisation, adviser, since, days}],
    reviews, unserved and unanswered [{reference, municipality, needs, since, days}], declined [the same, times],
    quarantined [{channel, problem, since}],
    letters [{template, reference, state, since}], full_experts [{name, organisation, load, capacity}]}
messages: {total (pair), by_channel and by_kind {code: pair}}
requests: {total (pair), without_need (pair), by_need {code: pair}}: a request may have several needs
cases: {opened (pair), introduced (pair), unserved (pair), by_eligibility {code or "unknown": pair},
    by_municipality [{municipality or null, now, before}], by_region {name, "outside" or "unknown": pair}}
proposals: {made, accepted, declined, replaced, expired, withdrawn, open (pairs),
    by_organisation [{organisation, made … withdrawn (pairs)}], decline_reasons [{reason, now, before}]}
waiting: {to_introduction, open_proposals}: each {now, before} of {count, median_days, longest_days}
weeks: [{week, messages, cases, made, accepted, declined, introduced, unserved}]: the weeks before and this one

For others than the team `as_public_json` gives {week, start, end, as_of, public: true, tables: {code: {columns,
rows: [{label, cells}], total: [cells] or null}}}; a hidden number is {"hidden": "small"} or {"hidden": "beside"},
a number told in steps {"at_least": 5}, a wait a number of days.
"""

from dataclasses import asdict
from typing import Any

from bot.report.cells import AtLeast, Cell, Hidden
from bot.report.telling import Telling
from bot.report.week_report import Report, by_region, days_between
from bot.report.words import as_number
from bot.store.attention import DeclinedCase, OpenCase, OpenProposal
from bot.store.figures import PROPOSAL_COUNTS, Counts, Figures
from bot.store.rows import as_text
from bot.week import Week


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values, in the shape that this module describes; ready for json.dumps."""
    now, before = report.facts.figures, report.before.figures
    return {
        "week": str(report.week),
        "start": as_text(report.week.start),
        "end": as_text(report.week.end),
        "as_of": as_text(report.as_of),
        "running": report.is_running,
        "goal": {
            "year": report.week.year,
            "initiatives": _pair(report.facts.initiatives, report.initiatives_before),
            "of": report.goal,
        },
        "attention": _attention(report),
        **_messages(now, before),
        "cases": _cases(report),
        "proposals": _proposals(report),
        "waiting": {
            "to_introduction": _pair(*map(asdict, report.introduction_waits)),
            "open_proposals": _pair(*map(asdict, report.open_waits)),
        },
        "weeks": [_week(week, facts.figures) for week, facts in report.weeks],
    }


def as_public_json(telling: Telling) -> dict[str, Any]:
    """What others may see as plain values, in the shape that this module describes."""
    tables = [table for section in telling.sections for table in section.tables]
    return {
        "week": str(telling.week),
        "start": as_text(telling.week.start),
        "end": as_text(telling.week.end),
        "as_of": as_text(telling.as_of),
        "public": telling.public,
        "tables": {
            table.code: {
                "columns": list(table.columns),
                "rows": [{"label": row.label, "cells": [_cell(cell) for cell in row.cells]} for row in table.rows],
                "total": [_cell(cell) for cell in table.total.cells] if table.total else None,
            }
            for table in tables
        },
    }


def _cell(cell: Cell) -> Any:
    match cell:
        case Hidden(why):
            return {"hidden": why}
        case AtLeast(count):
            return {"at_least": count}
        case str():
            return cell
        case _:
            return as_number(cell)


def _week(week: Week, figures: Figures) -> dict[str, Any]:
    return {
        "week": str(week),
        "messages": figures.messages,
        "cases": figures.cases,
        **{what: figures.proposals_in_all(what) for what in ("made", "accepted", "declined")},
        "introduced": figures.introduced,
        "unserved": figures.unserved,
    }


def _pair(now: Any, before: Any) -> dict[str, Any]:
    return {"now": now, "before": before}


def _pairs(now: Counts, before: Counts) -> dict[str, dict[str, int]]:
    codes = sorted(now.keys() | before.keys())
    return {code or "unknown": _pair(now.get(code, 0), before.get(code, 0)) for code in codes}


def _messages(now: Figures, before: Figures) -> dict[str, Any]:
    return {
        "messages": {
            "total": _pair(now.messages, before.messages),
            "by_channel": _pairs(now.channels, before.channels),
            "by_kind": _pairs(now.kinds, before.kinds),
        },
        "requests": {
            "total": _pair(now.requests, before.requests),
            "without_need": _pair(now.requests_without_need, before.requests_without_need),
            "by_need": _pairs(now.needs, before.needs),
        },
    }


def _attention(report: Report) -> dict[str, Any]:
    attention = report.facts.attention
    return {
        "total": _pair(attention.total, report.before.attention.total),
        "proposals": [_waiting(each, report) for each in attention.proposals],
        "declined": [_waiting(each, report) for each in attention.declined],
        "reviews": [_waiting(each, report) for each in attention.reviews],
        "unserved": [_waiting(each, report) for each in attention.unserved],
        "unanswered": [_waiting(each, report) for each in attention.unanswered],
        "quarantined": [asdict(each) for each in attention.quarantined],
        "letters": [asdict(each) for each in attention.letters],
        "full_experts": [asdict(each) for each in attention.full_experts],
    }


def _waiting(each: OpenProposal | OpenCase | DeclinedCase, report: Report) -> dict[str, Any]:
    cells = {**asdict(each), "days": days_between(each.since, report.as_of)}
    return {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in cells.items()}


def _cases(report: Report) -> dict[str, Any]:
    now, before = report.facts.figures, report.before.figures
    places = sorted(now.municipalities.keys() | before.municipalities.keys())
    return {
        "opened": _pair(now.cases, before.cases),
        "introduced": _pair(now.introduced, before.introduced),
        "unserved": _pair(now.unserved, before.unserved),
        "by_eligibility": _pairs(now.eligibility, before.eligibility),
        "by_region": _pairs(by_region(now.municipalities), by_region(before.municipalities)),
        "by_municipality": [
            {
                "municipality": place or None,
                **_pair(now.municipalities.get(place, 0), before.municipalities.get(place, 0)),
            }
            for place in places
        ],
    }


def _proposals(report: Report) -> dict[str, Any]:
    now, before = report.facts.figures, report.before.figures
    organisations = sorted(now.proposals.keys() | before.proposals.keys())
    return {
        **{what: _pair(now.proposals_in_all(what), before.proposals_in_all(what)) for what in PROPOSAL_COUNTS},
        "open": _pair(len(report.facts.attention.proposals), len(report.before.attention.proposals)),
        "by_organisation": [
            {
                "organisation": name,
                **{
                    what: _pair(now.proposals.get(name, {}).get(what, 0), before.proposals.get(name, {}).get(what, 0))
                    for what in PROPOSAL_COUNTS
                },
            }
            for name in organisations
        ],
        "decline_reasons": [
            {"reason": reason, **_pair(report.reasons.get(reason, 0), report.reasons_before.get(reason, 0))}
            for reason in sorted(report.reasons.keys() | report.reasons_before.keys())
        ],
    }
