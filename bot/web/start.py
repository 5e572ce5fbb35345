"""The front door: what this is, whether the service is well, and its figures for monitoring. Shows nobody's data."""

import hmac
import sqlite3
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.health import metrics
from bot.health.here import LONGEST_WAIT
from bot.health.pulse import State
from bot.store import counts, sending_pauses, waits_of_post
from bot.store.database import NewerDatabase, NotADatabase
from bot.store.rows import as_text
from bot.web.app import Site, site_of
from bot.web.own_machine import from_here


def home(request: Request) -> Response:
    """The first page; with the embedded defaults also the form to try a message."""
    site = site_of(request)
    programme = site.wiring.settings.programme
    return site.page("home.html.j2", address=programme.address, coordinator=programme.coordinator)


def health(request: Request) -> Response:
    """200 while the database answers and every part lives, else 503; "behind" when post waits. Counts only."""
    site, parts = site_of(request), parts_of(request)
    try:
        seen = _seen(site)
    except (sqlite3.Error, OSError, NewerDatabase, NotADatabase) as problem:
        return JSONResponse({"status": "failing", "problem": type(problem).__name__, "parts": dict(parts)}, 503)
    if any(state != "well" for state in parts.values()):
        return JSONResponse({**seen, "status": "failing", "parts": dict(parts)}, 503)
    return JSONResponse({**seen, "parts": dict(parts)})


def _seen(site: Site) -> dict[str, object]:
    now = site.now()
    with site.store() as db:
        waiting, overdue = waits_of_post.messages(db), waits_of_post.letters(db, now)
        states, stuck = counts.messages(db), counts.letters(db)
        pauses = [sending_pauses.find(db, server, now) for server in site.wiring.settings.servers_out]
    until = max((pause.until for pause in pauses if pause), default=None)
    late = until is not None or any(each.oldest and now - each.oldest > LONGEST_WAIT for each in (waiting, overdue))
    return {
        "status": "behind" if late else "ok",
        "messages": {state: count for state, count in states.items() if count},
        "oldest_waiting": as_text(waiting.oldest) if waiting.oldest else None,
        "letters_overdue": overdue.count,
        "letters_stuck": stuck["parked"] + stuck["unknown"],
        "sending_paused_until": as_text(until) if until else None,
    }


def figures(request: Request) -> Response:
    """The figures for Prometheus: with the key of the settings, or without one only for this machine itself."""
    site = site_of(request)
    if not _may_measure(request, site.wiring.settings.web.metrics_key):
        return PlainTextResponse("metrics: not for you\n", 403)
    with site.store() as db:
        text = metrics.as_text(db, site.wiring.settings.folder, parts_of(request), site.now())
    return PlainTextResponse(text, media_type=metrics.FORM)


def _may_measure(request: Request, key: str) -> bool:
    if key:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {key}".encode())
    return from_here(request)


def parts_of(request: Request) -> Mapping[str, State]:
    """How the parts of the service are; none where only the pages run."""
    pulse = getattr(request.app.state, "pulse", None)
    found: Mapping[str, State] = pulse.states() if pulse is not None else {}
    return found
