"""The front door: what this is, and whether the service is well. Shows nobody's data."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.store import letters, messages
from bot.store.rows import as_text
from bot.web.app import site_of


def home(request: Request) -> Response:
    """The first page; with the embedded defaults also the form to try a message."""
    site = site_of(request)
    programme = site.wiring.settings.programme
    return site.page("home.html.j2", address=programme.address, coordinator=programme.coordinator)


def health(request: Request) -> Response:
    """200 with counts while the database answers; no personal data."""
    site = site_of(request)
    with site.store() as db:
        oldest = messages.oldest_waiting(db)
        states = messages.counts_by_state(db)
        stuck = len(letters.with_state(db, "parked", "unknown"))
    return JSONResponse(
        {
            "status": "ok",
            "messages": states,
            "oldest_waiting": as_text(oldest) if oldest else None,
            "letters_stuck": stuck,
        }
    )
