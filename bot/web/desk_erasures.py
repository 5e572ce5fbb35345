"""Wishes to be erased that wait for a coordinator's yes. Erasing is the clock's work (bot/privacy/erasing.py)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.privacy import whose
from bot.store import erasures, events
from bot.store.database import transaction
from bot.web.signed_in import Desk, Fields, again, posting, showing

PATH = "/bureau/wisverzoeken"


def routes() -> list[Route]:
    """The list, and the yes to one of them."""
    return [
        Route(PATH, showing("coordinator", show), methods=["GET"]),
        Route(f"{PATH}/{{id}}", posting("coordinator", _approve), methods=["POST"]),
    ]


def show(desk: Desk) -> Response:
    """Every wish that was confirmed and is not carried out yet, with how much it is about."""
    waiting = [(wish, whose.known_of(desk.db, wish.address)) for wish in erasures.to_do(desk.db)]
    return desk.page("desk_erasures.html.j2", waiting=waiting)


def _approve(desk: Desk, fields: Fields) -> Response:
    del fields
    now = desk.site.now()
    with transaction(desk.db):
        if not erasures.approve(desk.db, desk.row, desk.person.address, now):
            raise HTTPException(404)
        events.keep(desk.db, None, "erasure_approved", "coordinator", now, "web", "", desk.person.id)
    return again(PATH, "erasure_approved")
